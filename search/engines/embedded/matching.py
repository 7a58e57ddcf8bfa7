"""How well each listing matches the words, the vocabulary and the meaning of a query, from postings and vectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce

import numpy as np

from groups.vocabulary.words import content_words, stem
from search import ranking
from search.engines.embedded.columns import View
from search.engines.embedded.postings import IN_NAME, IN_PLACE, WORTH, Postings, anywhere, fields_of
from search.engines.meanings import added_by_meaning
from search.understanding.plan import Plan, Span

_SPARSE = 4  # lists that hold less than one row in so many are gone through row by row
_FEW = 2  # where fewer than one listing in so many can be a result, nothing is worked out of the others
_LOWEST_FIELD = ranking.FIELD_WEIGHTS["b"]
_PARTS = {
    "name": ranking.NAME,
    "words": ranking.WORDS,
    "vocabulary": ranking.VOCABULARY,
    "sense": ranking.SENSE,
}


_Worthy = tuple[np.ndarray, float]
"""Rows, and what they are worth."""


@dataclass(frozen=True)
class Match:
    """Parts of the score, each 0 to 1. matched: positions of what words or the vocabulary found; added: of what meaning did.

    parts: of the listings that hold any word or term asked for, by row; a part that is nought for all is left out. row_of: of
    each position of the view; those that hold nothing share the last row, which is nought. meaning: of each position.
    """

    matched: np.ndarray
    row_of: np.ndarray
    parts: dict[str, np.ndarray]
    meaning: np.ndarray | None = None
    added: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    def with_meaning(self, positions: np.ndarray, cosines: np.ndarray) -> "Match":
        """The same words, with what meaning says of the nearest listings, best first."""
        if not len(positions):
            return self
        whole = np.zeros(len(self.row_of))
        whole[positions] = ranking.meaning(cosines)
        return replace(self, meaning=whole, added=positions[added_by_meaning(cosines)])

    def worth_showing(self, positions: np.ndarray) -> np.ndarray:
        """Those of `positions` whose match is not far below the best of them, names apart: a name hides no topic.

        What carries a term that a phrase speaks of always stays.
        """
        total = self.total(positions)
        rows = self.row_of.take(positions)
        named = self.parts.get("name")
        best = (total if named is None else total - ranking.NAME * named.take(rows)).max(initial=0.0)
        kept = total >= ranking.LEAST_OF_BEST * best
        if "vocabulary" in self.parts:
            kept |= (self.parts["vocabulary"] >= ranking.LEAST_CONCEPT).take(rows)
        return positions.compress(kept)

    def total(self, positions: np.ndarray) -> np.ndarray:
        """The match part of the score for these positions (`search.ranking`)."""
        total = self._words.take(self.row_of.take(positions))
        return total if self.meaning is None else total + ranking.MEANING * self.meaning.take(positions)

    def parts_at(self, position: int) -> dict[str, float]:
        """The parts for one listing."""
        row = self.row_of[position]
        parts = {name: float(self.parts[name][row]) if name in self.parts else 0.0 for name in _PARTS}
        return {**parts, "meaning": 0.0 if self.meaning is None else float(self.meaning[position])}

    @cached_property
    def _words(self) -> np.ndarray:
        """What all parts but meaning come to, by row."""
        weighed = [weight * self.parts[name] for name, weight in _PARTS.items() if name in self.parts]
        return reduce(np.add, weighed) if weighed else np.zeros(int(self.row_of.max(initial=0)) + 1)


def match_words(plan: Plan, view: View, among: np.ndarray | None = None) -> Match:
    """Words and vocabulary, in one trip to the database.

    among: positions that can be a result, rising, where not all can; what others hold is perhaps not said.
    """
    terms = [anywhere(term) for term in plan.terms]
    guessed = (plan.sense,) if plan.sense else ()
    wanted = [*terms, *(lexeme for span in (*plan.spans, *guessed) for lexeme in span.worth)]
    postings = Postings.of(view).positions(list(dict.fromkeys(wanted)), view)
    fields: dict[str, np.ndarray] = {}
    for term in terms:
        postings[term], fields[term] = fields_of(postings[term])
    held, row_of, at = _rows(postings, view, among)
    size = len(held) + 1
    parts: dict[str, np.ndarray] = {}
    found = np.zeros(size, bool)

    word_score, total_weight = np.zeros(size), 0.0
    for term in terms:
        holding = len(at[term])
        rarity = ranking.rarity(holding, view.size) * (1.0 if holding else ranking.IN_NO_LISTING)
        word_score[at[term]] += (rarity * WORTH).take(fields[term])
        total_weight += rarity
    if total_weight:
        word_score[-1] = 0.0
        word_score /= total_weight
        parts["words"] = word_score
        found |= word_score >= ranking.LEAST_WORDS * _LOWEST_FIELD

    if plan.spans:
        vocabulary, span_weight = np.zeros(size), sum(span.weight for span in plan.spans)
        for span in plan.spans:
            rows, worth = _worth(span, at, size, view.size, _very(span, at, fields, view.size))
            vocabulary[rows] += worth * (span.weight / span_weight)
        vocabulary[-1] = 0.0
        vocabulary *= plan.share_understood
        parts["vocabulary"] = vocabulary
        found |= vocabulary >= ranking.LEAST_CONCEPT
    if plan.sense:
        sense = np.zeros(size)
        rows, worth = _worth(plan.sense, at, size, view.size)
        sense[rows] = worth
        sense[-1] = 0.0
        parts["sense"] = sense
        found |= sense >= ranking.LEAST_SENSE

    named = [at[term].compress(fields[term] == IN_NAME) for term in terms]
    rows, share = _name_share(named, view.facts["name_words"], held)
    if len(rows):
        parts["name"] = np.zeros(size)
        parts["name"][rows] = share
        found |= parts["name"] > 0
    matched = held.take(np.flatnonzero(found))
    return Match(matched.compress(view.alive.take(matched)), row_of, parts)


def _rows(
    at: dict[str, np.ndarray], view: View, among: np.ndarray | None
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """The positions that all is worked out for, rising; the row of every position (others share the last); the lists, by row.

    They are those that can be a result, where these are few; else those that stand in any list; or all there are where the
    lists are long: finding out which costs more than it saves.
    """
    if among is not None and len(among) * _FEW < view.size:
        held = among
    elif sum(map(len, at.values())) > view.size:
        everywhere = np.arange(view.size, dtype=np.int32)
        return everywhere, everywhere, at
    else:
        mask = np.zeros(view.size, bool)
        for positions in at.values():
            mask[positions] = True
        held = np.flatnonzero(mask)
    row_of = np.full(view.size, len(held), np.int32)
    row_of[held] = np.arange(len(held), dtype=np.int32)
    return held, row_of, {lexeme: row_of.take(positions) for lexeme, positions in at.items()}


def _best(lists: Sequence[_Worthy], size: int) -> tuple[np.ndarray | slice, np.ndarray]:
    """What stands in lists that are worth something, worst first: its rows (perhaps more than once, or all there are), and what
    each is worth at best."""
    worth = np.zeros(size)
    for rows, value in lists:
        worth[rows] = value
    if sum(len(rows) for rows, _value in lists) * _SPARSE > size:
        return slice(None), worth
    rows = np.concatenate([rows for rows, _value in lists]) if lists else np.empty(0, np.int32)
    return rows, worth.take(rows)


def _very(span: Span, at: dict[str, np.ndarray], fields: dict[str, np.ndarray], total: int) -> list[_Worthy]:
    """The rows that say the very word of a phrase, other than as the place where they meet."""
    if not span.very:
        return []
    word = anywhere(span.very)
    saying = at[word].compress(fields[word] != IN_PLACE)
    return [(saying, ranking.VERY_WORD * ranking.telling(len(at[word]), total))]


def _worth(
    span: Span, at: dict[str, np.ndarray], size: int, total: int, very: Sequence[_Worthy] = ()
) -> tuple[np.ndarray | slice, np.ndarray]:
    """Rows, and what the concepts of a phrase are worth for each: the best of those it carries, and of `very`."""
    telling = [
        *very,
        *(
            (at[lexeme], value * ranking.telling(len(at[lexeme]), total))
            for lexeme, value in span.worth.items()
        ),
    ]
    return _best(sorted(telling, key=lambda one: one[1]), size)


def _name_share(
    named: list[np.ndarray], name_words: np.ndarray, held: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the listings whose name the query is, and how nearly: all its topic words stand in the name, and they are most of
    the name. named: for each topic word the rows of the listings that have it in their name."""
    if not named:
        return np.empty(0, np.int64), np.empty(0)
    whole, *others = sorted(named, key=len)
    for rows in others if len(whole) else ():
        has_it = np.zeros(len(held) + 1, bool)
        has_it[rows] = True
        whole = whole.compress(has_it.take(whole))
    whole = whole.compress(whole < len(held))
    share = len(named) / np.maximum(name_words[held[whole]], 1)
    # One word of a long name is a topic, not a name.
    return whole, np.where(share >= ranking.LEAST_NAME, np.minimum(share, 1.0) ** 2, 0.0)


def names_holding(text: str, view: View) -> np.ndarray:
    """Positions of the listings whose name holds every topic word of a text, and is little more than it."""
    stems = {stem(word) for word in content_words(text)}
    if len(stems) < 2:  # one word is a topic or a place before it is a name
        return np.empty(0, np.int64)
    found = Postings.of(view).positions([anywhere(one) for one in sorted(stems)], view)
    in_names = [at.compress(field == IN_NAME) for at, field in map(fields_of, found.values())]
    held = reduce(np.intersect1d, in_names)
    held = held[view.alive[held]]
    return held[len(stems) >= ranking.LEAST_NAME * view.facts["name_words"][held]]
