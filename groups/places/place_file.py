"""The file of named places: built by ``load_places``, then mapped into every process."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from groups.places.column_file import Columns, MappedFile, path_of, write_columns
from groups.places.distance import miles_to_all
from groups.places.districts import district_name
from groups.places.names import everyday_names, fold
from groups.places.place_sources import LOCAL_TYPES, NamedPlace

FILE_NAME = "places.columns"
FORMAT = 1
_LETTERS = "".join(LOCAL_TYPES)
_DEGREES = 100_000
# Ordering of namesakes: a town is better known than a suburb or a hamlet of as many people.
_WEIGHT = {"c": 4.0, "t": 2.0, "v": 1.0, "a": 0.8, "o": 1.0, "h": 0.3}
# A name that is only short for another gives way to a place that really bears it.
_SHORT_NAME_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the file; ``row`` identifies it until the file is built again."""

    row: int
    name: str
    letter: str
    latitude: float
    longitude: float
    district_code: str
    district: str
    outward: str
    people: int
    shares_name_and_district: bool


def path() -> Path:
    return path_of(FILE_NAME)


def build(places: Iterable[NamedPlace], target: Path, source: str) -> int:
    """Write the file; returns its number of places. A second row of a name within half a mile is left out."""
    rows = sorted(_without_doubles(places), key=lambda place: place.latitude)
    district_of = [
        (place.district_code, place.district or district_name(place.district_code)) for place in rows
    ]
    known = sorted(set(district_of))
    number = {district: index for index, district in enumerate(known)}
    shared = Counter(
        (fold(place.name), place_district) for place, place_district in zip(rows, district_of, strict=True)
    )
    keys = sorted(
        (name, -int(weight), row) for row, place in enumerate(rows) for name, weight in _names(place)
    )
    columns: dict[str, np.ndarray] = {
        "lat": np.array([round(place.latitude * _DEGREES) for place in rows], dtype=np.int32),
        "lng": np.array([round(place.longitude * _DEGREES) for place in rows], dtype=np.int32),
        "people": np.array([place.people for place in rows], dtype=np.uint32),
        "letter": np.array([_LETTERS.index(place.letter) for place in rows], dtype=np.uint8),
        "district": np.array([number[district] for district in district_of], dtype=np.uint16),
        "outward": np.array([place.outward.encode("ascii", "replace") for place in rows], dtype="S4"),
        "shared": np.array(
            [
                shared[fold(place.name), district] > 1
                for place, district in zip(rows, district_of, strict=True)
            ],
            dtype=bool,
        ),
        "key_row": np.array([row for _name, _weight, row in keys], dtype=np.uint32),
        "key_weight": np.array([-weight for _name, weight, _row in keys], dtype=np.uint32),
        **_texts("name", [place.name for place in rows]),
        **_texts("key", [name for name, _weight, _row in keys]),
    }
    write_columns(
        target, columns, {"format": FORMAT, "source": source, "districts": known, "count": len(rows)}
    )
    return len(rows)


def _without_doubles(places: Iterable[NamedPlace]) -> Iterator[NamedPlace]:
    seen: dict[tuple[str, str], list[NamedPlace]] = {}
    for place in sorted(places, key=lambda place: -place.people):
        namesakes = seen.setdefault((fold(place.name), place.district_code or place.district), [])
        if all(
            miles_to_all(place.latitude, place.longitude, [other.latitude], [other.longitude])[0] > 0.5
            for other in namesakes
        ):
            namesakes.append(place)
            yield place


def _names(place: NamedPlace) -> Iterator[tuple[str, float]]:
    weight = 1 + place.people * _WEIGHT[place.letter]
    own = fold(place.name)
    names = {own: weight}
    for also in place.also:
        names.setdefault(fold(also), weight)
    for short in everyday_names(own, is_town=place.letter in "cto"):
        names.setdefault(short, 1 + (weight - 1) * _SHORT_NAME_WEIGHT)
    yield from ((name, weight) for name, weight in names.items() if name)


def _texts(name: str, texts: list[str]) -> dict[str, np.ndarray]:
    encoded = [text.encode() for text in texts]
    ends = np.cumsum([0, *map(len, encoded)], dtype=np.uint32)
    return {f"{name}_text": np.frombuffer(b"".join(encoded), dtype=np.uint8), f"{name}_end": ends}


class _Texts:
    """A list of UTF-8 texts over two mapped columns; sorted, it can be bisected."""

    def __init__(self, text: NDArray[np.uint8], ends: NDArray[np.uint32]) -> None:
        self._text, self._ends = text.data, ends.data

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, row: int) -> bytes:
        return self._text[self._ends[row] : self._ends[row + 1]].tobytes()


class PlaceIndex:
    """Look-ups in the mapped file. Names are given folded (``names.fold``)."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns.arrays
        self._names = _Texts(columns.arrays["name_text"], columns.arrays["name_end"])
        self._keys = _Texts(columns.arrays["key_text"], columns.arrays["key_end"])
        self._districts: list[list[str]] = columns.facts["districts"]
        self.facts: Any = columns.facts

    def __len__(self) -> int:
        return len(self._columns["lat"])

    def named(self, folded: str) -> list[Place]:
        """Every place of a name, best known first; empty for none."""
        return [self.place(row) for row in self._rows_named(folded)]

    @lru_cache(maxsize=8192)  # noqa: B019 (one index a process; every few words of every search are looked up)
    def _rows_named(self, folded: str) -> tuple[int, ...]:
        start = bisect_left(self._keys, folded.encode())
        if start == len(self._keys) or self._keys[start] != folded.encode():
            return ()
        end = bisect_left(self._keys, folded.encode() + b"\0", start)
        return tuple(dict.fromkeys(self._columns["key_row"][start:end].tolist()))

    def starting_with(self, folded: str, limit: int) -> list[Place]:
        """The best known places of which a name starts so."""
        start, end = self._range(folded, folded + "\U0010ffff")
        weights = self._columns["key_weight"][start:end]
        wanted = min(limit * 2, len(weights))
        if not wanted:
            return []
        # Twice as many, because one place may stand there under two of its names.
        best = np.argpartition(weights, len(weights) - wanted)[-wanted:]
        ordered = best[np.lexsort((best, -weights[best].astype(np.int64)))]
        rows = dict.fromkeys(self._columns["key_row"][start + ordered].tolist())
        return [self.place(row) for row in islice(rows, limit)]

    def largest_in(self, district_codes: frozenset[str], limit: int) -> list[Place]:
        """The places with most people in some districts."""
        wanted = np.array([code in district_codes for code, _name in self._districts])
        rows = np.flatnonzero(wanted[self._columns["district"]])
        people = self._columns["people"][rows].astype(np.int64)
        return [self.place(int(row)) for row in rows[np.argsort(-people, kind="stable")[:limit]]]

    def nearest(self, latitude: float, longitude: float, letters: str, within: float) -> Place | None:
        """The nearest place of the given types within so many miles."""
        lat, lng = self._columns["lat"], self._columns["lng"]
        wanted = np.isin(np.arange(len(_LETTERS)), [_LETTERS.index(letter) for letter in letters])
        reach = int(within / 69.0 * _DEGREES) + 1
        middle = round(latitude * _DEGREES)
        start, end = lat.searchsorted(
            np.array([middle - reach, middle + reach], dtype=np.int64)
            .clip(-(2**31), 2**31 - 1)
            .astype(np.int32)
        )
        rows = start + np.flatnonzero(wanted[self._columns["letter"][start:end]])
        if not len(rows):
            return None
        miles = miles_to_all(latitude, longitude, lat[rows] / _DEGREES, lng[rows] / _DEGREES)
        best = int(miles.argmin())
        return self.place(int(rows[best])) if miles[best] <= within else None

    def place(self, row: int) -> Place:
        """The place of a row."""
        columns = self._columns
        code, district = self._districts[columns["district"][row]]
        return Place(
            row,
            self._names[row].decode(),
            _LETTERS[columns["letter"][row]],
            int(columns["lat"][row]) / _DEGREES,
            int(columns["lng"][row]) / _DEGREES,
            code,
            district,
            columns["outward"][row].decode(),
            int(columns["people"][row]),
            bool(columns["shared"][row]),
        )

    @cached_property
    def all_names(self) -> list[str]:
        """Every folded name once: what near spellings are looked for in. Made at the first misspelling."""
        return list(dict.fromkeys(self._keys[row].decode() for row in range(len(self._keys))))

    def _range(self, first: str, beyond: str) -> tuple[int, int]:
        return bisect_left(self._keys, first.encode()), bisect_left(self._keys, beyond.encode())


_mapped = MappedFile()


def index() -> PlaceIndex:
    """The index over the file as it is now. Raises FileNotFoundError where none was built."""
    return _mapped.get(path(), PlaceIndex)
