"""Counting every facet on the server, each not filtered by itself, as `engines.embedded.filters` counts them."""

from collections.abc import Mapping, Sequence
from typing import Any

from search.engine import FACETS, FacetValue, facet_values, months_counted
from search.engines.elasticsearch import judging, scripts
from search.engines.elasticsearch.conditions import Conditions
from search.engines.embedded.meetings import WHEN_BIT
from search.index import records
from search.index.models import Facet
from search.query import When

Counts = dict[str, dict[str, int]]

# Where each value is counted that a session has.
_OF_SESSIONS = {
    **{
        facet: {value: bit.bit_length() - 1 for value, bit in values.items()}
        for facet, values in records.SESSION_BITS.items()
    },
    "when": {str(when): WHEN_BIT + place for place, when in enumerate(When)},
}


class FacetKeys:
    """The keys of a process, by their bits. A key keeps its bit."""

    def __init__(self) -> None:
        self._keys: dict[int, tuple[str, str]] = {}

    def named(self, counted: Mapping[int, int]) -> Counts:
        """Counts by facet and value, from counts by bit."""
        if not counted.keys() <= self._keys.keys():
            self._keys = {
                bit: (facet, value)
                for key, bit in Facet.objects.values_list("key", "pk")
                for facet, _colon, value in [key.partition(":")]
            }
        counts: Counts = {}
        for bit, count in counted.items():
            if bit in self._keys:
                facet, value = self._keys[bit]
                counts.setdefault(facet, {})[value] = count
        return counts

    def forget(self) -> None:
        self._keys = {}


class Facets:
    """What to ask for the counts of one query, and how to read the answers."""

    def __init__(self, conditions: Conditions, keys: FacetKeys) -> None:
        self._conditions, self._keys = conditions, keys
        self._months = months_counted(conditions.query)

    @property
    def chosen(self) -> list[str]:
        """The facets that must be counted without their own condition, each by a search of its own."""
        return [facet for facet in FACETS if facet in self._conditions.chosen]

    def counts(self, conditions: Conditions, only: str = "") -> judging.Numbers:
        """Asks for counts of what satisfies these conditions. only: the one facet that is wanted."""
        of_sessions = not only or only in _OF_SESSIONS
        return judging.counts(conditions, self._months, self._conditions.query.age, of_sessions=of_sessions)

    def read(
        self, shared: Mapping[str, Any], apart: Sequence[Mapping[str, Any]]
    ) -> tuple[int, dict[str, tuple[FacetValue, ...]]]:
        """The total and the facets, from the answer for all and those for each chosen facet without its own condition."""
        total, counts = self._counts(shared)
        for facet, answer in zip(self.chosen, apart, strict=True):
            counts[facet] = self._counts(answer)[1].get(facet, {})
        found = {}
        for facet in FACETS:
            if values := facet_values(counts.get(facet, {}), self._conditions.chosen.get(facet, ())):
                found[facet] = values
        return total, found

    def _counts(self, answer: Mapping[str, Any]) -> tuple[int, Counts]:
        by_place = judging.counted(answer)
        counts = self._keys.named(
            {place - scripts.FACETS: count for place, count in by_place.items() if place >= scripts.FACETS}
        )
        for facet, places in _OF_SESSIONS.items():
            counts[facet] = {value: by_place.get(place, 0) for value, place in places.items()}
        counts["space"] = {"1": by_place.get(scripts.SPACE, 0)}
        counts["checked"] = {
            str(months): by_place.get(scripts.CHECKED + place, 0) for place, months in enumerate(self._months)
        }
        if self._conditions.query.age is not None:
            counts["age"] = {str(self._conditions.query.age): by_place.get(scripts.AGE, 0)}
        return by_place.get(scripts.TOTAL, 0), counts
