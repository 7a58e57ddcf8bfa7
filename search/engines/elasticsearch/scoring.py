"""How well listings match, by the formula of `search.ranking`, as Elasticsearch queries: sums of constant scores.

Scores there are 32-bit floats and never negative; thresholds have a hair's breadth. What is not the match, `judging` adds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from search import ranking
from search.engines.elasticsearch.conditions import NOTHING, Filter, any_of
from search.engines.elasticsearch.documents import ANY_FIELD
from search.index.document import FIELDS, NAME
from search.index.words import LONGEST_LEXEME
from search.understanding.plan import Plan, Span

BONUS = 4.0  # above what a match can be: for what is shown however weak its match
_HAIR = 1e-6
_LOWEST_FIELD = ranking.FIELD_WEIGHTS["b"]
_MOST_NAME_WORDS = 2  # 1 / ranking.LEAST_NAME: a name may have so many times the query's words

Query = dict[str, Any]
Meanings = Mapping[str, float]  # uid → the part of meaning, 0 to 1


@dataclass(frozen=True, slots=True)
class Frequencies:
    """How many listings there are, and how many hold each lexeme."""

    total: int
    holding: Mapping[str, int]


def lexemes_to_count(plan: Plan) -> list[str]:
    """The lexemes whose frequencies the scores of a plan depend on."""
    guessed = (plan.sense,) if plan.sense else ()
    return [
        *(f"{ANY_FIELD}_{term}" for term in plan.terms),
        *(lexeme for span in (*plan.spans, *guessed) for lexeme in span.worth),
    ]


def _constant(condition: Filter, boost: float) -> Query:
    if condition is NOTHING:
        return NOTHING
    return {"constant_score": {"filter": condition, "boost": boost}}


def holds(lexeme: str) -> Filter:
    """The listings that hold a lexeme, cut as every index keeps it."""
    return {"term": {"lexemes": lexeme[:LONGEST_LEXEME]}}


def _sum(queries: list[Query]) -> Query:
    queries = [query for query in queries if query is not NOTHING]
    return {"bool": {"should": queries, "minimum_should_match": 1}} if queries else NOTHING


def _best(queries: list[Query]) -> Query:
    queries = [query for query in queries if query is not NOTHING]
    return {"dis_max": {"queries": queries}} if queries else NOTHING


def _at_least(query: Query, least: float) -> Filter:
    """Those whose score by this query is at least so much."""
    if query is NOTHING:
        return NOTHING
    return {"function_score": {"query": query, "min_score": least - _HAIR}}


class Matching:
    """How well listings match a plan. `weight` multiplies every score of a part."""

    def __init__(self, plan: Plan, frequencies: Frequencies, meanings: Meanings) -> None:
        self._plan, self._frequencies, self._meanings = plan, frequencies, meanings

    def with_meanings(self, meanings: Meanings) -> "Matching":
        return Matching(self._plan, self._frequencies, meanings)

    # --- parts, each 0 to 1 times its weight -----------------------------------------------------

    def words(self, weight: float = 1.0) -> Query:
        rarities = {}
        for term in self._plan.terms:
            holding = self._frequencies.holding[f"{ANY_FIELD}_{term}"]
            rarity = ranking.rarity(holding, self._frequencies.total)
            rarities[term] = rarity * (1.0 if holding else ranking.IN_NO_LISTING)
        total = sum(rarities.values())
        if not total:
            return NOTHING
        # A document has each word once, in the best field it stands in.
        return _sum(
            [
                _constant(holds(f"{field}_{term}"), weight * rarity * ranking.FIELD_WEIGHTS[field] / total)
                for term, rarity in rarities.items()
                if rarity
                for field in FIELDS
            ]
        )

    def vocabulary(self, weight: float = 1.0) -> Query:
        total = sum(span.weight for span in self._plan.spans)
        weight *= self._plan.share_understood
        return _sum([self._span(span, weight * span.weight / total) for span in self._plan.spans])

    def sense(self, weight: float = 1.0) -> Query:
        return self._span(self._plan.sense, weight) if self._plan.sense else NOTHING

    def _span(self, span: Span, weight: float) -> Query:
        """The best of the concepts a listing carries."""
        worth = {
            lexeme: weight
            * value
            * ranking.telling(self._frequencies.holding[lexeme], self._frequencies.total)
            for lexeme, value in span.worth.items()
        }
        return _best([_constant(holds(lexeme), boost) for lexeme, boost in worth.items() if boost > 0])

    def name(self, weight: float = 1.0) -> Query:
        """All words stand in the name, and are most of it."""
        terms = self._plan.terms
        if not terms:
            return NOTHING
        count = len(terms)
        by_length = [
            _constant({"term": {"name_words": length}}, weight * min(count / max(length, 1), 1.0) ** 2)
            for length in range(1, _MOST_NAME_WORDS * count + 1)
        ]
        return {"bool": {"filter": [holds(f"{NAME}_{term}") for term in terms], "must": [_best(by_length)]}}

    def meaning(self, weight: float = 1.0) -> Query:
        if not self._meanings:
            return NOTHING
        script = {
            "source": "params.weight * params.of[doc['uid'].value]",
            "params": {"weight": weight, "of": dict(self._meanings)},
        }
        return {
            "function_score": {
                "query": {"terms": {"uid": list(self._meanings)}},
                "script_score": {"script": script},
                "boost_mode": "replace",
            }
        }

    # --- put together --------------------------------------------------------------------------

    def all_but_names(self) -> Query:
        """The match, names apart: what is compared with the best."""
        return _sum(
            [
                self.words(ranking.WORDS),
                self.vocabulary(ranking.VOCABULARY),
                self.sense(ranking.SENSE),
                self.meaning(ranking.MEANING),
            ]
        )

    def found(self, added: Sequence[str]) -> Filter:
        """What words or the vocabulary found, and what meaning alone adds (uids)."""
        ways = [
            _at_least(self.words(), ranking.LEAST_WORDS * _LOWEST_FIELD),
            self._speaks_of_it(),
            _at_least(self.sense(), ranking.LEAST_SENSE),
            self.name(),
            {"terms": {"uid": list(added)}} if added else NOTHING,
        ]
        return any_of(*(way for way in ways if way is not NOTHING))

    def shown(self) -> Query:
        """The match, and BONUS for what carries a term that a phrase speaks of: that stays however weak it is."""
        return _sum([self.name(ranking.NAME), self.all_but_names(), _constant(self._speaks_of_it(), BONUS)])

    def _speaks_of_it(self) -> Filter:
        return _at_least(self.vocabulary(), ranking.LEAST_CONCEPT)

    @staticmethod
    def least(best: float) -> float:
        """What the match of a listing must be at least, beside the best."""
        return max(ranking.LEAST_OF_BEST * best - _HAIR, 0.0)
