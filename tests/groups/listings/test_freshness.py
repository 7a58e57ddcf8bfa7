"""How long a closed group is shown, on days whose month is shorter than the one before."""

from datetime import date, timedelta

import pytest

from groups.listings.freshness import closed_is_shown, closed_on_before, closed_shown_until

A_LEAP_YEAR_AND_THE_NEXT = [date(2027, 11, 1) + timedelta(days=ahead) for ahead in range(800)]


@pytest.mark.parametrize(
    ("closed_on", "last_day"),
    [
        (date(2028, 2, 29), date(2028, 5, 29)),
        (date(2027, 11, 30), date(2028, 2, 29)),
        (date(2026, 11, 30), date(2027, 2, 28)),
    ],
)
def test_it_is_shown_for_three_months_and_not_a_day_longer(closed_on, last_day):
    assert closed_shown_until(closed_on) == last_day
    assert closed_is_shown(closed_on, last_day)
    assert not closed_is_shown(closed_on, last_day + timedelta(days=1))


def test_what_people_are_told_is_what_happens_on_every_day():
    for today in A_LEAP_YEAR_AND_THE_NEXT:
        first = closed_on_before(today)
        assert closed_shown_until(first) >= today > closed_shown_until(first - timedelta(days=1))
