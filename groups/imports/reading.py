"""Rows out of a CSV or JSON file, whatever is wrong with it: rows, rows that cannot be used, or one clear sentence."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from groups.imports.errors import FileProblem
from groups.imports.mapping import Mapping
from groups.imports.picks import Row

MAX_BYTES = 200 * 1024 * 1024
MAX_CELL = 1_000_000  # letters
_DELIMITERS = (",", ";", "\t", "|")
_NOT_TEXT = {
    b"PK\x03\x04": "a spreadsheet or zip file",
    b"\x1f\x8b": "a gzip file",
    b"%PDF": "a PDF",
    b"\xd0\xcf\x11\xe0": "an old spreadsheet",
    b"SQLite format 3": "a database",
    b"\x89PNG": "a picture",
}

csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True, slots=True)
class FileRow:
    """A row and its place in the file, from 1. `problem`: why it cannot be used, "" where it can."""

    number: int
    row: Row
    problem: str = ""


@dataclass
class SourceFile:
    """Rows in the order of the file, and what was odd about the file as a whole."""

    rows: Iterator[FileRow]
    notes: list[str] = field(default_factory=list)


def open_file(path: Path, mapping: Mapping) -> SourceFile:
    """The rows of a file as the mapping says. Raises FileProblem with what to do."""
    try:
        if not path.is_file():
            raise FileProblem(_("There is no file %(path)s.") % {"path": path})
        if path.stat().st_size > MAX_BYTES:
            raise FileProblem(_("The file is larger than 200 MB. Split it, and import the parts one by one."))
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise FileProblem(_("The file %(path)s cannot be opened.") % {"path": str(path)[:200]}) from error
    notes: list[str] = []
    text = _decoded(data, notes)
    if not text.strip():
        raise FileProblem(_("The file is empty."))
    kind = mapping.format or ("json" if path.suffix.lower() in (".json", ".geojson") else "csv")
    return SourceFile(_json_rows(text, mapping) if kind == "json" else _csv_rows(text, mapping), notes)


def _decoded(data: bytes, notes: list[str]) -> str:
    for start, what in _NOT_TEXT.items():
        if data.startswith(start):
            raise FileProblem(_("This is %(what)s. Save it as CSV or JSON first.") % {"what": what})
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strict(data, "utf-16")
    sample = data[:4000]
    if sample.count(0) > len(sample) // 4:
        return _strict(data, "utf-16-le" if sample[1::2].count(0) >= sample[0::2].count(0) else "utf-16-be")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        notes.append(
            _("The file is not UTF-8 (byte %(byte)s). It was read as Windows-1252: look for odd letters.")
            % {"byte": error.start}
        )
        return data.decode("cp1252", errors="replace")


def _strict(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FileProblem(_("The letters of this file cannot be read. Save it as UTF-8.")) from error


# --- CSV ------------------------------------------------------------------------------------------


def _csv_rows(text: str, mapping: Mapping) -> Iterator[FileRow]:
    if text.lstrip()[:1] in ("{", "["):
        raise FileProblem(
            _("This looks like JSON. Rename it to end in .json, or say `format: json` in the mapping.")
        )
    if text.lstrip()[:1] == "<":
        raise FileProblem(_("This looks like a web page or XML, not CSV. Download the data file itself."))
    header, reader = _header(text, mapping)
    return _each_csv_row(header, reader)


def _header(text: str, mapping: Mapping) -> tuple[list[str], Any]:
    """The header and a reader that stands after it, by the delimiter that gives the most of the columns we need."""
    wanted = mapping.columns
    best: list[str] = []
    for delimiter in (mapping.delimiter,) if mapping.delimiter else _DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            header = [name.strip().strip("\ufeff") for name in next(reader, [])]
        except csv.Error as error:
            raise FileProblem(_("The first line is no list of columns. It must name each column.")) from error
        if wanted <= set(header):
            twice = sorted(name for name in wanted if header.count(name) > 1)
            if twice:
                raise FileProblem(
                    _("The column %(name)s stands there twice. Rename one of them.") % {"name": twice[0]}
                )
            return header, reader
        if len(wanted & set(header)) >= len(wanted & set(best)) and (len(header) > len(best) or not best):
            best = header
    missing = ", ".join(sorted(wanted - set(best)))
    raise FileProblem(
        _("The file has no column %(missing)s. It has: %(names)s.")
        % {"missing": missing, "names": ", ".join(best)[:300]}
    )


def _each_csv_row(header: list[str], reader: Any) -> Iterator[FileRow]:
    number = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            number += 1
            yield FileRow(
                number, Row({}), _("The row cannot be read: a quote is not closed, or a cell is too long.")
            )
            continue
        if not any(cell.strip() for cell in cells):
            continue
        number += 1
        row = Row(dict(zip(header, cells, strict=False)))
        if len(cells) > len(header) and any(cell.strip() for cell in cells[len(header) :]):
            yield FileRow(number, row, _("The row has more cells than the first line has columns."))
        else:
            yield FileRow(number, row)


# --- JSON -----------------------------------------------------------------------------------------


def _json_rows(text: str, mapping: Mapping) -> Iterator[FileRow]:
    try:
        found = json.loads(text, parse_constant=lambda name: None)
    except json.JSONDecodeError as error:
        raise FileProblem(
            _("The file is no whole JSON: line %(line)s. It may have been cut off. Download it again.")
            % {"line": error.lineno}
        ) from error
    except (RecursionError, ValueError) as error:
        raise FileProblem(_("The JSON is nested too deeply, or holds a number too large to read.")) from error
    for step in mapping.rows.split(".") if mapping.rows else ():
        if not isinstance(found, list):  # the list itself is as good as the page that held it
            found = found.get(step) if isinstance(found, dict) else None
    if not isinstance(found, list):
        raise FileProblem(
            _("There is no list of rows at `%(path)s`. Say in `rows` where the list stands.")
            % {"path": mapping.rows or "(the top)"}
        )
    rows = [item for item in found if isinstance(item, dict)]
    missing = sorted(
        path for path in {path.split(".")[0] for path in mapping.columns} if not any(path in r for r in rows)
    )
    if rows and missing:
        raise FileProblem(
            _("No row has %(missing)s. Is this the right mapping?") % {"missing": ", ".join(missing)}
        )
    return _each_json_row(found)


def _each_json_row(items: list[Any]) -> Iterator[FileRow]:
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            yield FileRow(number, Row(item))
        else:
            yield FileRow(number, Row({}), _("The row is no table of names and values."))
