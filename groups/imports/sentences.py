"""A summary out of somebody's text: its first sentence, the rest kept."""

import re

from groups.imports.plain_text import shortened

SUMMARY_LETTERS = 200
_SHORT = 40  # letters; a first sentence shorter than this ("Welcome!") takes the next one with it

_END = re.compile(r"(?<=[.!?])[\"')”’]?\s+(?=[\"'(“‘]?[A-Z0-9£])|\n+")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:St|Mr|Mrs|Ms|Dr|Rev|Revd|Fr|No|nr|e\.g|i\.e|etc|approx|Tel|Ltd|Co|vs|[A-Z])\.$"
)
# Registers lose the space between sentences: "champion.The charity". Web addresses have small letters after dots.
_LOST_SPACE = re.compile(r"(?<=[a-z]{3})([.!?;:])(?=[A-Z][a-z])(?<!www\.)")


def spaced(text: str) -> str:
    """Text with the space between sentences put back."""
    return _LOST_SPACE.sub(r"\1 ", text)


def first_sentence(text: str) -> str:
    """The first sentence, or two where the first is very short, within a summary's length."""
    return split_summary(text)[0]


def split_summary(text: str) -> tuple[str, str]:
    """The summary of a text (at most 200 letters), and the description that stands below it.

    Where the first sentence fits, the description is the rest. Where it had to be cut, the description is the whole text.
    """
    text = text.strip()
    end = _first_end(text, 0)
    if end < _SHORT and end < len(text):
        longer = _first_end(text, end)
        if longer <= SUMMARY_LETTERS:
            end = longer
    first = " ".join(text[:end].split()).removeprefix("- ")
    if len(first) > SUMMARY_LETTERS:
        return shortened(first, SUMMARY_LETTERS), text
    return first, text[end:].strip()


def _first_end(text: str, start: int) -> int:
    """Where the first sentence after `start` ends: letters before the gap, the text's length where there is none."""
    for gap in _END.finditer(text, start + 1):
        said = text[: gap.start()].rstrip()
        if said.strip("- ") and not _ABBREVIATION.search(said):
            return gap.start() + len(gap.group()) - len(gap.group().lstrip("\"')”’"))
    return len(text)
