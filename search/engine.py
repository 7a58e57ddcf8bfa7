"""The contract every engine keeps: same query, same answer."""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

import msgspec

from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.schedule.rules import Occurrence
from search.query import DirectoryQuery

# Every facet, in the order of a visitor's questions. A facet never filters itself.
FACETS = (
    "activity",
    "need",
    "for",
    "when",
    "day",
    "time",
    "mode",
    "cost",
    "access",
    "join",
    "space",
    "referrals",
    "age",
    "gender",
    "language",
    "young",
    "outdoors",
    "stage",
    "checked",
)
SESSION_FACETS = ("when", "day", "time", "mode", "access")
"""Those that hold of a session, and must hold of one and the same."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One thing understood in what was typed. `key` goes into `DirectoryQuery.ignored` to take it back.

    kind: "place", "filter", "need", "activity", "circumstance", "spelling".
    typed: the words as typed. label: what they were taken to mean, in plain words.
    facet, value: for a filter, the facet value it stands for.
    """

    kind: str
    key: str
    typed: str
    label: str
    slug: str = ""
    facet: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class HelpMessage:
    """Urgent help, shown above the results."""

    slug: str
    heading: str
    lines: tuple[str, ...]
    quick_exit: bool = False


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of a query. `query` is the one that was answered: filters and place out of the text included.

    gave_way: the filters read from the words that no group satisfied, and that the answer does without.
    """

    query: DirectoryQuery
    words: str = ""  # the text that was searched for, spelling corrected
    readings: tuple[Reading, ...] = ()
    help: tuple[HelpMessage, ...] = ()
    gave_way: tuple[Reading, ...] = ()


@dataclass(frozen=True, slots=True)
class Card:
    """One result: the listing as the index holds it, and what this query adds.

    miles: to the nearest meeting place that satisfies the query, by which it ranks; None without a place, or when it comes to
    you. session, occurrence: the soonest meeting that satisfies the query, if any is fixed; sorted by distance, the nearest's.
    place: where that meeting is; away: miles to there, to show beside it. serves: it serves the place asked for.
    score, parts: what `docs/ranking.md` explains.
    """

    listing: PublicListing
    score: float = 0.0
    miles: float | None = None
    serves: bool = False
    session: PublicSession | None = None
    occurrence: Occurrence | None = None
    place: PublicPlace | None = None
    away: float | None = None
    parts: dict[str, float] = field(default_factory=dict)


class FacetValue(msgspec.Struct, frozen=True):
    value: str
    count: int
    chosen: bool = False


MONTHS_COUNTED = (1, 6, 12)


def months_counted(query: DirectoryQuery) -> list[int]:
    """The answers to "checked within so many months" that are counted: three, and the one that was chosen."""
    return sorted({*MONTHS_COUNTED, query.checked_months or 1})


def facet_values(counts: Mapping[str, int], picked: Sequence[str]) -> tuple[FacetValue, ...]:
    """The values of one facet that lead somewhere, and those chosen."""
    if not picked:
        return tuple([FacetValue(value, count) for value, count in counts.items() if count])
    values = {**counts, **{value: counts.get(value, 0) for value in picked}}
    return tuple(
        FacetValue(value, count, value in picked)
        for value, count in values.items()
        if count or value in picked
    )


@dataclass(frozen=True, slots=True)
class Results:
    """One page of cards, the exact total, counts by facet (only values that lead somewhere, or are chosen)."""

    understood: Understood
    total: int
    cards: Sequence[Card] = ()
    facets: dict[str, tuple[FacetValue, ...]] = field(default_factory=dict)
    engine: str = ""

    @property
    def query(self) -> DirectoryQuery:
        return self.understood.query


@dataclass(frozen=True, slots=True)
class Suggestion:
    """kind: "activity", "need", "group" or "place". text: what goes into the box. path: a group's own page."""

    kind: str
    text: str
    detail: str = ""
    path: str = ""


@dataclass(frozen=True, slots=True)
class Wider:
    """A way on from few or no results, with its true count. kind: "radius", "facet", "words", "anywhere", "online"."""

    kind: str
    query: DirectoryQuery
    count: int


class Engine(Hashable, Protocol):
    name: str

    def search(self, query: DirectoryQuery, *, now: datetime | None = None, explain: bool = False) -> Results:
        """Answer a query as of `now` (aware; the present when left out)."""

    def count(self, queries: Sequence[DirectoryQuery], *, now: datetime | None = None) -> list[int]:
        """Exact totals only."""

    def suggest(self, prefix: str, *, limit: int = 8) -> list[Suggestion]:
        """What somebody may be about to type."""

    def more_like(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        """Groups like this one, the near ones first."""

    def near(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        """Other groups close to where this one meets."""

    def listings(self, uids: Iterable[UUID]) -> dict[UUID, PublicListing]:
        """The listings as the index holds them; absent ones are left out."""

    def settle(self) -> None:
        """Return when everything committed so far is findable. Nothing to do where that is at commit."""
