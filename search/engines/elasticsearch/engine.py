"""The contract, answered by Elasticsearch. It finds, ranks and counts; cards are made from the database's own rows.

So what went or was hidden a moment ago is never shown, even while the index is a second behind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from groups.listings.public import PublicListing
from groups.vocabulary.lexicon import Lexicon, lexicon
from groups.vocabulary.words import content_words, stem, words
from search import ranking
from search.engine import Card, FacetValue, Results, Suggestion
from search.engines.elasticsearch import judging, pages
from search.engines.elasticsearch.asking import Memory, Recurring, together
from search.engines.elasticsearch.client import SEARCH_SECONDS, Deadline, Response, Search
from search.engines.elasticsearch.conditions import Conditions, Filter
from search.engines.elasticsearch.facets import FacetKeys, Facets
from search.engines.elasticsearch.frequencies import FrequencyStore
from search.engines.elasticsearch.mapping import LONGEST_SUGGESTED, ours, require_current
from search.engines.elasticsearch.questions import (
    CANDIDATES,
    best_match,
    nearest,
    only_total,
    total_of,
    uids_of,
    whether_any,
    whether_names,
)
from search.engines.elasticsearch.scoring import Matching, holds, lexemes_to_count
from search.engines.embedded.showing import by_our_clock
from search.engines.embedded.suggestions import group_suggestion
from search.engines.looking import Look, look
from search.engines.meanings import added_by_meaning, plan_vector, second_pass
from search.engines.neighbours import WithNeighbours
from search.engines.suggesting import MOST_OF_A_KIND, Suggesting
from search.index.document import NAME
from search.index.models import IndexedListing, ListingVector
from search.meaning.vectors import quantise
from search.query import DirectoryQuery
from search.understanding.plan import Plan
from search.understanding.reading import Interpretation, understand

_LOOKS_IN_A_TRIP = 40


class ElasticsearchEngine(WithNeighbours):
    name = "elasticsearch"

    def __init__(self, seconds: float = SEARCH_SECONDS) -> None:
        """seconds: how long one answer may take."""
        self._seconds = seconds
        self.frequencies = FrequencyStore()
        self.facet_keys = FacetKeys()
        self.memory = Memory()
        self._suggesting = Suggesting()
        self._is_current = False

    # --- the contract ----------------------------------------------------------------------------

    def search(self, query: DirectoryQuery, *, now: datetime | None = None, explain: bool = False) -> Results:
        """As the contract says.

        Raises:
            UnavailableError: the server cannot answer rightly now.
        """
        now = by_our_clock(now)
        deadline = self._deadline()
        (found,) = together(deadline, [partial(_looked, self, lexicon(), query, now)], self.memory)
        asked = found.reading.understood.query
        hits = judging.shown(found.page)
        explained = _explained(deadline, found.match, hits) if explain else None
        return Results(
            understood=found.reading.understood,
            total=found.total,
            cards=pages.cards(hits, asked, now, explained),
            facets=found.facets,
            engine=self.name,
        )

    def count(self, queries: Sequence[DirectoryQuery], *, now: datetime | None = None) -> list[int]:
        now, words_now = by_our_clock(now), lexicon()
        totals: list[int] = []
        for start in range(0, len(queries), _LOOKS_IN_A_TRIP):
            some = queries[start : start + _LOOKS_IN_A_TRIP]
            looks = [partial(_looked, self, words_now, query, now, only_count=True) for query in some]
            totals += [found.total for found in together(self._deadline(), looks, self.memory)]
        return totals

    def suggest(self, prefix: str, *, limit: int = 8) -> list[Suggestion]:
        return self._suggesting.find(prefix, limit, lexicon(), partial(_groups_beginning, self._deadline()))

    def settle(self) -> None:
        """Bring the index up to date with everything committed, and wait until it is findable."""
        from search.engines.elasticsearch.keeping import drain, refresh

        drain()
        refresh()
        self.forget()

    def forget(self) -> None:
        """What this process remembers of the index."""
        self.frequencies.forget()
        self.facet_keys.forget()
        self.memory.forget()
        self._suggesting.forget()

    def greet(self) -> None:
        """Ask the server for next to nothing, and whether its index is of today's kind.

        Raises:
            UnavailableError: it does not answer rightly.
        """
        self._is_current = False
        self._deadline().ask([only_total({"match_none": {}})])

    # --- how it is done --------------------------------------------------------------------------

    def _deadline(self) -> Deadline:
        """The time for one answer, from an index that was built for this code."""
        deadline = Deadline(self._seconds)
        if not self._is_current:
            deadline.call(require_current)
            self._is_current = True
        return deadline

    def neighbours(
        self, listing: PublicListing, query: DirectoryQuery, plan: Plan | None, limit: int
    ) -> list[Card]:
        now = by_our_clock(None)
        deadline = self._deadline()
        wanted = pages.Wanted()
        if plan is not None:
            (match,) = together(deadline, [partial(self.matching, plan)])
            wanted = pages.Wanted((match.found([]),), match.shown())
        another: Filter = {"bool": {"must_not": {"term": {"uid": str(listing.uid)}}}}
        search = pages.first_of(Conditions(query, now), wanted, limit, another)
        return pages.cards(judging.shown(deadline.ask([search])[0]), query, now)

    def matching(self, plan: Plan) -> Look[Matching]:
        """A plan with the frequencies it needs, and no meaning."""
        return Matching(plan, (yield from self.frequencies.of(lexemes_to_count(plan))), {})


@dataclass(frozen=True)
class _Found:
    reading: Interpretation
    total: int
    conditions: Conditions
    match: Matching | None
    wanted: pages.Wanted
    page: Response
    facets: dict[str, tuple[FacetValue, ...]]


class _IsANameError(Exception):
    """A text that was read as words is the whole name of a listing. names: such texts."""

    def __init__(self, names: frozenset[str]) -> None:
        super().__init__()
        self.names = names


def _looked(
    engine: ElasticsearchEngine,
    lexicon: Lexicon,
    query: DirectoryQuery,
    now: datetime,
    *,
    only_count: bool = False,
) -> Look[_Found]:
    """Look for the text as words; where the first trip says that it is a name, look for it as it stands."""
    try:
        return (yield from look(_Ways(engine, lexicon, query, now, only_count=only_count)))
    except _IsANameError as found:
        return (yield from look(_Ways(engine, lexicon, query, now, only_count=only_count, names=found.names)))


class _Ways:
    """One query, asked of the server."""

    def __init__(
        self,
        engine: ElasticsearchEngine,
        lexicon: Lexicon,
        query: DirectoryQuery,
        now: datetime,
        *,
        only_count: bool,
        names: frozenset[str] = frozenset(),
    ) -> None:
        self._engine, self._lexicon, self._query, self._now = engine, lexicon, query, now
        self._only_count, self._names = only_count, names
        self._may_be_names: list[str] = []
        self._a_name_holds_it: bool | None = None  # None before the first trip

    def readings(self) -> Look[list[Interpretation]]:
        yield from ()
        return understand(self._query, self._lexicon, name_exists=self._is_name)

    def _is_name(self, text: str) -> bool:
        """Whether it is known to be one; else the first trip asks."""
        self._may_be_names.append(text)
        return text in self._names

    def _ask(self, *searches: Search | Recurring) -> Look[list[Any]]:
        """The first trip also says what is to be known of names.

        Raises:
            _IsANameError: the text, as typed or as meant, is one, and was not read so.
        """
        if self._a_name_holds_it is not None:
            return (yield [*searches])
        texts = [text for text in dict.fromkeys(self._may_be_names) if len(words(text)) > 1]
        holding = self._named()
        about_names = [
            *([whether_names(texts)] if texts else []),
            *([] if holding is None else [whether_any(holding)]),
        ]
        answers = yield [*searches, *about_names]
        there = answers[len(searches) :]
        self._a_name_holds_it = holding is not None and there[-1]
        if texts and not self._names:
            names = frozenset(text for text, held in zip(texts, there[0], strict=True) if held)
            if names:
                raise _IsANameError(names)
        return answers[: len(searches)]

    def find(self, reading: Interpretation) -> Look[_Found]:
        query, plan = reading.understood.query, reading.plan
        conditions = Conditions(query, self._now)
        match, wanted = None, pages.Wanted()
        if plan.looks_for_text:
            match, wanted = yield from self._match(plan, conditions)
        if self._only_count:
            (counted,) = yield from self._ask(_only_total(wanted, conditions))
            return _Found(reading, total_of(counted), conditions, match, wanted, {}, {})
        facets = Facets(conditions, self._engine.facet_keys)
        page = pages.page_of(conditions, wanted, facets.counts(conditions))
        apart = []
        for facet in facets.chosen:
            others = conditions.without(facet)
            apart.append(pages.counted(others, wanted, facets.counts(others, facet)))
        shown, *rest = yield from self._ask(page, *apart)
        total, counts = facets.read(shown, rest)
        return _Found(reading, total, conditions, match, wanted, shown, counts)

    def _match(self, plan: Plan, conditions: Conditions) -> Look[tuple[Matching, pages.Wanted]]:
        """How well listings match, and which are worth showing."""
        reach = conditions.reach()
        within = [*reach.filters(), *judging.fits(reach)]
        meanings: dict[str, float] = {}
        added: list[str] = []
        vector = plan_vector(plan)
        if vector is not None:
            meant = quantise(vector[None, :])[0].tolist()
            (uids,) = yield from self._ask(nearest(meant, reach, within))
            meanings, added = _likeness(uids, vector)
        plain = yield from self._engine.matching(plan)
        match = plain.with_meanings(meanings)
        among = match.found(added)
        (best,) = yield from self._ask(best_match(match.all_but_names(), among, reach, within))
        least = match.least(best)
        return match, pages.Wanted(tuple(match.those_found(among, least)), match.shown(), least)

    def a_name_exists(self) -> Look[bool]:
        yield from ()
        return bool(self._a_name_holds_it)

    def holds_a_name(self, found: _Found) -> Look[bool]:
        named = self._named()
        if named is None:
            return False
        (answer,) = yield from self._ask(_only_total(found.wanted, found.conditions, named))
        return total_of(answer) > 0

    def _named(self) -> Filter | None:
        """Listings whose name holds every topic word of the text, and is little more than it."""
        stems = {stem(word) for word in content_words(self._query.text)}
        if len(stems) < 2:  # one word is a topic or a place before it is a name
            return None
        most = int(len(stems) / ranking.LEAST_NAME)
        held = [holds(f"{NAME}_{one}") for one in sorted(stems)]
        return {"bool": {"filter": [*held, {"range": {"name_words": {"lte": most}}}]}}


def _only_total(wanted: pages.Wanted, conditions: Conditions, *more: Filter) -> Search:
    """How many there are of what is wanted that satisfy all conditions."""
    return only_total(wanted.among(conditions, *judging.fits(conditions), *more)["query"])


def _likeness(uids: Sequence[UUID], vector) -> tuple[dict[str, float], list[str]]:
    """The meaning part of each of these, exactly; and those that meaning alone brings in."""
    rows = ListingVector.objects.filter(listing__uid__in=uids, listing__gone=False)
    blobs = {uid: bytes(blob) for uid, blob in rows.values_list("listing__uid", "vectors")}
    held = [uid for uid in uids if uid in blobs]
    cosines = second_pass([blobs[uid] for uid in held], vector)
    order = (-cosines).argsort(kind="stable")
    added = [str(held[order[place]]) for place in added_by_meaning(cosines[order]).tolist()]
    parts = ranking.meaning(cosines).tolist()
    return {str(uid): part for uid, part in zip(held, parts, strict=True) if part > 0}, added


def _groups_beginning(deadline: Deadline, typed: str) -> list[Suggestion]:
    (answer,) = deadline.ask(
        [
            {
                "query": {"bool": {"filter": [{"match": {"begins": typed}}]}},
                "sort": [{"name": "asc"}, {ours(): "asc"}],
                "size": MOST_OF_A_KIND if len(typed) <= LONGEST_SUGGESTED else CANDIDATES,
                "_source": False,
                "track_total_hits": False,
            }
        ]
    )
    uids = uids_of(answer)
    rows = IndexedListing.objects.filter(uid__in=uids, gone=False).values_list("uid", "name", "document")
    found = {uid: (name, document) for uid, name, document in rows}
    # Only the first letters were compared by the server.
    return [
        group_suggestion(*found[uid])
        for uid in uids
        if uid in found and f" {typed}" in f" {' '.join(words(found[uid][0]))}"
    ]


def _explained(
    deadline: Deadline, match: Matching | None, hits: Mapping[UUID, judging.Hit]
) -> dict[UUID, dict[str, float]]:
    """Each part of the match of these listings, as the formula names them."""
    if not hits or match is None:
        return {}
    these = {"terms": {"uid": [str(uid) for uid in hits]}}
    parts = match.parts()
    answers = deadline.ask(
        [
            {"size": len(hits), "_source": False, "query": {"bool": {"filter": [these], "must": [part]}}}
            for part in parts.values()
        ]
    )
    explained: dict[UUID, dict[str, float]] = {uid: dict.fromkeys(parts, 0.0) for uid in hits}
    for part, answer in zip(parts, answers, strict=True):
        for hit in answer["hits"]["hits"]:
            explained[UUID(hit["_id"])][part] = round(hit["_score"], 6)
    return explained
