"""The formula of `search.ranking` over columns: scores, sorts and the page that is shown."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import product

import numpy as np

from search import ranking
from search.engines.embedded.columns import View
from search.engines.embedded.filters import Filters, freshness_columns, is_known
from search.engines.embedded.matching import Match
from search.index import records
from search.query import Sort

_IN_COLUMN = 32  # keys of which the smallest is looked at first, to find a page among very many


@dataclass
class Ranked:
    """Over the hits of a query, in the order of `Filters.hits`. standing: rows of `_STANDINGS`."""

    positions: np.ndarray
    score: np.ndarray
    miles: np.ndarray
    comes: np.ndarray
    near: np.ndarray
    standing: np.ndarray
    match: Match | None

    def parts_of(self, place: int) -> dict[str, float]:
        """The parts of one listing's score."""
        position, standing = int(self.positions[place]), int(self.standing[place])
        whole = self.match.total(self.positions[place : place + 1])[0] if self.match else 0.0
        parts = {"match": whole, "near": self.near[place]}
        parts |= {name: values[standing] for name, values in _STANDINGS.items()}
        parts |= self.match.parts_at(position) if self.match else {}
        return {name: round(float(value), 6) for name, value in parts.items()}


def _standings() -> dict[str, np.ndarray]:
    """What follows for the score from how lately a listing was checked, its room, and whether it is paused: 3 × 3 × 2 rows."""
    rows = list(product(("checked", "due", "overdue"), ("unknown", "space", "full"), (False, True)))
    return {
        "checked": np.array([ranking.CHECKED_VALUE[checked] for checked, _space, _paused in rows]),
        "space": np.array([ranking.SPACE_VALUE[space] for _checked, space, _paused in rows]),
        "tier": np.array(
            [ranking.OVERDUE_TIER * (checked == "overdue") for checked, _space, _paused in rows]
        ),
        "paused": np.array([-ranking.PAUSED_PENALTY * paused for _checked, _space, paused in rows]),
    }


_STANDINGS = _standings()
_OF_CHECKED = 6  # rows of `_STANDINGS` of one freshness
_OVERDUE = 2 * _OF_CHECKED  # the first row of those overdue
_STANDING_SCORE = (
    _STANDINGS["tier"]
    + ranking.CHECKED * _STANDINGS["checked"]
    + ranking.SPACE * _STANDINGS["space"]
    + _STANDINGS["paused"]
)


def rank(filters: Filters, match: Match | None, now: datetime) -> Ranked:
    """Score every listing found."""
    hits = filters.hits
    miles, comes = filters.nearest()
    near = _near(filters, miles, comes)
    standing = _standing_of_all(filters.view, now.date()).take(hits)
    if filters.query.is_name:
        # One that is overdue counts as one that is due a check.
        standing = np.where(standing >= _OVERDUE, standing - _OF_CHECKED, standing)
    score = _STANDING_SCORE.take(standing)
    if match:
        score += ranking.MATCH * match.total(hits)
    if filters.query.place is not None:
        score += ranking.NEAR * near
    return Ranked(hits, np.round(score, 6), miles, comes, near, standing, match)


def _standing_of_all(view: View, today: date) -> np.ndarray:
    """For each listing its row of `_STANDINGS`. What of it changes, changes with the day."""

    def add(first: int) -> np.ndarray:
        positions = np.arange(first, view.size)
        overdue, fresh = freshness_columns(view, positions, today)
        state = view.facts["state"][first:]
        known = is_known(view.facts["capacity_on"][first:], today)
        checked = np.where(overdue, 2, np.where(fresh, 0, 1))
        space = np.where(known & (state & records.HAS_SPACE != 0), 1, 0)
        space[known & (state & records.FULL != 0)] = 2
        paused = state & (records.PAUSED | records.CLOSED) != 0
        return (checked * _OF_CHECKED + space * 2 + paused).astype(np.uint8)

    return view.worked_out("standing", today, np.uint8, add)


def _near(filters: Filters, miles: np.ndarray, comes: np.ndarray) -> np.ndarray:
    if filters.query.place is None:
        return np.zeros(len(miles))
    return np.fmax(ranking.near(miles), np.where(comes, ranking.SERVES_NEAR, 0.0))


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
        candidates = _smallest(keys, last)
    positions = ranked.positions[candidates]
    soonest = filters.soonest(positions) if sort != Sort.SOONEST else keys[candidates]
    order = np.lexsort((filters.view.facts["order"][positions], soonest, keys[candidates]))
    return candidates[order][first:last]


def _smallest(keys: np.ndarray, count: int) -> np.ndarray:
    """Indices, rising, of the `count` smallest keys and of all that tie with the last of them."""
    lowest = keys[: len(keys) // _IN_COLUMN * _IN_COLUMN].reshape(_IN_COLUMN, -1).min(axis=0)
    some = np.arange(len(keys))
    if len(lowest) > 2 * count:
        # So many columns hold a key that is no larger, so the smallest are no larger either.
        some = np.flatnonzero(keys <= np.partition(lowest, count - 1)[count - 1])
    among = keys.take(some)
    return some.compress(among <= np.partition(among, count - 1)[count - 1])


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
