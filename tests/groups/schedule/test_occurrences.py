from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groups.schedule.occurrences import (
    HORIZON_DAYS,
    next_dates,
    next_occurrence,
    occurrences,
    rule_dates,
    wall_clock,
)
from groups.schedule.rules import LAST, LONDON, DateChange, Frequency, Occurrence, Rule, Span
from tests.groups.schedule import brute_force
from tests.groups.schedule.strategies import change_lists, days_of, rules, span_lists

TUESDAYS = Rule(Frequency.WEEKLY, (1,), start=time(10), end=time(12))
TUESDAY = date(2026, 11, 24)


def in_utc(meeting: Occurrence) -> brute_force.Meeting:
    return (
        meeting.date,
        meeting.starts.astimezone(UTC) if meeting.starts else None,
        meeting.ends.astimezone(UTC) if meeting.ends else None,
        meeting.cancelled,
        meeting.moved_from,
        meeting.place,
        meeting.reason,
    )


def by_repr(meetings: list[brute_force.Meeting]) -> list[str]:
    return sorted(map(repr, meetings))


@settings(deadline=None, max_examples=120)
@given(data=st.data(), rule=rules(), back=st.integers(0, 40), ahead=st.integers(0, 120))
def test_the_same_meetings_as_a_count_day_by_day(data, rule, back, ahead):
    middle = data.draw(days_of(rule))
    first, last = middle - timedelta(days=back), middle + timedelta(days=ahead)
    changes = data.draw(change_lists(middle))
    closures, terms = data.draw(span_lists(middle)), data.draw(span_lists(middle))
    found = occurrences(rule, first, last, changes=changes, closures=closures, terms=terms)
    expected = brute_force.meetings(rule, first, last, changes, closures, terms)
    assert by_repr([in_utc(meeting) for meeting in found]) == by_repr(expected)
    assert [meeting.date for meeting in found] == sorted(meeting.date for meeting in found)
    starts = [(m.date, m.starts.astimezone(UTC)) for m in found if m.starts]
    assert starts == sorted(starts)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Frequency.WEEKLY, (6,), start=time(1, 30), end=time(2, 30)),
        Rule(Frequency.WEEKLY, (5,), start=time(22), end=time(1, 30)),
        Rule(Frequency.WEEKLY, (1, 3), 2, first_date=date(2020, 1, 2), start=time(10), end=time(12)),
        Rule(Frequency.MONTHLY, (0,), 1, (5,), start=time(19)),
        Rule(Frequency.MONTHLY, (4,), 2, (1, LAST), first_date=date(2020, 2, 29), start=time(10)),
        Rule(Frequency.MONTHLY, (6,), 1, (4, LAST), start=time(1), end=time(1)),
    ],
    ids=str,
)
def test_ten_whole_years(rule):
    first, last = date(2020, 1, 1), date(2029, 12, 31)
    expected = brute_force.meetings(rule, first, last)
    assert [in_utc(meeting) for meeting in occurrences(rule, first, last)] == expected
    assert len(expected) > 30


@settings(deadline=None, max_examples=60)
@given(
    data=st.data(),
    rule=rules(),
    hours=st.integers(0, 24 * 14),
    odd_minutes=st.integers(0, 59),
)
def test_next_is_right_at_every_hour(data, rule, hours, odd_minutes):
    middle = data.draw(days_of(rule))
    now = datetime.combine(middle, time(), UTC) + timedelta(hours=hours, minutes=odd_minutes)
    changes = data.draw(change_lists(middle))
    closures = data.draw(span_lists(middle))
    today = now.astimezone(LONDON).date()
    last = today + timedelta(days=HORIZON_DAYS)
    meetings = brute_force.meetings(rule, today - timedelta(days=2), last, changes, closures)

    def over(meeting: brute_force.Meeting) -> datetime:
        day, starts, ends, *_ = meeting
        if starts is None:
            return brute_force.london_to_utc(day + timedelta(days=1), time())
        return ends or starts + timedelta(hours=1)

    coming = [meeting for meeting in meetings if not meeting[3] and over(meeting) > now]
    coming.sort(key=lambda m: (m[0], m[1] is not None, m[1] or datetime.min, m[4] or date.min))
    found = next_occurrence(rule, now, changes=changes, closures=closures)
    assert (in_utc(found) if found else None) == (coming[0] if coming else None)
    some = next_dates(rule, now, 4, changes=changes, closures=closures)
    assert by_repr([in_utc(m) for m in some]) == by_repr(coming[:4])


@pytest.mark.parametrize(
    ("day", "at", "expected"),
    [
        (date(2026, 3, 29), time(0, 59), datetime(2026, 3, 29, 0, 59, tzinfo=UTC)),
        (date(2026, 3, 29), time(1, 30), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 3, 29), time(2, 0), datetime(2026, 3, 29, 1, 0, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(1, 30, fold=1), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),
        (date(2026, 10, 25), time(2, 0), datetime(2026, 10, 25, 2, 0, tzinfo=UTC)),
        (date(2026, 7, 1), time(10), datetime(2026, 7, 1, 9, 0, tzinfo=UTC)),
    ],
)
def test_wall_clock_at_the_changing_hour(day, at, expected):
    assert wall_clock(day, at).astimezone(UTC) == expected


def test_a_start_that_does_not_exist_reads_two_o_clock():
    (meeting,) = occurrences(
        Rule(Frequency.WEEKLY, (6,), start=time(1, 30), end=time(3)), date(2026, 3, 29), date(2026, 3, 29)
    )
    assert (meeting.starts.time(), meeting.ends.time()) == (time(2), time(3))


def test_ten_o_clock_stays_ten_o_clock_all_year():
    found = occurrences(TUESDAYS, date(2026, 1, 1), date(2026, 12, 31))
    assert {meeting.starts.time() for meeting in found} == {time(10)}
    assert {meeting.starts.utcoffset() for meeting in found} == {timedelta(0), timedelta(hours=1)}


def test_every_other_week_keeps_its_days_in_one_week():
    rule = Rule(Frequency.WEEKLY, (1, 3), 2, first_date=date(2026, 11, 26))  # a Thursday
    found = rule_dates(rule, date(2026, 11, 1), date(2026, 12, 31))
    assert found == [
        date(2026, 11, 26),
        date(2026, 12, 8),
        date(2026, 12, 10),
        date(2026, 12, 22),
        date(2026, 12, 24),
    ]


@pytest.mark.parametrize("start", [date(2026, 11, 26), date(2026, 12, 7), date(2031, 1, 1)])
@pytest.mark.parametrize(
    "rule",
    [
        Rule(Frequency.WEEKLY, (1, 3), 2, first_date=date(2026, 11, 26)),
        Rule(Frequency.MONTHLY, (1,), 2, (1,), first_date=date(2026, 11, 1)),
    ],
    ids=str,
)
def test_the_count_is_the_same_wherever_one_begins_to_look(rule, start):
    last = date(2031, 3, 1)
    assert rule_dates(rule, start, last) == [day for day in rule_dates(rule, date.min, last) if day >= start]


def test_every_other_week_without_a_first_date_has_no_dates():
    assert rule_dates(Rule(Frequency.WEEKLY, (1,), 2), date(2026, 1, 1), date(2026, 12, 31)) == []


def test_months_without_a_fifth_are_skipped():
    rule = Rule(Frequency.MONTHLY, (0,), 1, (5,))
    assert rule_dates(rule, date(2026, 1, 1), date(2026, 6, 30)) == [date(2026, 3, 30), date(2026, 6, 29)]


def test_last_is_the_fourth_or_the_fifth():
    rule = Rule(Frequency.MONTHLY, (4,), 1, (LAST,))
    assert rule_dates(rule, date(2026, 1, 1), date(2026, 2, 28)) == [date(2026, 1, 30), date(2026, 2, 27)]


def test_a_rule_that_lacks_its_days_or_weeks_has_no_dates():
    assert rule_dates(Rule(Frequency.WEEKLY), date(2026, 1, 1), date(2026, 2, 1)) == []
    assert rule_dates(Rule(Frequency.MONTHLY, (1,)), date(2026, 1, 1), date(2026, 2, 1)) == []


def test_cancelled_comes_back_with_its_reason():
    (meeting,) = occurrences(
        TUESDAYS, TUESDAY, TUESDAY, changes=[DateChange(TUESDAY, reason="Boiler broken")]
    )
    assert (meeting.cancelled, meeting.reason, meeting.date) == (True, "Boiler broken", TUESDAY)


def test_a_cancelled_date_that_the_rule_does_not_produce_is_ignored():
    wednesday = TUESDAY + timedelta(days=1)
    assert occurrences(TUESDAYS, wednesday, wednesday, changes=[DateChange(wednesday)]) == []


def test_closed_comes_back_cancelled_with_the_reason_of_the_closure():
    found = occurrences(
        TUESDAYS, TUESDAY, TUESDAY + timedelta(days=7), closures=[Span(TUESDAY, TUESDAY, "Christmas")]
    )
    assert [(meeting.cancelled, meeting.reason) for meeting in found] == [(True, "Christmas"), (False, "")]


def test_moved_is_found_on_its_new_date_only():
    thursday = TUESDAY + timedelta(days=2)
    change = DateChange(TUESDAY, thursday, start=time(14), place="library", reason="Hall booked")
    (meeting,) = occurrences(TUESDAYS, TUESDAY, thursday, changes=[change])
    assert (meeting.date, meeting.moved_from, meeting.place) == (thursday, TUESDAY, "library")
    assert (meeting.starts.time(), meeting.ends.time()) == (time(14), time(16))
    assert meeting.reason == "Hall booked"
    assert not meeting.cancelled


def test_a_moved_date_that_the_rule_does_not_produce_still_appears():
    change = DateChange(date(2026, 11, 25), date(2026, 11, 26))
    (meeting,) = occurrences(TUESDAYS, date(2026, 11, 26), date(2026, 11, 26), changes=[change])
    assert meeting.moved_from == date(2026, 11, 25)


def test_a_closure_over_the_new_date_cancels_a_moved_meeting():
    change = DateChange(TUESDAY, TUESDAY + timedelta(days=2), reason="Hall booked")
    closure = Span(TUESDAY, TUESDAY + timedelta(days=6), "Flood")
    (meeting,) = occurrences(
        TUESDAYS, TUESDAY, TUESDAY + timedelta(days=6), changes=[change], closures=[closure]
    )
    assert (meeting.cancelled, meeting.reason) == (True, "Flood")


def test_term_time_keeps_dates_in_terms_and_all_without_terms():
    rule = Rule(Frequency.WEEKLY, (1,), term_time_only=True)
    last = TUESDAY + timedelta(days=14)
    terms = [Span(date(2026, 9, 1), TUESDAY), Span(last, date(2027, 3, 1))]
    assert [m.date for m in occurrences(rule, TUESDAY, last, terms=terms)] == [TUESDAY, last]
    assert len(occurrences(rule, TUESDAY, last)) == 3


def test_by_arrangement_has_no_meetings_even_moved_ones():
    change = DateChange(TUESDAY, TUESDAY)
    assert occurrences(Rule(Frequency.ARRANGED), TUESDAY, TUESDAY, changes=[change]) == []


def test_one_in_progress_is_next_and_one_just_over_is_not():
    noon = datetime(2026, 11, 24, 12, tzinfo=LONDON)
    assert next_occurrence(TUESDAYS, noon - timedelta(minutes=1)).date == TUESDAY
    assert next_occurrence(TUESDAYS, noon).date == TUESDAY + timedelta(days=7)


def test_in_the_hour_that_repeats_the_second_reading_is_later():
    rule = Rule(Frequency.WEEKLY, (6,), start=time(0, 30), end=time(1, 30))
    second_time = datetime(2026, 10, 25, 1, 15, tzinfo=LONDON, fold=1)
    assert next_occurrence(rule, second_time).date == date(2026, 11, 1)
    assert next_occurrence(rule, second_time.replace(fold=0)).date == date(2026, 10, 25)


def test_last_night_s_meeting_is_still_next_after_midnight():
    rule = Rule(Frequency.WEEKLY, (5,), start=time(22), end=time(2))
    assert next_occurrence(rule, datetime(2026, 11, 22, 1, tzinfo=LONDON)).date == date(2026, 11, 21)


def test_next_dates_leave_out_cancelled_ones_unless_asked():
    now = datetime(2026, 11, 23, 9, tzinfo=LONDON)
    changes = [DateChange(TUESDAY)]
    assert [m.date.day for m in next_dates(TUESDAYS, now, 2, changes=changes)] == [1, 8]
    with_cancelled = next_dates(TUESDAYS, now, 2, changes=changes, with_cancelled=True)
    assert [(m.date.day, m.cancelled) for m in with_cancelled] == [(24, True), (1, False)]


def test_beyond_the_horizon_there_is_no_next():
    now = datetime(2026, 11, 22, 9, tzinfo=LONDON)
    once = Rule(Frequency.ONCE, first_date=now.date() + timedelta(days=HORIZON_DAYS))
    assert next_occurrence(once, now).date == once.first_date
    later = Rule(Frequency.ONCE, first_date=now.date() + timedelta(days=HORIZON_DAYS + 1))
    assert next_occurrence(later, now) is None


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        next_occurrence(TUESDAYS, datetime(2026, 11, 22, 9))
