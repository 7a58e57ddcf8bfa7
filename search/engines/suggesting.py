"""What every engine suggests alike: topics of the vocabulary and places; groups by name are the engine's own."""

import threading
from bisect import bisect_left
from collections.abc import Callable

from groups.places.gazetteer import suggest_places
from groups.vocabulary.lexicon import Lexicon
from groups.vocabulary.words import words
from search.engine import Suggestion

_SHORTEST = 2
MOST_OF_A_KIND = 4
_MOST_PLACES = 3
_MOST_PHRASES = 400
_BEYOND = "\U0010ffff"

_Topic = tuple[bool, bool, int, str, str, str]
"""Of a phrase, in the order of suggestions: whether it is no name, is no activity; length; kind, label, phrase."""


class Suggesting:
    """Sorted beginnings of the vocabulary's phrases, for one version of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._phrases: list[str] = []
        self._topics_of: list[_Topic] = []  # beside them
        self._version = -1

    def find(
        self, prefix: str, limit: int, lexicon: Lexicon, groups: Callable[[str], list[Suggestion]]
    ) -> list[Suggestion]:
        """Topics first, then groups, then places. groups: finds them by the folded beginning of a name's words."""
        typed = " ".join(words(prefix))
        if len(typed) < _SHORTEST:
            return []
        self._refresh(lexicon)
        places = [
            Suggestion("place", spot.label, spot.district if spot.district not in spot.label else "")
            for spot in suggest_places(prefix, _MOST_PLACES)
        ]
        return [*self._topics(typed), *groups(typed)[:MOST_OF_A_KIND], *places][:limit]

    def forget(self) -> None:
        with self._lock:
            self._version = -1

    def _refresh(self, lexicon: Lexicon) -> None:
        if self._version == lexicon.version:
            return
        with self._lock:
            found = set()
            for meaning, said in lexicon.said.items():
                if meaning.kind in ("activity", "need"):
                    label = lexicon.labels[meaning]
                    for rank, phrase in enumerate((lexicon.names[meaning], label, *said)):
                        folded = " ".join(words(phrase))
                        found.add((folded, rank >= 2, meaning.kind, label))
            ordered = sorted(found)
            self._topics_of = [
                (said, kind != "activity", len(phrase), kind, label, phrase)
                for phrase, said, kind, label in ordered
            ]
            self._phrases = [phrase for phrase, *_rest in ordered]
            self._version = lexicon.version

    def _topics(self, typed: str) -> list[Suggestion]:
        """The first topics whose name or phrase begins so; by name first, each once."""
        start = bisect_left(self._phrases, typed)
        end = bisect_left(self._phrases, typed + _BEYOND, start)
        unique: dict[tuple[str, str], Suggestion] = {}
        for said, _order, _length, kind, label, phrase in sorted(
            self._topics_of[start : min(end, start + _MOST_PHRASES)]
        ):
            if (kind, label) not in unique:
                unique[kind, label] = Suggestion(kind, phrase if said else label, label)
                if len(unique) == MOST_OF_A_KIND:
                    break
        return list(unique.values())
