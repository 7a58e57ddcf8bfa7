"""The page that is shown: how the server is asked for it in each order, and cards from the database's rows."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from search import ranking
from search.engine import Card
from search.engines.elasticsearch import judging, scripts
from search.engines.elasticsearch.client import Response, Search
from search.engines.elasticsearch.conditions import Conditions, Filter
from search.engines.elasticsearch.scoring import BONUS, Query
from search.engines.embedded.columns import Columns, laid_out
from search.engines.embedded.filters import Filters
from search.engines.embedded.ranking import rank
from search.engines.embedded.showing import card_at
from search.index import records
from search.index.models import IndexedListing
from search.query import MAX_PAGE, PAGE_SIZE, DirectoryQuery, Sort


@dataclass(frozen=True)
class Wanted:
    """What a text leaves of the listings. match: what adds up to the score, which must reach `least`."""

    found: tuple[Filter, ...] = ()
    match: Query | None = None
    least: float = 0.0

    def among(self, conditions: Conditions, *more: Filter) -> Search:
        """A search for it that leaves what may satisfy these conditions; `judging` has the last word."""
        query: dict[str, Any] = {"filter": [*conditions.filters(), *self.found, *more]}
        if self.match is None:
            return {"query": {"bool": query}}
        return {"query": {"bool": {**query, "must": [self.match]}}, "min_score": self.least}


def page_of(conditions: Conditions, wanted: Wanted) -> Search:
    page = min(max(conditions.query.page, 1), MAX_PAGE)
    return first_of(conditions, wanted, PAGE_SIZE) | {"from": (page - 1) * PAGE_SIZE}


def first_of(conditions: Conditions, wanted: Wanted, count: int, *more: Filter) -> Search:
    """The first so many, in the order asked for; ties: the soonest meeting, then the public id."""
    query = conditions.query
    first = query.sort
    if first == Sort.NEAREST and query.place is None:
        first = Sort.BEST
    with_match = wanted.match is not None
    return wanted.among(conditions, *more) | {
        "sort": [
            judging.order(conditions, first, with_match),
            judging.order(conditions, Sort.SOONEST, with_match),
            {"uid": "asc"},
        ],
        "track_total_hits": False,
        "track_scores": with_match,
        "stored_fields": "_none_",
        "size": count,
    }


def hits(answer: Response) -> dict[UUID, float]:
    """Listings in the order of the page, with how well they match."""
    found = {}
    for hit in answer["hits"]["hits"]:
        order, _soonest, uid = hit["sort"]
        if order < scripts.NOT_FOUND:
            match = hit["_score"] or 0.0
            found[UUID(uid)] = match - BONUS if match >= BONUS else match
    return found


def cards(
    hits: Mapping[UUID, float],
    query: DirectoryQuery,
    now: datetime,
    explained: Mapping[UUID, dict[str, float]] | None = None,
) -> list[Card]:
    """Cards in this order. What the database no longer holds, or no longer satisfies the query, is left out.

    explained: parts of the match by listing; None where no parts are asked for.
    """
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
    for uid, match in hits.items():
        row = of_uid.get(uid)
        if row is None or row[0] not in place_of:
            continue
        place = place_of[row[0]]
        ranked.score[place] += ranking.MATCH * match
        card = card_at(place, row[5], ranked, query, now, explain=explained is not None)
        if explained is not None:
            card = replace(card, parts={**card.parts, "match": round(match, 5), **explained.get(uid, {})})
        found.append(card)
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
