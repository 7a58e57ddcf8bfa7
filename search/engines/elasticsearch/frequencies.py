"""How many listings hold a word or a concept: what a match is worth depends on it. Asked for once in ten minutes at most."""

import time
from collections.abc import Sequence

from search.engines.elasticsearch.client import Search
from search.engines.elasticsearch.scoring import Frequencies, holds
from search.engines.looking import Look

_GOOD_FOR_SECONDS = 600
_MOST = 50_000
_ALL = ""  # stands for "any listing"


class FrequencyStore:
    """Counts of one process."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[float, int]] = {}

    def of(self, lexemes: Sequence[str]) -> Look[Frequencies]:
        """The counts of these; those that are not known, or old, are asked for."""
        now, known = time.monotonic(), self._known
        wanted = dict.fromkeys((_ALL, *lexemes))
        counts = {
            lexeme: held[1] for lexeme in wanted if (held := known.get(lexeme)) is not None and held[0] >= now
        }
        if missing := [lexeme for lexeme in wanted if lexeme not in counts]:
            (answer,) = yield [_counting(missing)]
            buckets = answer["aggregations"]["held"]["buckets"]
            fresh = {lexeme: bucket["doc_count"] for lexeme, bucket in zip(missing, buckets, strict=True)}
            self._keep(fresh)
            counts |= fresh
        return Frequencies(counts.pop(_ALL), counts)

    def _keep(self, fresh: dict[str, int]) -> None:
        until = time.monotonic() + _GOOD_FOR_SECONDS
        if len(self._known) > _MOST:
            self._known = {}
        self._known.update({lexeme: (until, count) for lexeme, count in fresh.items()})

    def forget(self) -> None:
        self._known = {}


def _counting(lexemes: Sequence[str]) -> Search:
    filters: list[dict] = [holds(lexeme) if lexeme != _ALL else {"match_all": {}} for lexeme in lexemes]
    return {"size": 0, "track_total_hits": False, "aggs": {"held": {"filters": {"filters": filters}}}}
