"""Urgent help in words that were typed in haste: one slip in a phrase, or its words joined or split, hides no help panel.

A slip counts where it left a word that is none ("klil myself", "suicdal"). Where it left another word ("shelf harm", "want to
dye") the phrase is only meant if enough of the rest of it stands there ("better of dead than alive").
"""

import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence

from rapidfuzz.distance import OSA

from groups.vocabulary.lexicon import Lexicon, UrgentHelp, apart
from groups.vocabulary.words import STOP_WORDS
from search.understanding.spelling import is_english, often

_MOST_WORDS = 60
_LEAST_LETTERS = 5  # of a phrase, its spaces left out: shorter ones have too many neighbours
_LEAST_JOINED = 7  # of a phrase written with other spaces than it has
# What must stand as it should where a slip left another word: two topic words, or one and in all this many words.
_REST_TOPICS = 2
_REST_WORDS = 4
# How often English writes a word of two or three letters that is taken for one: lists are full of abbreviations.
_SHORT_WORD = {2: 100_000, 3: 2_000}
_LETTER_WORDS = frozenset({"a", "i"})

_NONE: set[int] = set()

Phrase = tuple[str, ...]


def urgent_help(lexicon: Lexicon, *readings: Sequence[str]) -> list[UrgentHelp]:
    """The help panels that any of these readings of one text asks for (its words as typed, and as mended), in their order.

    A panel that one reading asks for fully and another softly is shown in full.
    """
    shown: dict[str, UrgentHelp] = {}
    for reading in dict.fromkeys(tuple(reading[:_MOST_WORDS]) for reading in readings):
        for panel in lexicon.urgent_in(_slips.straightened(reading, lexicon)):
            if panel.slug not in shown or len(panel.lines) > len(shown[panel.slug].lines):
                shown[panel.slug] = panel
    return [shown[slug] for slug in lexicon.panels if slug in shown]


class _Slips:
    """The urgent and the misleading phrases of one version of the vocabulary, by every way of writing them with one slip."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._version: int | None = None
        self._words: frozenset[str] = frozenset()
        self._joined: dict[str, Phrase] = {}
        self._cut: dict[str, list[str]] = {}
        self._rest: dict[tuple[Phrase, Phrase], list[str]] = {}
        # (0, first word) and (1, second word) of the phrases in `_rest` → how many words these have
        self._sizes: dict[tuple[int, str], set[int]] = {}
        self._longest = 1

    def straightened(self, found: Sequence[str], lexicon: Lexicon) -> list[str]:
        """The words, with urgent phrases that hold a slip as they should be written. The longest phrases count first."""
        self._learn(lexicon)
        meant: dict[tuple[int, int], Phrase] = {}
        strange = [not self._is_word(word) for word in found]
        for start, first in enumerate(found):
            second = found[start + 1] if start + 1 < len(found) else ""
            sizes = self._sizes.get((0, first), _NONE) | self._sizes.get((1, second), _NONE)
            letters, slipped = "", False
            for end in range(start + 1, min(len(found), start + self._longest) + 1):
                letters += found[end - 1]
                slipped = slipped or strange[end - 1]
                phrase = self._joined.get(letters)
                if phrase is not None and len(letters) < _LEAST_JOINED and phrase != tuple(found[start:end]):
                    phrase = None
                if phrase is None and slipped:
                    phrase = self._nearest(letters)
                elif phrase is None and end - start in sizes:
                    phrase = self._but_for_a_word(tuple(found[start:end]))
                if phrase is not None:
                    meant[start, end] = phrase
        straight: list[str] = []
        done = 0
        for start, end in apart(meant):
            straight += [*found[done:start], *meant[start, end]]
            done = end
        return straight + list(found[done:])

    def _nearest(self, letters: str) -> Phrase | None:
        for cut in _with_one_cut(letters):
            for joined in self._cut.get(cut, ()):
                if OSA.distance(letters, joined, score_cutoff=1) <= 1:
                    return self._joined[joined]
        return None

    def _but_for_a_word(self, said: Phrase) -> Phrase | None:
        """The phrase that this is with one other word, a slip away from its own."""
        for at, word in enumerate(said):
            for meant in self._rest.get((said[:at], said[at + 1 :]), ()):
                if OSA.distance(word, meant, score_cutoff=1) <= 1:
                    return (*said[:at], meant, *said[at + 1 :])
        return None

    def _is_word(self, word: str) -> bool:
        if len(word) == 1:
            return word in _LETTER_WORDS or not word.isalpha()
        if word in STOP_WORDS or word in self._words or not word.isalpha():
            return True
        least = _SHORT_WORD.get(len(word))
        return is_english(word) if least is None else often(word) >= least

    def _learn(self, lexicon: Lexicon) -> None:
        if self._version == lexicon.version:
            return
        with self._lock:
            joined: dict[str, Phrase] = {}
            cut: dict[str, list[str]] = defaultdict(list)
            rest: dict[tuple[Phrase, Phrase], list[str]] = defaultdict(list)
            sizes: dict[tuple[int, str], set[int]] = defaultdict(set)
            for phrase in lexicon.urgent_phrases:
                letters = "".join(phrase)
                if joined.setdefault(letters, phrase) is not phrase:
                    continue
                if len(letters) >= _LEAST_LETTERS:
                    for one in _with_one_cut(letters):
                        cut[one].append(letters)
                for at in range(len(phrase)):
                    before, after = phrase[:at], phrase[at + 1 :]
                    topics = len({*before, *after} - STOP_WORDS)
                    if topics >= _REST_TOPICS or (topics and len(phrase) > _REST_WORDS):
                        rest[before, after].append(phrase[at])
                        sizes[0, phrase[0]].add(len(phrase))
                        sizes[1, phrase[1]].add(len(phrase))
            self._joined, self._cut, self._rest, self._sizes = joined, dict(cut), dict(rest), dict(sizes)
            self._words = frozenset(word for phrase in lexicon.urgent_phrases for word in phrase)
            self._longest = max(map(len, lexicon.urgent_phrases), default=1) + 1
            self._version = lexicon.version


def _with_one_cut(letters: str) -> Iterator[str]:
    """The letters, and the letters without each one of them: two texts one slip apart share one of these."""
    yield letters
    for at in range(len(letters)):
        yield letters[:at] + letters[at + 1 :]


_slips = _Slips()
