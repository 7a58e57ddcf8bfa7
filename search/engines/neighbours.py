"""What stands beside a listing: groups like it, and groups near it. The same questions for every engine."""

from collections.abc import Iterable
from uuid import UUID

from groups.listings.public import PublicListing
from groups.places.gazetteer import Kind, Spot
from groups.vocabulary.lexicon import Lexicon, lexicon
from search.engine import Card
from search.index.document import concept
from search.index.models import IndexedListing
from search.query import DirectoryQuery
from search.understanding.plan import Plan, Span

ALIKE_MILES = 10.0
BESIDE_MILES = 3.0


class WithNeighbours:
    """The part of an engine that begins at a listing the database holds."""

    def listings(self, uids: Iterable[UUID]) -> dict[UUID, PublicListing]:
        rows = IndexedListing.objects.filter(uid__in=list(uids), gone=False).values_list("uid", "document")
        return {uid: PublicListing.from_json(document) for uid, document in rows}

    def more_like(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        listing = self.listings([uid]).get(uid)
        if listing is None:
            return []
        place = spot_of(listing)
        query = DirectoryQuery(place=place, radius=ALIKE_MILES if place else None)
        return self.neighbours(listing, query, plan_like(listing, lexicon()), limit)

    def near(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        listing = self.listings([uid]).get(uid)
        place = spot_of(listing) if listing else None
        if listing is None or place is None:
            return []
        query = DirectoryQuery(place=place, radius=BESIDE_MILES, sort="nearest", modes=("in_person",))
        return self.neighbours(listing, query, None, limit)

    def neighbours(
        self, listing: PublicListing, query: DirectoryQuery, plan: Plan | None, limit: int
    ) -> list[Card]:
        """Other listings that satisfy a query and, with a plan, match it."""
        raise NotImplementedError


def plan_like(listing: PublicListing, words: Lexicon) -> Plan:
    """What a listing is about, as a plan: its topics, and at less worth the activities nearest to them."""
    worth: dict[str, float] = {}
    for topic in listing.activities:
        for other in words.related.get(topic.slug, ()):
            worth.setdefault(concept("activity", other), 0.4)
        worth[concept("activity", topic.slug)] = 1.0
    for need in listing.needs:
        worth.setdefault(concept("need", need.slug), 0.5)
    return Plan(spans=(Span(worth),) if worth else ())


def spot_of(listing: PublicListing | None) -> Spot | None:
    """Where a listing meets, as the public may know."""
    place = next((place for place in listing.places if place.latitude is not None), None) if listing else None
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Spot(place.latitude, place.longitude, place.town or place.name, "", "", Kind.PLACE, ALIKE_MILES)
