"""Facts of all listings as numpy columns, one set a process, kept up to date by the change counter.

A listing stands at a *position*; a change gives it a new position at the end and marks the old one dead, so that a reader
never sees half a row. Sessions and served areas carry the position of their listing, in rising order. The days on which sessions
meet are held once for each *pattern*: a million groups share a few thousand.
"""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

import numpy as np
from django.db import connection
from django.utils import timezone

from groups.listings.changes import ChangeCounter
from groups.listings.public import PublicListing
from search.index import records
from search.index.document import session_records
from search.index.models import Facet, IndexedListing

_SPARE = 1.25  # room for growth, so that an edit does not copy everything
_MOST_DEAD = 0.3  # share of dead positions at which the columns are read anew
_FETCH = 20_000
_MAPPED_FROM = 50_000
_FRESH_DAYS = 60  # occurrences must reach this far ahead, or they are laid out again


class Growing:
    """A numpy array with spare room at its end."""

    def __init__(self, dtype: np.dtype | str | type, width: int = 0):
        self._width = width
        self._room = np.zeros((0, width) if width else 0, dtype)
        self.size = 0

    @property
    def values(self) -> np.ndarray:
        return self._room[: self.size]

    @property
    def nbytes(self) -> int:
        return self._room.nbytes

    def replace(self) -> None:
        """Change a copy from here on; slices handed out before keep their values."""
        self._room = self._room.copy()

    def append(self, rows: np.ndarray) -> None:
        needed = self.size + len(rows)
        if needed > len(self._room):
            room = np.zeros((int(needed * _SPARE) + 16, *self._room.shape[1:]), self._room.dtype)
            room[: self.size] = self.values
            self._room = room
        self._room[self.size : needed] = rows
        self.size = needed


@dataclass(frozen=True, slots=True)
class View:
    """What one search reads: slices that belong together. seen: the change counter's value they hold.

    base: the day of the first occurrence bit. Of each listing, by position: ids, alive, the facts of `records.FACTS` by name,
    facets (bits), first_session (its sessions follow one another).
    bitmaps: for each facet bit, which of the first `mapped` positions have it (None while there are too few for it to pay).
    Of each session: owner, latitude, longitude, bits, start, end, pattern (row of `patterns`, a bit for each day it meets).
    Sessions by number: moved (single dates), placeless, anywhere (placeless ones that anybody can join).
    Of each served area of a listing with placeless sessions: owner, and district (number in `districts`) or position and miles.
    """

    seen: int
    base: int
    facet_bits: dict[str, int]
    position_of: np.ndarray
    ids: np.ndarray
    alive: np.ndarray
    facts: dict[str, np.ndarray]
    facets: np.ndarray
    bitmaps: np.ndarray | None
    mapped: int
    first_session: np.ndarray
    owner: np.ndarray
    latitude: np.ndarray
    longitude: np.ndarray
    bits: np.ndarray
    start: np.ndarray
    end: np.ndarray
    pattern: np.ndarray
    patterns: np.ndarray
    moved: np.ndarray
    placeless: np.ndarray
    anywhere: np.ndarray
    districts: dict[bytes, int]
    serves_country: np.ndarray
    serves_district: np.ndarray
    serves_radius: np.ndarray
    kept: dict  # what a search worked out for each listing; later views add to it
    notes: dict = field(default_factory=dict)  # what a search worked out, good for this view only

    @property
    def size(self) -> int:
        return len(self.ids)

    def worked_out(
        self, name: str, moment: Hashable, dtype: type[np.generic], add: Callable[[int], np.ndarray]
    ) -> np.ndarray:
        """A value for each listing that holds at `moment`, kept: `add(first)` is asked only for those that came meanwhile."""
        held = self.kept.get(name)
        known = held.values if held and held.moment == moment else np.empty(0, dtype)
        if len(known) > self.size:  # a reader that is still at an older view
            return known[: self.size]
        if len(known) < self.size:
            known = np.concatenate([known, add(len(known))])
            self.kept[name] = WorkedOut(moment, known)
        return known

    def positions_of(self, ids: np.ndarray) -> np.ndarray:
        """Positions of listing ids; -1 for those not held here."""
        positions = np.full(len(ids), -1, np.int64)
        inside = ids < len(self.position_of)
        positions[inside] = self.position_of[ids[inside]]
        positions[positions >= self.size] = -1
        return positions

    def sessions_between(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The first session of each listing at `positions`, and the one after its last."""
        following = positions + 1
        last = self.first_session.take(following, mode="clip")
        last[following == self.size] = len(self.owner)
        return self.first_session.take(positions), last

    def sessions_of(self, positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The sessions of listings at `positions`, and for each session the place in `positions` of its listing."""
        first, last = self.sessions_between(positions)
        counts = last - first
        owner = np.repeat(np.arange(len(positions), dtype=np.int32), counts)
        ends = np.cumsum(counts)
        return np.arange(len(owner), dtype=np.int32) + np.repeat(first - (ends - counts), counts), owner


@dataclass(frozen=True, slots=True)
class WorkedOut:
    """What was worked out for each listing, and the moment it holds at."""

    moment: Hashable
    values: np.ndarray

    @property
    def nbytes(self) -> int:
        return int(self.values.nbytes)


@dataclass
class Columns:
    """The columns as they grow. seen: the counter's value these columns hold. base: the day of the first occurrence bit."""

    seen: int = -1
    base: int = 0
    facet_bits: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.ids = Growing(np.int64)
        self.alive = Growing(bool)
        self.facts = {name: Growing(records.FACTS[name]) for name in records.FACTS.names or ()}
        self.facets = Growing(np.uint64, self.facet_words)
        self.bitmaps: np.ndarray | None = None
        self.mapped = 0
        self.first_session = Growing(np.int32)
        self.owner = Growing(np.int32)
        self.latitude = Growing(np.int32)
        self.longitude = Growing(np.int32)
        self.bits = Growing(np.uint64)
        self.start = Growing(np.uint16)
        self.end = Growing(np.uint16)
        self.pattern = Growing(np.int32)
        self.patterns = Growing(np.uint64, records.OCCURRENCE_WORDS)
        self._pattern_of: dict[bytes, int] = {}
        self.moved = Growing(np.int32)
        self.placeless = Growing(np.int32)
        self.anywhere = Growing(np.int32)
        self.districts: dict[bytes, int] = {}
        self.serves_country = Growing(np.int32)
        self.serves_district = Growing(SERVES_DISTRICT)
        self.serves_radius = Growing(SERVES_RADIUS)
        self._position_of = np.full(1024, -1, np.int32)
        self._kept: dict = {}

    @property
    def facet_words(self) -> int:
        return max(self.facet_bits.values(), default=0) // 64 + 1

    @property
    def size(self) -> int:
        return self.ids.size

    @property
    def nbytes(self) -> int:
        """Memory of all columns, spare room and what is kept beside them included."""
        growing = [value for value in vars(self).values() if isinstance(value, Growing)]
        bitmaps = 0 if self.bitmaps is None else self.bitmaps.nbytes
        kept = sum(getattr(one, "nbytes", 0) for one in self._kept.values())
        return (
            sum(one.nbytes for one in (*growing, *self.facts.values()))
            + bitmaps
            + self._position_of.nbytes
            + kept
        )

    def bury(self, ids: np.ndarray) -> None:
        """Mark listings dead. Views already handed out keep seeing them alive, whole."""
        ids = ids[ids < len(self._position_of)]
        positions = self._position_of[ids]
        self.alive.replace()
        self.alive.values[positions[positions >= 0]] = False
        self._position_of = self._position_of.copy()
        self._position_of[ids] = -1

    def map_bits(self) -> None:
        """Turn facets on their side, so that counting over very many listings reads few bytes."""
        if self.size < _MAPPED_FROM:
            return
        rows = self.facets.values
        maps = [
            np.packbits((rows[:, word] >> np.uint64(bit)) & np.uint64(1) != 0, bitorder="little")
            for word in range(rows.shape[1])
            for bit in range(64)
        ]
        self.bitmaps, self.mapped = np.array(maps), self.size

    def view(self) -> View:
        return View(
            seen=self.seen,
            base=self.base,
            facet_bits=self.facet_bits,
            position_of=self._position_of,
            ids=self.ids.values,
            alive=self.alive.values,
            facts={name: column.values for name, column in self.facts.items()},
            facets=self.facets.values,
            bitmaps=self.bitmaps,
            mapped=self.mapped,
            first_session=self.first_session.values,
            owner=self.owner.values,
            latitude=self.latitude.values,
            longitude=self.longitude.values,
            bits=self.bits.values,
            start=self.start.values,
            end=self.end.values,
            pattern=self.pattern.values,
            patterns=self.patterns.values,
            moved=self.moved.values,
            placeless=self.placeless.values,
            anywhere=self.anywhere.values,
            districts=self.districts,
            serves_country=self.serves_country.values,
            serves_district=self.serves_district.values,
            serves_radius=self.serves_radius.values,
            kept=self._kept,
        )

    def add(self, rows: list[tuple]) -> None:
        """Take in rows of (id, facts, sessions, served, facets), which must not be held already."""
        if not rows:
            return
        first = self.size
        ids = np.array([row[0] for row in rows], np.int64)
        facts = np.frombuffer(b"".join(bytes(row[1]) for row in rows), records.FACTS)
        sessions, owner = _joined([bytes(row[2]) for row in rows], records.SESSIONS, first)
        served, served_owner = _joined([bytes(row[3]) for row in rows], records.SERVED, first)
        own = _facet_rows([bytes(row[4]) for row in rows], self.facet_words)
        starts = np.searchsorted(owner, np.arange(first, first + len(rows)))
        self._add_lists(sessions, owner, served, served_owner)
        self.first_session.append(starts + self.owner.size)
        self.facets.append(own)
        self.owner.append(owner)
        self.latitude.append(sessions["latitude"])
        self.longitude.append(sessions["longitude"])
        self.bits.append(sessions["bits"])
        self.start.append(sessions["start"])
        self.end.append(sessions["end"])
        self.pattern.append(self._patterns_of(_on_base(sessions["days"], sessions["base"], self.base)))
        for name, column in self.facts.items():
            column.append(facts[name])
        self.ids.append(ids)
        highest = int(ids.max())
        if highest >= len(self._position_of):
            longer = np.full(int(highest * _SPARE) + 1024, -1, np.int32)
            longer[: len(self._position_of)] = self._position_of
            self._position_of = longer
        self._position_of[ids] = np.arange(first, first + len(rows), dtype=np.int32)
        self.alive.append(np.ones(len(rows), bool))

    def _add_lists(
        self, sessions: np.ndarray, owner: np.ndarray, served: np.ndarray, served_owner: np.ndarray
    ) -> None:
        """Sessions and served areas by what they are looked for by. Before `owner` grows by these sessions."""
        before, bits = self.owner.size, sessions["bits"]
        nowhere = sessions["latitude"] == records.NOWHERE
        # An online or telephone group that names no area serves everyone.
        anywhere = nowhere & (bits & np.uint64(FROM_ANYWHERE) != 0) & ~np.isin(owner, served_owner)
        # A served area counts only for sessions that have no place to go to.
        comes = np.isin(served_owner, owner[nowhere])
        served, served_owner = served[comes], served_owner[comes]
        self.moved.append(before + np.flatnonzero(bits & np.uint64(records.MOVED)))
        self.placeless.append(before + np.flatnonzero(nowhere))
        self.anywhere.append(before + np.flatnonzero(anywhere))
        self.serves_country.append(served_owner[served["kind"] == records.SERVES_COUNTRY])
        in_district = served["kind"] == records.SERVES_DISTRICT
        rows = np.zeros(np.count_nonzero(in_district), SERVES_DISTRICT)
        rows["owner"] = served_owner[in_district]
        rows["district"] = [
            self.districts.setdefault(code, len(self.districts)) for code in served["district"][in_district]
        ]
        self.serves_district.append(rows)
        around = served["kind"] == records.SERVES_RADIUS
        rows = np.zeros(np.count_nonzero(around), SERVES_RADIUS)
        rows["owner"] = served_owner[around]
        for name in ("latitude", "longitude", "miles"):
            rows[name] = served[name][around]
        self.serves_radius.append(rows)

    def _patterns_of(self, days: np.ndarray) -> np.ndarray:
        """The number of each row's pattern; new ones are kept."""
        width, known = days.itemsize * days.shape[1], self._pattern_of
        packed, before = days.tobytes(), len(self._pattern_of)
        numbers = np.fromiter(
            (
                known.setdefault(packed[start : start + width], len(known))
                for start in range(0, len(packed), width)
            ),
            np.int32,
            len(days),
        )
        if len(known) > before:
            fresh = list(known)[before:]
            self.patterns.append(np.frombuffer(b"".join(fresh), np.uint64).reshape(len(fresh), -1))
        return numbers


SERVES_DISTRICT = np.dtype([("owner", "<i4"), ("district", "<i4")])
SERVES_RADIUS = np.dtype([("owner", "<i4"), ("latitude", "<i4"), ("longitude", "<i4"), ("miles", "<f4")])
FROM_ANYWHERE = records.SESSION_BITS["mode"]["online"] | records.SESSION_BITS["mode"]["telephone"]


def _joined(blobs: list[bytes], dtype: np.dtype, first: int) -> tuple[np.ndarray, np.ndarray]:
    lengths = np.array([len(blob) // dtype.itemsize for blob in blobs])
    owner = np.repeat(np.arange(first, first + len(blobs), dtype=np.int32), lengths)
    return np.frombuffer(b"".join(blobs), dtype), owner


def _facet_rows(blobs: list[bytes], width: int) -> np.ndarray:
    lengths = np.array([len(blob) // 2 for blob in blobs])
    row = np.repeat(np.arange(len(blobs)), lengths)
    bit = np.frombuffer(b"".join(blobs), "<u2").astype(np.int64)
    rows = np.zeros((len(blobs), width), np.uint64)
    np.bitwise_or.at(rows, (row, bit // 64), np.uint64(1) << (bit % 64).astype(np.uint64))
    return rows


def _on_base(days: np.ndarray, bases: np.ndarray, base: int) -> np.ndarray:
    """Occurrence bits moved to the columns' own first day: rows lie on one 64-day grid, so whole words move."""
    moved = np.zeros_like(days)
    shift = (base - bases.astype(np.int64)) // 64
    # A row that never meets on a fixed day has base 0 and no bits.
    for step in np.unique(shift):
        if 0 <= step < days.shape[1]:
            rows = shift == step
            moved[rows, : days.shape[1] - step] = days[rows, step:]
    return moved


class ColumnStore:
    """The process's columns. `current()` brings them up to date and is safe to call from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._columns: Columns | None = None
        self._view: View | None = None

    def current(self, counter: int | None = None) -> View:
        """Columns that hold every change committed (or made in this transaction) so far.

        counter: the change counter, where the caller has read it already.
        """
        if counter is None:
            counter = read_counter()
        base = records.base_day(records.day_number(timezone.localdate()))
        view = self._view
        if view is not None and view.seen == counter and view.base == base:
            return view
        with self._lock:
            columns = self._columns
            # A counter that fell means a rolled back transaction (or another database): nothing here can be trusted.
            if (
                columns is None
                or columns.base != base
                or counter < columns.seen
                or not _catch_up(columns, counter)
            ):
                self._columns = columns = _read_all(base, counter)
            self._view = columns.view()
            return self._view

    @property
    def nbytes(self) -> int:
        return self._columns.nbytes if self._columns else 0

    def forget(self) -> None:
        with self._lock:
            self._columns = self._view = None


def _catch_up(columns: Columns, counter: int) -> bool:
    """Read the rows changed up to `counter`, read before them; False when reading everything anew is better."""
    rows = list(
        IndexedListing.objects.filter(version__gt=columns.seen)
        .order_by("version")
        .values_list("pk", "facts", "sessions", "served", "facets", "gone")[: _FETCH + 1]
    )
    dead = columns.size - int(columns.alive.values.sum()) + len(rows)
    if len(rows) > _FETCH or dead > 1000 + columns.size * _MOST_DEAD:
        return False
    bits = {int(bit) for row in rows for bit in np.frombuffer(bytes(row[4]), "<u2")}
    if bits and max(bits) // 64 >= columns.facet_words:
        return False
    if not bits <= set(columns.facet_bits.values()):
        columns.facet_bits = _facet_bits()
    if rows:
        columns.bury(np.array([row[0] for row in rows], np.int64))
        columns.add([row[:5] for row in laid_out([row for row in rows if not row[5]], columns.base)])
    columns.seen = counter
    return True


def read_counter() -> int:
    """The number of the last change, in a few microseconds."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT value FROM groups_changecounter WHERE name = %s", [ChangeCounter.LISTINGS])
        row = cursor.fetchone()
    return row[0] if row else 0


def _facet_bits() -> dict[str, int]:
    return dict(Facet.objects.values_list("key", "pk"))


def _read_all(base: int, counter: int) -> Columns:
    columns = Columns(base=base, facet_bits=_facet_bits())
    batch: list[tuple] = []
    rows = (
        IndexedListing.objects.filter(gone=False)
        .order_by("pk")
        .values_list("pk", "facts", "sessions", "served", "facets")
    )
    for row in rows.iterator(_FETCH):
        batch.append(row)
        if len(batch) == _FETCH:
            columns.add(laid_out(batch, base))
            batch = []
    columns.add(laid_out(batch, base))
    columns.map_bits()
    columns.seen = counter
    return columns


def laid_out(rows: list[tuple], base: int) -> list[tuple]:
    """Rows, beginning with (id, facts, sessions), whose occurrences reach far enough ahead; old ones are laid out again from
    their document."""
    if not rows:
        return rows
    last_start = base + _FRESH_DAYS - records.OCCURRENCE_DAYS
    sessions, owner = _joined([bytes(row[2]) for row in rows], records.SESSIONS, 0)
    too_old = (sessions["base"] > 0) & (sessions["base"] < last_start)
    stale = np.unique(owner[too_old]).tolist()
    if stale:
        rows = list(rows)
        today = timezone.localdate()
        documents = dict(
            IndexedListing.objects.filter(pk__in=[rows[place][0] for place in stale]).values_list(
                "pk", "document"
            )
        )
        for place in stale:
            listing = PublicListing.from_json(documents[rows[place][0]])
            rows[place] = (*rows[place][:2], session_records(listing, today), *rows[place][3:])
    return rows
