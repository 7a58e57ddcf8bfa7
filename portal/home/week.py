"""What's on in the next seven days: a few meetings a day, and not the same ones each day."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from urllib.parse import urlencode

from django.urls import reverse

from groups.places.gazetteer import PlaceNotFound, Spot, resolve
from portal.meetings import Meeting
from portal.whats_on.week import Week, WeekDay
from portal.words import day_words
from search.engine import Engine

MOST_A_DAY = 3


@dataclass(frozen=True, slots=True)
class Day:
    """name: the day in words; heading: the same, with the date for paper; more: how many further groups meet on this day;
    href: the page that lists them all."""

    name: str
    heading: str
    meetings: tuple[Meeting, ...]
    more: int
    href: str


def spot_of(place: str) -> Spot | None:
    """The site's default place, if it has one that can be found."""
    if not place:
        return None
    try:
        return resolve(place)
    except PlaceNotFound:
        return None


@lru_cache(maxsize=32)
def week(engine: Engine, spot: Spot | None, now: datetime, changes: int) -> tuple[Day, ...]:
    """The days from today on which something is on, near `spot`, or anywhere without one.

    It is kept for as long as `changes`, the number of the last change to any listing, and `now`, a whole minute, hold.
    """
    shown: set[str] = set()
    days = (_day(day, shown) for day in Week.ahead(engine, spot, 0, now).days())
    return tuple(day for day in days if day.meetings)


def _day(day: WeekDay, shown: set[str]) -> Day:
    """Meetings called off first, then groups no earlier day has shown, then the rest; told in their order."""
    wanted = sorted(day.meetings, key=lambda meeting: (not meeting.cancelled, meeting.path in shown))[
        :MOST_A_DAY
    ]
    told = tuple(meeting for meeting in day.meetings if meeting in wanted)
    shown.update(meeting.path for meeting in told)
    return Day(
        name=day.name,
        heading=day_words(day.day),
        meetings=told,
        more=max(0, day.total - sum(not meeting.cancelled for meeting in told)),
        href=f"{reverse('whats_on')}?{urlencode({'day': day.day.isoformat()})}",
    )
