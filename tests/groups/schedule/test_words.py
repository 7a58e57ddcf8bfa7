from datetime import date, time

import pytest
from django.utils import translation

from groups.schedule.rules import LAST, Frequency, Rule
from groups.schedule.words import describe, describe_date, describe_time

WEEKLY, MONTHLY = Frequency.WEEKLY, Frequency.MONTHLY


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Rule(WEEKLY, (1,), start=time(10), end=time(12)), "Every Tuesday, 10am to 12 noon"),
        (Rule(WEEKLY, (3,), 2), "Every other Thursday"),
        (Rule(WEEKLY, (3,), 3), "Every 3 weeks on Thursday"),
        (Rule(WEEKLY, (1, 3), 2), "Every other week on Tuesday and Thursday"),
        (Rule(WEEKLY, (0, 1, 2, 3, 4), 2), "Every other week on Monday to Friday"),
        (
            Rule(MONTHLY, (0,), 1, (1, 3), start=time(19, 30), end=time(21)),
            "First and third Monday of the month, 7.30pm to 9pm",
        ),
        (Rule(MONTHLY, (4,), 1, (LAST,)), "Last Friday of the month"),
        (Rule(MONTHLY, (4,), 1, (LAST, 1, 3)), "First, third and last Friday of the month"),
        (Rule(MONTHLY, (2,), 1, (2, 4)), "Second and fourth Wednesday of the month"),
        (Rule(MONTHLY, (2,), 1, (5,)), "Fifth Wednesday of the month"),
        (Rule(MONTHLY, (2,), 2, (1,)), "First Wednesday of every other month"),
        (Rule(MONTHLY, (2,), 3, (1,)), "First Wednesday, every 3 months"),
        (Rule(WEEKLY, (0, 1, 2, 3, 4), start=time(9), end=time(17)), "Monday to Friday, 9am to 5pm"),
        (Rule(WEEKLY, (0, 1)), "Every Monday and Tuesday"),
        (Rule(WEEKLY, (4, 0, 2)), "Every Monday, Wednesday and Friday"),
        (Rule(WEEKLY, tuple(range(7))), "Every day"),
        (Rule(Frequency.ONCE, first_date=date(2026, 12, 5), start=time(14)), "Saturday 5 December 2026, 2pm"),
        (Rule(Frequency.ONCE), "Date to be set"),
        (Rule(Frequency.ARRANGED), "By arrangement"),
        (Rule(WEEKLY, (1,), term_time_only=True), "Every Tuesday, in term time"),
        (
            Rule(WEEKLY, (1,), start=time(15, 15), end=time(16), term_time_only=True),
            "Every Tuesday, 3.15pm to 4pm, in term time",
        ),
    ],
)
def test_rules_in_plain_words(rule, words):
    assert describe(rule) == words


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (time(10), time(12), "10am to 12 noon"),
        (time(12), time(13, 30), "12 noon to 1.30pm"),
        (time(12, 5), None, "12.05pm"),
        (time(0, 30), None, "12.30am"),
        (time(22), time(0), "10pm to midnight"),
        (time(22), time(2), "10pm to 2am"),
        (time(9), time(9), "9am to 9am the next day"),
        (None, None, ""),
    ],
)
def test_times_in_one_style(start, end, words):
    assert describe_time(start, end) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 22), "Today"),
        (date(2026, 11, 23), "Tomorrow"),
        (date(2026, 11, 24), "Tuesday 24 November"),
        (date(2027, 1, 5), "Tuesday 5 January 2027"),
        (date(2025, 12, 31), "Wednesday 31 December 2025"),
    ],
)
def test_dates_carry_a_year_only_where_needed(day, words):
    assert describe_date(day, date(2026, 11, 22)) == words


def test_the_names_of_days_and_months_follow_the_language():
    with translation.override("cy"):
        assert describe_date(date(2026, 11, 24), date(2026, 11, 22)) == "Dydd Mawrth 24 Tachwedd"
