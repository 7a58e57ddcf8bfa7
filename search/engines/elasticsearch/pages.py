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
from search.engines.elasticsearch.scoring import TIER, Matching, score
from search.engines.embedded.columns import Columns, laid_out
from search.engines.embedded.filters import Filters
from search.engines.embedded.ranking import Ranked, rank
from search.engines.embedded.showing import card_at
from search.index import records
from search.index.models import IndexedListing
from search.query import MAX_PAGE, PAGE_SIZE, DirectoryQuery, Sort

_NEVER = 1e15
_DAY_STEP = 4096  # more than the minutes of a day
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


class Page:
    """One page of one query, in its order.

    Listings with one session and those with several are ordered apart and merged: of several, only the sessions that satisfy the
    query count, for the distance and for the soonest meeting.
    """

    def __init__(
        self, conditions: Conditions, match: Matching | None, found: Sequence[Filter], first: int, last: int
    ) -> None:
        self._conditions, self._match, self._found = conditions, match, found
        self._first, self._last = first, last

    @classmethod
    def of(cls, conditions: Conditions, match: Matching | None, found: Sequence[Filter]) -> "Page":
        page = min(max(conditions.query.page, 1), MAX_PAGE)
        return cls(conditions, match, found, (page - 1) * PAGE_SIZE, page * PAGE_SIZE)

    # --- asking ----------------------------------------------------------------------------------

    def searches(self) -> list[Search]:
        return [self._search(path) for path in (ONLY, ROWS)]

    def _search(self, path: str) -> Search:
        filters = [*self._conditions.everything(paths=(path,)), *self._found]
        return {
            "query": {"bool": {"filter": filters, "should": score(self._conditions, self._match)}},
            "sort": [*self._order(path), self._soonest(path), {"uid": "asc"}],
            "track_scores": True,
            "track_total_hits": False,
            "_source": False,
            "size": self._last,
        }

    def _order(self, path: str) -> list[dict[str, Any]]:
        query = self._conditions.query
        if query.sort == Sort.SOONEST:
            return []
        if query.sort == Sort.CHECKED:
            return [{"checked_order": "asc"}]
        if not self._is_by_distance:
            return [{"_score": "desc"}]
        assert query.place is not None  # noqa: S101
        centre = {"lat": query.place.latitude, "lon": query.place.longitude}
        distance = {"_geo_distance": {f"{path}.point": centre, "order": "asc", "unit": "mi", "mode": "min"}}
        if path == ROWS:
            distance["_geo_distance"]["nested"] = self._satisfying(near=True)
        return [distance]

    def _satisfying(self, *, near: bool = False) -> dict[str, Any]:
        radius = self._conditions.query.radius_miles
        within = self._conditions.meets_within(ROWS, radius) if near and radius else None
        return {"path": ROWS, "filter": self._conditions.session_of_several(extra=within)}

    def _soonest(self, path: str) -> dict[str, Any]:
        params: dict[str, Any] = {name: f"{path}.{name}" for name in ("running", "start", "end", "days")}
        params |= {
            "today": self._conditions.day,
            "minutes": self._conditions.minutes,
            "step": _DAY_STEP,
            "never": _NEVER,
        }
        sort: dict[str, Any] = {
            "type": "number",
            "order": "asc",
            "script": {"source": _SOONEST, "params": params},
        }
        if path == ROWS:
            sort |= {"mode": "min", "nested": self._satisfying()}
        return {"_script": sort}

    # --- reading ---------------------------------------------------------------------------------

    def hits(self, answers: Sequence[Response]) -> dict[UUID, float]:
        """Listings in the order of the page, with the server's score."""
        best_first = self._conditions.query.sort in (Sort.BEST, Sort.NEAREST) and not self._is_by_distance

        def key(hit: Response) -> list[Any]:
            first, *others = map(_comparable, hit["sort"])
            return [-first if best_first else first, *others]

        found = sorted((hit for answer in answers for hit in answer["hits"]["hits"]), key=key)
        return {UUID(hit["_id"]): hit["_score"] or 0.0 for hit in found[self._first : self._last]}

    @property
    def _is_by_distance(self) -> bool:
        query = self._conditions.query
        return query.sort == Sort.NEAREST and query.place is not None


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
