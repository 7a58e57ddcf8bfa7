"""From what was found to cards, with one read of the database."""

from datetime import datetime

import numpy as np
from django.utils import timezone

from groups.listings.public import PublicListing
from groups.schedule.rules import LONDON
from search.engine import Card
from search.engines.cards import card_for
from search.engines.embedded.filters import Filters
from search.engines.embedded.ranking import Ranked
from search.index import table
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
    said = table.said_of(ids, "document")
    return [
        card_at(place, said[pk][0], ranked, query, now, explain=explain)
        for place, pk in zip(shown.tolist(), ids, strict=True)
        if pk in said
    ]


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
