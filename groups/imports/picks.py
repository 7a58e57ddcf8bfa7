"""How one value is taken from a row: columns, then a pattern or a join, then a table of words, then named steps."""

import re
from collections.abc import Mapping as AnyMapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from groups.imports.plain_text import cell_text
from groups.imports.transforms import TRANSFORMS

_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class Pick:
    """columns: the first with text is taken, or all of them with `join`. template: text with {column} in it, nothing where
    one is empty. words: (text, value) in small letters, patterns: (regex, value); with either, any other text gives nothing.
    blank: texts (small letters) that mean nothing. value: always this.
    """

    columns: tuple[str, ...] = ()
    join: str | None = None
    template: str = ""
    value: str = ""
    words: tuple[tuple[str, str], ...] = ()
    patterns: tuple[tuple[str, str], ...] = ()
    blank: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()

    @property
    def needs(self) -> tuple[str, ...]:
        """The columns it reads."""
        return (*self.columns, *_PLACEHOLDER.findall(self.template))

    def take(self, row: "Row") -> str:
        text = self._found(row)
        if text.casefold() in self.blank:
            return ""
        if self.words or self.patterns:
            text = self._translated(text)
        for step in self.steps:
            text = TRANSFORMS[step](text) if text else ""
        return text

    def _found(self, row: "Row") -> str:
        if self.value:
            return self.value
        if self.template:
            parts = {column: row.cell(column) for column in _PLACEHOLDER.findall(self.template)}
            if not all(parts.values()):
                return ""
            return _PLACEHOLDER.sub(lambda found: parts[found[1]], self.template)
        texts = (row.cell(column) for column in self.columns)
        if self.join is None:
            return next((text for text in texts if text), "")
        return self.join.join(dict.fromkeys(text for text in texts if text))

    def _translated(self, text: str) -> str:
        folded = " ".join(text.casefold().split())
        for word, value in self.words:
            if folded == word:
                return value
        for pattern, value in self.patterns:
            if _compiled(pattern).fullmatch(folded):
                return value
        return ""


@lru_cache(maxsize=500)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


class Row:
    """A row as its file holds it, read cell by cell; each cell is made tidy once."""

    def __init__(self, raw: AnyMapping[str, Any]) -> None:
        self.raw = raw
        self._cells: dict[str, str] = {}

    def cell(self, path: str) -> str:
        """The tidy text of a column, or of a path like `organization.name` or `phones.0.number` in nested rows."""
        if path not in self._cells:
            self._cells[path] = cell_text(_at(self.raw, path))
        return self._cells[path]


def _at(raw: AnyMapping[str, Any], path: str) -> Any:
    if path in raw:
        return raw[path]
    value: Any = raw
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and len(step) < 6 and int(step) < len(value):
            value = value[int(step)]
        elif isinstance(value, list):
            value = [item.get(step) for item in value if isinstance(item, dict)]
        else:
            return None
    return value
