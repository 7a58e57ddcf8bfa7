from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings

from groups.schedule.rules import LAST, Frequency, Rule
from groups.schedule.spoken import SentenceError, read_sentence
from groups.schedule.words import describe
from tests.groups.schedule.strategies import rules

TODAY = date(2026, 11, 22)
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)
W, M = Frequency.WEEKLY, Frequency.MONTHLY


def weekly(*days, start=None, end=None, **more):
    return Rule(W, days, start=start, end=end, **more)


def monthly(day, *weeks, start=None, end=None, **more):
    return Rule(M, (day,), 1, weeks, start=start, end=end, **more)


def once(day, start=None, end=None):
    return Rule(Frequency.ONCE, first_date=day, start=start, end=end)


TEN_TO_NOON = {"start": time(10), "end": time(12)}

SENTENCES = [
    ("every Tuesday 10 to 12", weekly(TUE, **TEN_TO_NOON)),
    ("Every Tuesday, 10am to 12 noon", weekly(TUE, **TEN_TO_NOON)),
    ("tuesdays 10-12", weekly(TUE, **TEN_TO_NOON)),
    ("Tues 10am-noon", weekly(TUE, **TEN_TO_NOON)),
    ("Tues. 10am–12pm", weekly(TUE, **TEN_TO_NOON)),
    ("on Tuesdays from 10 until 12", weekly(TUE, **TEN_TO_NOON)),
    ("tuesday between 10 and 12", weekly(TUE, **TEN_TO_NOON)),
    ("10 to 12 every Tuesday", weekly(TUE, **TEN_TO_NOON)),
    ("weekly on Tuesday at 10", weekly(TUE, start=time(10))),
    ("we meet every Tuesday at 10 o'clock", weekly(TUE, start=time(10))),
    ("every week on Tuesday, 10:00 - 12:00", weekly(TUE, **TEN_TO_NOON)),
    ("TUESDAY 10.00 TO 12.00", weekly(TUE, **TEN_TO_NOON)),
    ("Tuesday 10 a.m. to 12 noon", weekly(TUE, **TEN_TO_NOON)),
    ("Tuesday 10am till midday", weekly(TUE, **TEN_TO_NOON)),
    ("second Sunday, 2pm", monthly(SUN, 2, start=time(14))),
    ("2nd Sunday of the month at 2pm", monthly(SUN, 2, start=time(14))),
    ("monthly on the second Sunday, 2pm", monthly(SUN, 2, start=time(14))),
    ("every month on the second Sunday at 2", monthly(SUN, 2, start=time(14))),
    ("every second Sunday of the month 2pm", monthly(SUN, 2, start=time(14))),
    ("second Sunday of every month, 2pm", monthly(SUN, 2, start=time(14))),
    ("Mondays and Wednesdays 6.30-8pm", weekly(MON, WED, start=time(18, 30), end=time(20))),
    ("Monday & Wednesday 6.30pm to 8", weekly(MON, WED, start=time(18, 30), end=time(20))),
    ("every Monday and every Wednesday, 6.30 to 8", weekly(MON, WED, start=time(18, 30), end=time(20))),
    ("Mon/Wed 18:30-20:00", weekly(MON, WED, start=time(18, 30), end=time(20))),
    ("first and third Thursday of the month 10am-noon", monthly(THU, 1, 3, **TEN_TO_NOON)),
    ("1st and 3rd Thursdays 10-12", monthly(THU, 1, 3, **TEN_TO_NOON)),
    ("every first and third Thursday, 10 to 12", monthly(THU, 1, 3, **TEN_TO_NOON)),
    ("third, first & last Thursday 10-12", monthly(THU, 1, 3, LAST, **TEN_TO_NOON)),
    ("last Friday of the month", monthly(FRI, LAST)),
    ("every last Friday 7.30pm", monthly(FRI, LAST, start=time(19, 30))),
    ("first Monday", monthly(MON, 1)),
    ("once a month, first Monday, 2 to 4", monthly(MON, 1, start=time(14), end=time(16))),
    ("1st, 3rd and 5th Wednesday 1.30 to 4pm", monthly(WED, 1, 3, 5, start=time(13, 30), end=time(16))),
    ("every other Friday 1pm to 3", weekly(FRI, start=time(13), end=time(15), interval=2)),
    ("alternate Fridays 1-3", weekly(FRI, start=time(13), end=time(15), interval=2)),
    ("every two weeks on Friday 1-3pm", weekly(FRI, start=time(13), end=time(15), interval=2)),
    ("every 3 weeks on Friday", weekly(FRI, interval=3)),
    ("Friday fortnightly, 1 to 3", weekly(FRI, start=time(13), end=time(15), interval=2)),
    ("fortnightly on Mondays", weekly(MON, interval=2)),
    ("every fortnight on Monday", weekly(MON, interval=2)),
    ("every other week on Monday", weekly(MON, interval=2)),
    (
        "every other Friday 1pm to 3 from 4 December",
        weekly(FRI, start=time(13), end=time(15), interval=2, first_date=date(2026, 12, 4)),
    ),
    (
        "Tuesdays 10 to 12, starting 5 January until 30 March 2027",
        weekly(TUE, **TEN_TO_NOON, first_date=date(2027, 1, 5), until=date(2027, 3, 30)),
    ),
    ("Sat 5 December 2-4pm", once(date(2026, 12, 5), time(14), time(16))),
    ("Saturday, 5th of December, 2 to 4", once(date(2026, 12, 5), time(14), time(16))),
    ("5 December 2026", once(date(2026, 12, 5))),
    ("5/12/2026 at 2pm", once(date(2026, 12, 5), time(14))),
    ("1 February 10am", once(date(2027, 2, 1), time(10))),
    ("22 November, 7pm", once(TODAY, time(19))),
    ("weekdays 9 to 5", weekly(0, 1, 2, 3, 4, start=time(9), end=time(17))),
    ("every weekday 9am-5pm", weekly(0, 1, 2, 3, 4, start=time(9), end=time(17))),
    ("Monday to Friday 9-5", weekly(0, 1, 2, 3, 4, start=time(9), end=time(17))),
    ("from Monday to Friday 9-5", weekly(0, 1, 2, 3, 4, start=time(9), end=time(17))),
    ("weekends 11 to 4", weekly(5, 6, start=time(11), end=time(16))),
    ("Friday to Sunday 6pm to 10pm", weekly(4, 5, 6, start=time(18), end=time(22))),
    ("Saturday to Monday 2pm", weekly(0, 5, 6, start=time(14))),
    ("every day 8 to 4", weekly(*range(7), start=time(8), end=time(16))),
    ("daily 12 to 2", weekly(*range(7), start=time(12), end=time(14))),
    ("Wednesdays 10-2pm", weekly(WED, start=time(10), end=time(14))),
    ("Wednesdays 11-1pm", weekly(WED, start=time(11), end=time(13))),
    ("Wednesdays 1-3pm", weekly(WED, start=time(13), end=time(15))),
    ("Wednesdays 9-11am", weekly(WED, start=time(9), end=time(11))),
    ("Wednesdays 7-9pm", weekly(WED, start=time(19), end=time(21))),
    ("Wednesdays 12-2", weekly(WED, start=time(12), end=time(14))),
    ("Wednesdays 9am - 12", weekly(WED, start=time(9), end=time(12))),
    ("Wednesdays 7 to midnight", weekly(WED, start=time(19), end=time(0))),
    ("Saturdays 8pm to 1am", weekly(SAT, start=time(20), end=time(1))),
    ("Wednesdays 09:30 to 11:00", weekly(WED, start=time(9, 30), end=time(11))),
    ("Wednesday 9.30 - 13.00", weekly(WED, start=time(9, 30), end=time(13))),
    ("Wednesday 13:00 - 4:30", weekly(WED, start=time(13), end=time(16, 30))),
    (
        "Thursdays 3.30pm to 5pm in term time",
        weekly(THU, start=time(15, 30), end=time(17), term_time_only=True),
    ),
    ("Thursday 4pm, term-time only", weekly(THU, start=time(16), term_time_only=True)),
    ("by arrangement", Rule(Frequency.ARRANGED)),
    ("By appointment only.", Rule(Frequency.ARRANGED)),
]


@pytest.mark.parametrize(("text", "rule"), SENTENCES, ids=[text for text, _ in SENTENCES])
def test_what_a_volunteer_types(text, rule):
    assert read_sentence(text, today=TODAY) == rule


REFUSED = [
    ("", "Say which day"),
    ("10 to 12", "Say which day"),
    ("when the moon is full on Tuesday", "could not read “when moon is full”"),
    ("Tuesdays 10 to 12 except bank holidays", "could not read “except bank holidays”"),
    ("Tuesday 25pm", "“25pm” is not a time"),
    ("Tuesday 10.75", "“10.75” is not a time"),
    ("Tuesday 11 noon", "“11 noon” is not a time"),
    ("Tuesday 7 to 9", "morning or the afternoon"),
    ("Tuesday 8", "morning or the afternoon"),
    ("Tuesday 02:00 to 04:00", "morning or the afternoon"),
    ("Tuesday 10am to 12am", "morning or the afternoon"),
    ("Tuesday 6 to 12", "morning or the afternoon"),
    ("Tuesday 2:00 - 10:00", "morning or the afternoon"),
    ("Tuesday 5pm to 3pm", "ends before it starts"),
    ("Tuesday 10:00 - 04:00", "ends before it starts"),
    ("monthly on Tuesday", "which week of the month"),
    ("every second Tuesday", "every other week, or once a month"),
    ("every 3rd Tuesday", "every other week, or once a month"),
    ("first Monday and Tuesday of the month", "Give one day, like"),
    ("31 February", "not a date"),
    ("Sunday 5 December", "different day of the week"),
    ("Tuesday 10-12, Thursday 2-4", "more than one session"),
    ("Tuesday 10-12 and 2-4", "more than one session"),
    ("Tuesday 10-12, Tuesday 11-1", "more than one session"),
    ("Tuesday 10 12", "could not follow"),
    ("Tuesday 10 and 12", "could not follow"),
    ("Tuesday until 12", "could not follow"),
    ("first Monday every other week", "could not follow"),
    ("every other Monday fortnightly", "could not follow"),
    ("Monday first", "could not follow"),
    ("every 5 December", "could not follow"),
    ("closed Monday", "could not follow"),
    ("between 10 Tuesday", "could not follow"),
    ("weekdays to Saturday", "could not follow"),
]


@pytest.mark.parametrize(("text", "advice"), REFUSED, ids=[text for text, _ in REFUSED])
def test_what_is_not_clear_is_asked_back(text, advice):
    with pytest.raises(SentenceError, match=advice):
        read_sentence(text, today=TODAY)


def test_without_today_it_is_london_s_date():
    assert read_sentence("5 December").first_date >= date.today()


@settings(deadline=None, max_examples=150)
@given(rule=rules((W, M, Frequency.ONCE)))
def test_our_own_words_are_read_back_as_the_same_rule(rule):
    """All that `describe` says, but for lone times, nights, gaps of months, and dates it does not mention."""
    by_week = tuple(sorted(rule.weeks_of_month, key=lambda week: (week == LAST, week)))
    said = replace(rule, until=None, weeks_of_month=by_week)
    if said.frequency != Frequency.ONCE:
        said = replace(said, first_date=None, interval=1 if said.frequency == M else said.interval)
    elif said.first_date is None:
        said = replace(said, first_date=TODAY)
    if said.start and (said.start.hour == 0 or said.end is None or said.end <= said.start):
        said = replace(said, start=time(9), end=time(21, 5))
    assert read_sentence(describe(said), today=TODAY) == said
