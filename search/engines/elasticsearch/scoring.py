"""How well listings match, by the formula of `search.ranking`, as Elasticsearch queries: sums of constant scores.

Scores there are 32-bit floats and never negative; thresholds have a hair's breadth. What is not the match, `judging` adds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from search import ranking
from search.engines.elasticsearch.conditions import NOTHING, Filter, any_of
from search.index.document import FIELDS, NAME, PLACE
from search.index.words import LONGEST_LEXEME
from search.understanding.plan import Plan, Span

BONUS = 4.0  # above what a match can be: for what is shown however weak its match
_HAIR = 1e-6
_LOWEST_FIELD = ranking.FIELD_WEIGHTS["b"]
_MOST_WAYS = 24  # beyond which adding up is quicker
_MOST_STEPS = 150  # a millisecond or two; the ways of a long sentence are without number
_MOST_NAME_WORDS = 2  # 1 / ranking.LEAST_NAME: a name may have so many times the query's words

Query = dict[str, Any]
Way = tuple[tuple[str, ...], ...]  # one lexeme of each of these
Worth = Mapping[str, float]  # lexeme → what it is worth
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
        *(f"{field}_{term}" for term in plan.terms for field in FIELDS),
        *(lexeme for span in (*plan.spans, *guessed) for lexeme in span.worth),
    ]


def holds(*lexemes: str) -> Filter:
    """The listings that hold any of these lexemes, cut as every index keeps them."""
    return {"terms": {"lexemes": [lexeme[:LONGEST_LEXEME] for lexeme in lexemes]}}


def _constant(condition: Filter, boost: float) -> Query:
    return {"constant_score": {"filter": condition, "boost": boost}}


def _sum(queries: Sequence[Query]) -> Query:
    return {"bool": {"should": list(queries), "minimum_should_match": 1}} if queries else NOTHING


def _each(worth: Worth) -> list[Query]:
    """A constant score for all lexemes of the same worth."""
    alike: dict[float, list[str]] = {}
    for lexeme, value in worth.items():
        alike.setdefault(value, []).append(lexeme)
    return [_constant(holds(*lexemes), value) for value, lexemes in alike.items()]


def _best(worth: Worth) -> Query:
    return {"dis_max": {"queries": _each(worth)}}


def _reaching(parts: Sequence[Worth], least: float) -> list[Filter]:
    """Those whose parts, the best lexeme of each, add up to so much; an empty list for none.

    Said by sets of lexemes, which the server need not score, where few ways lead there.
    """
    least -= _HAIR
    try:
        ways = _ways(parts, least, iter(range(_MOST_STEPS)))
    except _TooManyWaysError:
        ways = None
    if ways is None or len(ways) > _MOST_WAYS:
        return [{"function_score": {"query": _sum([_best(part) for part in parts]), "min_score": least}}]
    return [
        holds(*way[0]) if len(way) == 1 else {"bool": {"filter": [holds(*some) for some in way]}}
        for way in ways
    ]


class _TooManyWaysError(Exception):
    """To find them all would take too long."""


def _ways(parts: Sequence[Worth], least: float, steps: Iterator[int]) -> list[Way]:
    """The sets of lexemes to hold one of each, so that the best of each part add up to so much.

    Raises:
        _TooManyWaysError: it takes more steps than these.
    """
    if next(steps, None) is None:
        raise _TooManyWaysError
    if not parts or sum(max(part.values()) for part in parts) < least:
        return []
    first, *others = parts
    found: dict[tuple[Way, ...], list[Way]] = {}
    for value in sorted({*first.values(), 0.0}, reverse=True):
        enough = value >= least
        further = () if enough else tuple(_ways(others, least - value, steps))
        if enough or further:
            held: Way = (tuple(lexeme for lexeme, worth in first.items() if worth >= value),) if value else ()
            # What leads further just as far for less says it all.
            found[further] = [(*held, *way) for way in further or [()]]
    return [way for ways in found.values() for way in ways]


class Matching:
    """How well listings match a plan. `weight` multiplies every score of a part."""

    def __init__(self, plan: Plan, frequencies: Frequencies, meanings: Meanings) -> None:
        self._plan, self._frequencies, self._meanings = plan, frequencies, meanings

    def with_meanings(self, meanings: Meanings) -> "Matching":
        return Matching(self._plan, self._frequencies, meanings)

    # --- parts, each 0 to 1 times its weight -----------------------------------------------------

    def words(self, weight: float = 1.0) -> list[Worth]:
        """For each word, what it is worth by where it stands. A document has it once, in the best field."""
        rarities = {}
        for term in self._plan.terms:
            holding = sum(self._frequencies.holding[f"{field}_{term}"] for field in FIELDS)
            rarity = ranking.rarity(holding, self._frequencies.total)
            rarities[term] = rarity * (1.0 if holding else ranking.IN_NO_LISTING)
        total = sum(rarities.values())
        return [
            {f"{field}_{term}": weight * rarity * ranking.FIELD_WEIGHTS[field] / total for field in FIELDS}
            for term, rarity in rarities.items()
            if rarity
        ]

    def vocabulary(self, weight: float = 1.0) -> list[Worth]:
        """For each phrase, what the concepts that a listing may carry are worth."""
        total = sum(span.weight for span in self._plan.spans)
        weight *= self._plan.share_understood
        found = [self._span(span, weight * span.weight / total) for span in self._plan.spans]
        return [worth for worth in found if worth]

    def sense(self, weight: float = 1.0) -> list[Worth]:
        worth = self._span(self._plan.sense, weight) if self._plan.sense else {}
        return [worth] if worth else []

    def _span(self, span: Span, weight: float) -> Worth:
        holding, total = self._frequencies.holding, self._frequencies.total
        worth = {
            lexeme: weight * value * ranking.telling(holding[lexeme], total)
            for lexeme, value in span.worth.items()
        }
        if span.very:
            held = sum(holding[f"{field}_{span.very}"] for field in FIELDS)
            very = weight * ranking.VERY_WORD * ranking.telling(held, total)
            worth |= {f"{field}_{span.very}": very for field in FIELDS if field != PLACE}
        return {lexeme: value for lexeme, value in worth.items() if value > 0}

    def name(self, weight: float = 1.0) -> list[Query]:
        """All words stand in the name, and are most of it."""
        terms = self._plan.terms
        if not terms:
            return []
        count = len(terms)
        by_length = [
            _constant({"term": {"name_words": length}}, weight * min(count / max(length, 1), 1.0) ** 2)
            for length in range(1, _MOST_NAME_WORDS * count + 1)
        ]
        held = [holds(f"{NAME}_{term}") for term in terms]
        return [{"bool": {"filter": held, "should": by_length, "minimum_should_match": 1}}]

    def meaning(self, weight: float = 1.0) -> list[Query]:
        if not self._meanings:
            return []
        script = {
            "source": "params.weight * params.of[doc['uid'].value]",
            "params": {"weight": weight, "of": dict(self._meanings)},
        }
        scored = {
            "query": {"terms": {"uid": list(self._meanings)}},
            "script_score": {"script": script},
            "boost_mode": "replace",
        }
        return [{"function_score": scored}]

    # --- put together --------------------------------------------------------------------------

    def parts(self) -> dict[str, Query]:
        """Each part by its name in the formula, without its weight."""
        return {
            "name": _sum(self.name()),
            "words": _sum([one for worth in self.words() for one in _each(worth)]),
            "vocabulary": _sum([_best(worth) for worth in self.vocabulary()]),
            "sense": _sum([_best(worth) for worth in self.sense()]),
            "meaning": _sum(self.meaning()),
        }

    def all_but_names(self) -> Query:
        """The match, names apart: what is compared with the best."""
        return _sum(self._all_but_names())

    def _all_but_names(self) -> list[Query]:
        return [
            *(one for worth in self.words(ranking.WORDS) for one in _each(worth)),
            *(_best(worth) for worth in self.vocabulary(ranking.VOCABULARY)),
            *(_best(worth) for worth in self.sense(ranking.SENSE)),
            *self.meaning(ranking.MEANING),
        ]

    def found(self, added: Sequence[str]) -> Filter:
        """What words or the vocabulary found, and what meaning alone adds (uids)."""
        return any_of(
            *_reaching(self.words(), ranking.LEAST_WORDS * _LOWEST_FIELD),
            *self._speaks_of_it,
            *_reaching(self.sense(), ranking.LEAST_SENSE),
            *self.name(),
            *([{"terms": {"uid": list(added)}}] if added else []),
        )

    def shown(self) -> Query:
        """The match, and BONUS for what carries a term that a phrase speaks of: that stays however weak it is."""
        spoken_of = self._speaks_of_it
        bonus = [_constant(any_of(*spoken_of), BONUS)] if spoken_of else []
        return _sum([*self.name(ranking.NAME), *self._all_but_names(), *bonus])

    def those_found(self, found: Filter, least: float) -> list[Filter]:
        """What was found, as `found` says, among all that match by so much.

        Where that is more than a listing can match by that was not found, only those that meaning knows are looked at.
        """
        unfound = ranking.WORDS * ranking.LEAST_WORDS * _LOWEST_FIELD
        if self._plan.spans:
            unfound += ranking.VOCABULARY * ranking.LEAST_CONCEPT
        if self._plan.sense:
            unfound += ranking.SENSE * ranking.LEAST_SENSE
        if least <= unfound + _HAIR:
            return [found]
        if not self._meanings:
            return []
        by_meaning: Filter = {"terms": {"uid": list(self._meanings)}}
        return [{"bool": {"must_not": [{"bool": {"filter": [by_meaning], "must_not": [found]}}]}}]

    @cached_property
    def _speaks_of_it(self) -> list[Filter]:
        return _reaching(self.vocabulary(), ranking.LEAST_CONCEPT)

    @staticmethod
    def least(best: float) -> float:
        """What the match of a listing must be at least, beside the best."""
        return max(ranking.LEAST_OF_BEST * best - _HAIR, 0.0)
