"""Words of other people's files as plain text: paragraphs, "- " lists, nothing that does not show.

Mojibake ("cafÃ©") is left alone: guessing what was meant has its own mistakes.
"""

import re
import unicodedata

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, Tag

MAX_LETTERS = 20_000
"""Longest text kept of one cell. The longest real description we met has 12,000 letters."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
# Zero-width and direction marks, soft hyphen, byte-order mark, lone surrogates, private use, non-characters.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\uffff\ud800-\udfff\ue000-\uf8ff]"
)
# Joiners carry meaning in Persian and Indic words, never beside plain letters.
_STRAY_JOINER = re.compile("(?<=[\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?=[\x00-\x7f])|^[\u200c\u200d]+")
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_LINES = re.compile(r" ?\n ?")
_LINES = re.compile(r"\n{3,}")
_REMOVED = re.compile(
    r"[\[(<]\s*(?:e-?mail|phone|telephone|mobile|number|name)s? removed\s*[\])>]", re.IGNORECASE
)
# What stood before a removed number says nothing without it: "Public Phone:".
_LABEL_LEFT = re.compile(
    r"(?:(?:please )?(?:e-?mail|phone|tel(?:ephone)?|mobile|contact|call|ring)(?: us)?(?: (?:on|at))?)\s*[:\-]?\s*$",
    re.IGNORECASE,
)
_NOTHING = {
    "",
    "na",
    "n/a",
    "n.a.",
    "null",
    "none",
    "nil",
    "nan",
    "-",
    "--",
    ".",
    "?",
    "undefined",
    "#n/a",
    "tbc",
    "tba",
}
_LOOKS_LIKE_HTML = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});")
_BLOCKS = {
    "p", "div", "section", "article", "header", "footer", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table",
    "blockquote", "pre", "dl", "figure", "address", "form",
}  # fmt: skip
_LINE_BLOCKS = {"tr", "dt", "dd"}
_SILENT = {"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg"}
_DEEPEST = 60


def tidy(text: str) -> str:
    """Text without what does not show; spaces are plain and single, at most one empty line in a row."""
    text = text[: MAX_LETTERS * 4]
    if not text.isascii():
        text = _INVISIBLE.sub("", unicodedata.normalize("NFC", text))
        if "\u200c" in text or "\u200d" in text:
            text = _STRAY_JOINER.sub("", text)
    elif text.isprintable() and "  " not in text:
        return text.strip()
    text = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _LINES.sub("\n\n", _AROUND_LINES.sub("\n", _SPACES.sub(" ", text))).strip()


def without_removed(text: str) -> str:
    """Text without "[email removed]" and the label that stood before it."""
    while found := _REMOVED.search(text):
        before = _LABEL_LEFT.sub("", text[: found.start()])
        text = f"{before.rstrip()} {text[found.end() :].lstrip(' ')}"
    return text.strip()


def cell_text(value: object) -> str:
    """A cell or JSON value as tidy text; "" for nothing, for "NA" and the like, and for what is no text.

    A list of texts is joined by commas. A table inside a cell (dict) is no text.
    """
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(text for item in value if not isinstance(item, list) and (text := cell_text(item)))
    text = str(value)
    if "removed" in text:
        text = without_removed(text)
    text = tidy(text)
    return "" if text.casefold() in _NOTHING else text


def plain(html: str) -> str:
    """HTML as plain text: paragraphs apart, "- " before list items. Text without tags or entities stays as it is."""
    if not _LOOKS_LIKE_HTML.search(html):
        return tidy(html)[:MAX_LETTERS]
    pieces: list[str] = []
    _write(BeautifulSoup(_shallow(html), "html.parser"), pieces)
    return tidy(without_removed(tidy("".join(pieces))))[:MAX_LETTERS]


def _shallow(html: str) -> str:
    """Markup nested deeper than any real text is only dropped: parsers and walks recurse."""
    depth, deepest = 0, 0
    for tag in re.finditer(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)", html):
        depth = (
            max(0, depth - 1)
            if tag[1]
            else depth + (tag[2].lower() not in {"br", "img", "hr", "input", "p", "li"})
        )
        deepest = max(deepest, depth)
    return html if deepest <= _DEEPEST else re.sub(r"<[^<>]*>", " ", html)


def _write(node: Tag, pieces: list[str]) -> None:
    for child in node.children:
        if isinstance(child, NavigableString):
            if type(child) in (NavigableString, CData):
                pieces.append(re.sub(r"\s+", " ", str(child)))
        elif isinstance(child, Tag) and child.name not in _SILENT:
            if child.name == "br":
                pieces.append("\n")
            elif child.name == "li":
                pieces.append("\n- ")
                _write(child, pieces)
            elif child.name in _BLOCKS or child.name in _LINE_BLOCKS:
                gap = "\n" if child.name in _LINE_BLOCKS else "\n\n"
                pieces.append(gap)
                _write(child, pieces)
                pieces.append(gap)
            else:
                _write(child, pieces)
                if child.name in {"td", "th"}:
                    pieces.append(" ")


def shortened(text: str, limit: int) -> str:
    """At most `limit` letters, cut between words and closed with "…" where it was longer."""
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    if not text[limit - 1].isspace() and " " in cut:
        cut = cut[: cut.rindex(" ")]
    return cut.rstrip(" ,;:-–(\n") + "…"
