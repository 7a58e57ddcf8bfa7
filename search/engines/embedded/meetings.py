"""When sessions meet, from their patterns of days: spans such as "this weekend", the next meeting, and what is still to come."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import cached_property

import numpy as np

from search.engines.cards import when_dates
from search.engines.embedded.columns import View
from search.index import records
from search.query import When

NEVER = np.iinfo(np.int64).max
WHEN_BIT = 48  # the first of the bits that say in which of the spans of `When` a session meets; records use none so high
_DAYS_AND_TIMES = sum((*records.SESSION_BITS["day"].values(), *records.SESSION_BITS["time"].values()))
_DAY_MINUTES = 24 * 60


def when_days(when: str, today: date) -> tuple[int, int]:
    """First and last day (numbers) of a span such as "weekend"."""
    first, last = when_dates(when, today)
    return records.day_number(first), records.day_number(last)


class Meetings:
    """The meetings of some sessions of a view as of `now`."""

    def __init__(self, view: View, sessions: np.ndarray | slice, now: datetime):
        self._view, self._sessions = view, sessions
        self._now = now
        self.today = now.date()
        self.day = records.day_number(self.today)
        self._minutes = now.hour * 60 + now.minute

    @cached_property
    def _pattern(self) -> np.ndarray:
        return self._view.pattern[self._sessions]

    @cached_property
    def bits(self) -> np.ndarray:
        return self._view.bits[self._sessions]

    @cached_property
    def _ended_today(self) -> np.ndarray:
        """Sessions whose meeting today, if any, is over."""
        end = self._view.end[self._sessions]
        return (end != records.NO_TIME) & (end <= self._minutes)

    @cached_property
    def _running(self) -> np.ndarray:
        """Sessions of groups that are neither paused nor closed."""
        if "running" not in self._view.notes:
            state = self._view.facts["state"]
            self._view.notes["running"] = state & (records.PAUSED | records.CLOSED) == 0
        return self._view.notes["running"][self._view.owner[self._sessions]]

    def between(self, first: int, last: int, weekdays: Sequence[str] = ()) -> np.ndarray:
        """Which meet on some day from `first` to `last` (on one of these weekdays); today only while it is not over."""
        found = self._patterns_between(first, last, weekdays).take(self._pattern)
        if first <= self.day <= last:
            later = self._patterns_between(self.day + 1, last, weekdays).take(self._pattern)
            found &= ~self._ended_today | later
        return found

    def _patterns_between(self, first: int, last: int, weekdays: Sequence[str]) -> np.ndarray:
        """Which patterns have such a day. Kept with the view: each search asks for the same few spans."""
        key = "between", first, last, tuple(weekdays)
        if key in self._view.notes:
            return self._view.notes[key]
        days, base = self._view.patterns, self._view.base
        found = np.zeros(len(days), bool)
        for word in range(records.OCCURRENCE_WORDS):
            mask = _day_mask(first - base, last - base, word) & _weekday_mask(base + word * 64, weekdays)
            if mask:
                found |= days[:, word] & np.uint64(mask) != 0
        self._view.notes[key] = found
        return found

    def in_span(self, when: str, weekdays: Sequence[str] = ()) -> np.ndarray:
        """Which meet in a span such as "weekend", of groups that run."""
        return self.between(*when_days(when, self.today), weekdays) & self._running

    @cached_property
    def still_meets(self) -> np.ndarray:
        """Which have a day to come; a course that ended meets on no Tuesday."""
        return self.between(self.day, self._view.base + records.OCCURRENCE_DAYS - 1)

    def live_bits(self, weekdays: Sequence[str] = ()) -> np.ndarray:
        """Bits of each: its own, days and times only where it still meets, and those of the spans it meets in.

        A single moved date that is over has none.
        """
        kept, spans = self._live_patterns(weekdays)
        row = self._pattern + self._ended_today * np.int32(len(self._view.patterns))
        bits = self.bits & kept.take(row)
        bits |= spans.take(row) * self._running
        moved = np.flatnonzero(bits & np.uint64(records.MOVED))
        if len(moved):
            ids = np.arange(len(self._view.owner))[self._sessions][moved]
            bits[moved[Meetings(self._view, ids, self._now).next() == NEVER]] = 0
        return bits

    def _live_patterns(self, weekdays: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """For each pattern, then for each once today's meeting is over: which bits stay, and those of the spans it meets in."""
        key = "live", self.day, tuple(weekdays)
        if key in self._view.notes:
            return self._view.notes[key]
        count = len(self._view.patterns)
        kept = np.full(2 * count, ~np.uint64(0))
        spans = np.zeros(2 * count, np.uint64)
        last = self._view.base + records.OCCURRENCE_DAYS - 1
        for half, today in ((slice(0, count), self.day), (slice(count, None), self.day + 1)):
            kept[half][~self._patterns_between(today, last, ())] &= ~np.uint64(_DAYS_AND_TIMES)
            for place, when in enumerate(When):
                first, end = when_days(when, self.today)
                meets = self._patterns_between(max(first, today), end, weekdays)
                spans[half] |= meets.astype(np.uint64) << np.uint64(WHEN_BIT + place)
        self._view.notes[key] = kept, spans
        return kept, spans

    def next(self) -> np.ndarray:
        """Minutes from the first bit's midnight to each next meeting that is not over; NEVER for none."""
        today = self.day - self._view.base
        start = self._view.start[self._sessions].astype(np.int64)
        end = self._view.end[self._sessions].astype(np.int64)
        untimed = start == records.NO_TIME
        over = ~untimed & (end <= self._minutes)
        still_on = ~untimed & (end > _DAY_MINUTES) & (end - _DAY_MINUTES > self._minutes)
        day = self._first_days(today + 1).take(self._pattern)
        day = np.where(self._has_day(today).take(self._pattern) & ~over, today, day)
        day = np.where(self._has_day(today - 1).take(self._pattern) & still_on, today - 1, day)
        return np.where(day == NEVER, NEVER, day * _DAY_MINUTES + np.where(untimed, 0, start))

    def _first_days(self, first: int) -> np.ndarray:
        """The first day (counted from the first bit) from `first` on that each pattern has; NEVER for none."""
        key = "first", first
        if key in self._view.notes:
            return self._view.notes[key]
        patterns = self._view.patterns
        found = np.full(len(patterns), NEVER, np.int64)
        for word in reversed(range(records.OCCURRENCE_WORDS)):
            days = patterns[:, word] & np.uint64(_day_mask(first, records.OCCURRENCE_DAYS, word))
            some = days != 0
            lowest = days[some] & (~days[some] + np.uint64(1))
            found[some] = np.log2(lowest.astype(np.float64)).astype(np.int64) + word * 64
        self._view.notes[key] = found
        return found

    def _has_day(self, day: int) -> np.ndarray:
        """Which patterns have this day (counted from the first bit)."""
        key = "has day", day
        if key not in self._view.notes:
            patterns = self._view.patterns
            self._view.notes[key] = (
                patterns[:, day // 64] & np.uint64(1 << day % 64) != 0
                if day >= 0
                else np.zeros(len(patterns), bool)
            )
        return self._view.notes[key]


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


def live_bits_of_listings(view: View, now: datetime) -> np.ndarray:
    """For each listing, the live bits its sessions have between them.

    Kept for a minute: for listings that came meanwhile only the new sessions are looked at.
    """

    def add(first_listing: int) -> np.ndarray:
        first = int(view.first_session[first_listing])
        bits = Meetings(view, slice(first, None), now).live_bits()
        return np.bitwise_or.reduceat(bits, view.first_session[first_listing:] - first)

    return view.worked_out("live", (now.date(), now.hour, now.minute), np.uint64, add)
