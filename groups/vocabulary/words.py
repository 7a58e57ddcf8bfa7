"""One analysis of words, for the vocabulary, the index and every query: fold, split, stem."""

import re
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

import Stemmer
import yaml

_APOSTROPHES = re.compile("['’‘`´]")
_WORD = re.compile(r"[a-z0-9]+")
_MOST_WORDS = 100_000
_stemmer = Stemmer.Stemmer("english", maxCacheSize=0)

# Words that carry no topic. Kept out of the index's scores, never out of a whole phrase of the vocabulary.
STOP_WORDS = frozenset(
    """
    a about above after again all also am an and any anyone anything anywhere are as at be because been before being below
    between both but by can cant cannot could couldnt did didnt do does doesnt doing dont down during each either else etc ever
    every everyone everything few for from get gets getting give given go goes going gone got had has hasnt have havent having
    he hed her here hers herself hes hi hello him himself his how however i id if ill im in into is isnt it its itself ive just
    kind know let lets like ll local look looking lot lots may maybe me might mine more most much must my myself near nearby
    need needs needed never no nor not nothing now of off often on once one ones only or other others our ours ourselves out
    over own people per perhaps place places please quite rather really s same see seem seems several she shed should shouldnt
    shes since so some somebody someone something somewhere sometimes soon still such sure t take tell than thank thanks that
    thats the their theirs them themselves then there theres these they theyre theyve thing things think this those though
    through to too try trying under until up us use used using ve very want wanted wants was wasnt way we well were werent what
    whats when where whether which while who whos whose why will wish with within without wont would wouldnt yes yet you your
    youre yours yourself youve been group groups club clubs service services activity activities available area find help
    helps helping support somethings session sessions project run running meet meets bit able make makes made feel feeling
    """.split()  # noqa: SIM905
) - {"shed"}


def fold(text: str) -> str:
    """Small letters, no accents, no apostrophes."""
    if text.isascii():
        return text.replace("'", "").replace("`", "").lower()
    plain = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", text).casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The words of a text, folded, in order: "Men's Shed, café" is ["mens", "shed", "cafe"].

    Ways of writing that are one to us read as one ("cannot" is "cant"; `data/neutral.yaml`, "same").
    """
    found = _WORD.findall(fold(text))
    pattern, meant = _same()
    if meant["first words"].isdisjoint(found):
        return found
    return pattern.sub(lambda match: meant[match[0]], " ".join(found)).split()


@cache
def _same() -> tuple[re.Pattern[str], dict]:
    path = Path(__file__).parent / "data" / "neutral.yaml"
    same: dict = yaml.safe_load(path.read_text(encoding="utf-8"))["same"]
    longest_first = sorted(same, key=len, reverse=True)
    pattern = re.compile(r"\b(?:" + "|".join(longest_first) + r")\b")
    return pattern, {**same, "first words": frozenset(phrase.split()[0] for phrase in same)}


class _OfWords(dict[str, str]):
    def __init__(self, make: Callable[[str], str]):
        self._make = make

    def __missing__(self, word: str) -> str:
        if len(self) >= _MOST_WORDS:
            self.clear()
        found = self[word] = self._make(word)
        return found


def of_words(make: Callable[[str], str]) -> Callable[[str], str]:
    """`make` for single words, each answer remembered: an index asks for hundreds a listing, so it is one look-up, no more."""
    return _OfWords(make).__getitem__


stem = of_words(_stemmer.stemWord)
"""The English stem: "walking" and "walks" are both "walk"."""


def stems(text: str) -> list[str]:
    return [stem(word) for word in words(text)]


def content_words(text: str) -> list[str]:
    """The words that carry a topic, folded, each once, in order."""
    return list(dict.fromkeys(word for word in words(text) if word not in STOP_WORDS))
