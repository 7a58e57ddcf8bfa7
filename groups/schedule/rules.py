"""When a group meets, as plain values: no database, no clock of its own.

Dates are local dates and times are wall-clock times in the zone of the place, Europe/London. An end at or
before the start is on the next day (`model.md`, "What matches, and when").
"""

import datetime as dt
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
LAST = -1  # "the last Friday of the month"


class Frequency(StrEnum):
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    ONCE = "once"
    ARRANGED = "arranged"  # no fixed time: by appointment, or whenever you ring


@dataclass(frozen=True, slots=True)
class Rule:
    """How a session repeats.

    weekdays: 0 is Monday. Weekly takes one or more; monthly takes exactly one; the others take none.
    interval: every n weeks or months, counted from the week or month of `first_date`; weeks begin on Monday.
    Over 1
        and without `first_date`, nobody has said which weeks: such a rule has words, but no dates.
    weeks_of_month: monthly only: 1 to 5, or LAST; "first and third Tuesday" is (1, 3). Months without a fifth
    are
        skipped.
    first_date: not before this day; the day itself for ONCE; the anchor where interval is over 1.
    until: not after this day.
    """

    frequency: Frequency
    weekdays: tuple[int, ...] = ()
    interval: int = 1
    weeks_of_month: tuple[int, ...] = ()
    first_date: date | None = None
    until: date | None = None
    start: time | None = None
    end: time | None = None
    term_time_only: bool = False


@dataclass(frozen=True, slots=True)
class DateChange:
    """One date of one session that is not as usual.

    `to_date` None means cancelled; otherwise it is moved in day, time or place.
    A new start without a new end keeps the usual length.
    """

    date: dt.date
    to_date: dt.date | None = None
    start: time | None = None
    end: time | None = None
    place: str = ""  # key of the other place, for a caller that has places; "" is the usual one
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A range of whole days, both ends included: a closure, or one school term."""

    first: date
    last: date
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One meeting. `starts` and `ends` are aware datetimes in London's zone; None without a time."""

    date: dt.date
    starts: datetime | None
    ends: datetime | None
    cancelled: bool = False
    moved_from: dt.date | None = None
    place: str = ""
    reason: str = ""
