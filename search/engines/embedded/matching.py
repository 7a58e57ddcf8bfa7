"""How well each listing matches the words, the vocabulary and the meaning of a query, from postings and vectors."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, reduce

import numpy as np

from groups.vocabulary.words import content_words, stem
from search import ranking
from search.engines.embedded.columns import View
from search.engines.embedded.parts import Part
from search.engines.embedded.postings import IN_PLACE, WORTH, Postings, anywhere, fields_of, in_names
from search.engines.meanings import added_by_meaning
from search.understanding.plan import Plan, Span

_FEW = 2  # where fewer than one listing in so many can be a result, nothing is worked out of the others
_LOWEST_FIELD = ranking.FIELD_WEIGHTS["b"]
_PARTS = {
    "name": ranking.NAME,
    "words": ranking.WORDS,
    "vocabulary": ranking.VOCABULARY,
    "sense": ranking.SENSE,
}


_Worthy = tuple[np.ndarray, float]
"""Positions, and what they are worth."""


@dataclass(frozen=True)
class Match:
    """Parts of the score, each 0 to 1. matched: positions of what words or the vocabulary found; added: of what meaning did.

    size: how many positions there are. among: those (rising) that the rows of `parts` stand for, in their order, then one for all
    others, which is nought; None for every position. parts: a part that is nought for all is left out. meaning: of each position.
    """

    size: int
    matched: np.ndarray
    among: np.ndarray | None
    parts: dict[str, Part]
    meaning: np.ndarray | None = None
    added: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    def with_meaning(self, positions: np.ndarray, cosines: np.ndarray) -> "Match":
        """The same words, with what meaning says of the nearest listings, best first."""
        if not len(positions):
            return self
        whole = np.zeros(self.size)
        whole[positions] = ranking.meaning(cosines)
        return replace(self, meaning=whole, added=positions[added_by_meaning(cosines)])

    def worth_showing(self, positions: np.ndarray) -> np.ndarray:
        """Those of `positions` whose match is not far below the best of them, names apart: a name hides no topic.

        What carries a term that a phrase speaks of always stays.
        """
        parts = self._taken(positions)
        total = self._total(positions, parts)
        named = parts.get("name")
        best = (total if named is None else total - ranking.NAME * named).max(initial=0.0)
        kept = total >= ranking.LEAST_OF_BEST * best
        if "vocabulary" in parts:
            kept |= parts["vocabulary"] >= ranking.LEAST_CONCEPT
        return positions.compress(kept)

    def total(self, positions: np.ndarray) -> np.ndarray:
        """The match part of the score for these positions (`search.ranking`)."""
        return self._total(positions, self._taken(positions))

    def parts_at(self, position: int) -> dict[str, float]:
        """The parts for one listing."""
        parts = {name: float(value[0]) for name, value in self._taken(np.array([position])).items()}
        meaning = 0.0 if self.meaning is None else float(self.meaning[position])
        return {**dict.fromkeys(_PARTS, 0.0), **parts, "meaning": meaning}

    def _taken(self, positions: np.ndarray) -> dict[str, np.ndarray]:
        rows = self._rows(positions)
        return {name: part.take(rows) for name, part in self.parts.items()}

    def _total(self, positions: np.ndarray, parts: dict[str, np.ndarray]) -> np.ndarray:
        weighed = [weight * parts[name] for name, weight in _PARTS.items() if name in parts]
        total = reduce(np.add, weighed) if weighed else np.zeros(len(positions))
        return total if self.meaning is None else total + ranking.MEANING * self.meaning.take(positions)

    def _rows(self, positions: np.ndarray) -> np.ndarray:
        return positions if self.among is None else self._row_of.take(positions)

    @cached_property
    def _row_of(self) -> np.ndarray:
        """Of every position."""
        assert self.among is not None  # noqa: S101
        row_of = np.full(self.size, len(self.among), np.int32)
        row_of[self.among] = np.arange(len(self.among), dtype=np.int32)
        return row_of


def match_words(plan: Plan, view: View, among: np.ndarray | None = None) -> Match:
    """Words and vocabulary, in one trip to the database.

    among: positions that can be a result, rising, where not all can; what others hold is perhaps not said.
    """
    terms = [anywhere(term) for term in plan.terms]
    guessed = (plan.sense,) if plan.sense else ()
    wanted = [*terms, *(lexeme for span in (*plan.spans, *guessed) for lexeme in span.worth)]
    at = Postings.of(view).positions(list(dict.fromkeys(wanted)), view)
    named = in_names([at[term] for term in terms])
    fields: dict[str, np.ndarray] = {}
    for term in terms:
        at[term], fields[term] = fields_of(at[term])
    among = _looked_at(at, view, among)
    rows = view.size if among is None else len(among) + 1
    parts: dict[str, Part] = {}
    found = np.zeros(rows, bool)

    def by_row(
        lists: Sequence[tuple[np.ndarray, np.ndarray | int]], kind: type[np.unsignedinteger]
    ) -> np.ndarray:
        """What lists of positions say, the last of them that holds a row."""
        said = np.zeros(view.size, kind)
        for positions, digits in lists:
            said[positions] = digits
        return said if among is None else said.take(among)

    def add_best(part: Part, worth: Sequence[_Worthy], weight: float = 1.0) -> None:
        """Add what each row is worth at best."""
        ordered = sorted((one for one in worth if len(one[0])), key=lambda one: one[1])
        lists = [(positions, digit) for digit, (positions, _value) in enumerate(ordered, 1)]
        values = np.array([0.0, *(value for _positions, value in ordered)])
        part.add(by_row(lists, np.uint16), values * weight)

    total_weight = 0.0
    for term in terms:
        holding = len(at[term])
        rarity = ranking.rarity(holding, view.size) * (1.0 if holding else ranking.IN_NO_LISTING)
        parts.setdefault("words", Part(rows)).add(
            by_row([(at[term], fields[term])], np.uint8), rarity * WORTH
        )
        total_weight += rarity
    if total_weight:
        parts["words"].change(np.divide, total_weight)
        found |= parts["words"].reaches(ranking.LEAST_WORDS * _LOWEST_FIELD)

    if plan.spans:
        parts["vocabulary"] = Part(rows)
        span_weight = sum(span.weight for span in plan.spans)
        for span in plan.spans:
            worth = [*_very(span, at, fields, view.size), *_worth(span, at, view.size)]
            add_best(parts["vocabulary"], worth, span.weight / span_weight)
        parts["vocabulary"].change(np.multiply, plan.share_understood)
        found |= parts["vocabulary"].reaches(ranking.LEAST_CONCEPT)
    if plan.sense:
        parts["sense"] = Part(rows)
        add_best(parts["sense"], _worth(plan.sense, at, view.size))
        found |= parts["sense"].reaches(ranking.LEAST_SENSE)

    if len(named):
        parts["name"] = Part(rows)
        shares = _name_shares(len(terms))
        digits = np.minimum(view.facts["name_words"].take(named), len(shares) - 2) + np.uint8(1)
        parts["name"].add(by_row([(named, digits)], np.uint8), shares)
        found |= parts["name"].reaches(ranking.LEAST_NAME**2)
    matched = np.flatnonzero(found) if among is None else among.compress(found[:-1])
    return Match(view.size, matched.compress(view.alive.take(matched)), among, parts)


def _looked_at(at: dict[str, np.ndarray], view: View, among: np.ndarray | None) -> np.ndarray | None:
    """The positions that all is worked out for, rising: those that can be a result, where these are few; else those that stand in
    any list; None for all there are, where the lists are long: finding out which costs more than it saves.
    """
    if among is not None and len(among) * _FEW < view.size:
        return among
    if sum(map(len, at.values())) * _FEW > view.size:
        return None
    mask = np.zeros(view.size, bool)
    for positions in at.values():
        mask[positions] = True
    return np.flatnonzero(mask)


def _very(span: Span, at: dict[str, np.ndarray], fields: dict[str, np.ndarray], total: int) -> list[_Worthy]:
    """The listings that say the very word of a phrase, other than as the place where they meet."""
    if not span.very:
        return []
    word = anywhere(span.very)
    saying = at[word].compress(fields[word] != IN_PLACE)
    return [(saying, ranking.VERY_WORD * ranking.telling(len(at[word]), total))]


def _worth(span: Span, at: dict[str, np.ndarray], total: int) -> list[_Worthy]:
    """Listings by the concepts of a phrase, and what each is worth."""
    return [
        (at[lexeme], value * ranking.telling(len(at[lexeme]), total)) for lexeme, value in span.worth.items()
    ]


@cache
def _name_shares(words: int) -> np.ndarray:
    """What a query of so many topic words, all of which stand in a name, is worth as that name: nought, then for a name of no
    topic words, one, two, and so on."""
    share = words / np.maximum(np.arange(255), 1)
    # One word of a long name is a topic, not a name.
    return np.array([0.0, *np.where(share >= ranking.LEAST_NAME, np.minimum(share, 1.0) ** 2, 0.0)])


def names_holding(text: str, view: View) -> np.ndarray:
    """Positions of the listings whose name holds every topic word of a text, and is little more than it."""
    stems = {stem(word) for word in content_words(text)}
    if len(stems) < 2:  # one word is a topic or a place before it is a name
        return np.empty(0, np.int64)
    found = Postings.of(view).positions([anywhere(one) for one in sorted(stems)], view)
    held = in_names(list(found.values()))
    held = held[view.alive[held]]
    return held[len(stems) >= ranking.LEAST_NAME * view.facts["name_words"][held]]
