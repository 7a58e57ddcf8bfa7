"""A week's meetings, by day or by place, from the engine: no page is loaded."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from groups.listings.choices import Status, Weekday
from groups.listings.facts import ClosureRecord, DateChangeRecord
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.places.distance import miles_between
from groups.places.gazetteer import Spot
from groups.schedule.rules import LONDON, Occurrence
from groups.schedule.words import describe_date
from portal.meetings import Meeting, meeting
from portal.words import miles_words, occurrence_on_page, where_words
from search.engine import Card, Engine
from search.query import DirectoryQuery, Sort, When

DAYS = 7
MOST_A_DAY = 8
MOST_CALLED_OFF = 100

Found = tuple[PublicListing, PublicSession, Occurrence]


@dataclass(frozen=True, slots=True)
class WeekDay:
    """One day. total: groups that meet; `meetings` also hold those called off."""

    day: date
    name: str
    meetings: list[Meeting]
    total: int


@dataclass(frozen=True, slots=True)
class WeekPlace:
    """One place and what is on there, with the day before each time."""

    name: str
    path: str
    distance: str
    meetings: list[Meeting]


@dataclass(frozen=True, slots=True)
class Week:
    """The seven days from `first`, as told on `today`. spot: where, None for anywhere. now: when its clock starts."""

    engine: Engine
    spot: Spot | None
    first: date
    today: date
    now: datetime

    @classmethod
    def ahead(cls, engine: Engine, spot: Spot | None, weeks: int, now: datetime) -> "Week":
        """The week `weeks` after the one that begins today; its clock starts at its first midnight."""
        today = timezone.localdate(now)
        first = today + timedelta(weeks=weeks)
        return cls(engine, spot, first, today, now if weeks == 0 else datetime.combine(first, time(), LONDON))

    def days(self) -> list[WeekDay]:
        """All seven days, each with its first meetings; those called off stand among them."""
        off = self._called_off()
        return [
            self._week_day(day, self._cards(day, 1), off.get(day, []), MOST_A_DAY)
            for day in (self.first + timedelta(days=ahead) for ahead in range(DAYS))
        ]

    def day(self, day: date, page: int) -> WeekDay:
        """One page of one day; on the first page also what is called off."""
        off = self._called_off().get(day, []) if page == 1 else []
        return self._week_day(day, self._cards(day, page), off, None)

    def places(self, page: int) -> tuple[list[WeekPlace], int]:
        """One page of groups by place, nearest first, and how many groups there are."""
        results = self.engine.search(
            self._query(sort=Sort.NEAREST if self.spot else Sort.SOONEST, page=page), now=self.now
        )
        gathered: dict[str, tuple[Card, list[Found]]] = {}
        for card in results.cards:
            where = where_words(card.session, card.place)
            _first, found = gathered.setdefault(where, (card, []))
            found += [
                (card.listing, session, at)
                for session, at in card.listing.meetings(self.first, DAYS)
                if where_words(session, session.place_of(at)) == where
            ]
        return [
            WeekPlace(
                name=where,
                path=card.place.path if card.place else "",
                distance=miles_words(card.away),
                meetings=_by_group(found),
            )
            for where, (card, found) in gathered.items()
            if where and found
        ], results.total

    def _query(self, **changes) -> DirectoryQuery:
        return DirectoryQuery(
            place=self.spot, place_text=self.spot.label if self.spot else "", when=When.THIS_WEEK, **changes
        )

    def _cards(self, day: date, page: int):
        weekday = list(Weekday)[day.weekday()].value
        return self.engine.search(self._query(days=(weekday,), sort=Sort.SOONEST, page=page), now=self.now)

    def _week_day(self, day: date, results, off: list[Found], most: int | None) -> WeekDay:
        found = [
            (card.listing, card.session, card.occurrence)
            for card in results.cards
            if card.session and card.occurrence and card.occurrence.date == day
        ]
        shown = sorted([*found[:most], *off], key=_starts)
        return WeekDay(
            day=day,
            name=describe_date(day, self.today),
            meetings=[meeting(*one) for one in shown],
            total=results.total,
        )

    def _called_off(self) -> dict[date, list[Found]]:
        """Meetings cancelled or closed this week, by day: a search finds only those that take place."""
        last = self.first + timedelta(days=DAYS - 1)
        cancelled = DateChangeRecord.objects.filter(date__range=(self.first, last), to_date=None)
        closed = ClosureRecord.objects.filter(Q(first_day__lte=last) & Q(last_day__gte=self.first))
        uids = {
            *cancelled.values_list("group_uid", flat=True)[:MOST_CALLED_OFF],
            *closed.values_list("group_uid", flat=True)[:MOST_CALLED_OFF],
        }
        found: dict[date, list[Found]] = {}
        for listing in self._near(self.engine.listings(uids).values()):
            for session, at in listing.meetings(self.first, DAYS):
                if at.cancelled:
                    found.setdefault(at.date, []).append((listing, session, at))
        return found

    def _near(self, listings: Iterable[PublicListing]) -> list[PublicListing]:
        return [
            listing
            for listing in listings
            if listing.status == Status.OPEN
            and (self.spot is None or any(self._reaches(place) for place in listing.places))
        ]

    def _reaches(self, place: PublicPlace) -> bool:
        if self.spot is None or place.latitude is None or place.longitude is None:
            return False
        miles = miles_between(self.spot.latitude, self.spot.longitude, place.latitude, place.longitude)
        return miles <= self.spot.radius_miles


def _by_group(found: list[Found]) -> list[Meeting]:
    """One line a group and session: its one meeting this week, or the rule it follows; a cancelled one says so."""
    lines: dict[tuple, list[Found]] = {}
    for one in sorted(found, key=_starts):
        listing, session, at = one
        lines.setdefault((listing.uid, session.uid, at.cancelled), []).append(one)
    return [_line(many) for many in lines.values()]


def _line(many: list[Found]) -> Meeting:
    listing, session, at = many[0]
    when = occurrence_on_page(at) if len(many) == 1 else session.words
    return replace(meeting(listing, session, at), time=when, where="")


def _starts(found: Found) -> tuple[date, bool, str]:
    at = found[2]
    return at.date, at.starts is None, str(at.starts or "")
