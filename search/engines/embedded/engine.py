"""The embedded engine: the database's own full text for words, numpy columns for facts, vectors for meaning."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import numpy as np
from django.utils import timezone

from groups.listings.changes import ChangeCounter
from groups.listings.public import PublicListing
from groups.places.gazetteer import Kind, Spot
from groups.schedule.rules import LONDON
from groups.vocabulary.lexicon import Lexicon, lexicon
from search import ranking
from search.engine import Card, Results, Suggestion
from search.engines.cards import card_for
from search.engines.embedded.columns import ColumnStore, View
from search.engines.embedded.filters import Filters
from search.engines.embedded.matching import Match, match_words, names_holding
from search.engines.embedded.meanings import MeaningStore, added_by_meaning
from search.engines.embedded.ranking import Ranked, page_of, rank
from search.engines.embedded.suggestions import SuggestionStore
from search.index.document import concept
from search.index.models import IndexedListing
from search.query import MAX_PAGE, PAGE_SIZE, RADII, DirectoryQuery
from search.understanding.plan import Plan
from search.understanding.reading import Interpretation, understand

_ALIKE_MILES = 10.0
_BESIDE_MILES = 3.0
ENOUGH = 3  # results below which a radius nobody chose is widened
FURTHEST_UNASKED = 20


class EmbeddedEngine:
    name = "embedded"

    def __init__(self) -> None:
        self.columns = ColumnStore()
        self.meanings = MeaningStore()
        self.suggestions = SuggestionStore()

    # --- the contract ----------------------------------------------------------------------------

    def search(self, query: DirectoryQuery, *, now: datetime | None = None, explain: bool = False) -> Results:
        now = _local(now)
        reading, filters, match = self._look(query, now)
        asked = reading.understood.query
        page = min(max(asked.page, 1), MAX_PAGE)
        ranked = rank(filters, match, now)
        shown = page_of(filters, ranked, asked.sort, (page - 1) * PAGE_SIZE, page * PAGE_SIZE)
        return Results(
            understood=reading.understood,
            total=len(ranked.positions),
            cards=self._cards(filters, ranked, shown, asked, now),
            facets=filters.facets(),
            engine=self.name,
        )

    def count(self, queries: Sequence[DirectoryQuery], *, now: datetime | None = None) -> list[int]:
        now = _local(now)
        return [len(self._look(query, now)[1].hits) for query in queries]

    def suggest(self, prefix: str, *, limit: int = 8) -> list[Suggestion]:
        counters = ChangeCounter.values_now()
        view = self.columns.current(counters[ChangeCounter.LISTINGS])
        return self.suggestions.find(prefix, limit, view, lexicon(counters[ChangeCounter.VOCABULARY]))

    def more_like(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        listing = self.listings([uid]).get(uid)
        if listing is None:
            return []
        view = self.columns.current()
        plan = _plan_like(listing, lexicon())
        place = _spot_of(listing)
        query = DirectoryQuery(place=place, radius=_ALIKE_MILES if place else None)
        return self._neighbours(listing, query, match_words(plan, view), limit)

    def near(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        listing = self.listings([uid]).get(uid)
        place = _spot_of(listing) if listing else None
        if listing is None or place is None:
            return []
        return self._neighbours(
            listing,
            DirectoryQuery(place=place, radius=_BESIDE_MILES, sort="nearest", modes=("in_person",)),
            None,
            limit,
        )

    def listings(self, uids: Iterable[UUID]) -> dict[UUID, PublicListing]:
        rows = IndexedListing.objects.filter(uid__in=list(uids), gone=False).values_list("uid", "document")
        return {uid: _listing(document) for uid, document in rows}

    def settle(self) -> None:
        """Nothing to do: a listing is findable at its commit."""

    def forget(self) -> None:
        """Read everything anew at the next search (after a test's rollback, or a restored database)."""
        self.columns.forget()
        self.meanings.forget()
        self.suggestions.forget()

    def memory(self) -> dict[str, int]:
        """Bytes that this process holds for listings: "columns", "names" (for suggestions) and "vectors"."""
        return {
            "columns": self.columns.nbytes,
            "names": self.suggestions.nbytes,
            "vectors": self.meanings.nbytes,
        }

    # --- how it is done --------------------------------------------------------------------------

    def _look(self, query: DirectoryQuery, now: datetime) -> tuple[Interpretation, Filters, Match | None]:
        """Understand and filter; look further where the place's own radius, which nobody chose, finds hardly anything."""
        matches: dict[str, Match] = {}  # the words do not change with the radius
        found = self._look_near(query, now, matches)
        reading, filters, _match = found
        asked = reading.understood.query
        if asked.place is None or asked.radius is not None or len(filters.hits) >= ENOUGH:
            return found
        for miles in RADII:
            if miles <= asked.place.radius_miles or miles > FURTHEST_UNASKED:
                continue
            further = self._look_near(query.with_(page=query.page, radius=float(miles)), now, matches)
            if len(further[1].hits) > len(found[1].hits):
                found = further
            if len(found[1].hits) >= ENOUGH:
                break
        return found

    def _look_near(
        self, query: DirectoryQuery, now: datetime, matches: dict[str, Match]
    ) -> tuple[Interpretation, Filters, Match | None]:
        """Understand and filter. Filters that were only typed give way where they leave nothing and the words would not;
        they and a typed place give way to a listing whose name holds all the words.
        """
        counters = ChangeCounter.values_now()
        view = self.columns.current(counters[ChangeCounter.LISTINGS])
        readings = understand(
            query,
            lexicon(counters[ChangeCounter.VOCABULARY]),
            name_exists=lambda text: self.suggestions.is_name(text, view),
        )
        vectors = counters[ChangeCounter.VECTORS]
        first = (readings[0], *self._find(readings[0], view, now, vectors, matches))
        if len(readings) == 1:
            return first
        named = names_holding(query.text, view)
        if len(first[1].hits) and (not len(named) or np.isin(named, first[1].hits).any()):
            return first
        for reading in readings[1:]:
            filters, match = self._find(reading, view, now, vectors, matches)
            if np.isin(named, filters.hits).any():
                return reading, filters, match
            if (
                not len(first[1].hits)
                and len(filters.hits)
                and reading.understood.query.place == first[0].understood.query.place
            ):
                return reading, filters, match
        return first

    def _find(
        self,
        reading: Interpretation,
        view: View,
        now: datetime,
        vectors: int,
        matches: dict[str, Match],
    ) -> tuple[Filters, Match | None]:
        query, plan = reading.understood.query, reading.plan
        filters = Filters(view, query, now)
        if not plan.looks_for_text:
            return filters, None
        key = repr(plan)
        if key not in matches:
            matches[key] = match_words(plan, view)
        match = matches[key].with_meaning_unset()
        positions, cosines = self.meanings.scores(plan, view, filters.positions, vectors)
        match.parts["meaning"][positions] = ranking.meaning(cosines)
        among = filters.within_reach(match.matched, added_by_meaning(positions, cosines))
        return filters.narrowed_to(match.worth_showing(among)), match

    def _cards(
        self, filters: Filters, ranked: Ranked, shown: np.ndarray, query: DirectoryQuery, now: datetime
    ) -> list[Card]:
        view = filters.view
        ids = view.ids[ranked.positions[shown]].tolist()
        documents = dict(IndexedListing.objects.filter(pk__in=ids).values_list("pk", "document"))
        cards = []
        for place, pk in zip(shown.tolist(), ids, strict=True):
            if pk not in documents:
                continue
            cards.append(
                card_for(
                    _listing(documents[pk]),
                    query,
                    now,
                    score=float(ranked.score[place]),
                    miles=None if np.isnan(ranked.miles[place]) else float(ranked.miles[place]),
                    serves=bool(ranked.comes[place]),
                    parts={name: round(float(values[place]), 6) for name, values in ranked.parts.items()},
                )
            )
        return cards

    def _neighbours(
        self, listing: PublicListing, query: DirectoryQuery, match: Match | None, limit: int
    ) -> list[Card]:
        now = _local(None)
        filters = Filters(self.columns.current(), query, now)
        if match is not None:
            filters = filters.narrowed_to(match.matched)
        ranked = rank(filters, match, now)
        shown = page_of(filters, ranked, query.sort, 0, limit + 1)
        cards = self._cards(filters, ranked, shown, query, now)
        return [card for card in cards if card.listing.uid != listing.uid][:limit]


def _local(now: datetime | None) -> datetime:
    return (now or timezone.now()).astimezone(LONDON)


def _listing(document: str) -> PublicListing:
    return PublicListing.from_data(json.loads(document))


def _plan_like(listing: PublicListing, words: Lexicon) -> Plan:
    """What a listing is about, as a plan: its topics, and at less worth the activities nearest to them."""
    from search.understanding.plan import Span

    worth: dict[str, float] = {}
    for topic in listing.activities:
        for other in words.related.get(topic.slug, ()):
            worth.setdefault(concept("activity", other), 0.4)
        worth[concept("activity", topic.slug)] = 1.0
    for need in listing.needs:
        worth.setdefault(concept("need", need.slug), 0.5)
    return Plan(spans=(Span(worth),) if worth else ())


def _spot_of(listing: PublicListing | None) -> Spot | None:
    """Where a listing meets, as the public may know."""
    place = next((place for place in listing.places if place.latitude is not None), None) if listing else None
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Spot(place.latitude, place.longitude, place.town or place.name, "", "", Kind.PLACE, _ALIKE_MILES)
