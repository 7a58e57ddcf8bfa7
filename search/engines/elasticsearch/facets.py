"""Counting every facet on the server, each not filtered by itself, as `engines.embedded.filters` counts them."""

from collections.abc import Mapping
from typing import Any

from groups.listings.choices import Weekday
from search.engine import FACETS, FacetValue, facet_values
from search.engines.elasticsearch.conditions import (
    LISTING_FACETS,
    ONLY,
    ROWS,
    SESSION_FACETS,
    Conditions,
)
from search.query import When

_MOST_VALUES = 5_000
_OWN = (*LISTING_FACETS, "space", "age", "checked")

Counts = dict[str, dict[str, int]]


class Facets:
    """What to ask for the counts of one query, and how to read the answer."""

    def __init__(self, conditions: Conditions) -> None:
        self._conditions = conditions
        query = conditions.query
        self._months = sorted({1, 6, 12, query.checked_months or 1})

    @property
    def chosen(self) -> list[str]:
        """The facets that must be counted without their own condition, each by a search of its own."""
        return [facet for facet in FACETS if facet in self._conditions.chosen]

    def aggregations(self, without: str = "") -> dict[str, Any]:
        """For a search that leaves out one facet's own condition: that facet alone; else all."""
        found: dict[str, Any] = {}
        if not without or without in _OWN:
            found |= self._of_listings()
        if not without or without in SESSION_FACETS:
            found |= self._of_sessions(without)
        return found

    def _of_listings(self) -> dict[str, Any]:
        conditions = self._conditions
        found: dict[str, Any] = {
            "facets": {"terms": {"field": "facets", "size": _MOST_VALUES}},
            "space": {"filter": conditions.has_space()},
        }
        for months in self._months:
            found[f"checked {months}"] = {"filter": conditions.checked_within(months)}
        if conditions.query.age is not None:
            found["age"] = {"filter": conditions.open_to(conditions.query.age)}
        return found

    def _of_sessions(self, without: str) -> dict[str, Any]:
        conditions = self._conditions
        several = conditions.session_of_several(without)
        return {
            "only": {"filter": {"term": {"several": False}}, "aggs": self._of_path(ONLY, {})},
            "rows": {
                "nested": {"path": ROWS},
                "aggs": {
                    "here": {
                        "filter": several,
                        "aggs": self._of_path(ROWS, {"listings": {"reverse_nested": {}}}),
                    }
                },
            },
        }

    def _of_path(self, path: str, listings: dict[str, Any]) -> dict[str, Any]:
        """Counts over sessions at a path; `listings` turns sessions back into listings."""
        conditions, query = self._conditions, self._conditions.query
        own = {"aggs": listings} if listings else {}
        found: dict[str, Any] = {
            "kind": {"terms": {"field": f"{path}.kind", "size": 100}, **own},
            "live": {
                "filter": conditions.still_meets(path),
                "aggs": {"fixed": {"terms": {"field": f"{path}.fixed", "size": 20}, **own}},
            },
        }
        for when in When:
            found[f"when {when}"] = {"filter": conditions.in_span(path, when, query.days), **own}
        if query.when:
            for day in Weekday.values:
                found[f"day {day}"] = {"filter": conditions.in_span(path, query.when, (day,)), **own}
        return found

    # --- reading -------------------------------------------------------------------------------

    def read(
        self, shared: Mapping[str, Any], apart: Mapping[str, Mapping[str, Any]]
    ) -> dict[str, tuple[FacetValue, ...]]:
        """From the aggregations of all, and those of each chosen facet without its own condition."""
        counts = self._counts(shared)
        result: dict[str, tuple[FacetValue, ...]] = {}
        for facet in FACETS:
            mine = (self._counts(apart[facet]) if facet in apart else counts).get(facet, {})
            if found := facet_values(mine, self._conditions.chosen.get(facet, ())):
                result[facet] = found
        return result

    def _counts(self, answer: Mapping[str, Any]) -> Counts:
        counts: Counts = {}
        for bucket in answer.get("facets", {}).get("buckets", ()):
            _put(counts, bucket["key"], bucket["doc_count"])
        if "space" in answer:
            counts["space"] = {"1": answer["space"]["doc_count"]}
            counts["checked"] = {
                str(months): answer[f"checked {months}"]["doc_count"] for months in self._months
            }
        if "age" in answer:
            counts["age"] = {str(self._conditions.query.age): answer["age"]["doc_count"]}
        if "only" in answer:
            for part in (answer["only"], answer["rows"]["here"]):
                self._count_sessions(counts, part)
        return counts

    def _count_sessions(self, counts: Counts, part: Mapping[str, Any]) -> None:
        by_day: Counts = {}
        for bucket in (*part["kind"]["buckets"], *part["live"]["fixed"]["buckets"]):
            _put(by_day, bucket["key"], _listings(bucket))
        if self._conditions.query.when:
            by_day["day"] = {day: _listings(part[f"day {day}"]) for day in Weekday.values}
        by_day["when"] = {str(when): _listings(part[f"when {when}"]) for when in When}
        for facet, values in by_day.items():
            mine = counts.setdefault(facet, {})
            for value, count in values.items():
                mine[value] = mine.get(value, 0) + count


def _put(counts: Counts, key: str, count: int) -> None:
    facet, _colon, value = key.partition(":")
    counts.setdefault(facet, {})[value] = count


def _listings(bucket: Mapping[str, Any]) -> int:
    inner = bucket.get("listings")
    return int(inner["doc_count"] if inner else bucket["doc_count"])
