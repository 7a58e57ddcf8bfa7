"""The embedded engine: the database's own full text for words, numpy columns for facts, vectors for meaning."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from groups.listings.changes import ChangeCounter
from groups.listings.public import PublicListing
from groups.places.spots import Spot
from groups.vocabulary.lexicon import Lexicon, lexicon
from search.engine import Card, Results, Suggestion
from search.engines.embedded.columns import ColumnStore, View
from search.engines.embedded.filters import Filters
from search.engines.embedded.matching import Match, match_words, names_holding
from search.engines.embedded.meanings import MeaningStore
from search.engines.embedded.ranking import page_of, rank
from search.engines.embedded.reach import Reach
from search.engines.embedded.showing import by_our_clock, cards_of
from search.engines.embedded.suggestions import SuggestionStore
from search.engines.looking import Look, at_once, look, with_radius
from search.engines.meanings import plan_vector
from search.engines.neighbours import WithNeighbours
from search.query import MAX_PAGE, PAGE_SIZE, DirectoryQuery
from search.understanding.plan import Plan
from search.understanding.reading import Interpretation, understand

_Where = tuple[Spot | None, float | None]


class EmbeddedEngine(WithNeighbours):
    name = "embedded"

    def __init__(self) -> None:
        self.columns = ColumnStore()
        self.meanings = MeaningStore()
        self.suggestions = SuggestionStore()

    # --- the contract ----------------------------------------------------------------------------

    def search(self, query: DirectoryQuery, *, now: datetime | None = None, explain: bool = False) -> Results:
        now = by_our_clock(now)
        found = at_once(look(_Ways(_Worked(self, self._state(), now), query)))
        asked = found.reading.understood.query
        page = min(max(asked.page, 1), MAX_PAGE)
        ranked = rank(found.filters, found.match, now)
        shown = page_of(found.filters, ranked, asked.sort, (page - 1) * PAGE_SIZE, page * PAGE_SIZE)
        return Results(
            understood=found.reading.understood,
            total=found.total,
            cards=cards_of(found.filters, ranked, shown, asked, now, explain=explain),
            facets=found.filters.facets(),
            engine=self.name,
        )

    def count(self, queries: Sequence[DirectoryQuery], *, now: datetime | None = None) -> list[int]:
        worked = _Worked(self, self._state(), by_our_clock(now))
        totals = {
            # The widest first: what lies within reach of the others is part of it.
            query: at_once(look(_Ways(worked, query))).total
            for query in sorted(queries, key=lambda query: -(query.radius_miles or 0.0))
        }
        return [totals[query] for query in queries]

    def suggest(self, prefix: str, *, limit: int = 8) -> list[Suggestion]:
        counters = ChangeCounter.values_now()
        view = self.columns.current(counters[ChangeCounter.LISTINGS])
        return self.suggestions.find(prefix, limit, view, lexicon(counters[ChangeCounter.VOCABULARY]))

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

    def _state(self) -> "_State":
        counters = ChangeCounter.values_now()
        return _State(
            self.columns.current(counters[ChangeCounter.LISTINGS]),
            lexicon(counters[ChangeCounter.VOCABULARY]),
            counters[ChangeCounter.VECTORS],
        )

    def neighbours(
        self, listing: PublicListing, query: DirectoryQuery, plan: Plan | None, limit: int
    ) -> list[Card]:
        now, view = by_our_clock(None), self.columns.current()
        filters = Filters(view, query, now)
        match = match_words(plan, view) if plan is not None else None
        if match is not None:
            filters = filters.narrowed_to(match.matched)
        ranked = rank(filters, match, now)
        shown = page_of(filters, ranked, query.sort, 0, limit + 1)
        cards = cards_of(filters, ranked, shown, query, now)
        return [card for card in cards if card.listing.uid != listing.uid][:limit]


@dataclass(frozen=True)
class _Found:
    reading: Interpretation
    filters: Filters
    match: Match | None

    @property
    def total(self) -> int:
        return len(self.filters.hits)


@dataclass(frozen=True)
class _State:
    """The index as it stands at one moment. vectors: the value of their counter."""

    view: View
    lexicon: Lexicon
    vectors: int


class _Worked:
    """What was worked out over one state of the index: readings and wider queries that differ in filters alone share it."""

    def __init__(self, engine: EmbeddedEngine, state: _State, now: datetime) -> None:
        self.engine, self.now = engine, now
        self.view, self.lexicon, self._vectors = state.view, state.lexicon, state.vectors
        self._reaches: dict[_Where, Reach] = {}
        # Of a million listings each is some ten megabytes.
        self._matches: deque[tuple[Plan, _Where, Match]] = deque(maxlen=4)
        self._meant: list[tuple[Plan, np.ndarray | None]] = []
        self._read: tuple[DirectoryQuery, list[Interpretation]] | None = None  # the last

    def readings(self, query: DirectoryQuery) -> list[Interpretation]:
        if self._read:
            known, readings = self._read
            if known.with_(page=known.page, radius=query.radius) == query:
                return [with_radius(reading, query.radius) for reading in readings]
        is_name = self.engine.suggestions.is_name
        readings = understand(query, self.lexicon, name_exists=lambda text: is_name(text, self.view))
        self._read = query, readings
        return readings

    def within_reach(self, query: DirectoryQuery) -> Filters:
        place, radius = where = query.place, query.radius_miles
        if where not in self._reaches:
            wider = [
                reach
                for (other, miles), reach in self._reaches.items()
                if radius and miles and other == place and miles > radius
            ]
            self._reaches[where] = (
                wider[-1].closer(radius) if radius and wider else Filters(self.view, query, self.now).reach
            )
        return Filters(self.view, query, self.now, self._reaches[where])

    def match(self, plan: Plan, filters: Filters) -> Match:
        """What words and meaning say of the listings within reach."""
        where = filters.query.place, filters.query.radius_miles
        for known, place, match in self._matches:
            if known == plan and place == where:
                return match
        among = filters.positions
        positions, cosines = self.engine.meanings.scores(self._meaning(plan), self.view, among, self._vectors)
        words = match_words(plan, self.view, None if filters.miles is None else among)
        match = words.with_meaning(positions, cosines)
        self._matches.append((plan, where, match))
        return match

    def _meaning(self, plan: Plan) -> np.ndarray | None:
        for known, vector in self._meant:
            if known == plan:
                return vector
        self._meant.append((plan, plan_vector(plan)))
        return self._meant[-1][1]


class _Ways:
    """One query."""

    def __init__(self, worked: _Worked, query: DirectoryQuery) -> None:
        self._worked, self._query, self._view = worked, query, worked.view

    def readings(self) -> Look[list[Interpretation]]:
        yield from ()
        return self._worked.readings(self._query)

    def find(self, reading: Interpretation) -> Look[_Found]:
        yield from ()
        plan, filters = reading.plan, self._worked.within_reach(reading.understood.query)
        if not plan.looks_for_text:
            return _Found(reading, filters, None)
        match = self._worked.match(plan, filters)
        among = filters.within_reach(match.matched, match.added)
        return _Found(reading, filters.narrowed_to(match.worth_showing(among)), match)

    @cached_property
    def _named(self) -> np.ndarray:
        return names_holding(self._query.text, self._view)

    def a_name_exists(self) -> Look[bool]:
        yield from ()
        return bool(len(self._named))

    def holds_a_name(self, found: _Found) -> Look[bool]:
        yield from ()
        return bool(np.isin(self._named, found.filters.hits).any())
