"""What's on in the next seven days, a few meetings a day; cancelled ones say so."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from groups.listings.choices import Status, Weekday
from groups.listings.facts import DateChangeRecord
from groups.listings.public import PublicListing, PublicSession
from groups.places.distance import miles_between
from groups.places.gazetteer import PlaceNotFound, Spot, resolve
from groups.schedule.rules import Occurrence
from groups.schedule.words import describe_date
from portal import words
from search.engine import Engine
from search.query import DirectoryQuery, Sort, When

DAYS = 7
MOST_A_DAY = 3
MOST_CANCELLED = 50


@dataclass(frozen=True, slots=True)
class Meeting:
    """One line of a day. time, where and cost are plain words, "" where not known."""

    name: str
    path: str
    time: str
    where: str
    cost: str
    family: str
    colour: str
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """total: groups that meet on this day; href: the search that lists them."""

    name: str
    meetings: tuple[Meeting, ...]
    total: int
    href: str

    @property
    def more(self) -> int:
        return max(0, self.total - sum(not meeting.cancelled for meeting in self.meetings))


def spot_of(place: str) -> Spot | None:
    """The site's default place, if it has one that can be found."""
    if not place:
        return None
    try:
        return resolve(place)
    except PlaceNotFound:
        return None


def week(engine: Engine, spot: Spot | None, now: datetime | None = None) -> list[Day]:
    """The days from today on which something is on, near `spot`, or anywhere without one."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    off = _cancelled(engine, spot, today)
    days = (_day(engine, spot, today + timedelta(days=ahead), off, now) for ahead in range(DAYS))
    return [day for day in days if day.meetings]


def _day(engine: Engine, spot: Spot | None, day: date, off: dict[date, list], now: datetime) -> Day:
    query = DirectoryQuery(
        place=spot,
        place_text=spot.label if spot else "",
        days=(list(Weekday)[day.weekday()].value,),
        when=When.THIS_WEEK,
        sort=Sort.SOONEST,
    )
    results = engine.search(query, now=now)
    found = [
        (card.listing, card.session, card.occurrence)
        for card in results.cards
        if card.occurrence and card.session and card.occurrence.date == day
    ]
    shown = sorted([*found[:MOST_A_DAY], *off.get(day, [])], key=_starts)
    return Day(
        name=describe_date(day, timezone.localdate(now)),
        meetings=tuple(meeting(*one) for one in shown),
        total=results.total,
        href=f"/search/?{query.to_querystring()}",
    )


def _starts(found: tuple[PublicListing, PublicSession, Occurrence]) -> tuple[bool, str]:
    starts = found[2].starts
    return starts is None, str(starts or "")


def meeting(listing: PublicListing, session: PublicSession, at: Occurrence) -> Meeting:
    """A meeting in plain words."""
    return Meeting(
        name=listing.name,
        path=listing.path,
        time=words.occurrence_time(at),
        where=words.where_words(session, session.place_of(at)),
        cost=words.cost_in_short(listing),
        family=listing.family,
        colour=listing.colour,
        cancelled=at.cancelled,
    )


def _cancelled(engine: Engine, spot: Spot | None, today: date) -> dict[date, list]:
    """Meetings called off this week, by day: a search finds only those that take place."""
    last = today + timedelta(days=DAYS - 1)
    changes = DateChangeRecord.objects.filter(date__range=(today, last), to_date=None)
    uids = list(changes.order_by("date").values_list("group_uid", flat=True)[:MOST_CANCELLED])
    found: dict[date, list] = {}
    for listing in _near(engine.listings(set(uids)).values(), spot):
        for session, at in listing.meetings(today, DAYS):
            if at.cancelled:
                found.setdefault(at.date, []).append((listing, session, at))
    return {day: meetings[:MOST_A_DAY] for day, meetings in found.items()}


def _near(listings: Iterable[PublicListing], spot: Spot | None) -> list[PublicListing]:
    return [
        listing
        for listing in listings
        if listing.status == Status.OPEN
        and (spot is None or any(_miles(spot, place) <= spot.radius_miles for place in listing.places))
    ]


def _miles(spot: Spot, place) -> float:
    if place.latitude is None or place.longitude is None:
        return float("inf")
    return miles_between(spot.latitude, spot.longitude, place.latitude, place.longitude)
