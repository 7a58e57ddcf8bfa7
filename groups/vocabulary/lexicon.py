"""The vocabulary as one value in memory: which phrases mean which needs, activities and circumstances.

A process keeps the lexicon until staff change a word (`ChangeCounter.VOCABULARY` says when).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from groups.listings.changes import ChangeCounter
from groups.vocabulary.models import Activity, Circumstance, FalseFriend, HelpPanel, Language, Need
from groups.vocabulary.words import STOP_WORDS, stems

Stems = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """kind: "need", "activity", "circumstance" or "language"."""

    kind: str
    slug: str


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a text: stems `start` to `end` (not included) mean these terms. None: a phrase that misleads."""

    start: int
    end: int
    meanings: tuple[Meaning, ...]


@dataclass(frozen=True, slots=True)
class UrgentHelp:
    slug: str
    heading: str
    lines: tuple[str, ...]
    quick_exit: bool


@dataclass
class Lexicon:
    """labels: by meaning. helps: need → ((activity, strength 0 to 1), …) strongest first. family: activity → family slug."""

    version: int = -1
    phrases: dict[Stems, tuple[Meaning, ...]] = field(default_factory=dict)
    longest: int = 1
    labels: dict[Meaning, str] = field(default_factory=dict)
    names: dict[Meaning, str] = field(default_factory=dict)
    helps: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    related: dict[str, tuple[str, ...]] = field(default_factory=dict)
    family: dict[str, str] = field(default_factory=dict)
    panels: dict[str, UrgentHelp] = field(default_factory=dict)
    panel_phrases: dict[Stems, str] = field(default_factory=dict)
    need_panel: dict[str, str] = field(default_factory=dict)
    said: dict[Meaning, tuple[str, ...]] = field(default_factory=dict)

    def find(self, text: str) -> list[Found]:
        """The longest whole phrases of the vocabulary in a text, from left to right, none overlapping."""
        return self.find_in(stems(text))

    def find_in(self, stemmed: Sequence[str]) -> list[Found]:
        found: list[Found] = []
        start = 0
        while start < len(stemmed):
            for end in range(min(len(stemmed), start + self.longest), start, -1):
                meanings = self.phrases.get(tuple(stemmed[start:end]))
                if meanings is not None:
                    found.append(Found(start, end, meanings))
                    start = end
                    break
            else:
                start += 1
        return found

    def urgent(self, text: str) -> list[UrgentHelp]:
        """The help panels whose phrases stand in a text, in the order of the panels."""
        stemmed = stems(text)
        misled = {
            place
            for found in self.find_in(stemmed)
            if not found.meanings and found.end - found.start > 1
            for place in range(found.start, found.end)
        }
        slugs = set()
        for phrase, slug in self.panel_phrases.items():
            for start in range(len(stemmed) - len(phrase) + 1):
                inside = range(start, start + len(phrase))
                if tuple(stemmed[start : start + len(phrase)]) == phrase and not misled.issuperset(inside):
                    slugs.add(slug)
        return [panel for slug, panel in self.panels.items() if slug in slugs]


_current = Lexicon()


def lexicon(version: int | None = None) -> Lexicon:
    """The lexicon as it is committed. `version`: the vocabulary counter, where the caller has read it already."""
    global _current  # noqa: PLW0603 (one value a process, replaced whole)
    if version is None:
        version = _version()
    if _current.version != version:
        _current = _load(version)
    return _current


def _version() -> int:
    row = ChangeCounter.objects.filter(name=ChangeCounter.VOCABULARY).values_list("value", flat=True).first()
    return row or 0


def _load(version: int) -> Lexicon:
    loaded = Lexicon(version=version)
    phrases: dict[Stems, dict[Meaning, None]] = defaultdict(dict)

    def learn(meaning: Meaning, term) -> None:
        loaded.labels[meaning] = term.label
        loaded.names[meaning] = term.name
        loaded.said[meaning] = tuple(term.said)
        for phrase in [*term.said, term.label]:
            key = tuple(stems(phrase))
            if key and not (len(key) == 1 and phrase in STOP_WORDS):
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
            loaded.need_panel[need.slug] = need.help_panel.slug
    for circumstance in Circumstance.objects.all():
        learn(Meaning("circumstance", circumstance.slug), circumstance)
    for language in Language.objects.all():
        loaded.labels[Meaning("language", language.slug)] = language.label
        loaded.said[Meaning("language", language.slug)] = tuple(language.said)

    loaded.phrases = {key: tuple(meanings) for key, meanings in phrases.items()}
    for friend in FalseFriend.objects.prefetch_related("means_needs", "means_activities"):
        loaded.phrases[tuple(stems(friend.phrase))] = (
            *(Meaning("need", need.slug) for need in friend.means_needs.all()),
            *(Meaning("activity", activity.slug) for activity in friend.means_activities.all()),
        )
    for panel in HelpPanel.objects.all():
        loaded.panels[panel.slug] = UrgentHelp(panel.slug, panel.heading, tuple(panel.line_list), panel.quick_exit)
        loaded.panel_phrases.update({key: panel.slug for phrase in panel.said if (key := tuple(stems(phrase)))})
    loaded.longest = max((len(key) for key in loaded.phrases), default=1)
    return loaded


def suggest_terms(text: str, kinds: Iterable[str] = ("activity", "need")) -> dict[str, list[str]]:
    """Needs and activities whose phrases stand in a text, by kind, those said first and most often first."""
    counted: dict[Meaning, int] = defaultdict(int)
    for found in lexicon().find(text):
        for meaning in found.meanings:
            counted[meaning] += 1
    ordered = sorted(counted, key=lambda meaning: -counted[meaning])
    return {kind: [meaning.slug for meaning in ordered if meaning.kind == kind] for kind in kinds}
