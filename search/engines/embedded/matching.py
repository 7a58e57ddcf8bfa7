"""How well each listing matches the words, the vocabulary and the meaning of a query, from postings and vectors."""

from dataclasses import dataclass, field
from functools import reduce

import numpy as np

from groups.vocabulary.words import content_words, stem
from search import ranking
from search.engines.embedded.columns import View
from search.engines.embedded.postings import Postings
from search.index.document import FIELDS, NAME
from search.understanding.plan import Plan, Span


@dataclass
class Match:
    """Over all positions of a view: parts of the score, each 0 to 1. `matched`: what words or the vocabulary found."""

    matched: np.ndarray
    parts: dict[str, np.ndarray] = field(default_factory=dict)

    def with_meaning_unset(self) -> "Match":
        """The same words, for another look at what is in reach."""
        return Match(self.matched, {**self.parts, "meaning": np.zeros_like(self.parts["meaning"])})

    def worth_showing(self, positions: np.ndarray) -> np.ndarray:
        """Those of `positions` whose match is not far below the best of them, names apart: a name hides no topic.

        What carries a term that a phrase speaks of always stays.
        """
        total = self.total(positions)
        best = (total - ranking.NAME * self.parts["name"][positions]).max(initial=0.0)
        speaks_of_it = self.parts["vocabulary"][positions] >= ranking.LEAST_CONCEPT
        return positions[(total >= ranking.LEAST_OF_BEST * best) | speaks_of_it]

    def total(self, positions: np.ndarray) -> np.ndarray:
        """The match part of the score for these positions (`search.ranking`)."""
        parts = {name: values[positions] for name, values in self.parts.items()}
        return combine(parts)


def combine(parts: dict[str, np.ndarray]) -> np.ndarray:
    return (
        ranking.NAME * parts["name"]
        + ranking.WORDS * parts["words"]
        + ranking.VOCABULARY * parts["vocabulary"]
        + ranking.SENSE * parts["sense"]
        + ranking.MEANING * parts["meaning"]
    )


def match_words(plan: Plan, view: View) -> Match:
    """Words and vocabulary, in one trip to the database."""
    term_lexemes = {term: [f"{letter}_{term}" for letter in FIELDS] for term in plan.terms}
    guessed = (plan.sense,) if plan.sense else ()
    wanted = [
        *(lexeme for lexemes in term_lexemes.values() for lexeme in lexemes),
        *(lexeme for span in (*plan.spans, *guessed) for lexeme in span.worth),
    ]
    postings = Postings.of(view).positions(list(dict.fromkeys(wanted)), view)
    # All is worked out over the listings that hold one of these at all, which are few among very many.
    touched, at = _touched(postings, view)
    size = len(touched)
    held = touched if size < view.size else slice(None)
    word_score, total_weight = np.zeros(size), 0.0
    for lexemes in term_lexemes.values():
        worth = np.zeros(size)
        for letter, lexeme in sorted(
            zip(FIELDS, lexemes, strict=True), key=lambda pair: ranking.FIELD_WEIGHTS[pair[0]]
        ):
            worth[at[lexeme]] = ranking.FIELD_WEIGHTS[letter]
        holding = float(np.count_nonzero(worth))
        rarity = ranking.rarity(holding, view.size) * (1.0 if holding else ranking.IN_NO_LISTING)
        word_score += rarity * worth
        total_weight += rarity
    if total_weight:
        word_score /= total_weight
    has_words = word_score >= ranking.LEAST_WORDS * _LOWEST_FIELD if total_weight else np.zeros(size, bool)

    vocabulary, span_weight = np.zeros(size), sum(span.weight for span in plan.spans)
    for span in plan.spans:
        vocabulary += _worth(span, at, size, view.size) * (span.weight / span_weight)
    vocabulary *= plan.share_understood
    sense = _worth(plan.sense, at, size, view.size) if plan.sense else np.zeros(size)

    name = _name_part(plan, view.facts["name_words"][held], at)
    by_concept = (vocabulary >= ranking.LEAST_CONCEPT) | (sense >= ranking.LEAST_SENSE)
    matched = touched[(has_words | by_concept | (name > 0)) & view.alive[held]]
    parts = {"name": name, "words": word_score, "vocabulary": vocabulary, "sense": sense}
    return Match(matched, {**_spread(parts, touched, view.size), "meaning": np.zeros(view.size)})


def _touched(at: dict[str, np.ndarray], view: View) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """The positions that stand in any of these lists, rising; and the lists, by place among them.

    All there are where the lists are long: finding out which costs more than it saves.
    """
    if sum(map(len, at.values())) > view.size:
        return np.arange(view.size), at
    mask = np.zeros(view.size, bool)
    for positions in at.values():
        mask[positions] = True
    touched = np.flatnonzero(mask)
    place = np.empty(view.size, np.int32)
    place[touched] = np.arange(len(touched), dtype=np.int32)
    return touched, {lexeme: place[positions] for lexeme, positions in at.items()}


def _spread(parts: dict[str, np.ndarray], touched: np.ndarray, size: int) -> dict[str, np.ndarray]:
    if len(touched) == size:
        return parts
    spread = {}
    for name, values in parts.items():
        spread[name] = np.zeros(size)
        spread[name][touched] = values
    return spread


def _worth(span: Span, at: dict[str, np.ndarray], size: int, total: int) -> np.ndarray:
    """What the concepts of a phrase are worth for each listing: the best of those it carries."""
    worth = np.zeros(size)
    telling = {
        lexeme: value * ranking.telling(len(at[lexeme]), total) for lexeme, value in span.worth.items()
    }
    for lexeme, value in sorted(telling.items(), key=lambda item: item[1]):
        worth[at[lexeme]] = value
    return worth


_LOWEST_FIELD = ranking.FIELD_WEIGHTS["b"]


def _name_part(plan: Plan, name_words: np.ndarray, at: dict[str, np.ndarray]) -> np.ndarray:
    """How nearly the query is the name: all its topic words stand in the name, and they are most of the name."""
    name = np.zeros(len(name_words))
    if not plan.terms:
        return name
    in_name = np.zeros(len(name_words), np.int16)
    for term in plan.terms:
        in_name[at[f"{NAME}_{term}"]] += 1
    whole = np.flatnonzero(in_name == len(plan.terms))
    share = in_name[whole] / np.maximum(name_words[whole], 1)
    # One word of a long name is a topic, not a name.
    name[whole] = np.where(share >= ranking.LEAST_NAME, np.minimum(share, 1.0) ** 2, 0.0)
    return name


def names_holding(text: str, view: View) -> np.ndarray:
    """Positions of the listings whose name holds every topic word of a text, and is little more than it."""
    stems = {stem(word) for word in content_words(text)}
    if len(stems) < 2:  # one word is a topic or a place before it is a name
        return np.empty(0, np.int64)
    found = Postings.of(view).positions([f"{NAME}_{one}" for one in sorted(stems)], view)
    held = reduce(np.intersect1d, found.values())
    held = held[view.alive[held]]
    return held[len(stems) >= ranking.LEAST_NAME * view.facts["name_words"][held]]
