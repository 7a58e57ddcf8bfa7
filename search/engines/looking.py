"""How every engine comes to its answer: which reading of the query holds, and how far to look.

Written as generators, so that an engine that asks a server yields what it asks, and many looks can share a trip; the embedded
engine's never yield.
"""

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any, ClassVar, Protocol, TypeVar

from search.engine import Understood
from search.query import RADII, DirectoryQuery
from search.understanding.reading import Interpretation

ENOUGH = 3  # results below which a radius nobody chose is widened
FURTHEST_UNASKED = 20


class Found(Protocol):
    """What a reading finds: a dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def reading(self) -> Interpretation: ...

    @property
    def total(self) -> int: ...


F = TypeVar("F", bound=Found)
Value = TypeVar("Value")
Look = Generator[Any, Any, Value]


class Ways(Protocol[F]):
    """What an engine can do for one query."""

    def readings(self) -> Look[list[Interpretation]]:
        """The readings of the query, the best first (`search.understanding.reading.understand`)."""

    def find(self, reading: Interpretation) -> Look[F]:
        """What a reading finds."""

    def a_name_exists(self) -> Look[bool]:
        """Whether some listing's name holds all the words as typed, and is little more than they."""

    def holds_a_name(self, found: F) -> Look[bool]:
        """Whether one of those listings is among what was found."""


def look(ways: Ways[F]) -> Look[F]:
    """Understand and find; look further where the place's own radius, which nobody chose, finds hardly anything."""
    readings = yield from ways.readings()
    found = yield from _best_reading(readings, ways)
    asked = found.reading.understood.query
    if asked.place is None or asked.radius is not None or found.total >= ENOUGH:
        return found
    for miles in RADII:
        if miles <= asked.place.radius_miles or miles > FURTHEST_UNASKED:
            continue
        further = yield from _best_reading([with_radius(reading, float(miles)) for reading in readings], ways)
        if further.total > found.total:
            found = further
        if found.total >= ENOUGH:
            break
    return found


def with_radius(reading: Interpretation, miles: float | None) -> Interpretation:
    """The same reading, as far as somebody may look who chose another radius: none is read from words."""
    query: DirectoryQuery = reading.understood.query
    wider = query.with_(page=query.page, radius=miles)
    return replace(reading, understood=replace(reading.understood, query=wider))


def _best_reading(readings: Sequence[Interpretation], ways: Ways[F]) -> Look[F]:
    """Filters that were only typed give way where they leave nothing and the words would not; they and a typed place give way to
    a listing whose name holds all the words.
    """
    first = yield from ways.find(readings[0])
    if len(readings) == 1:
        return first
    named = yield from ways.a_name_exists()
    if first.total and (not named or (yield from ways.holds_a_name(first))):
        return first
    for reading in readings[1:]:
        found = yield from ways.find(reading)
        if named and (yield from ways.holds_a_name(found)):
            return found
        same_place = reading.understood.query.place == first.reading.understood.query.place
        if not first.total and found.total and same_place:
            return _without_filters(found, first.reading.understood)
    return first


def _without_filters(found: F, asked: Understood) -> F:
    """What was found, with word of the filters it does without."""
    filters = tuple(reading for reading in asked.readings if reading.kind == "filter")
    understood = replace(found.reading.understood, words=asked.words, gave_way=filters)
    return replace(found, reading=replace(found.reading, understood=understood))


def at_once(looking: Look[Value]) -> Value:
    """The answer of a look that asks nobody."""
    try:
        next(looking)
    except StopIteration as done:
        return done.value
    raise RuntimeError("This look has to ask somebody")
