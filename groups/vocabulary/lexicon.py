"""The vocabulary as one value in memory: which phrases mean which needs, activities and circumstances.

A process keeps the lexicon until staff change a word (`ChangeCounter.VOCABULARY` says when).
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from groups.listings.changes import ChangeCounter
from groups.vocabulary.models import Activity, Circumstance, FalseFriend, HelpPanel, Language, Need
from groups.vocabulary.words import STOP_WORDS, stem, stems, words

Stems = tuple[str, ...]
EXACTLY = "="  # before a phrase that counts only as written; of a help panel, only where nothing else is


@dataclass(frozen=True, slots=True)
class Meaning:
    """kind: "need", "activity", "circumstance" or "language"."""

    kind: str
    slug: str


class Found(NamedTuple):
    """A phrase found in a text: words `start` to `end` (not included) mean these terms; none, for a phrase that misleads."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class UrgentHelp:
    """lines: what to do. A panel asked for softly has one line."""

    slug: str
    heading: str
    lines: tuple[str, ...]
    quick_exit: bool
    soft_line: str = ""


@dataclass
class Lexicon:
    """labels, names (short): by meaning. helps: need → ((activity, strength 0 to 1), …) strongest first.

    phrases: by stems. exact: by words as written. misleading: phrases that stop shorter ones. family: activity → family.
    panels: in the order they are shown. panel_alone: by the stems of a whole text.
    panel_of: need or misleading phrase → (panel, softly).
    urgent_phrases: as written, the phrases that ask for a panel, and those that mislead.
    """

    version: int = -1
    phrases: dict[Stems, tuple[Meaning, ...]] = field(default_factory=dict)
    exact: dict[Stems, tuple[Meaning, ...]] = field(default_factory=dict)
    misleading: dict[Stems, tuple[Meaning, ...]] = field(default_factory=dict)
    longest: int = 1
    labels: dict[Meaning, str] = field(default_factory=dict)
    names: dict[Meaning, str] = field(default_factory=dict)
    helps: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    related: dict[str, tuple[str, ...]] = field(default_factory=dict)
    family: dict[str, str] = field(default_factory=dict)
    panels: dict[str, UrgentHelp] = field(default_factory=dict)
    panel_phrases: dict[Stems, tuple[str, ...]] = field(default_factory=dict)
    panel_alone: dict[Stems, tuple[str, ...]] = field(default_factory=dict)
    panel_of: dict[str | Stems, tuple[str, bool]] = field(default_factory=dict)
    said: dict[Meaning, tuple[str, ...]] = field(default_factory=dict)
    urgent_phrases: tuple[Stems, ...] = ()

    def find(self, text: str) -> list[Found]:
        """The longest whole phrases of the vocabulary in a text, none overlapping, in the order of the text."""
        return self.find_in(words(text))

    def find_in(self, found_words: Sequence[str]) -> list[Found]:
        """The same for words that are split and folded already. A phrase that misleads counts, and means what staff say."""
        plain = tuple(found_words)
        stemmed = tuple(map(stem, plain))
        meant: dict[tuple[int, int], tuple[Meaning, ...]] = {}
        for start, end in self._spans(stemmed):
            if (meanings := self._meanings(plain, stemmed, start, end)) is not None:
                meant[start, end] = meanings
        return [Found(start, end, meant[start, end]) for start, end in apart(meant)]

    def _meanings(self, plain: Stems, stemmed: Stems, start: int, end: int) -> tuple[Meaning, ...] | None:
        for table, key in ((self.misleading, stemmed), (self.exact, plain), (self.phrases, stemmed)):
            meanings = table.get(key[start:end])
            if meanings is not None:
                return meanings
        return None

    def _spans(self, stemmed: Stems) -> Iterator[tuple[int, int]]:
        """Where the stems of a phrase stand."""
        known, sizes = self._beginnings
        for start, word in enumerate(stemmed):
            for size in sizes.get(word, ()):
                phrase = stemmed[start : start + size]
                if phrase in known:
                    yield start, start + len(phrase)

    @cached_property
    def _beginnings(self) -> tuple[frozenset[Stems], dict[str, tuple[int, ...]]]:
        """All phrases by their stems, and how many words those have that begin with a stem: most words begin none."""
        known = frozenset(
            {*self.phrases, *self.misleading, *(tuple(map(stem, phrase)) for phrase in self.exact)} - {()}
        )
        sizes: dict[str, set[int]] = defaultdict(set)
        for phrase in known:
            sizes[phrase[0]].add(len(phrase))
        return known, {word: tuple(found) for word, found in sizes.items()}

    def urgent_in(self, found_words: Sequence[str]) -> list[UrgentHelp]:
        """The help panels that words (split and folded) ask for, in their order. One asked for only softly has its one line.

        A phrase that misleads ("killing time") hides the panel phrases inside it, and may ask for a panel itself.
        """
        plain = tuple(found_words)
        stemmed = tuple(map(stem, plain))
        asked: dict[str, bool] = {}  # panel → softly

        def ask(slug: str, softly: bool) -> None:
            asked[slug] = asked.get(slug, True) and softly

        shields = apart(
            (start, end) for start, end in self._spans(stemmed) if stemmed[start:end] in self.misleading
        )
        for start, end in shields:
            if stemmed[start:end] in self.panel_of:
                ask(*self.panel_of[stemmed[start:end]])
        for found in self.find_in(plain):
            for meaning in found.meanings:
                if meaning.kind == "need" and meaning.slug in self.panel_of:
                    ask(*self.panel_of[meaning.slug])
        for slug in self.panel_alone.get(stemmed, ()):
            ask(slug, False)
        for start in range(len(stemmed)):
            for end in range(start + 1, min(len(stemmed), start + self.longest) + 1):
                if any(first <= start and end <= last for first, last in shields):
                    continue
                for slug in self.panel_phrases.get(stemmed[start:end], ()):
                    ask(slug, False)
        return [
            replace(panel, lines=(panel.soft_line,)) if asked[slug] and panel.soft_line else panel
            for slug, panel in self.panels.items()
            if slug in asked
        ]


def apart(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest of the spans, then the leftmost, none overlapping; in the order of the text."""
    spans = list(spans)
    if all(one[1] <= other[0] for one, other in pairwise(spans)):
        return spans
    taken: set[int] = set()
    kept = []
    for start, end in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        if taken.isdisjoint(range(start, end)):
            taken.update(range(start, end))
            kept.append((start, end))
    return sorted(kept)


_current = Lexicon()


def lexicon(version: int | None = None) -> Lexicon:
    """The lexicon as it is committed. `version`: the vocabulary counter, where the caller has read it already."""
    global _current
    if version is None:
        version = ChangeCounter.values_now()[ChangeCounter.VOCABULARY]
    if _current.version != version:
        _current = _load(version)
    return _current


def _load(version: int) -> Lexicon:
    loaded = Lexicon(version=version)
    phrases: dict[Stems, dict[Meaning, None]] = defaultdict(dict)
    exact: dict[Stems, dict[Meaning, None]] = defaultdict(dict)

    def learn(meaning: Meaning, term) -> None:
        loaded.labels[meaning] = term.label
        loaded.names[meaning] = term.name
        loaded.said[meaning] = tuple(phrase.lstrip(EXACTLY) for phrase in term.said)
        for phrase in [*term.said, term.label]:
            key = tuple(stems(phrase))
            # "Overeating" has the stem "over".
            if phrase.startswith(EXACTLY) or (len(key) == 1 and key[0] in STOP_WORDS):
                exact[tuple(words(phrase))][meaning] = None
            elif key:
                phrases[key][meaning] = None

    for activity in Activity.objects.select_related("family").prefetch_related("related"):
        learn(Meaning("activity", activity.slug), activity)
        loaded.family[activity.slug] = activity.family.slug
        loaded.related[activity.slug] = tuple(other.slug for other in activity.related.all())
    for need in Need.objects.select_related("help_panel").prefetch_related("helping_activities__activity"):
        learn(Meaning("need", need.slug), need)
        loaded.helps[need.slug] = tuple(
            (row.activity.slug, row.strength / 100) for row in need.helping_activities.all()
        )
        if need.help_panel:
            loaded.panel_of[need.slug] = (need.help_panel.slug, need.help_softly)
    for circumstance in Circumstance.objects.all():
        learn(Meaning("circumstance", circumstance.slug), circumstance)
    for language in Language.objects.all():
        loaded.labels[Meaning("language", language.slug)] = language.label
        loaded.said[Meaning("language", language.slug)] = tuple(language.said)

    urgent = [
        phrase
        for meaning, said in loaded.said.items()
        if meaning.kind == "need" and meaning.slug in loaded.panel_of
        for phrase in said
    ]
    loaded.phrases = {key: tuple(meanings) for key, meanings in phrases.items()}
    loaded.exact = {key: tuple(meanings) for key, meanings in exact.items()}
    for friend in FalseFriend.objects.select_related("help_panel").prefetch_related(
        "means_needs", "means_activities"
    ):
        key = tuple(stems(friend.phrase))
        loaded.misleading[key] = (
            *(Meaning("need", need.slug) for need in friend.means_needs.all()),
            *(Meaning("activity", activity.slug) for activity in friend.means_activities.all()),
        )
        urgent.append(friend.phrase)
        if friend.help_panel:
            loaded.panel_of[key] = (friend.help_panel.slug, friend.help_softly)
    panel_phrases: dict[Stems, dict[str, None]] = defaultdict(dict)
    panel_alone: dict[Stems, dict[str, None]] = defaultdict(dict)
    for panel in HelpPanel.objects.all():
        loaded.panels[panel.slug] = UrgentHelp(
            panel.slug, panel.heading, tuple(panel.line_list), panel.quick_exit, panel.soft_line
        )
        for phrase in panel.said:
            asking = panel_alone if phrase.startswith(EXACTLY) else panel_phrases
            asking[tuple(stems(phrase))][panel.slug] = None
            urgent.append(phrase)
    loaded.urgent_phrases = tuple(dict.fromkeys(tuple(words(phrase)) for phrase in urgent))
    loaded.panel_phrases = {key: tuple(slugs) for key, slugs in panel_phrases.items()}
    loaded.panel_alone = {key: tuple(slugs) for key, slugs in panel_alone.items()}
    loaded.longest = max(
        map(len, [*loaded.phrases, *loaded.exact, *loaded.misleading, *loaded.panel_phrases]), default=1
    )
    return loaded


def suggest_terms(text: str, kinds: Iterable[str] = ("activity", "need")) -> dict[str, list[str]]:
    """Needs and activities whose phrases stand in a text, by kind, those said first and most often first."""
    counted: dict[Meaning, int] = defaultdict(int)
    for found in lexicon().find(text):
        for meaning in found.meanings:
            counted[meaning] += 1
    ordered = sorted(counted, key=lambda meaning: -counted[meaning])
    return {kind: [meaning.slug for meaning in ordered if meaning.kind == kind] for kind in kinds}
