"""The formula of `search.ranking` over columns: scores, sorts and the page that is shown."""

from dataclasses import dataclass
from datetime import datetime

import numpy as np

from search import ranking
from search.engines.embedded.filters import Filters, freshness_columns
from search.engines.embedded.matching import Match
from search.index import records
from search.query import Sort


@dataclass
class Ranked:
    """Over the hits of a query, in the order of `Filters.hits`."""

    positions: np.ndarray
    score: np.ndarray
    miles: np.ndarray
    comes: np.ndarray
    parts: dict[str, np.ndarray]


def rank(filters: Filters, match: Match | None, now: datetime) -> Ranked:
    """Score every listing found."""
    view, hits = filters.view, filters.hits
    miles, comes = filters.nearest()
    overdue, fresh = freshness_columns(view, hits, now.date())
    checked = np.where(
        fresh,
        ranking.CHECKED_VALUE["checked"],
        np.where(overdue, ranking.CHECKED_VALUE["overdue"], ranking.CHECKED_VALUE["due"]),
    )
    parts = {
        "match": match.total(hits) if match else np.zeros(len(hits)),
        "near": _near(filters, miles, comes),
        "checked": checked,
        "space": _space(filters, hits),
        "tier": np.where(overdue, ranking.OVERDUE_TIER, 0.0),
    }
    paused = view.facts["state"][hits] & (records.PAUSED | records.CLOSED) != 0
    score = (
        parts["tier"]
        + ranking.MATCH * parts["match"]
        + ranking.NEAR * parts["near"]
        + ranking.CHECKED * parts["checked"]
        + ranking.SPACE * parts["space"]
        - ranking.PAUSED_PENALTY * paused
    )
    if match:
        parts |= {name: values[hits] for name, values in match.parts.items()}
    return Ranked(hits, np.round(score, 6), miles, comes, parts)


def _near(filters: Filters, miles: np.ndarray, comes: np.ndarray) -> np.ndarray:
    if filters.query.place is None:
        return np.zeros(len(miles))
    by_distance = np.where(np.isnan(miles), 0.0, ranking.near(np.nan_to_num(miles)))
    return np.maximum(by_distance, np.where(comes, ranking.SERVES_NEAR, 0.0))


def _space(filters: Filters, hits: np.ndarray) -> np.ndarray:
    known, state = filters.capacity_known(hits), filters.view.facts["state"][hits]
    value = np.full(len(hits), ranking.SPACE_VALUE["unknown"])
    value[known & (state & records.HAS_SPACE != 0)] = ranking.SPACE_VALUE["space"]
    value[known & (state & records.FULL != 0)] = ranking.SPACE_VALUE["full"]
    return value


def page_of(filters: Filters, ranked: Ranked, sort: str, first: int, last: int) -> np.ndarray:
    """Places (in `ranked`) of the listings from `first` to `last`, not included, in the order asked for.

    Ties: the soonest meeting first, then the public id.
    """
    keys = _sort_key(filters, ranked, sort)
    count = len(keys)
    last = min(last, count)
    if first >= last:
        return np.empty(0, np.int64)
    # Only those that can reach the page are put in full order, with all that tie with its last.
    candidates = np.arange(count)
    if last < count:
        limit = np.partition(keys, last - 1)[last - 1]
        candidates = np.flatnonzero(keys <= limit)
    positions = ranked.positions[candidates]
    soonest = filters.soonest(positions) if sort != Sort.SOONEST else keys[candidates]
    order = np.lexsort((filters.view.facts["order"][positions], soonest, keys[candidates]))
    return candidates[order][first:last]


def _sort_key(filters: Filters, ranked: Ranked, sort: str) -> np.ndarray:
    """What is sorted by, smallest first."""
    if sort == Sort.NEAREST and filters.query.place is not None:
        # One that comes to the place asked for follows the ones that can be walked to.
        return np.where(np.isnan(ranked.miles), np.inf, ranked.miles)
    if sort == Sort.SOONEST:
        return filters.soonest(ranked.positions)
    if sort == Sort.CHECKED:
        facts = filters.view.facts
        confirmed = facts["state"][ranked.positions] & records.CONFIRMED != 0
        checked = facts["checked"][ranked.positions].astype(np.int64)
        return -(checked + np.where(confirmed, 100_000, 0))
    return -ranked.score
