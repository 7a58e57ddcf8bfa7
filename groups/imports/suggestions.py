"""Activities and needs read from a row's words by the vocabulary: few, and only where the words are fairly certain."""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from groups.vocabulary.lexicon import Lexicon, Meaning
from groups.vocabulary.words import stem, stems, words

MOST = 4
MOST_LETTERS = 2_000
"""How much of a text is read for suggestions: what a group does stands at the start."""

CERTAIN = 2.0
IN_NAME = 2.5
WHOLE_PHRASE = 2.0  # two words or more, such as "food bank"
ONE_WORD = 1.2
WEAK_WORD = 0.4

# Stems that registers use for much else ("community", "provide a course of", "the centre is run by volunteers").
_WEAK = frozenset(
    stem
    for stem in stems(
        """
        art community mind relate course class skills shelter cards tools rights lift transport work job shopping cleaning drink
        pride guides sanctuary growing farm animals bridge band acting pets interview weight stitch repairs housing budget trips
        complaint appeal voucher recovery african workshop shed canal running bike internet computer college volunteer
        volunteering welfare carer disability elderly shy nervous controlling trauma stress community belong veteran confidence
        isolated family health education cooking cinema theatre museum heritage music sing singing garden dance drama english
        maths literacy wildlife gym fishing camping trans rainbow cancer refuge honour wifi email tablet data scouts vape diet
        bake bowls companion buddy hobby gaming sisters teens drugs gambling respite temple mosque church polish kidney stroke
        drawing painting film library memory hungry debt visa uniform furniture reuse couples separation divorce grandparents
        relaxation meditation mediation advocate advocacy discrimination citizenship homeless immobile grief widow stretching
        blind mould damp money bills crisis help
        """
    )
)
# Phrases that people type about themselves, and that registers write about anything.
_WEAK_PHRASES = frozenset(
    tuple(stems(phrase))
    for phrase in (
        "helping people", "helping others", "help others", "help out", "care for", "caring for", "community centre", "a level",
        "social services", "the social", "social activities", "new skills", "low income", "support groups", "special needs",
        "leisure activities", "personal development", "free time", "take part", "get involved", "give back", "join in",
        "healthy lifestyle", "mental health", "physical health", "family life", "the home", "at home", "the park",
    )
)  # fmt: skip

_PRIVATE_NAME = re.compile(
    r"domestic (?:abuse|violence)|\brefuge\b(?! \(?(?:for )?(?:animals|wildlife|donkeys))|women.?s aid\b"
    r"|rape\b|sexual (?:abuse|violence)|honou?r.based|\btrafficking\b|forced marriage",
    re.IGNORECASE,
)
_PRIVATE_ACTIVITY = "domestic_abuse_support"


class Suggester:
    """Reads words by one state of the vocabulary: made once for a run."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        phrases = [tuple(map(stem, said)) for said in (*lexicon.phrases, *lexicon.exact, *lexicon.misleading)]
        self._alone = frozenset(phrase[0] for phrase in phrases if len(phrase) == 1)
        self._pairs = frozenset(pair for phrase in phrases for pair in pairwise(phrase))

    def suggest(self, title: str, text: str, stated: dict[str, Any]) -> dict[str, list[str]]:
        """At most 4 activities and 4 needs by slug, strongest first, without those that are stated.

        A phrase in the name is enough. In the text it takes a phrase of two words or more, or two different single words; words
        that mean many things count little.
        """
        scores = self._scores(title, in_name=True)
        for meaning, score in self._scores(text[:MOST_LETTERS], in_name=False).items():
            scores[meaning] += score
        chosen: dict[str, list[str]] = {}
        for kind, plural in (("activity", "activities"), ("need", "needs")):
            strong = [(-score, m.slug) for m, score in scores.items() if m.kind == kind and score >= CERTAIN]
            slugs = [slug for _score, slug in sorted(strong) if slug not in stated.get(plural, ())]
            chosen[f"suggested_{plural}"] = slugs[:MOST]
        return chosen

    def _scores(self, text: str, *, in_name: bool) -> dict[Meaning, float]:
        phrases: dict[Meaning, dict[tuple[str, ...], float]] = defaultdict(dict)
        for run in self._runs(words(text)):
            for found in self._lexicon.find_in(run):
                phrase = tuple(map(stem, run[found.start : found.end]))
                strength = _strength(phrase, in_name=in_name)
                for meaning in found.meanings:
                    of_kind = sum(other.kind == meaning.kind for other in found.meanings)
                    phrases[meaning][phrase] = strength / max(1, of_kind - 1)
        scores: dict[Meaning, float] = defaultdict(float)
        scores.update((meaning, sum(by_phrase.values())) for meaning, by_phrase in phrases.items())
        return scores

    def _runs(self, found: list[str]) -> Iterator[list[str]]:
        """Stretches of words of which each two neighbours stand so in some phrase: no phrase reaches beyond one."""
        run: list[str] = []
        last = ""
        for word in found:
            stemmed = stem(word)
            if run and (last, stemmed) in self._pairs:
                run.append(word)
            else:
                if len(run) > 1 or (run and last in self._alone):
                    yield run
                run = [word]
            last = stemmed
        if len(run) > 1 or (run and last in self._alone):
            yield run


def _strength(phrase: tuple[str, ...], *, in_name: bool) -> float:
    weak = phrase in _WEAK_PHRASES or (len(phrase) == 1 and phrase[0] in _WEAK)
    if in_name:
        return ONE_WORD if weak else IN_NAME
    if weak:
        return WEAK_WORD
    return ONE_WORD if len(phrase) == 1 else WHOLE_PHRASE


def looks_private(title: str, values: dict[str, Any]) -> bool:
    """Whether this may be a place that must not be found: domestic abuse support is hidden unless staff say otherwise
    (`domain.md`, "Places that must not be found").
    """
    suggested = [*values.get("suggested_activities", ()), *values.get("activities", ())]
    return bool(_PRIVATE_NAME.search(title)) or _PRIVATE_ACTIVITY in suggested
