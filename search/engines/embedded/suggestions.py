"""What somebody may be about to type: activities, needs, groups by name, places. Ranked, in under a millisecond."""

import threading
from bisect import bisect_left
from itertools import islice

from groups.places.gazetteer import suggest_places
from groups.vocabulary.lexicon import Lexicon
from groups.vocabulary.words import words
from search.engine import Suggestion
from search.engines.embedded.columns import View
from search.engines.embedded.names import Names
from search.index.models import IndexedListing

_SHORTEST = 2
_MOST_OF_A_KIND = 4
_MOST_LOOKED_AT = 50  # places in names: a group may be named after itself twice


class SuggestionStore:
    """Sorted beginnings of phrases and names; a name is found by the beginning of any of its words."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._names = Names()
        self._phrases: list[tuple[str, str, str, str]] = []
        self._version = -1

    def find(self, prefix: str, limit: int, view: View, lexicon: Lexicon) -> list[Suggestion]:
        typed = " ".join(words(prefix))
        if len(typed) < _SHORTEST:
            return []
        self._refresh(view, lexicon)
        topics = self._topics(typed)[:_MOST_OF_A_KIND]
        groups = self._groups(typed)[:_MOST_OF_A_KIND]
        places = [
            Suggestion("place", spot.label, spot.district if spot.district not in spot.label else "")
            for spot in suggest_places(prefix, 3)
        ]
        return [*topics, *groups, *places][:limit]

    def is_name(self, text: str, view: View) -> bool:
        """Whether a text of two words or more is the whole name of a listing."""
        typed = words(text)
        if len(typed) < 2:
            return False
        self._names.refresh(view)
        return self._names.is_whole(" ".join(typed))

    @property
    def nbytes(self) -> int:
        return self._names.nbytes

    def forget(self) -> None:
        with self._lock:
            self._names.forget()
            self._version = -1

    def _refresh(self, view: View, lexicon: Lexicon) -> None:
        self._names.refresh(view)
        if self._version == lexicon.version:
            return
        with self._lock:
            phrases = []
            for meaning, said in lexicon.said.items():
                if meaning.kind in ("activity", "need"):
                    label = lexicon.labels[meaning]
                    for rank, phrase in enumerate((lexicon.names[meaning], label, *said)):
                        folded = " ".join(words(phrase))
                        phrases.append((folded, "0" if rank < 2 else "1", meaning.kind, label))
            self._phrases = sorted(set(phrases))
            self._version = lexicon.version

    def _topics(self, typed: str) -> list[Suggestion]:
        """Topics whose name or phrase begins so; by name first, each once."""
        start = bisect_left(self._phrases, (typed,))
        found = []
        for phrase, rank, kind, label in self._phrases[start : start + 400]:
            if not phrase.startswith(typed):
                break
            found.append((rank, kind != "activity", len(phrase), kind, label, phrase))
        unique: dict[tuple[str, str], Suggestion] = {}
        for _rank, _order, _length, kind, label, phrase in sorted(found):
            unique.setdefault((kind, label), Suggestion(kind, phrase if _rank == "1" else label, label))
        return list(unique.values())

    def _groups(self, typed: str) -> list[Suggestion]:
        ids: dict[int, None] = {}
        for pk in islice(self._names.beginning_with(typed), _MOST_LOOKED_AT):
            ids[pk] = None
            if len(ids) == _MOST_OF_A_KIND:
                break
        if not ids:
            return []
        rows = {
            pk: (name, document)
            for pk, name, document in IndexedListing.objects.filter(pk__in=ids, gone=False).values_list(
                "pk", "name", "document"
            )
        }
        return [Suggestion("group", rows[pk][0], "", _path(rows[pk][1])) for pk in ids if pk in rows]


def _path(document: str) -> str:
    import json

    return json.loads(document).get("path", "")
