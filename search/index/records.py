"""How facts are packed: fixed little-endian records, read by numpy without parsing.

Days are counted from 1 January 2000; 0 means "no day". Positions are degrees × 100,000; NOWHERE means "no position".
"""

from datetime import date
from struct import Struct
from typing import NamedTuple

import numpy as np

from groups.listings.choices import AccessFeature, Capacity, Mode, Status, Weekday

DAY_ZERO = date(2000, 1, 1).toordinal()
NOWHERE = -(2**31)
POSITION_SCALE = 100_000
NO_AGE = 255

OCCURRENCE_WORDS = 7  # of 64 days each: at least 384 days ahead, whatever the day of writing
OCCURRENCE_DAYS = OCCURRENCE_WORDS * 64

FACTS = np.dtype(
    [
        ("order", "<u8"),  # the public id's first 64 bits: the last word in a tie
        ("checked", "<u2"),
        ("capacity_on", "<u2"),
        ("closed_on", "<u2"),
        ("age_min", "u1"),
        ("age_max", "u1"),
        ("name_words", "u1"),
        ("state", "u1"),  # CONFIRMED, FULL, … below
    ]
)
CONFIRMED, HAS_SPACE, FULL, PAUSED, CLOSED = 1, 2, 4, 8, 16


class Facts(NamedTuple):
    """The values of a record of FACTS, in its order."""

    order: int
    checked: int
    capacity_on: int
    closed_on: int
    age_min: int
    age_max: int
    name_words: int
    state: int

    def packed(self) -> bytes:
        return _FACTS_LAYOUT.pack(*self)


_FACTS_LAYOUT = Struct("<QHHHBBBB")

SESSIONS = np.dtype(
    [
        ("latitude", "<i4"),
        ("longitude", "<i4"),
        ("bits", "<u8"),
        ("start", "<u2"),  # minutes after midnight
        ("end", "<u2"),  # may be over 1,440: the next day
        ("base", "<u2"),  # day of the first bit of `days`
        ("days", "<u8", (OCCURRENCE_WORDS,)),  # a bit for each day it meets
    ]
)
_SESSION_LAYOUT = Struct(f"<iiQHHH{OCCURRENCE_WORDS * 8}s")
NO_TIME = 65_535


class Session(NamedTuple):
    """The values of a record of SESSIONS, in its order. days: a bit for each day it meets, the lowest for `base`."""

    latitude: int = NOWHERE
    longitude: int = NOWHERE
    bits: int = 0
    start: int = NO_TIME
    end: int = NO_TIME
    base: int = 0
    days: int = 0

    def packed(self) -> bytes:
        return _SESSION_LAYOUT.pack(*self[:-1], self.days.to_bytes(OCCURRENCE_WORDS * 8, "little"))


SERVED = np.dtype(
    [("kind", "u1"), ("latitude", "<i4"), ("longitude", "<i4"), ("miles", "<f4"), ("district", "S12")]
)
SERVES_RADIUS, SERVES_DISTRICT, SERVES_COUNTRY = 1, 2, 3

# Bits of a session. Days first, Monday is bit 0.
TIMES = ("morning", "afternoon", "evening")
_TIME_BIT = 7
_MODE_BIT = _TIME_BIT + len(TIMES)
FIXED_TIME = 1 << 14
MOVED = 1 << 15  # one date of a session, moved: it counts until that meeting is over
_ACCESS_BIT = 16

SESSION_BITS: dict[str, dict[str, int]] = {
    "day": {day: 1 << place for place, day in enumerate(Weekday.values)},
    "time": {name: 1 << (_TIME_BIT + place) for place, name in enumerate(TIMES)},
    "mode": {mode: 1 << (_MODE_BIT + place) for place, mode in enumerate(Mode.values)},
    "access": {feature: 1 << (_ACCESS_BIT + place) for place, feature in enumerate(AccessFeature.values)},
}
IN_PERSON = SESSION_BITS["mode"][Mode.IN_PERSON]

STATE_OF_CAPACITY = {Capacity.SPACE: HAS_SPACE, Capacity.FULL: FULL, Capacity.WAITING_LIST: FULL}
STATE_OF_STATUS = {Status.PAUSED: PAUSED, Status.CLOSED: CLOSED}


def day_number(day: date | None) -> int:
    """Days since 1 January 2000; 0 for no day, and for days outside what two bytes hold."""
    if day is None:
        return 0
    number = day.toordinal() - DAY_ZERO
    return number if 0 < number < 65_535 else 0


def day_of(number: int) -> date:
    return date.fromordinal(int(number) + DAY_ZERO)


def scaled(degrees: float | None) -> int:
    return NOWHERE if degrees is None else round(degrees * POSITION_SCALE)


def base_day(today: int) -> int:
    """The day of the first occurrence bit, on a 64-day grid, so that rows written on different days line up.

    Yesterday is included: a meeting past midnight may still be on.
    """
    return (today - 1) // 64 * 64
