"""A small engine for pages' tests: it answers what it was given.

Usage:
    FakeEngine(listings=[…], facets={"activity": (FacetValue("art", 3),)})
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from groups.listings.choices import Weekday
from groups.listings.public import PublicListing
from search.engine import Card, FacetValue, Results, Suggestion, Understood
from search.query import DirectoryQuery


class FakeEngine:
    """Every listing matches; with a day asked for, those that meet on it within a week, soonest first."""

    name = "fake"

    def __init__(
        self, listings: Sequence[PublicListing] = (), facets: dict[str, tuple[FacetValue, ...]] | None = None
    ) -> None:
        self.known = {listing.uid: listing for listing in listings}
        self.facets = facets or {}
        self.asked: list[DirectoryQuery] = []

    def search(self, query: DirectoryQuery, *, now: datetime | None = None, explain: bool = False) -> Results:
        self.asked.append(query)
        cards = [card for listing in self.known.values() if (card := self._card(listing, query, now))]
        cards.sort(key=lambda card: str(card.occurrence.starts) if card.occurrence else "")
        return Results(Understood(query), len(cards), cards, self.facets, self.name)

    @staticmethod
    def _card(listing: PublicListing, query: DirectoryQuery, now: datetime | None) -> Card | None:
        if not query.days:
            return Card(listing)
        wanted = {Weekday(day).number for day in query.days}
        for session, at in listing.meetings(timezone.localdate(now), 7):
            if at.date.weekday() in wanted and not at.cancelled:
                return Card(listing, session=session, occurrence=at, place=session.place)
        return None

    def count(self, queries: Sequence[DirectoryQuery], *, now: datetime | None = None) -> list[int]:
        return [self.search(query, now=now).total for query in queries]

    def suggest(self, prefix: str, *, limit: int = 8) -> list[Suggestion]:
        return []

    def more_like(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        return []

    def near(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        return []

    def listings(self, uids: Iterable[UUID]) -> dict[UUID, PublicListing]:
        return {uid: self.known[uid] for uid in uids if uid in self.known}

    def settle(self) -> None:
        pass
