"""One file of named numpy columns that processes map into memory, and share.

Layout: 8 magic bytes, the header's length (8 bytes, little-endian), the header as JSON, then each column at a
multiple of 64 bytes. A numpy ``.npz`` cannot be mapped, and a folder of ``.npy`` cannot be replaced at once.
"""

import json
import mmap
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

_MAGIC = b"WAYMARK1"
_ALIGN = 64


class ColumnFileError(Exception):
    """The file is not one of ours, or is cut short."""


@dataclass(frozen=True, slots=True)
class Columns:
    """``arrays`` are read-only views of the mapped file, one-dimensional; ``facts`` is JSON of ours."""

    arrays: Mapping[str, np.ndarray]
    facts: Mapping[str, Any]


def write_columns(path: Path, arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any]) -> None:
    """Write beside ``path`` and rename over it, so that a reader sees the old file or the new one, whole."""
    layout: dict[str, dict[str, Any]] = {}
    offset = 0
    for name, array in arrays.items():
        layout[name] = {"dtype": array.dtype.str, "length": len(array), "offset": offset}
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    header = json.dumps({"columns": layout, "facts": facts}, ensure_ascii=False).encode()
    start = -(-(16 + len(header)) // _ALIGN) * _ALIGN
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write((_MAGIC + len(header).to_bytes(8, "little") + header).ljust(start, b"\0"))
            for array in arrays.values():
                file.write(np.ascontiguousarray(array).tobytes())
                file.write(b"\0" * (-array.nbytes % _ALIGN))
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _header(path: Path, head: bytes) -> tuple[dict[str, Any], int]:
    if head[:8] != _MAGIC:
        raise ColumnFileError(f"{path.name} was not made by this version of Waymark")
    length = int.from_bytes(head[8:16], "little")
    header = json.loads(head[16 : 16 + length])
    if not {"columns", "facts"} <= header.keys():
        raise ColumnFileError(f"{path.name} has no columns")
    return header, -(-(16 + length) // _ALIGN) * _ALIGN


def read_facts(path: Path) -> Mapping[str, Any] | None:
    """The facts of a file without mapping it; None where there is no file of ours."""
    try:
        with path.open("rb") as file:
            head = file.read(16)
            head += file.read(int.from_bytes(head[8:16], "little")) if head[:8] == _MAGIC else b""
        return _header(path, head)[0]["facts"]
    except (FileNotFoundError, ColumnFileError, ValueError):
        return None


def open_columns(path: Path) -> Columns:
    """Map the file. Raises FileNotFoundError, and ColumnFileError for a file that is not ours or is cut."""
    with path.open("rb") as file:
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise ColumnFileError(f"{path.name} is empty") from error
    try:
        header, start = _header(path, mapped[: 16 + int.from_bytes(mapped[8:16], "little")])
        arrays = {
            name: np.frombuffer(
                mapped, dtype=column["dtype"], count=column["length"], offset=start + column["offset"]
            )
            for name, column in header["columns"].items()
        }
    except ValueError as error:
        raise ColumnFileError(f"{path.name} is cut short") from error
    return Columns(arrays, header["facts"])


def path_of(name: str) -> Path:
    """A file of WAYMARK_PLACES_DIR. Asked at each look-up, so a path is put together once."""
    return _path(os.fspath(settings.WAYMARK_PLACES_DIR), name)


@lru_cache(maxsize=8)
def _path(folder: str, name: str) -> Path:
    return Path(folder) / name


class MappedFile:
    """A column file kept open, and opened again when the command has replaced it (seen by its mtime)."""

    def __init__(self) -> None:
        self._seen: tuple[Path, int, int] | None = None
        self._made: Any = None

    def get(self, path: Path, make: Any) -> Any:
        """``make(columns)`` for the file now at ``path``, made once for each version of it."""
        status = os.stat(path)  # noqa: PTH116 — half the time of Path.stat, and asked at each look-up
        seen = (path, status.st_mtime_ns, status.st_ino)
        if seen != self._seen:
            self._made = make(open_columns(path))
            self._seen = seen
        return self._made
