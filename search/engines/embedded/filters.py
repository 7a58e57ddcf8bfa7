"""Which listings satisfy a query's conditions, and what each facet would find. Works on columns, not on rows.

Conditions on a session (place, day, time, when, mode, access) must hold on one and the same session; those on the listing hold
of themselves. A facet's counts leave its own condition out.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property

import numpy as np
from dateutil.relativedelta import relativedelta

from groups.listings.freshness import (
    CAPACITY_KNOWN_FOR_DAYS,
    CLOSED_SHOWN_FOR_MONTHS,
    due_before,
    overdue_before,
)
from groups.places.distance import bounding_box, miles_to_all
from search.engine import FACETS, FacetValue
from search.engines.cards import when_dates
from search.engines.embedded.columns import View
from search.engines.embedded.counting import count_bits, count_mapped
from search.index import records
from search.query import DirectoryQuery, When

SESSION_FACETS = ("when", "day", "time", "mode", "access")
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
_MAPPED_SHARE = 8  # count by bitmap when more than one listing in so many is found


def when_days(when: str, today: date) -> tuple[int, int]:
    """First and last day (numbers) of a span such as "weekend"."""
    first, last = when_dates(when, today)
    return records.day_number(first), records.day_number(last)


class Filters:
    """One query over one view. `among`: positions a text matched; None when there is no text."""

    def __init__(self, view: View, query: DirectoryQuery, now: datetime, among: np.ndarray | None = None):
        self.view = view
        self.query = query
        self.today = now.date()
        self.day = records.day_number(self.today)
        self._now = now
        self._gather(among)

    # --- what there is to look at ----------------------------------------------------------------

    def _gather(self, among: np.ndarray | None) -> None:
        """Sessions within reach and the listings they belong to: `sessions`, `positions`, `owner` (into positions), `miles`."""
        view = self.view
        shown = self._shown()
        if among is not None:
            wanted = np.zeros(view.size, bool)
            wanted[among] = True
            wanted &= shown
        else:
            wanted = shown
        self.miles: np.ndarray | None = None
        if self.query.place is None:
            if among is None and wanted.all() and not len(self._past_moves):
                self.sessions: np.ndarray | slice = slice(None)
                self.positions = np.arange(view.size)
                self.owner = view.owner
                return
            self.positions = np.flatnonzero(wanted)
            sessions = self._not_past(np.flatnonzero(wanted[view.owner]))
        else:
            sessions = self._within_reach(wanted)
            self.positions = np.unique(view.owner[sessions])
        self.sessions = sessions
        local = np.zeros(view.size, np.int32)
        local[self.positions] = np.arange(len(self.positions))
        self.owner = local[view.owner[sessions]]

    def narrowed_to(self, among: np.ndarray) -> "Filters":
        """The same query over fewer listings."""
        return Filters(self.view, self.query, self._now, among)

    def _shown(self) -> np.ndarray:
        """Alive, and not closed for longer than a closed listing is shown."""

        def work() -> np.ndarray:
            closed = self.view.facts["state"] & records.CLOSED != 0
            if not closed.any():
                return self.view.alive
            last = records.day_number(self.today - relativedelta(months=CLOSED_SHOWN_FOR_MONTHS))
            return self.view.alive & ~(closed & (self.view.facts["closed_on"] < last))

        return self._noted(("shown", self.day), work)

    @cached_property
    def _past_moves(self) -> np.ndarray:
        """Rows of single moved dates that are over: nobody meets there any more."""
        moved = self._noted(("moved",), lambda: np.flatnonzero(self.view.bits & np.uint64(records.MOVED)))
        return moved[next_meetings(self.view, moved, self._now) == NEVER]

    def _not_past(self, sessions: np.ndarray) -> np.ndarray:
        past = self._past_moves
        return sessions[~np.isin(sessions, past)] if len(past) else sessions

    def _noted(self, key: tuple, work: Callable[[], np.ndarray]) -> np.ndarray:
        """Work done once for a view: it depends on the day alone."""
        if key not in self.view.notes:
            self.view.notes[key] = work()
        return self.view.notes[key]

    def _within_reach(self, wanted: np.ndarray) -> np.ndarray:
        """Sessions that meet within the radius, or come to the place asked for."""
        view, place, radius = self.view, self.query.place, self.query.radius_miles
        assert place is not None and radius is not None  # noqa: S101 (for the reader and the type checker)
        south, west, north, east = (
            round(edge * records.POSITION_SCALE)
            for edge in bounding_box(place.latitude, place.longitude, radius)
        )
        inside = (view.latitude >= south - 1) & (view.latitude <= north + 1)
        near = np.flatnonzero(inside)
        near = near[(view.longitude[near] >= west - 1) & (view.longitude[near] <= east + 1)]
        near = self._not_past(near[wanted[view.owner[near]]])
        miles = miles_to_all(
            place.latitude,
            place.longitude,
            view.latitude[near] / records.POSITION_SCALE,
            view.longitude[near] / records.POSITION_SCALE,
        )
        close = miles <= radius
        near, miles = near[close], miles[close]

        coming = self._not_past(self._coming_here(wanted))
        sessions = np.concatenate([near, coming])
        order = np.argsort(sessions, kind="stable")
        self.miles = np.concatenate([miles, np.full(len(coming), np.nan)])[order]
        return sessions[order]

    def _coming_here(self, wanted: np.ndarray) -> np.ndarray:
        """Sessions with no place to go to (online, by telephone, at home) of listings that serve the place asked for."""
        view = self.view
        serving = self._serving_positions()
        # An online or telephone group that names no area serves everyone.
        placeless = self._noted(("placeless",), self._placeless)
        has_served = np.zeros(view.size, bool)
        has_served[view.served_owner] = True
        serves = np.zeros(view.size, bool)
        serves[serving] = True
        owners = view.owner[placeless]
        anywhere = view.bits[placeless] & np.uint64(_FROM_ANYWHERE) != 0
        return placeless[wanted[owners] & (serves[owners] | (anywhere & ~has_served[owners]))]

    def _placeless(self) -> np.ndarray:
        return np.flatnonzero(self.view.latitude == records.NOWHERE)

    def _serving_positions(self) -> np.ndarray:
        """Listings whose served area holds the place asked for."""
        view, place = self.view, self.query.place
        assert place is not None  # noqa: S101
        served = view.served
        holds = served["kind"] == records.SERVES_COUNTRY
        holds |= (served["kind"] == records.SERVES_DISTRICT) & (
            served["district"] == place.district_code.encode()
        )
        around = np.flatnonzero(served["kind"] == records.SERVES_RADIUS)
        miles = miles_to_all(
            place.latitude,
            place.longitude,
            served["latitude"][around] / records.POSITION_SCALE,
            served["longitude"][around] / records.POSITION_SCALE,
        )
        holds[around] = miles <= served["miles"][around]
        return view.served_owner[holds]

    # --- conditions ------------------------------------------------------------------------------

    def _of_sessions(self, column: np.ndarray) -> np.ndarray:
        return column[self.sessions]

    @cached_property
    def _bits(self) -> np.ndarray:
        return self._of_sessions(self.view.bits)

    @cached_property
    def _ended_today(self) -> np.ndarray:
        """Sessions whose meeting today, if any, is over."""
        minutes = self._now.hour * 60 + self._now.minute
        end = self._of_sessions(self.view.end)
        return (end != records.NO_TIME) & (end <= minutes)

    def _meets_between(self, first: int, last: int, weekdays: Sequence[str] = ()) -> np.ndarray:
        """Sessions that meet on some day from `first` to `last` (on one of these weekdays); today only while it is not over."""
        days, base = self._of_sessions(self.view.days), self.view.base
        found = np.zeros(len(days), bool)
        for word in range(records.OCCURRENCE_WORDS):
            mask = _day_mask(first - base, last - base, word) & _weekday_mask(base + word * 64, weekdays)
            if mask:
                found |= days[:, word] & np.uint64(mask) != 0
        if first <= self.day <= last:
            tomorrow = self.day + 1
            later = (
                self._meets_between(tomorrow, last, weekdays)
                if last > self.day
                else np.zeros(len(days), bool)
            )
            found &= ~self._ended_today | later
        return found

    @cached_property
    def _session_conditions(self) -> dict[str, np.ndarray]:
        """The chosen conditions on sessions, by facet."""
        query, conditions = self.query, {}
        for facet, values in (("day", query.days), ("time", query.times), ("mode", query.modes)):
            if values:
                any_of = sum(records.SESSION_BITS[facet][value] for value in dict.fromkeys(values))
                conditions[facet] = self._bits & np.uint64(any_of) != 0
        for facet in conditions.keys() & {"day", "time"}:
            conditions[facet] &= self._still_meets
        if query.access:
            all_of = np.uint64(
                sum(records.SESSION_BITS["access"][value] for value in dict.fromkeys(query.access))
            )
            conditions["access"] = self._bits & all_of == all_of
        if query.when:
            conditions["when"] = self._meets_in_span(query.when)
            if query.days:
                # On one and the same day: Tuesdays and Saturdays do not make a Tuesday of this weekend.
                conditions["day+when"] = self._meets_in_span(query.when, query.days)
        return conditions

    def _meets_in_span(self, when: str, weekdays: Sequence[str] = ()) -> np.ndarray:
        """Sessions of groups that run, with a meeting in a span such as "weekend"."""
        state = self.view.facts["state"][self.positions][self.owner]
        running = state & (records.PAUSED | records.CLOSED) == 0
        return self._meets_between(*when_days(when, self.today), weekdays) & running

    @cached_property
    def _still_meets(self) -> np.ndarray:
        """Sessions with a day to come; a course that ended meets on no Tuesday."""

        def work() -> np.ndarray:
            return self._meets_between(self.day, self.view.base + records.OCCURRENCE_DAYS - 1)

        if not isinstance(self.sessions, slice):
            return work()
        moment = self.day, self._now.hour, self._now.minute
        noted = self.view.notes.get("still meets")
        if noted is None or noted[0] != moment:
            noted = self.view.notes["still meets"] = moment, work()
        return noted[1]

    @cached_property
    def _listing_conditions(self) -> dict[str, np.ndarray]:
        """The chosen conditions on listings, by facet."""
        query, facts, conditions = self.query, self.view.facts, {}
        for facet in _BIT_FACETS:
            values = query.chosen.get(facet)
            if values:
                conditions[facet] = self._has_any([f"{facet}:{value}" for value in values])
        at = self.positions
        if query.has_space:
            conditions["space"] = self._has_space()
        if query.age is not None:
            conditions["age"] = (facts["age_min"][at] <= query.age) & (facts["age_max"][at] >= query.age)
        if query.checked_months is not None:
            since = records.day_number(self.today - relativedelta(months=query.checked_months))
            conditions["checked"] = (facts["checked"][at] >= since) & (
                facts["state"][at] & records.CONFIRMED != 0
            )
        return conditions

    def _has_any(self, keys: list[str]) -> np.ndarray:
        masks = np.zeros(self.view.facets.shape[1], np.uint64)
        for key in keys:
            bit = self.view.facet_bits.get(key)
            if bit is not None:
                masks[bit // 64] |= np.uint64(1) << np.uint64(bit % 64)
        found = np.zeros(len(self.positions), bool)
        for word in np.flatnonzero(masks):
            found |= self.view.facets[self.positions, word] & masks[word] != 0
        return found

    def _has_space(self) -> np.ndarray:
        at = self.positions
        return self.capacity_known(at) & (self.view.facts["state"][at] & records.HAS_SPACE != 0)

    def capacity_known(self, positions: np.ndarray) -> np.ndarray:
        """Capacity reads "unknown" after 30 days."""
        return self.view.facts["capacity_on"][positions] >= self.day - CAPACITY_KNOWN_FOR_DAYS

    def sessions_left(self, without: str = "") -> np.ndarray | None:
        """Sessions that satisfy every condition on sessions but `without`; None for "all of them"."""
        conditions = [
            mask for facets, mask in self._session_conditions.items() if without not in facets.split("+")
        ]
        return np.logical_and.reduce(conditions) if conditions else None

    def listings_left(self, without: str = "") -> np.ndarray:
        """A mask over `positions`: listings that satisfy everything but `without`."""
        left = np.ones(len(self.positions), bool)
        sessions = self.sessions_left(without)
        if sessions is not None:
            left[:] = False
            left[self.owner[sessions]] = True
        for facet, mask in self._listing_conditions.items():
            if facet != without:
                left &= mask
        return left

    @cached_property
    def hits(self) -> np.ndarray:
        """Positions of the listings found."""
        return self.positions[self.found]

    @cached_property
    def found(self) -> np.ndarray:
        return self.listings_left()

    # --- distance and time of the listings found ---------------------------------------------------

    def nearest(self) -> tuple[np.ndarray, np.ndarray]:
        """For each listing of `hits`: miles to the nearest session that satisfies the query (NaN: none with a place), and
        whether one comes to the place asked for."""
        count = len(self.positions)
        if self.miles is None:
            return np.full(count, np.nan)[self.found], np.zeros(count, bool)[self.found]
        left = self.sessions_left()
        miles, owner = (self.miles, self.owner) if left is None else (self.miles[left], self.owner[left])
        best = np.full(count, np.inf)
        np.minimum.at(best, owner, np.where(np.isnan(miles), np.inf, miles))
        comes = np.zeros(count, bool)
        comes[owner[np.isnan(miles)]] = True
        return np.where(np.isinf(best), np.nan, best)[self.found], comes[self.found]

    def soonest(self, positions: np.ndarray) -> np.ndarray:
        """Minutes (since the first occurrence bit's midnight) to the next meeting of each listing that satisfies the query;
        a very large number for none. `positions` must be among `positions` of this query."""
        local = np.full(self.view.size, -1, np.int64)
        local[positions] = np.arange(len(positions))
        all_sessions = np.arange(len(self.view.owner)) if isinstance(self.sessions, slice) else self.sessions
        left = self.sessions_left()
        mine = all_sessions if left is None else all_sessions[left]
        mine = mine[local[self.view.owner[mine]] >= 0]
        best = np.full(len(positions), NEVER, np.int64)
        np.minimum.at(best, local[self.view.owner[mine]], next_meetings(self.view, mine, self._now))
        best[self.view.facts["state"][positions] & (records.PAUSED | records.CLOSED) != 0] = NEVER
        return best

    # --- facets ----------------------------------------------------------------------------------

    def facets(self) -> dict[str, tuple[FacetValue, ...]]:
        """For each facet, the values that lead somewhere, and those chosen. A facet never filters itself."""
        chosen = self.query.chosen
        shared = self._counts(self.found, self.sessions_left())
        result = {}
        for facet in FACETS:
            if facet in chosen and (facet in self._session_conditions or facet in self._listing_conditions):
                counts = self._counts(self.listings_left(facet), self.sessions_left(facet), facet)
            else:
                counts = shared
            mine = counts.get(facet, {})
            picked = chosen.get(facet, ())
            values = {**mine, **{value: mine.get(value, 0) for value in picked}}
            found = tuple(
                FacetValue(value, count, value in picked)
                for value, count in values.items()
                if count or value in picked
            )
            if found:
                result[facet] = found
        return result

    def _counts(
        self, found: np.ndarray, sessions: np.ndarray | None, only: str = ""
    ) -> dict[str, dict[str, int]]:
        counts: dict[str, dict[str, int]] = {}
        if not only or only in _BIT_FACETS:
            self._count_listing_bits(counts, found)
        if not only or only in SESSION_FACETS:
            self._count_session_bits(counts, found, sessions)
            self._count_when(counts, found, sessions, only)
        facts, at = self.view.facts, self.positions[found]
        if not only or only == "space":
            counts["space"] = {"1": int(np.count_nonzero(self._has_space()[found]))}
        if not only or only == "checked":
            confirmed = facts["state"][at] & records.CONFIRMED != 0
            counts["checked"] = {
                str(months): int(
                    np.count_nonzero(
                        confirmed
                        & (
                            facts["checked"][at]
                            >= records.day_number(self.today - relativedelta(months=months))
                        )
                    )
                )
                for months in sorted({1, 6, 12, self.query.checked_months or 1})
            }
        if self.query.age is not None and only in ("", "age"):
            open_to = (facts["age_min"][at] <= self.query.age) & (facts["age_max"][at] >= self.query.age)
            counts["age"] = {str(self.query.age): int(np.count_nonzero(open_to))}
        return counts

    def _count_listing_bits(self, counts: dict[str, dict[str, int]], found: np.ndarray) -> None:
        by_bit = self._bit_counts(found)
        for key, bit in self.view.facet_bits.items():
            facet, _colon, value = key.partition(":")
            counts.setdefault(facet, {})[value] = int(by_bit[bit])

    def _bit_counts(self, found: np.ndarray) -> np.ndarray:
        """How many of the listings found have each bit of `View.facets`."""
        view, at = self.view, self.positions[found]
        if view.bitmaps is None or len(at) * _MAPPED_SHARE < view.size:
            return count_bits(view.facets[at])
        mask = np.zeros(view.size, bool)
        mask[at] = True
        return count_mapped(view.bitmaps, mask[: view.mapped]) + count_bits(
            view.facets[at[at >= view.mapped]]
        )

    def _count_session_bits(self, counts: dict, found: np.ndarray, sessions: np.ndarray | None) -> None:
        if sessions is None and self.query.place is None:
            by_bit = self._bit_counts(found)[-64:] + self._lapsed_bits(found)
        else:
            by_bit = self._live_bits(found[self.owner] if sessions is None else sessions & found[self.owner])
        for facet, values in records.SESSION_BITS.items():
            counts[facet] = {value: int(by_bit[bit.bit_length() - 1]) for value, bit in values.items()}
        if self.query.when:
            counts["day"] = {
                day: self._count_listings(self._meets_in_span(self.query.when, (day,)), found, sessions)
                for day in records.SESSION_BITS["day"]
            }

    def _live_bits(self, keep: np.ndarray) -> np.ndarray:
        """How many listings have each bit in one of these sessions; days and times only where it still meets."""
        owner = self.owner[keep]
        bits = np.where(
            self._still_meets[keep], self._bits[keep], self._bits[keep] & ~np.uint64(_DAYS_AND_TIMES)
        )
        if len(owner):
            bits = np.bitwise_or.reduceat(bits, np.flatnonzero(np.diff(owner, prepend=-1)))
        return count_bits(bits[:, None])

    def _lapsed_bits(self, found: np.ndarray) -> np.ndarray:
        """What to add to the counts of the listings' own bits, which hold days and times of sessions that ended too."""
        lapsed = ~self._still_meets & (self._bits & np.uint64(_DAYS_AND_TIMES) != 0)
        listings = np.zeros(len(self.positions), bool)
        listings[self.owner[lapsed]] = True
        listings &= found
        as_held = count_bits(self.view.facets[self.positions[listings], -1:])
        return self._live_bits(listings[self.owner]) - as_held

    def _count_when(self, counts: dict, found: np.ndarray, sessions: np.ndarray | None, only: str) -> None:
        if only not in ("", "when"):
            return
        counts["when"] = {
            str(when): self._count_listings(self._meets_in_span(when, self.query.days), found, sessions)
            for when in When
        }

    def _count_listings(self, met: np.ndarray, found: np.ndarray, sessions: np.ndarray | None) -> int:
        """How many of the listings found have one of the sessions `met` among `sessions`."""
        met = met & (found[self.owner] if sessions is None else sessions & found[self.owner])
        listings = np.zeros(len(self.positions), bool)
        listings[self.owner[met]] = True
        return int(np.count_nonzero(listings))


NEVER = np.iinfo(np.int64).max
_DAYS_AND_TIMES = sum((*records.SESSION_BITS["day"].values(), *records.SESSION_BITS["time"].values()))
_FROM_ANYWHERE = records.SESSION_BITS["mode"]["online"] | records.SESSION_BITS["mode"]["telephone"]


def _day_mask(first: int, last: int, word: int) -> int:
    """Bits of the days from `first` to `last` (offsets) that fall in this word."""
    low, high = max(first - word * 64, 0), min(last - word * 64, 63)
    return ((1 << (high - low + 1)) - 1) << low if low <= high else 0


def _weekday_mask(first: int, weekdays: Sequence[str]) -> int:
    """Bits of these weekdays among the 64 days from `first`; all bits where none is named."""
    if not weekdays:
        return (1 << 64) - 1
    numbers = {list(records.SESSION_BITS["day"]).index(day) for day in weekdays}
    start = records.day_of(first).weekday()
    return sum(1 << offset for offset in range(64) if (start + offset) % 7 in numbers)


def next_meetings(view: View, sessions: np.ndarray, now: datetime) -> np.ndarray:
    """Minutes from the first bit's midnight to each session's next meeting that is not over; NEVER for none."""
    today = records.day_number(now.date()) - view.base
    minutes = now.hour * 60 + now.minute
    start = view.start[sessions].astype(np.int64)
    end = view.end[sessions].astype(np.int64)
    untimed = start == records.NO_TIME
    over = ~untimed & (end <= minutes)
    still_on = ~untimed & (end > 1440) & (end - 1440 > minutes)
    found = np.full(len(sessions), NEVER, np.int64)
    for word in range(records.OCCURRENCE_WORDS):
        open_ones = np.flatnonzero(found == NEVER)
        if not len(open_ones):
            break
        held = view.days[sessions[open_ones], word]
        days = held & np.uint64(_day_mask(today + 1, records.OCCURRENCE_DAYS, word))
        for day, counts in ((today, ~over), (today - 1, still_on)):
            days |= np.where(counts[open_ones], held & np.uint64(_day_mask(day, day, word)), np.uint64(0))
        some = days != 0
        lowest = days[some] & (~days[some] + np.uint64(1))
        day = np.log2(lowest.astype(np.float64)).astype(np.int64) + word * 64
        mine = open_ones[some]
        found[mine] = day * 1440 + np.where(untimed[mine], 0, start[mine])
    return found


def freshness_columns(view: View, positions: np.ndarray, today: date) -> tuple[np.ndarray, np.ndarray]:
    """(overdue, checked) masks for listings: `domain.md`, freshness rules; one that is neither is due a check."""
    checked = view.facts["checked"][positions]
    confirmed = view.facts["state"][positions] & records.CONFIRMED != 0
    overdue = (checked > 0) & (checked < records.day_number(overdue_before(today)))
    fresh = confirmed & (checked >= records.day_number(due_before(today)))
    return overdue, fresh
