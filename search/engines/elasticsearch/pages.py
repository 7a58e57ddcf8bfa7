"""The page that is shown: how the server is asked for it in each order, and cards from the database's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import numpy as np

from search import ranking
from search.engine import Card
from search.engines.elasticsearch.client import Response, Search
from search.engines.elasticsearch.conditions import ONLY, ROWS, Conditions, Filter
from search.engines.elasticsearch.documents import DAY_STEP
from search.engines.elasticsearch.scoring import TIER, Matching, score
from search.engines.embedded.columns import Columns, laid_out
from search.engines.embedded.filters import Filters
from search.engines.embedded.ranking import Ranked, rank
from search.engines.embedded.showing import card_at
from search.index import records
from search.index.models import IndexedListing
from search.query import MAX_PAGE, PAGE_SIZE, DirectoryQuery, Sort

_NEVER = 1e15
_SOONEST = """
if (doc[params.running].size() == 0 || !doc[params.running].value) { return params.never; }
long start = doc[params.start].value, end = doc[params.end].value;
for (long day : doc[params.days]) {
  if (day > params.today
      || (day == params.today && !(start >= 0 && end <= params.minutes))
      || (day == params.today - 1 && start >= 0 && end > 1440 && end - 1440 > params.minutes)) {
    return day * params.step + Math.max(start, 0);
  }
}
return params.never;
"""
# Of several sessions, the soonest of all; only where the order is by something else first.
_SOONEST_OF_ANY = (
    """
if (doc['starts'].size() > 0) {
  for (long start : doc['starts']) {
    if (start > params.today * params.step + params.minutes) { return start; }
  }
  return params.never;
}
"""
    + _SOONEST
)


class Page:
    """One page of one query, in its order."""

    def __init__(
        self, conditions: Conditions, match: Matching | None, filters: Sequence[Filter], first: int, last: int
    ) -> None:
        self._conditions, self._match, self._filters = conditions, match, filters
        self._first, self._last = first, last
        self._in_two = conditions.query.sort == Sort.SOONEST or (
            conditions.query.sort == Sort.NEAREST and conditions.query.place is not None
        )

    @classmethod
    def of(cls, conditions: Conditions, match: Matching | None, filters: Sequence[Filter]) -> "Page":
        page = min(max(conditions.query.page, 1), MAX_PAGE)
        return cls(conditions, match, filters, (page - 1) * PAGE_SIZE, page * PAGE_SIZE)

    # --- asking ----------------------------------------------------------------------------------

    def searches(self) -> list[Search]:
        """One search; two to be merged where the order depends on which sessions satisfy the query: those of listings with one
        session and those with several are ordered apart."""
        if not self._in_two:
            # A negative score cannot be, so a listing without a place has none from its distance.
            order = [{"checked_order": "asc"}] if self._conditions.query.sort == Sort.CHECKED else ["_score"]
            sort = [*order, self._soonest(ONLY, _SOONEST_OF_ANY), {"uid": "asc"}]
            return [self._search(sort, from_=self._first, size=self._last - self._first)]
        return [
            self._search(self._order_at(path), {"term": {"several": path == ROWS}}, from_=0, size=self._last)
            for path in (ONLY, ROWS)
        ]

    def _search(self, sort: list, *conditions: Filter, from_: int, size: int) -> Search:
        scored = score(self._conditions, self._match)
        return {
            "query": {"bool": {"filter": [*self._filters, *conditions], "should": scored}},
            "sort": sort,
            "track_scores": True,
            "track_total_hits": False,
            "_source": False,
            "from": from_,
            "size": size,
        }

    def _order_at(self, path: str) -> list[dict[str, Any]]:
        soonest = self._soonest(path, _SOONEST)
        if self._conditions.query.sort == Sort.SOONEST:
            return [soonest, {"uid": "asc"}]
        place = self._conditions.query.place
        assert place is not None  # noqa: S101
        centre = {"lat": place.latitude, "lon": place.longitude}
        distance = {"_geo_distance": {f"{path}.point": centre, "order": "asc", "unit": "mi", "mode": "min"}}
        if path == ROWS:
            distance["_geo_distance"]["nested"] = self._satisfying(near=True)
        return [distance, soonest, {"uid": "asc"}]

    def _satisfying(self, *, near: bool = False) -> dict[str, Any]:
        radius = self._conditions.query.radius_miles
        within = self._conditions.meets_within(ROWS, radius) if near and radius else None
        return {"path": ROWS, "filter": self._conditions.session_of_several(extra=within)}

    def _soonest(self, path: str, source: str) -> dict[str, Any]:
        params: dict[str, Any] = {name: f"{path}.{name}" for name in ("running", "start", "end", "days")}
        params |= {
            "today": self._conditions.day,
            "minutes": self._conditions.minutes,
            "step": DAY_STEP,
            "never": _NEVER,
        }
        sort: dict[str, Any] = {
            "type": "number",
            "order": "asc",
            "script": {"source": source, "params": params},
        }
        if path == ROWS:
            sort |= {"mode": "min", "nested": self._satisfying()}
        return {"_script": sort}

    # --- reading ---------------------------------------------------------------------------------

    def hits(self, answers: Sequence[Response]) -> dict[UUID, float]:
        """Listings in the order of the page, with the server's score."""
        found = [hit for answer in answers for hit in answer["hits"]["hits"]]
        if self._in_two:
            found.sort(key=lambda hit: [_comparable(value) for value in hit["sort"]])
            found = found[self._first : self._last]
        return {UUID(hit["_id"]): hit["_score"] or 0.0 for hit in found}


def _comparable(value: Any) -> Any:
    # A distance that is missing comes as a word, the largest number as itself.
    return min(float(value), _NEVER) if isinstance(value, int | float) or value == "Infinity" else value


def cards(
    hits: Mapping[UUID, float],
    query: DirectoryQuery,
    now: datetime,
    explained: Mapping[UUID, dict[str, float]] | None = None,
) -> list[Card]:
    """Cards in this order. What the database no longer holds, or no longer satisfies the query, is left out."""
    if not hits:
        return []
    rows = list(
        IndexedListing.objects.filter(uid__in=list(hits), gone=False).values_list(
            "pk", "facts", "sessions", "served", "uid", "document"
        )
    )
    base = records.base_day(records.day_number(now.date()))
    columns = Columns(base=base)
    columns.add([(*row[:4], b"") for row in laid_out(rows, base)])
    filters = Filters(columns.view(), _of_sessions(query), now)
    ranked = rank(filters, None, now)
    place_of = {int(pk): place for place, pk in enumerate(filters.view.ids[ranked.positions].tolist())}
    of_uid = {row[4]: row for row in rows}
    found = []
    for uid, server_score in hits.items():
        row = of_uid.get(uid)
        if row is None or row[0] not in place_of:
            continue
        place = place_of[row[0]]
        _add_match(ranked, place, server_score)
        card = card_at(place, row[5], ranked, query, now)
        found.append(replace(card, parts={**card.parts, **(explained or {}).get(uid, {})}))
    return found


def _of_sessions(query: DirectoryQuery) -> DirectoryQuery:
    return DirectoryQuery(
        place=query.place,
        radius=query.radius,
        days=query.days,
        times=query.times,
        when=query.when,
        modes=query.modes,
        access=query.access,
    )


def _add_match(ranked: Ranked, place: int, server_score: float) -> None:
    """The match is what the server added beside all that is known here."""
    overdue = ranked.parts["tier"][place] < 0
    plain = ranked.score[place] - ranked.parts["tier"][place]
    offset = ranking.PAUSED_PENALTY + (0.0 if overdue else TIER)
    match = max(server_score - offset - plain, 0.0) / ranking.MATCH
    ranked.parts["match"][place] = np.round(match, 5)
    ranked.score[place] += ranking.MATCH * match
