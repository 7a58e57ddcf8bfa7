"""From what was found to cards, with one read of the database."""

from datetime import datetime

import numpy as np
from django.db import connection
from django.utils import timezone

from groups.listings.public import PublicListing
from groups.schedule.rules import LONDON
from search.engine import Card
from search.engines.cards import card_for
from search.engines.embedded.filters import Filters
from search.engines.embedded.ranking import Ranked
from search.query import DirectoryQuery


def by_our_clock(now: datetime | None) -> datetime:
    """The moment asked for, or the present, by the clock on a London wall."""
    return (now or timezone.now()).astimezone(LONDON)


def cards_of(
    filters: Filters,
    ranked: Ranked,
    shown: np.ndarray,
    query: DirectoryQuery,
    now: datetime,
    *,
    explain: bool = False,
) -> list[Card]:
    """Cards of the listings at these places of `ranked`, in this order; one that went meanwhile is left out."""
    ids = filters.view.ids[ranked.positions[shown]].tolist()
    documents = _documents_of(ids)
    return [
        card_at(place, documents[pk], ranked, query, now, explain=explain)
        for place, pk in zip(shown.tolist(), ids, strict=True)
        if pk in documents
    ]


def _documents_of(ids: list[int]) -> dict[int, str]:
    """The documents of some listings, without those that went. Read past the ORM: putting the query together takes three
    times the query."""
    if not ids:
        return {}
    places = ",".join(["%s"] * len(ids))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id, document FROM search_indexedlisting WHERE id IN ({places}) AND NOT gone",  # noqa: S608
            ids,
        )
        return dict(cursor.fetchall())


def card_at(
    place: int, document: str, ranked: Ranked, query: DirectoryQuery, now: datetime, *, explain: bool = False
) -> Card:
    """The card of the listing at one place of `ranked`; with the parts of its score where they are asked for."""
    return card_for(
        PublicListing.from_json(document),
        query,
        now,
        score=float(ranked.score[place]),
        miles=None if np.isnan(ranked.miles[place]) else float(ranked.miles[place]),
        serves=bool(ranked.comes[place]),
        parts=ranked.parts_of(place) if explain else {},
    )
