"""How recently a listing was checked (`domain.md`, "Freshness rules"). Worked out at reading, never stored."""

from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from dateutil.relativedelta import relativedelta

DUE_AFTER_MONTHS = 6
OVERDUE_AFTER_MONTHS = 12
LAPSED_AFTER_MONTHS = 13  # the claim goes back to staff
TAKEN_DOWN_AFTER_MONTHS = 18
CAPACITY_KNOWN_FOR_DAYS = 30
CLOSED_SHOWN_FOR_MONTHS = 3


class Freshness(StrEnum):
    CHECKED = "checked"
    DUE = "due"  # "please call first"
    OVERDUE = "overdue"


@lru_cache(maxsize=8)
def due_before(today: date) -> date:
    """A listing last checked before this day is due a check."""
    return today - relativedelta(months=DUE_AFTER_MONTHS)


@lru_cache(maxsize=8)
def overdue_before(today: date) -> date:
    """A listing last checked before this day is overdue."""
    return today - relativedelta(months=OVERDUE_AFTER_MONTHS)


def lapsed_before(today: date) -> date:
    """A listing last checked before this day has lapsed."""
    return today - relativedelta(months=LAPSED_AFTER_MONTHS)


def taken_down_before(today: date) -> date:
    """A listing last checked before this day is too old to stay published."""
    return today - relativedelta(months=TAKEN_DOWN_AFTER_MONTHS)


def freshness(checked_on: date | None, *, confirmed: bool, today: date) -> Freshness:
    """The state of a listing whose clock started on `checked_on`.

    A listing that no group ever confirmed ranks as due a check; its clock runs from the source's date.
    """
    if checked_on is not None and checked_on < overdue_before(today):
        return Freshness.OVERDUE
    if checked_on is None or not confirmed or checked_on < due_before(today):
        return Freshness.DUE
    return Freshness.CHECKED


def capacity_known_since(today: date) -> date:
    """Capacity carries its own date and reads "unknown" after 30 days: what was said before this day."""
    return today - timedelta(days=CAPACITY_KNOWN_FOR_DAYS)


def capacity_is_known(as_of: date | None, today: date) -> bool:
    """Whether what was said of capacity that day still counts."""
    return as_of is not None and as_of >= capacity_known_since(today)


def closed_shown_until(closed_on: date) -> date:
    """The last day on which a group that closed on this day is shown as closed (`domain.md`, "Retention")."""
    return closed_on + relativedelta(months=CLOSED_SHOWN_FOR_MONTHS)


def closed_on_before(today: date) -> date:
    """A group that closed before this day is no longer shown.

    The first day that `closed_shown_until` still covers: counting back from 30 May would reach 29 February, whose three
    months were over the day before.
    """
    day = today - relativedelta(months=CLOSED_SHOWN_FOR_MONTHS)
    while closed_shown_until(day) < today:
        day += timedelta(days=1)
    return day


def closed_is_shown(closed_on: date | None, today: date) -> bool:
    """A closed listing shows as closed for three months."""
    return closed_on is not None and closed_on >= closed_on_before(today)
