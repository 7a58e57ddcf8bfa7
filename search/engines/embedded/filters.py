"""Which listings satisfy a query's conditions, and what each facet would find. Works on columns, not on rows.

Conditions on a session (place, day, time, when, mode, access) must hold on one and the same session; those on the listing hold
of themselves. A facet's counts leave its own condition out.
"""

from datetime import date, datetime
from functools import cached_property, lru_cache

import numpy as np
from dateutil.relativedelta import relativedelta

from groups.listings.freshness import capacity_known_since, due_before, overdue_before
from search.engine import FACETS, MONTHS_COUNTED, SESSION_FACETS, FacetValue, facet_values, months_counted
from search.engines.embedded.columns import View
from search.engines.embedded.counting import count_bits, count_mapped
from search.engines.embedded.meetings import NEVER, WHEN_BIT, Meetings, live_bits_of_listings
from search.engines.embedded.reach import Reach, everything, first_of_each, past_moves, shown, within
from search.index import records
from search.query import DirectoryQuery, When

_BIT_FACETS = (
    "activity",
    "need",
    "for",
    "cost",
    "join",
    "gender",
    "language",
    "referrals",
    "young",
    "outdoors",
    "stage",
)
# Which bits a number has that `_told_today` gives: a row for each number
_TOLD = np.array([[number >> bit & 1 for bit in range(len(MONTHS_COUNTED) + 1)] for number in range(16)])
_MAPPED_SHARE = 4  # count by bitmap when more than one listing in so many is found


class Filters:
    """One query over one view: everything within reach, or the part of it that a text matched (`narrowed_to`)."""

    def __init__(self, view: View, query: DirectoryQuery, now: datetime, reach: Reach | None = None):
        self.view = view
        self.query = query
        self.chosen = query.chosen
        self.today = now.date()
        self.day = records.day_number(self.today)
        self._now = now
        if reach is None:
            place, radius = query.place, query.radius_miles
            reach = within(view, place, radius, now) if place and radius else everything(view, self.today)
        self.reach = reach
        self._listings, self.miles = reach.positions, reach.miles
        self._all = reach.among is not None

    @property
    def sessions(self) -> np.ndarray | slice:
        return self.reach.sessions

    @property
    def owner(self) -> np.ndarray:
        return self.reach.owner

    @property
    def positions(self) -> np.ndarray:
        """The listings within reach that may be shown, before any other condition."""
        among = self.reach.among
        if among is None:
            return self._listings
        if among is not shown(self.view, self.today):
            return np.flatnonzero(among)
        key = "shown positions", self.today
        if key not in self.view.notes:
            self.view.notes[key] = np.flatnonzero(shown(self.view, self.today)).astype(np.int32)
        return self.view.notes[key]

    def within_reach(self, *found: np.ndarray) -> np.ndarray:
        """Those of `positions` that stand in any of these lists; rising."""
        wanted = np.zeros(self.view.size, bool)
        for some in found:
            wanted[some] = True
        if self.reach.among is not None:
            return np.flatnonzero(wanted & self.reach.among)
        return self._listings.compress(wanted.take(self._listings))

    def narrowed_to(self, among: np.ndarray) -> "Filters":
        """The same query over fewer listings: those at `among` (rising), as far as they are within reach."""
        return Filters(self.view, self.query, self._now, self.reach.narrowed_to(self.view, among, self._now))

    @property
    def _indices(self) -> np.ndarray:
        """The sessions looked at, by index; only for a query that does not look at all of them."""
        assert isinstance(self.sessions, np.ndarray)  # noqa: S101
        return self.sessions

    # --- conditions ------------------------------------------------------------------------------

    def _of_sessions(self, column: np.ndarray) -> np.ndarray:
        return column[self.sessions]

    def _of_listings(self, column: np.ndarray) -> np.ndarray:
        return column if self._all else column.take(self._listings)

    @cached_property
    def _bits(self) -> np.ndarray:
        return self._of_sessions(self.view.bits)

    @cached_property
    def _meetings(self) -> Meetings:
        return Meetings(self.view, self.sessions, self._now)

    @cached_property
    def _session_conditions(self) -> dict[str, np.ndarray]:
        """The chosen conditions on sessions, by facet."""
        query, conditions = self.query, {}
        for facet, values in (("day", query.days), ("time", query.times), ("mode", query.modes)):
            if values:
                any_of = sum(records.SESSION_BITS[facet][value] for value in dict.fromkeys(values))
                conditions[facet] = self._bits & np.uint64(any_of) != 0
        for facet in conditions.keys() & {"day", "time"}:
            conditions[facet] &= self._meetings.still_meets
        if query.access:
            all_of = np.uint64(
                sum(records.SESSION_BITS["access"][value] for value in dict.fromkeys(query.access))
            )
            conditions["access"] = self._bits & all_of == all_of
        if query.when:
            conditions["when"] = self._meetings.in_span(query.when)
            if query.days:
                # On one and the same day: Tuesdays and Saturdays do not make a Tuesday of this weekend.
                conditions["day+when"] = self._meetings.in_span(query.when, query.days)
        return conditions

    @cached_property
    def _listing_conditions(self) -> dict[str, np.ndarray]:
        """The chosen conditions on listings, by facet."""
        query, facts, conditions = self.query, self.view.facts, {}
        for facet in _BIT_FACETS:
            values = self.chosen.get(facet)
            if values:
                conditions[facet] = self._has_any([f"{facet}:{value}" for value in values])
        of = self._of_listings
        if query.has_space:
            conditions["space"] = of(_told_today(self.view, self.today)) >> len(MONTHS_COUNTED) != 0
        if query.age is not None:
            conditions["age"] = (of(facts["age_min"]) <= query.age) & (of(facts["age_max"]) >= query.age)
        if query.checked_months is not None:
            at = slice(None) if self._all else self._listings
            conditions["checked"] = _checked_within(self.view, at, self.today, query.checked_months)
        return conditions

    def _has_any(self, keys: list[str]) -> np.ndarray:
        masks = np.zeros(self.view.facets.shape[1], np.uint64)
        for key in keys:
            bit = self.view.facet_bits.get(key)
            if bit is not None:
                masks[bit // 64] |= np.uint64(1) << np.uint64(bit % 64)
        found = np.zeros(len(self._listings), bool)
        for word in np.flatnonzero(masks):
            found |= self._of_listings(self.view.facets[:, word]) & masks[word] != 0
        return found

    def sessions_left(self, without: str = "") -> np.ndarray | None:
        """Sessions that satisfy every condition on sessions but `without`; None for "all of them"."""
        conditions = [
            mask for facets, mask in self._session_conditions.items() if without not in facets.split("+")
        ]
        if not conditions:
            return None
        left = np.logical_and.reduce(conditions)
        if self._all:
            left[past_moves(self.view, self._now)] = False
        return left

    def listings_left(self, without: str = "") -> np.ndarray:
        """A mask over the listings within reach: those that satisfy everything but `without`."""
        sessions = self.sessions_left(without)
        left = np.full(len(self._listings), sessions is None)
        if sessions is not None:
            left[self.owner.compress(sessions)] = True
        if self.reach.among is not None:
            left &= self.reach.among
        for facet, mask in self._listing_conditions.items():
            if facet != without:
                left &= mask
        return left

    @cached_property
    def hits(self) -> np.ndarray:
        """Positions of the listings found."""
        return self._listings.compress(self.found)

    @cached_property
    def found(self) -> np.ndarray:
        return self.listings_left()

    # --- distance and time of the listings found ---------------------------------------------------

    def nearest(self) -> tuple[np.ndarray, np.ndarray]:
        """For each listing of `hits`: miles to the nearest session that satisfies the query (NaN: none with a place), and
        whether one comes to the place asked for."""
        count = len(self._listings)
        if self.miles is None:
            found = len(self.hits)
            return np.full(found, np.nan), np.zeros(found, bool)
        left = self.sessions_left()
        miles, owner = self.miles, self.owner
        if left is not None:
            miles, owner = miles.compress(left), owner.compress(left)
        best, comes = np.full(count, np.inf), np.zeros(count, bool)
        if len(owner):
            first = np.flatnonzero(first_of_each(owner))
            best[owner.take(first)] = np.fmin.reduceat(miles, first)
        comes[owner.compress(np.isnan(miles))] = True
        nearest = best.compress(self.found)
        nearest[np.isinf(nearest)] = np.nan
        return nearest, comes.compress(self.found)

    def soonest(self, positions: np.ndarray) -> np.ndarray:
        """Minutes (since the first occurrence bit's midnight) to the next meeting of each listing that satisfies the query;
        a very large number for none. `positions` must be among `positions` of this query."""
        sessions, owner = self.view.sessions_of(positions)
        left = self.sessions_left()
        if left is None and self.miles is None:
            kept: np.ndarray | slice = slice(None)
        elif self._all and left is not None:
            kept = left[sessions]
        else:
            # Its own sessions are some of the listings'.
            mine = np.zeros(len(self.view.owner), bool)
            mine[self.sessions if left is None else self._indices[left]] = True
            kept = mine.take(sessions)
        best = np.full(len(positions), NEVER, np.int64)
        np.minimum.at(best, owner[kept], Meetings(self.view, sessions[kept], self._now).next())
        best[self.view.facts["state"][positions] & (records.PAUSED | records.CLOSED) != 0] = NEVER
        return best

    # --- facets ----------------------------------------------------------------------------------

    def facets(self) -> dict[str, tuple[FacetValue, ...]]:
        """For each facet, the values that lead somewhere, and those chosen. A facet never filters itself."""
        chosen = self.chosen
        shared = self._counts(self.found, self.sessions_left())
        result = {}
        for facet in FACETS:
            if facet in chosen and (facet in self._session_conditions or facet in self._listing_conditions):
                counts = self._counts(self.listings_left(facet), self.sessions_left(facet), facet)
            else:
                counts = shared
            if found := facet_values(counts.get(facet, {}), chosen.get(facet, ())):
                result[facet] = found
        return result

    def _counts(
        self, found: np.ndarray, sessions: np.ndarray | None, only: str = ""
    ) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        at = self.hits if found is self.found else self._listings.compress(found)
        if not only or only in _BIT_FACETS:
            self._count_listing_bits(counts, at)
        if not only or only in SESSION_FACETS:
            self._count_sessions(counts, found, at, sessions)
        facts = self.view.facts
        if not only or only in ("space", "checked"):
            told = np.bincount(_told_today(self.view, self.today).take(at), minlength=len(_TOLD)) @ _TOLD
            counts["space"] = {"1": int(told[-1])}
            counts["checked"] = {
                str(months): int(told[MONTHS_COUNTED.index(months)])
                if months in MONTHS_COUNTED
                else int(np.count_nonzero(_checked_within(self.view, at, self.today, months)))
                for months in months_counted(self.query)
            }
        if self.query.age is not None and only in ("", "age"):
            open_to = (facts["age_min"][at] <= self.query.age) & (facts["age_max"][at] >= self.query.age)
            counts["age"] = {str(self.query.age): int(np.count_nonzero(open_to))}
        return counts

    def _count_listing_bits(self, counts: dict[str, dict[str, int]], at: np.ndarray) -> None:
        by_bit = self._bit_counts(at).tolist()
        for facet, values in self._values_by_facet().items():
            counts[facet] = {value: by_bit[bit] for value, bit in values}

    def _values_by_facet(self) -> dict[str, list[tuple[str, int]]]:
        if "values" not in self.view.notes:
            values: dict[str, list[tuple[str, int]]] = {}
            for key, bit in self.view.facet_bits.items():
                facet, _colon, value = key.partition(":")
                values.setdefault(facet, []).append((value, bit))
            self.view.notes["values"] = values
        return self.view.notes["values"]

    def _bit_counts(self, at: np.ndarray) -> np.ndarray:
        """How many of the listings at these positions have each bit of `View.facets`."""
        view = self.view
        if view.bitmaps is None or len(at) * _MAPPED_SHARE < view.size:
            return count_bits(view.facets.take(at, axis=0))
        mask = np.zeros(view.size, bool)
        mask[at] = True
        later = at.compress(at >= view.mapped)
        return count_mapped(view.bitmaps, mask[: view.mapped]) + count_bits(view.facets.take(later, axis=0))

    def _count_sessions(
        self, counts: dict, found: np.ndarray, at: np.ndarray, sessions: np.ndarray | None
    ) -> None:
        """Counts of the facets that hold of sessions: listings with one among `sessions` that has the value."""
        if sessions is None and not self.query.days:
            bits = live_bits_of_listings(self.view, self._now).take(at)
            if self.miles is not None:
                # Of some listings not all sessions are within reach.
                apart = found & ~self.reach.whole(self.view)
                bits[apart.compress(found)] = self._live_bits(apart, None)
        else:
            bits = self._live_bits(found, sessions)
        by_bit = count_bits(bits[:, None]).tolist()
        for facet, values in records.SESSION_BITS.items():
            counts[facet] = {value: by_bit[bit.bit_length() - 1] for value, bit in values.items()}
        counts["when"] = {str(when): by_bit[WHEN_BIT + place] for place, when in enumerate(When)}
        if self.query.when:
            counts["day"] = {
                day: self._count_listings(self._meetings.in_span(self.query.when, (day,)), found, sessions)
                for day in records.SESSION_BITS["day"]
            }

    def _live_bits(self, found: np.ndarray, sessions: np.ndarray | None) -> np.ndarray:
        """Of each listing found with one of the sessions (all within reach, or those of a mask), the live bits of them all."""
        kept, owner = self._sessions_of(found, sessions)
        mine = kept if self._all else self._indices.take(kept)
        bits = Meetings(self.view, mine, self._now).live_bits(self.query.days)
        return np.bitwise_or.reduceat(bits, np.flatnonzero(first_of_each(owner))) if len(owner) else bits

    def _sessions_of(self, found: np.ndarray, sessions: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Of the sessions within reach (all, or those of a mask) the ones whose listing is found, and that listing's place."""
        some = np.arange(len(self.owner)) if sessions is None else np.flatnonzero(sessions)
        owner = self.owner.take(some)
        kept = np.flatnonzero(found.take(owner))
        return some.take(kept), owner.take(kept)

    def _count_listings(self, met: np.ndarray, found: np.ndarray, sessions: np.ndarray | None) -> int:
        """How many of the listings found have one of the sessions `met` among `sessions`."""
        met = met & (found[self.owner] if sessions is None else sessions & found[self.owner])
        listings = np.zeros(len(self._listings), bool)
        listings[self.owner[met]] = True
        return int(np.count_nonzero(listings))


@lru_cache(maxsize=64)
def months_ago(today: date, months: int) -> int:
    """The number of the day that is so many months before `today`."""
    return records.day_number(today - relativedelta(months=months))


def _checked_within(view: View, at: np.ndarray | slice, today: date, months: int) -> np.ndarray:
    """Which of some listings were confirmed in the last so many months."""
    confirmed = view.facts["state"][at] & records.CONFIRMED != 0
    return confirmed & (view.facts["checked"][at] >= months_ago(today, months))


def _told_today(view: View, today: date) -> np.ndarray:
    """For each listing a bit for each of MONTHS_COUNTED within which it was confirmed, then one for space, where it is known."""

    def add(first: int) -> np.ndarray:
        some = slice(first, None)
        bits = [_checked_within(view, some, today, months) for months in MONTHS_COUNTED]
        has_space = view.facts["state"][some] & records.HAS_SPACE != 0
        bits.append(has_space & is_known(view.facts["capacity_on"][some], today))
        return np.packbits(bits, axis=0, bitorder="little")[0]

    return view.worked_out("told", today, np.uint8, add)


def is_known(capacity_on: np.ndarray, today: date) -> np.ndarray:
    """Which of these days (numbers) are so late that what was said of capacity still counts."""
    return capacity_on >= records.day_number(capacity_known_since(today))


def freshness_columns(view: View, positions: np.ndarray, today: date) -> tuple[np.ndarray, np.ndarray]:
    """(overdue, checked) masks for listings: `domain.md`, freshness rules; one that is neither is due a check."""
    checked = view.facts["checked"][positions]
    confirmed = view.facts["state"][positions] & records.CONFIRMED != 0
    overdue = (checked > 0) & (checked < records.day_number(overdue_before(today)))
    fresh = confirmed & (checked >= records.day_number(due_before(today)))
    return overdue, fresh
