"""The embedded engine: the database's own full text for words, numpy columns for facts, vectors for meaning."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np

from groups.listings.changes import ChangeCounter
from groups.listings.public import PublicListing
from groups.vocabulary.lexicon import Lexicon, lexicon
from search import ranking
from search.engine import Card, Results, Suggestion
from search.engines.embedded.columns import ColumnStore, View
from search.engines.embedded.filters import Filters
from search.engines.embedded.matching import Match, match_words, names_holding
from search.engines.embedded.meanings import MeaningStore
from search.engines.embedded.ranking import page_of, rank
from search.engines.embedded.showing import by_our_clock, cards_of
from search.engines.embedded.suggestions import SuggestionStore
from search.engines.looking import Look, at_once, look
from search.engines.meanings import added_by_meaning
from search.engines.neighbours import WithNeighbours
from search.query import MAX_PAGE, PAGE_SIZE, DirectoryQuery
from search.understanding.plan import Plan
from search.understanding.reading import Interpretation, understand


class EmbeddedEngine(WithNeighbours):
    name = "embedded"

    def __init__(self) -> None:
        self.columns = ColumnStore()
        self.meanings = MeaningStore()
        self.suggestions = SuggestionStore()

    # --- the contract ----------------------------------------------------------------------------

    def search(self, query: DirectoryQuery, *, now: datetime | None = None, explain: bool = False) -> Results:
        now = by_our_clock(now)
        found = at_once(look(_Ways(self, self._state(), query, now)))
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
        now = by_our_clock(now)
        state = self._state()
        return [at_once(look(_Ways(self, state, query, now))).total for query in queries]

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


class _Ways:
    """One query over one state of the index."""

    def __init__(self, engine: EmbeddedEngine, state: _State, query: DirectoryQuery, now: datetime) -> None:
        self._engine, self._query, self._now = engine, query, now
        self._view, self._lexicon, self._vectors = state.view, state.lexicon, state.vectors
        self._matches: list[tuple[Plan, Hashable, Match]] = []

    def readings(self) -> Look[list[Interpretation]]:
        yield from ()
        return understand(
            self._query,
            self._lexicon,
            name_exists=lambda text: self._engine.suggestions.is_name(text, self._view),
        )

    def find(self, reading: Interpretation) -> Look[_Found]:
        yield from ()
        query, plan = reading.understood.query, reading.plan
        filters = Filters(self._view, query, self._now)
        if not plan.looks_for_text:
            return _Found(reading, filters, None)
        positions, cosines = self._engine.meanings.scores(plan, self._view, filters.positions, self._vectors)
        match = self._words_of(plan, filters).with_meaning(positions, ranking.meaning(cosines))
        among = filters.within_reach(match.matched, positions[added_by_meaning(cosines)])
        return _Found(reading, filters.narrowed_to(match.worth_showing(among)), match)

    def _words_of(self, plan: Plan, filters: Filters) -> Match:
        """What the words say within reach; readings that differ in filters alone share it."""
        here = (filters.query.place, filters.query.radius_miles) if filters.miles is not None else None
        for known, where, match in self._matches:
            if known == plan and where == here:
                return match
        match = match_words(plan, self._view, None if here is None else filters.positions)
        self._matches.append((plan, here, match))
        return match

    @cached_property
    def _named(self) -> np.ndarray:
        return names_holding(self._query.text, self._view)

    def a_name_exists(self) -> Look[bool]:
        yield from ()
        return bool(len(self._named))

    def holds_a_name(self, found: _Found) -> Look[bool]:
        yield from ()
        return bool(np.isin(self._named, found.filters.hits).any())
