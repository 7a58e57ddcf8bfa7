"""Phrases of like meaning: what somebody may have meant whose words stand in no phrase of the vocabulary.

The vocabulary's thousands of phrases are sentences people say. The local model finds those nearest to what was typed, and
their terms are taken as a guess: "I just stare at the walls" is near "stuck indoors".
"""

import threading
from collections.abc import Iterable

import numpy as np

from groups.listings.changes import ChangeCounter
from groups.vocabulary.lexicon import Lexicon, Meaning
from search import ranking
from search.index.models import PhraseVector
from search.meaning.model import model, query_vector
from search.meaning.vectors import hamming, nearest_by_signs, sign_codes, similarities

_KINDS = ("need", "activity")
_NEAREST = 12
_BY_SIGNS = (
    1500  # how many of the phrases the sign codes leave for exact comparison: no nearest one was missed so
)


def phrases_of(lexicon: Lexicon) -> Iterable[str]:
    """The phrases that have a vector: what people say for needs and activities, and their names."""
    for meaning, said in lexicon.said.items():
        if meaning.kind in _KINDS:
            yield from (lexicon.labels[meaning], *said)


class _Senses:
    """One process's phrase vectors, for one version of the vocabulary and one model."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._key: tuple = ()
        self._vectors = np.zeros((0, 0), np.int8)
        self._codes = np.zeros((0, 0), np.uint64)
        self._meanings: list[tuple[Meaning, ...]] = []

    def near(self, query: np.ndarray, name: str, lexicon: Lexicon) -> list[tuple[Meaning, float]]:
        self._refresh(name, lexicon, len(query))
        if not self._meanings:
            return []
        among = nearest_by_signs(hamming(self._codes, sign_codes(query[None, :])[0]), _BY_SIGNS)
        likeness = similarities(self._vectors.take(among, axis=0), query)
        nearest = np.argsort(-likeness, kind="stable")[:_NEAREST]
        found: dict[Meaning, float] = {}
        for place in nearest[likeness[nearest] >= ranking.SENSE_LEAST].tolist():
            for meaning in self._meanings[among[place]]:
                found.setdefault(meaning, float(likeness[place]))
        scale = ranking.SENSE_CEILING - ranking.SENSE_FLOOR
        return [
            (meaning, round(min((value - ranking.SENSE_FLOOR) / scale, 1.0), 4))
            for meaning, value in list(found.items())[: ranking.MOST_SENSES]
        ]

    def _refresh(self, name: str, lexicon: Lexicon, width: int) -> None:
        # The counter rises while vectors of a new vocabulary are being made.
        key = (name, lexicon.version, ChangeCounter.values_now()[ChangeCounter.PHRASES])
        if key == self._key:
            return
        with self._lock:
            meanings: dict[str, dict[Meaning, None]] = {}
            for meaning, said in lexicon.said.items():
                if meaning.kind in _KINDS:
                    for phrase in (lexicon.labels[meaning], *said):
                        meanings.setdefault(phrase[:200], {})[meaning] = None
            rows = [
                (phrase, bytes(vector))
                for phrase, vector in PhraseVector.objects.filter(model=name)
                .order_by("phrase")
                .values_list("phrase", "vector")
                if phrase in meanings
            ]
            self._meanings = [tuple(meanings[phrase]) for phrase, _vector in rows]
            self._vectors = np.frombuffer(b"".join(vector for _phrase, vector in rows), np.int8).reshape(
                -1, width
            )
            self._codes = np.asfortranarray(
                sign_codes(self._vectors)
            )  # `hamming` goes through them word by word
            self._key = key


_senses = _Senses()


def senses_of(text: str, lexicon: Lexicon) -> list[tuple[Meaning, float]]:
    """Needs and activities of the phrases nearest in meaning to a text, with how near (0 to 1). Empty without a model."""
    opened = model()
    query = query_vector(text)
    if opened is None or query is None:
        return []
    return _senses.near(query, opened.name, lexicon)
