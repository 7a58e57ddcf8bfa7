"""The postcode file: built by ``load_postcodes``, then mapped into every process."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from groups.places.column_file import Columns, MappedFile, path_of, write_columns
from groups.places.districts import districts, former_codes
from groups.places.national_grid import IRISH_GRID, to_wgs84
from groups.places.postcode_sources import Batch
from groups.places.postcodes import UNITS_PER_OUTWARD, UNITS_PER_SECTOR, Postcode, is_northern_irish, pack_all

FILE_NAME = "postcodes.columns"
FORMAT = 1

# One 16-bit number beside each position: the district's row, and what to know of the postcode.
_ENDED = 0x8000
_DISTRICT = 0x1FFF
_NO_DISTRICT = _DISTRICT
_DEGREES = 100_000


@dataclass(frozen=True, slots=True)
class Position:
    """WGS84 degrees to 5 decimals, the district's ONS code ("" for none), whether the postcode has ended."""

    latitude: float
    longitude: float
    district_code: str
    ended: bool = False


def path() -> Path:
    return path_of(FILE_NAME)


def build(batches: Iterable[Batch], target: Path, source: str) -> dict[str, int]:
    """Write the file from batches. Returns counts: kept, ended, without_position, malformed.

    Sector, outward and district positions are medians of their live postcodes (of all, where none is live),
    in the district most of them lie in. The first row of a postcode given twice is kept.
    """
    codes = sorted(districts())
    keys, lats, lngs, infos = [], [], [], []
    counts = {"kept": 0, "ended": 0, "without_position": 0, "malformed": 0}
    for batch in batches:
        packed, good = pack_all(batch.postcodes)
        latitudes, longitudes = _degrees(batch, packed)
        placed = good & np.isfinite(latitudes) & np.isfinite(longitudes)
        counts["malformed"] += int((~good).sum())
        counts["without_position"] += int((good & ~placed).sum())
        info = _district_rows(batch.districts, codes) | np.where(batch.ended, _ENDED, 0).astype(np.uint16)
        keys.append(packed[placed])
        lats.append(np.rint(latitudes[placed] * _DEGREES).astype(np.int32))
        lngs.append(np.rint(longitudes[placed] * _DEGREES).astype(np.int32))
        infos.append(info[placed])
    key = np.concatenate(keys) if keys else np.zeros(0, np.uint32)
    key, first = np.unique(key, return_index=True)
    columns: dict[str, np.ndarray] = {
        "key": key,
        "lat": np.concatenate(lats)[first] if keys else np.zeros(0, np.int32),
        "lng": np.concatenate(lngs)[first] if keys else np.zeros(0, np.int32),
        "info": np.concatenate(infos)[first] if keys else np.zeros(0, np.uint16),
    }
    for name, groups in (
        ("sector", key // np.uint32(UNITS_PER_SECTOR)),
        ("outward", key // np.uint32(UNITS_PER_OUTWARD)),
        ("district", (columns["info"] & _DISTRICT).astype(np.uint32)),
    ):
        columns.update({f"{name}_{part}": column for part, column in _centres(groups, columns).items()})
    counts["kept"] = len(key)
    counts["ended"] = int((columns["info"] & _ENDED != 0).sum())
    write_columns(target, columns, {"format": FORMAT, "source": source, "districts": codes, "counts": counts})
    return counts


def _degrees(batch: Batch, packed: NDArray[np.uint32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    latitudes, longitudes = to_wgs84(batch.eastings, batch.northings)
    irish = is_northern_irish(packed)
    if irish.any():
        latitudes[irish], longitudes[irish] = to_wgs84(
            batch.eastings[irish], batch.northings[irish], IRISH_GRID
        )
    # ONSPD fills an unknown position with grid 0, 0.
    unknown = ~((batch.eastings > 0) & (batch.northings > 0))
    latitudes[unknown] = longitudes[unknown] = np.nan
    given = np.isfinite(batch.latitudes) & np.isfinite(batch.longitudes)
    return np.where(given, batch.latitudes, latitudes), np.where(given, batch.longitudes, longitudes)


def _district_rows(published: NDArray[np.bytes_], codes: list[str]) -> NDArray[np.uint16]:
    rows = {code: row for row, code in enumerate(codes)}
    rows.update({former: rows[now] for former, now in former_codes().items()})
    unique, inverse = np.unique(published, return_inverse=True)
    row_of = np.array([rows.get(code.decode("ascii", "replace"), _NO_DISTRICT) for code in unique], np.uint16)
    return row_of[inverse]


def _centres(groups: NDArray[np.uint32], columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Key, median position and commonest district of each group."""
    live = columns["info"] & _ENDED == 0
    live |= ~np.isin(groups, np.unique(groups[live]))
    group, district = groups[live], columns["info"][live] & _DISTRICT
    names, counts = np.unique(group, return_counts=True)
    middle = np.cumsum(counts) - counts + (counts - 1) // 2
    result = {"key": names}
    for axis in ("lat", "lng"):
        values = columns[axis][live]
        result[axis] = values[np.lexsort((values, group))[middle]]
    pairs, pair_counts = np.unique(group.astype(np.int64) << 16 | district, return_counts=True)
    best = np.lexsort((-pair_counts, pairs >> 16))
    first_of_group = np.unique(pairs[best] >> 16, return_index=True)[1]
    result["info"] = (pairs[best][first_of_group] & _DISTRICT).astype(np.uint16)
    return result


class PostcodeIndex:
    """Look-ups in the mapped file. Every answer is a Position, or None for what it does not hold."""

    def __init__(self, columns: Columns) -> None:
        self._columns = columns.arrays
        self._codes: list[str] = columns.facts["districts"]
        self.facts: Any = columns.facts

    def find(self, postcode: Postcode) -> Position | None:
        """A whole postcode, sector or outward code; Northern Ireland's only where the setting says so."""
        if postcode.is_northern_irish and not settings.WAYMARK_NORTHERN_IRELAND_POSTCODES:
            return None
        if postcode.unit:
            return self._at("", postcode.packed)
        if postcode.sector:
            return self._at("sector_", postcode.packed_sector)
        return self._at("outward_", postcode.packed_outward)

    def district(self, code: str) -> Position | None:
        """The middle of a district's postcodes."""
        if code not in self._codes:
            return None
        if code.startswith("N") and not settings.WAYMARK_NORTHERN_IRELAND_POSTCODES:
            return None
        return self._at("district_", self._codes.index(code))

    def _at(self, table: str, key: int) -> Position | None:
        keys = self._columns[f"{table}key"]
        row = int(keys.searchsorted(np.asarray(key, dtype=keys.dtype)))
        if row == len(keys) or keys[row] != key:
            return None
        info = int(self._columns[f"{table}info"][row])
        district = info & _DISTRICT
        return Position(
            int(self._columns[f"{table}lat"][row]) / _DEGREES,
            int(self._columns[f"{table}lng"][row]) / _DEGREES,
            self._codes[district] if district != _NO_DISTRICT else "",
            bool(info & _ENDED),
        )


_mapped = MappedFile()


def index() -> PostcodeIndex:
    """The index over the file as it is now. Raises FileNotFoundError where none was built."""
    return _mapped.get(path(), PostcodeIndex)
