"""What of a listing is worth encoding: plain text in, a few good sentences out."""

import re
from collections.abc import Iterator, Sequence

MAX_SENTENCES = 12
SHORT = 40
"""A sentence of fewer characters says too little alone: "All welcome." joins its neighbour."""

LONG = 300
"""About 60 words: a longer sentence holds several thoughts and is split."""

PARAGRAPH = re.compile(r"\n\s*(?:[•·▪*–-]\s+)?|[•·▪]\s*")
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)]?\s+(?=[\"'“‘(]?[A-Z0-9])")
NOT_AN_END = re.compile(
    r"\b(?:Mr|Mrs|Ms|Dr|St|Rev|Prof|No|Nr|Rd|e\.g|i\.e|etc|approx|a\.m|p\.m)\.$", re.IGNORECASE
)
CLAUSE_END = re.compile(r"(?<=[;:])\s+|(?<=,)\s+(?=and |or |but |including |with )")

CONTACT = re.compile(
    r"""(?:https?://|www\.)\S+                              # web address
    | (?<![\w.+-])[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+         # e-mail
    | (?<!\w)(?:\+44\s?\(?0?\)?|\(?0)[\d\s()-]{8,13}\d\b    # UK phone number
    """,
    re.VERBOSE | re.IGNORECASE,
)
DAY = r"(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?s?"
CLOCK = r"(?:\d{1,2}(?:[:.]\d{2})?\s?(?:am|pm)|\d{1,2}[:.]\d{2}|noon|midday|midnight)"
TIME = rf"(?:{CLOCK}|\d{{1,2}})"
TO = r"\s*(?:-|–|to|until|till)\s*"
# Two bare numbers are hours only after a day: "aged 50 to 90" is not.
HOURS = re.compile(
    rf"\b(?:{DAY}(?:\s*(?:-|–|to|and|&|,)\s*{DAY})*[\s:,]*(?:from\s+)?{TIME}{TO}{TIME}"
    rf"|{CLOCK}{TO}{TIME}|{TIME}{TO}{CLOCK})\b",
    re.IGNORECASE,
)
LABEL = re.compile(
    r"\b(?:e-?mail|tel(?:ephone)?|phone|call|ring|text|fax|mobile|website|web|opening (?:hours|times)|open"
    r"|contact(?: us)?|for more information|find out more|visit|see|or|and|at|on|us|our|please)\b",
    re.IGNORECASE,
)
GIST_SENTENCES = 3
WORD = re.compile(r"[^\W\d_]{2,}")
ENOUGH_WORDS = 3


def sentences(text: str, limit: int = MAX_SENTENCES) -> list[str]:
    """The first `limit` sentences of plain `text` that say something about a group, fit for encoding.

    Web addresses, e-mail addresses, phone numbers and hours are taken out, and a sentence that held little
    else is dropped. Very short sentences are joined to a neighbour and very long ones split.
    """
    found: list[str] = []
    for paragraph in PARAGRAPH.split(f"\n{text}"):
        parts = [part for sentence in _split(paragraph) if (part := _without_boilerplate(sentence))]
        found.extend(_joined([piece for part in parts for piece in _pieces(part)]))
        if len(found) > limit:
            break
    return _joined(found)[:limit]


def listing_texts(name: str, summary: str, description: str, topics: Sequence[str]) -> list[str]:
    """The texts a listing is found by: first the one that stands for all of it, then up to 12 sentences.

    The first holds the name, the summary (or the start of the description) and the topics.
    """
    gist = " ".join(sentences(summary)) or " ".join(sentences(description, limit=GIST_SENTENCES))
    whole = ". ".join(part.strip(" .") for part in (name, gist, ", ".join(topics)) if part.strip(" ."))
    kept = sentences(f"{summary}\n{description}")
    return [whole, *dict.fromkeys(kept)]


def _split(paragraph: str) -> Iterator[str]:
    held = ""
    for part in SENTENCE_END.split(paragraph):
        held = f"{held} {part}".strip()
        if not NOT_AN_END.search(held):
            yield held
            held = ""
    if held:
        yield held


def _without_boilerplate(sentence: str) -> str:
    bare, removed = CONTACT.subn(" ", sentence)
    bare, hours = HOURS.subn(" ", bare)
    bare = re.sub(r"\s+([,.;:!?])", r"\1", re.sub(r"\s+", " ", bare)).strip(" ,;:-–")
    telling = WORD.findall(LABEL.sub(" ", bare)) if removed or hours else WORD.findall(bare)
    enough = ENOUGH_WORDS if removed or hours else 1
    return bare if len(telling) >= enough else ""


def _pieces(sentence: str) -> list[str]:
    if len(sentence) <= LONG:
        return [sentence]
    pieces = [""]
    for clause in CLAUSE_END.split(sentence):
        if pieces[-1] and len(pieces[-1]) + len(clause) > LONG:
            pieces.append("")
        for word in clause.split():
            if len(pieces[-1]) + len(word) >= LONG:
                pieces.append("")
            pieces[-1] = f"{pieces[-1]} {word}".strip()[:LONG]
    return pieces


def _joined(parts: list[str]) -> list[str]:
    """`parts` with each very short one put to the one before it, or at the start to the one after it."""
    result: list[str] = []
    for part in parts:
        if result and (len(part) < SHORT or len(result[-1]) < SHORT) and len(result[-1]) + len(part) < LONG:
            result[-1] = f"{result[-1]} {part}"
        else:
            result.append(part)
    return result
