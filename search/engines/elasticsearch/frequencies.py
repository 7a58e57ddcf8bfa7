"""How many listings hold a word or a concept: what a match is worth depends on it. Asked for once a minute at most."""

import time
from collections.abc import Sequence

from search.engines.elasticsearch.client import Response, Search
from search.engines.elasticsearch.scoring import Frequencies, holds

_GOOD_FOR_SECONDS = 60
_MOST = 50_000
_ALL = ""  # stands for "any listing"


class FrequencyStore:
    """Counts of one process."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, int]] = {}

    def unknown(self, lexemes: Sequence[str]) -> list[str]:
        """Those whose count must be asked for."""
        now = time.monotonic()
        return [
            lexeme
            for lexeme in dict.fromkeys((_ALL, *lexemes))
            if lexeme not in self._known or self._known[lexeme][0] < now
        ]

    @staticmethod
    def search(lexemes: Sequence[str]) -> Search:
        filters: list[dict] = [holds(lexeme) if lexeme != _ALL else {"match_all": {}} for lexeme in lexemes]
        return {"size": 0, "track_total_hits": False, "aggs": {"held": {"filters": {"filters": filters}}}}

    def take(self, lexemes: Sequence[str], answer: Response) -> None:
        if len(self._known) > _MOST:
            self._known.clear()
        until = time.monotonic() + _GOOD_FOR_SECONDS
        buckets = answer["aggregations"]["held"]["buckets"]
        for lexeme, bucket in zip(lexemes, buckets, strict=True):
            self._known[lexeme] = until, bucket["doc_count"]

    def of(self, lexemes: Sequence[str]) -> Frequencies:
        """The counts, all of them taken before."""
        return Frequencies(self._known[_ALL][1], {lexeme: self._known[lexeme][1] for lexeme in lexemes})

    def forget(self) -> None:
        self._known.clear()
