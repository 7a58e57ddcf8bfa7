"""The page that is shown: how the server is asked for it in each order, and cards from the database's rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from groups.listings.public import PublicListing
from search import ranking
from search.engine import Card
from search.engines.cards import card_for
from search.engines.elasticsearch import judging
from search.engines.elasticsearch.client import Search
from search.engines.elasticsearch.conditions import Conditions, Filter
from search.engines.elasticsearch.mapping import ours
from search.engines.elasticsearch.scoring import Query
from search.engines.embedded.columns import Columns, laid_out
from search.engines.embedded.filters import Filters
from search.engines.embedded.ranking import rank
from search.engines.embedded.showing import card_at
from search.index import records, table
from search.query import MAX_PAGE, PAGE_SIZE, DirectoryQuery, Sort


@dataclass(frozen=True)
class Wanted:
    """What a text leaves of the listings. match: what adds up to the score, which must reach `least`.

    By a function score: without one, a script that goes with an aggregation reads scores of other listings (9.4.3).
    """

    found: tuple[Filter, ...] = ()
    match: Query | None = None
    least: float = 0.0

    def among(self, conditions: Conditions, *more: Filter) -> Search:
        """A search for it that leaves what may satisfy these conditions; `judging` has the last word."""
        query: dict[str, Any] = {"filter": [*conditions.filters(), *self.found, *more]}
        if self.match is None:
            return {"query": {"bool": query}}
        matching = {"bool": {**query, "must": [self.match]}}
        return {"query": {"function_score": {"query": matching, "min_score": self.least}}}


def page_of(conditions: Conditions, wanted: Wanted, *asked: judging.Numbers) -> Search:
    """The page, and what else is asked of the same listings."""
    page = min(max(conditions.query.page, 1), MAX_PAGE)
    return _judged(conditions, wanted, (page - 1) * PAGE_SIZE, PAGE_SIZE, asked)


def first_of(conditions: Conditions, wanted: Wanted, count: int, *more: Filter) -> Search:
    """The first so many, in the order asked for; ties: the soonest meeting, then the public id."""
    return _judged(conditions, wanted, 0, count, (), more)


def counted(conditions: Conditions, wanted: Wanted, asked: judging.Numbers) -> Search:
    """No listing, only counts."""
    return _judged(conditions, wanted, 0, 0, [asked])


def _judged(
    conditions: Conditions,
    wanted: Wanted,
    first: int,
    count: int,
    asked: Sequence[judging.Numbers],
    more: Sequence[Filter] = (),
) -> Search:
    query = conditions.query
    sort = Sort.BEST if query.sort == Sort.NEAREST and query.place is None else query.sort
    if count:
        asked = [*asked, judging.page(conditions, sort, first + count)]
    with_match = bool(count) and wanted.match is not None
    return wanted.among(conditions, *more) | {
        "size": 0,
        "sort": [ours()],  # nothing to sort, but an index that was not made for this code says so
        "track_total_hits": False,
        "aggs": judging.judged(conditions, *asked, first=first, shown=count, with_match=with_match),
    }


def cards(
    hits: Mapping[UUID, judging.Hit],
    query: DirectoryQuery,
    now: datetime,
    explained: Mapping[UUID, dict[str, float]] | None = None,
) -> list[Card]:
    """Cards in this order. What the database no longer holds, or no longer satisfies the query, is left out.

    A listing that is at the version that was judged needs no second look. explained: parts of the match by listing; None where
    no parts are asked for.
    """
    of_uid = table.said_by_uid(hits, "version", "facts", "sessions", "served", "document")
    changed = {
        uid: row for uid, row in of_uid.items() if explained is not None or row[1] != hits[uid].version
    }
    again = _judged_again(changed, hits, query, now, explained)
    found = []
    for uid, hit in hits.items():
        if uid in again:
            found.append(again[uid])
        elif uid in of_uid and uid not in changed:
            listing = PublicListing.from_json(of_uid[uid][5])
            found.append(
                card_for(listing, query, now, score=hit.score, miles=hit.miles, serves=hit.comes, parts={})
            )
    return found


def _judged_again(
    rows: Mapping[UUID, tuple[Any, ...]],
    hits: Mapping[UUID, judging.Hit],
    query: DirectoryQuery,
    now: datetime,
    explained: Mapping[UUID, dict[str, float]] | None,
) -> dict[UUID, Card]:
    """Cards of those that satisfy the query by what the database says now.

    rows: id, version, facts, sessions, served, document.
    """
    if not rows:
        return {}
    base = records.base_day(records.day_number(now.date()))
    columns = Columns(base=base)
    columns.add(
        [(pk, *said, b"") for pk, *said in laid_out([(row[0], *row[2:5]) for row in rows.values()], base)]
    )
    filters = Filters(columns.view(), _of_sessions(query), now)
    ranked = rank(filters, None, now)
    place_of = {int(pk): place for place, pk in enumerate(filters.view.ids[ranked.positions].tolist())}
    found = {}
    for uid, row in rows.items():
        if row[0] not in place_of:
            continue
        place, match = place_of[row[0]], hits[uid].match
        ranked.score[place] += ranking.MATCH * match
        card = card_at(place, row[5], ranked, query, now, explain=explained is not None)
        if explained is not None:
            card = replace(card, parts={**card.parts, "match": round(match, 5), **explained.get(uid, {})})
        found[uid] = card
    return found


def _of_sessions(query: DirectoryQuery) -> DirectoryQuery:
    return DirectoryQuery(
        is_name=query.is_name,
        place=query.place,
        radius=query.radius,
        days=query.days,
        times=query.times,
        when=query.when,
        modes=query.modes,
        access=query.access,
    )
