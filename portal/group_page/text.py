"""A group's plain text as paragraphs and simple lists (`model.md`: an empty line parts paragraphs, "- " starts an item)."""

import re
from dataclasses import dataclass

_ITEM = re.compile(r"^\s*[-*•]\s+")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph (its lines) or, with `is_list`, a list (its items)."""

    lines: tuple[str, ...]
    is_list: bool = False


def blocks(text: str) -> list[Block]:
    """The text in its order; a list may follow a paragraph with no empty line between."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines: list[str] = []
        was_item = False
        for line in part.splitlines():
            if not line.strip():
                continue
            is_item = bool(_ITEM.match(line))
            if lines and is_item != was_item:
                found.append(Block(tuple(lines), was_item))
                lines = []
            lines.append(_ITEM.sub("", line).strip())
            was_item = is_item
        if lines:
            found.append(Block(tuple(lines), was_item))
    return found
