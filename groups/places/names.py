"""How names of places are compared: folded, with the short forms people type; and which are ordinary."""

import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

_NOT_A_LETTER = re.compile(r"[^\w]+|_+")
_APOSTROPHES = str.maketrans("", "", "'’‘`´")
_LONG_FORMS = {"saint": "st"}
# "Newcastle upon Tyne" is "Newcastle" to everyone; "Stoke-on-Trent" is "Stoke".
_SHORT_FORM = re.compile(r"^(.{3,}?) (?:upon|on|under|in|super|le|by|next) .+$")
# Short names that follow no rule.
EVERYDAY_NAMES = {
    "kingston upon hull": ("hull",),
    "royal tunbridge wells": ("tunbridge wells",),
    "royal leamington spa": ("leamington spa", "leamington"),
    "royal wootton bassett": ("wootton bassett",),
    "derry": ("londonderry",),
    "brighton and hove": ("brighton hove",),
    "ynys mon": ("anglesey",),
}


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Lower-case words without accents, apostrophes or punctuation; "Saint" is "st", "&" is "and"."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("&", " and ").translate(_APOSTROPHES))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    words = _NOT_A_LETTER.sub(" ", plain).split()
    return " ".join(_LONG_FORMS.get(word, word) for word in words)


def everyday_names(folded: str, *, is_town: bool) -> tuple[str, ...]:
    """The other folded names a place goes by: "hull"; for a town also its name without the river."""
    if names := EVERYDAY_NAMES.get(folded):
        return names
    short = _SHORT_FORM.match(folded) if is_town else None
    return (short.group(1),) if short else ()


@cache
def _ordinary() -> frozenset[str]:
    path = Path(__file__).parent / "data" / "ordinary_words.txt"
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_ordinary(folded: str) -> bool:
    """True where every word of a folded name is an everyday word: "reading", "bath", "the common"."""
    return all(word in _ordinary() or word.isdigit() for word in folded.split())
