"""Mending misspelt words from what stands in listings and in the vocabulary.

A word that is right is left alone: it stands in a listing, in the vocabulary, or in an English word list. So is every name that
exists. What is left is compared with known words: keyboard slips, sound-alikes, words broken off, run together or torn apart.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import jellyfish
from django.db import connection
from rapidfuzz import process
from rapidfuzz.distance import OSA

from groups.vocabulary.lexicon import Lexicon
from groups.vocabulary.words import STOP_WORDS, stem, words
from search.understanding.filter_file import only_here

_SHORTEST = 4  # a word of three letters has too many neighbours
_TWO_SLIPS_FROM = 7
_NEIGHBOURS = 20
_LIKELY = 12  # how many of them are kept
# A word broken off costs less than a slip while few letters are missing ("gard", "diabet"), more when many are ("bord").
_BROKEN_OFF = 0.7
_MISSING_LETTER = 0.1
# What a candidate costs more where no phrase of the vocabulary says it: one of the listings' words, or just an English word
_NOT_SAID = 0.6
_ONLY_ENGLISH = 0.75


@dataclass(frozen=True, slots=True)
class Correction:
    """at: its place among the mended words."""

    typed: str
    meant: str
    at: int


class Speller:
    """Known words of one process: of listings (grows as they come) and of one version of the vocabulary."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen = 0
        self._corpus: set[str] = set()
        self._vocabulary: dict[str, int] = {}
        self._version = -1
        self._stems: set[str] = set()
        self._choices: list[str] = []
        self._sounds: dict[str, list[str]] = {}

    def correct(self, found_words: Sequence[str], lexicon: Lexicon) -> tuple[list[str], list[Correction]]:
        """The words with misspelt ones mended, and what was mended. One that was run together stands as "two words"."""
        unknown = [word for word in found_words if not self._may_be_right(word)]
        if not unknown:
            return list(found_words), []
        self._refresh(lexicon)
        mended: list[str] = []
        corrections: list[Correction] = []
        place = 0
        while place < len(found_words):
            word = found_words[place]
            following = found_words[place + 1] if place + 1 < len(found_words) else ""
            joined = word + following
            if following and not (self.knows(word) and self.knows(following)) and joined in self._vocabulary:
                corrections.append(Correction(f"{word} {following}", joined, len(mended)))
                mended.append(joined)
                place += 2
                continue
            meant = None if self.knows(word) else self._mend(word)
            if meant:
                corrections.append(Correction(word, meant, len(mended)))
            mended.append(meant or word)
            place += 1
        return mended, corrections

    @staticmethod
    def _may_be_right(word: str) -> bool:
        return len(word) < _SHORTEST or not word.isalpha() or word in STOP_WORDS or word in only_here()

    def knows(self, word: str) -> bool:
        return (
            self._may_be_right(word)
            or word in self._vocabulary
            or word in self._corpus
            or stem(word) in self._stems
            or is_english(word)
        )

    def _refresh(self, lexicon: Lexicon) -> None:
        with self._lock:
            changed = self._version != lexicon.version
            if changed:
                self._vocabulary = _vocabulary_words(lexicon)
                self._version = lexicon.version
            fresh = _words_since(self._seen)
            if fresh:
                self._seen = fresh[-1][0]
                self._corpus.update(word for _pk, word in fresh)
            if changed or fresh:
                self._choices = sorted(self._corpus | self._vocabulary.keys())
                self._stems = {stem(word) for word in self._choices}
                self._sounds = _by_sound(self._choices)
                self._likely.cache_clear()

    def likely(self, word: str) -> tuple[str, ...]:
        """The words that a misspelt one (`correct`) may be meant for, the likeliest first."""
        return self._likely(word)

    def _mend(self, word: str) -> str | None:
        meant = next(iter(self._likely(word)), None)
        if meant is None or OSA.distance(word, meant, score_cutoff=1) > 1:
            # Two words run together are likelier than a word two slips away.
            broken_off = meant is not None and meant.startswith(word)
            meant = self._split(word) or (meant if broken_off or not often(word) else None)
        return meant

    @lru_cache(maxsize=4096)  # noqa: B019 (one speller a process)
    def _likely(self, word: str) -> tuple[str, ...]:
        """Fewest slips first, then words of the vocabulary, then words often said."""
        slips = 2 if len(word) >= _TWO_SLIPS_FROM else 1
        near = process.extract(
            word, self._choices, scorer=OSA.distance, score_cutoff=slips, limit=_NEIGHBOURS
        )
        candidates: dict[str, float] = {choice: distance for choice, distance, _place in near}
        for alike in self._sounds.get(jellyfish.metaphone(word), ()):
            # Words that sound the same may be written further apart, but begin alike or are of like length.
            if abs(len(alike) - len(word)) <= 3:
                candidates.setdefault(alike, slips + 0.5)
        for whole in self._vocabulary:
            if whole.startswith(word):
                cost_of_rest = _BROKEN_OFF + _MISSING_LETTER * (len(whole) - len(word))
                candidates[whole] = min(cost_of_rest, candidates.get(whole, cost_of_rest))
        for choice in _one_slip_from(word):
            candidates.setdefault(choice, 1)

        def cost(choice: str) -> tuple:
            own = candidates[choice]
            # Nobody gets the first letter wrong lightly; but fingers swap it with the second.
            first = 0 if choice[0] == word[0] or _swapped(word, choice) else 0.5
            said = 0 if choice in self._vocabulary else _NOT_SAID if choice in self._corpus else _ONLY_ENGLISH
            return (
                own + first + said - _likely_slip(word, choice),
                -self._vocabulary.get(choice, 0),
                -_english().get(choice, 0),
                choice,
            )

        return tuple(sorted(candidates, key=cost)[:_LIKELY])

    def _split(self, word: str) -> str | None:
        """Two words run together: of the vocabulary, or one of them an English word in use ("nightowls", "bookclub")."""
        halves = [
            (word[:cut], word[cut:])
            for cut in range(3, len(word) - 2)
            if any(half in self._vocabulary for half in (word[:cut], word[cut:]))
            and all(half in self._vocabulary or _in_use(half) for half in (word[:cut], word[cut:]))
        ]
        return " ".join(max(halves, key=lambda pair: min(map(len, pair)))) if halves else None


def _words_since(seen: int) -> list[tuple[int, str]]:
    """Words of listings that came after the one with this id, in order. Past the ORM: nearly every search asks, and mostly
    hears of none."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, word FROM search_spellingword WHERE id > %s ORDER BY id", [seen])
        return cursor.fetchall()


_BESIDE = {
    letter: set(beside)
    for letter, beside in {
        "q": "wa", "w": "qeas", "e": "wrsd", "r": "etdf", "t": "ryfg", "y": "tugh", "u": "yihj", "i": "uojk", "o": "ipkl",
        "p": "ol", "a": "qwsz", "s": "awedxz", "d": "serfcx", "f": "drtgvc", "g": "ftyhbv", "h": "gyujnb", "j": "huikmn",
        "k": "jiolm", "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
    }.items()
}  # fmt: skip
_VOWELS = set("aeiou")


def _likely_slip(typed: str, meant: str) -> float:
    """What makes one slip likelier than another: a double letter written once, a neighbouring key, a vowel for a vowel."""
    if len(meant) == len(typed) + 1:
        doubled = any(
            meant[at] == meant[at + 1] and meant[:at] + meant[at + 1 :] == typed
            for at in range(len(meant) - 1)
        )
        return 0.35 if doubled else 0.1
    if _swapped(typed, meant):
        return 0.3
    if len(meant) == len(typed):
        apart = [(one, other) for one, other in zip(typed, meant, strict=True) if one != other]
        if len(apart) == 1:
            one, other = apart[0]
            return 0.15 if other in _BESIDE.get(one, ()) or {one, other} <= _VOWELS else 0.0
    return 0.0


def _swapped(typed: str, meant: str) -> bool:
    """Whether two neighbouring letters changed places, and nothing else."""
    if len(typed) != len(meant):
        return False
    apart = [at for at in range(len(typed)) if typed[at] != meant[at]]
    return (
        len(apart) == 2
        and apart[1] == apart[0] + 1
        and typed[apart[0]] == meant[apart[1]]
        and typed[apart[1]] == meant[apart[0]]
    )


_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def _one_slip_from(word: str) -> Iterable[str]:
    """Common English words one slip away: a letter missing, too many, wrong, or two swapped."""
    often = _english()
    cuts = [(word[:at], word[at:]) for at in range(len(word) + 1)]
    slipped = {
        *(left + right[1:] for left, right in cuts if right),
        *(left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1),
        *(left + letter + right[1:] for left, right in cuts if right for letter in _LETTERS),
        *(left + letter + right for left, right in cuts for letter in _LETTERS),
    }
    return (one for one in slipped if often.get(one, 0) >= _COMMON and len(one) >= _SHORTEST)


def _vocabulary_words(lexicon: Lexicon) -> dict[str, int]:
    """Words of the vocabulary's phrases, with how many phrases say them."""
    counted: dict[str, int] = {}
    phrases: Iterable[str] = (
        phrase for meaning, said in lexicon.said.items() for phrase in (*said, lexicon.labels[meaning])
    )
    for phrase in phrases:
        for word in words(phrase):
            if word.isalpha() and len(word) > 2 and word not in STOP_WORDS:
                counted[word] = counted.get(word, 0) + 1
    return counted


def _by_sound(choices: Iterable[str]) -> dict[str, list[str]]:
    sounds: dict[str, list[str]] = {}
    for word in choices:
        if len(word) >= _SHORTEST:
            sounds.setdefault(jellyfish.metaphone(word), []).append(word)
    return sounds


@cache
def _english() -> dict[str, int]:
    """How often English writes each word (the list of the package pyspellchecker)."""
    from spellchecker import SpellChecker

    return dict(SpellChecker(language="en").word_frequency.dictionary)


_IN_USE = 1_000  # a word of four letters or more that may stand in two words run together
_COMMON = 500  # of such words people mean one, not of the 100,000 rarer
_OFTEN_ENOUGH = 60  # rarer entries of the list are slips themselves
_BRITISH = (
    ("our", "or"),
    ("ise", "ize"),
    ("isi", "izi"),
    ("yse", "yze"),
    ("tre", "ter"),
    ("ence", "ense"),
    ("mould", "mold"),
)


def _in_use(word: str) -> bool:
    return len(word) >= _SHORTEST and often(word) >= _IN_USE


def often(word: str) -> int:
    """How often English writes a word; 0 for one that stands in no list."""
    return _english().get(word, 0)


def is_english(word: str) -> bool:
    """An English word, in British spelling too (the list is American)."""
    if _english().get(word, 0) >= _OFTEN_ENOUGH:
        return True
    return any(
        british in word and _english().get(word.replace(british, american), 0) >= _OFTEN_ENOUGH
        for british, american in _BRITISH
    )


speller = Speller()
