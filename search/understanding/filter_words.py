"""Words that set a filter instead of being looked up: "free", "tonight", "step free", "for teenagers", "14 year old"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from groups.vocabulary.lexicon import Lexicon, Meaning
from groups.vocabulary.words import STOP_WORDS, stem
from search.query import DirectoryQuery, TimeOfDay
from search.understanding.denials import denial_before
from search.understanding.filter_file import (
    OLD,
    Ages,
    FilterWords,
    all_filters,
    by_phrase,
    longest,
    single_words,
)

_ALL_OF = {
    "days": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
    "times": (TimeOfDay.MORNING, TimeOfDay.AFTERNOON, TimeOfDay.EVENING),
}
_FROM_AFAR = {"online", "telephone"}
_OLDEST = 120
_NOON, _EVENING_FROM, _WELL_INTO_THE_EVENING = 12, 17, 18
# A day or a time that is only spoken of: "the evenings are the worst", "worse at night", "can't get up in the morning".
_ARE = frozenset(("are", "is", "was", "were", "feel", "feels", "seem", "seems"))
_HARD = frozenset(
    """
    worst worse hard harder hardest long longest lonely loneliest awful difficult terrible horrible empty dark tough sad bad
    scary miserable endless
    """.split()  # noqa: SIM905 — a list of quoted words would be harder to read and keep
)
_TROUBLED = frozenset(
    ("worse", "worst", "awake", "scared", "frightened", "panic", "pain", "wake", "waking", "crying")
)
_OUT_OF_BED = frozenset(("get", "getting", "wake", "waking", "woken", "stay", "staying"))
_LITTLE = frozenset(("in", "at", "on", "the", "during", "of", "a"))


@dataclass(frozen=True, slots=True)
class FilterMatch:
    """Words `start` to `end` (not included) set these fields of the query.

    denied: the words deny the filter ("not on a monday"); `sets` is then what they deny. ages: what they say in years.
    """

    key: str
    start: int
    end: int
    sets: dict[str, Any]
    means: tuple[str, ...] = ()
    denied: bool = False
    ages: Ages | None = None

    @property
    def can_be_set(self) -> bool:
        """Whether a query can say it. Of what is denied: a day, a time of day, or that it is far from in person."""
        return not self.denied or bool(_opposite(self.sets, {}))


@dataclass
class FilterReading:
    """What was found. `left`: the words that no filter took, in order; `places`: where each stood."""

    matches: list[FilterMatch]
    left: list[str]
    places: list[int]


def read_filters(found_words: list[str], lexicon: Lexicon, ignored: tuple[str, ...]) -> FilterReading:
    """Find filter words. A longer phrase of the vocabulary that holds one keeps it ("wheelchair basketball")."""
    return _Reader(found_words, lexicon, ignored).read()


class _Reader:
    """One reading of one text."""

    def __init__(self, found_words: list[str], lexicon: Lexicon, ignored: tuple[str, ...]) -> None:
        self._words, self._lexicon, self._ignored = found_words, lexicon, ignored
        self._stems = [stem(word) for word in found_words]
        self._taken = [False] * len(found_words)
        self._denied = [False] * len(found_words)
        # Words of a filter the visitor does not want: no other filter reads them.
        self._taken_back: set[int] = set()
        self._turned: list[tuple[int, int]] = []  # "counselling low cost": words of a topic in another order
        self._matches: list[FilterMatch] = []

    def read(self) -> FilterReading:
        topics = [(found.start, found.end) for found in self._lexicon.find_in(self._words)]
        for size in range(min(longest(), len(self._words)), 0, -1):
            for start in range(len(self._words) - size + 1):
                end = start + size
                if not any(self._taken[start:end]) and not any(
                    first <= start and end <= last and (last - first) > size for first, last in topics
                ):
                    self._read_phrase(start, end)
        if any(word[0].isdigit() for word in self._words):
            self._read_patterns()
        self._read_languages()
        left = self._left()
        matches = sorted(self._matches, key=lambda match: match.start)
        return FilterReading(matches, [self._words[place] for place in left], left)

    def _read_phrase(self, start: int, end: int) -> None:
        for words_of in _saying(tuple(self._words[start:end]), tuple(self._stems[start:end])):
            if not self._stands_well(words_of, start, end):
                continue
            if start and (*self._stems[start:end], self._stems[start - 1]) in self._lexicon.phrases:
                self._turned.append((start, end))
                self._taken[start:end] = [True] * (end - start)
                self._taken_back.update(range(start, end))
                return
            self._take(words_of.key, start, end, words_of.sets, words_of.means, words_of.ages)
            return

    def _take(
        self,
        key: str,
        start: int,
        end: int,
        sets: dict[str, Any],
        means: tuple[str, ...] = (),
        ages: Ages | None = None,
    ) -> None:
        denial = denial_before(self._words, start, self._denied)
        if denial is not None:
            key, start = f"not_{key}", denial
        self._taken[start:end] = [True] * (end - start)
        if f"filter:{key}" in self._ignored:
            self._taken_back.update(range(start, end))
            return
        if denial is not None:
            self._denied[start:end] = [True] * (end - start)
        self._matches.append(FilterMatch(key, start, end, sets, means, denial is not None, ages))

    def _stands_well(self, words_of: FilterWords, start: int, end: int) -> bool:
        before = self._stems[start - 1] if start else ""
        after = self._stems[end] if end < len(self._stems) else ""
        if after in words_of.not_before or before in words_of.not_after:
            return False
        if words_of.only_after and before not in words_of.only_after:
            return False
        if (
            words_of.of_no_thing
            and after
            and self._words[end] not in STOP_WORDS
            and after not in single_words()
        ):
            return False
        return not ({"days", "times"} & words_of.sets.keys() and self._only_spoken_of(start, end))

    def _only_spoken_of(self, start: int, end: int) -> bool:
        after = self._words[end : end + 4]
        if after and after[0] in _ARE and not _HARD.isdisjoint(after[1:]):
            return True
        while start and self._words[start - 1] in _LITTLE:
            start -= 1
        before = self._words[max(start - 2, 0) : start]
        if before[-1:] == ["up"]:
            return before[0] in _OUT_OF_BED
        return bool(before) and before[-1] in _TROUBLED

    def _read_patterns(self) -> None:
        text = " ".join(self._words)
        for words_of in all_filters():
            for found in words_of.pattern.finditer(text) if words_of.pattern else ():
                said = _said_in_numbers(found)
                start = text[: found.start()].count(" ")
                end = start + found[0].count(" ") + 1
                if said and not any(self._taken[start:end]):
                    sets, ages = said
                    means = words_of.means if ages and ages[0] >= OLD else ()
                    self._take(words_of.key, start, end, sets, means, ages)

    def _read_languages(self) -> None:
        """ "Speaks Urdu", "Urdu speaking": not "learn to speak Spanish", "don't speak English"."""
        for place, word in enumerate(self._stems):
            if word not in ("speak", "speaker") or self._taken[place]:
                continue
            before, after = self._words[max(place - 1, 0) : place], self._words[place + 1 : place + 2]
            learning = bool(before) and before[0] in ("to", "learn", "dont", "cant")
            if word == "speak" and (slugs := _languages(after, self._lexicon)) and not learning:
                self._take("language", place, place + 2, {"languages": slugs})
            elif self._words[place] != "speak" and (slugs := _languages(before, self._lexicon)):
                self._take("language", place - 1, place + 1, {"languages": slugs})

    def _left(self) -> list[int]:
        order = list(range(len(self._words)))
        for start, end in self._turned:
            order[start - 1 : end] = [*range(start, end), start - 1]
        return [place for place in order if not self._taken[place] or place in self._taken_back]


def _saying(plain: tuple[str, ...], stemmed: tuple[str, ...]) -> list[FilterWords]:
    """The filters that a phrase says, in their order."""
    exact, phrases = by_phrase()
    numbers = {*exact.get(plain, ()), *phrases.get(stemmed, ())}
    return [all_filters()[number] for number in sorted(numbers)]


def _said_in_numbers(found: re.Match[str]) -> tuple[dict[str, Any], Ages | None] | None:
    """What a pattern of the file found: an age, a range of ages, or a time of the clock."""
    said = {name: value for name, value in found.groupdict().items() if value}
    if hour := said.get("hour"):
        times = _parts_of_day(int(hour), said["half"], said.get("side", ""))
        return ({"times": times}, None) if times else None
    if over := said.get("over"):
        return {"age": int(over)}, (int(over), None)
    if "low" in said:
        low, high = int(said["low"]), int(said["high"])
        surely = "aged" in said or "years" in said or (low > 10 and 16 <= high <= 30)
        return ({"age": (low + high) // 2}, (low, high)) if surely and low < high else None
    age = int(said["age"])
    return ({"age": age}, None) if age <= _OLDEST else None


def _parts_of_day(hour: int, half: str, side: str) -> tuple[str, ...]:
    """The parts of the day in which a group starts "at 10am", "after 6pm", "before 9am"; none where it may be any."""
    if not 1 <= hour <= 12:
        return ()
    clock = hour % 12 + (12 if half == "pm" else 0)
    morning, afternoon, evening = _ALL_OF["times"]
    match side:
        case "before" | "by" | "until" | "till":
            parts = [(morning, True), (afternoon, clock > _NOON), (evening, clock > _WELL_INTO_THE_EVENING)]
        case "after" | "from" | "past":
            parts = [(morning, clock < _NOON), (afternoon, clock < _EVENING_FROM), (evening, True)]
        case _:
            return (morning if clock < _NOON else afternoon if clock < _EVENING_FROM else evening,)
    times = tuple(part for part, holds in parts if holds)
    return times if len(times) < len(parts) else ()


def _languages(said: Sequence[str], lexicon: Lexicon) -> tuple[str, ...]:
    return tuple(
        meaning.slug
        for meaning, phrases in lexicon.said.items()
        if meaning.kind == "language" and said and said[0] in phrases
    )


def means_of(matches: list[FilterMatch], lexicon: Lexicon) -> tuple[Meaning, ...]:
    """The needs and activities that filter words speak of as well."""
    slugs = [slug for match in matches for slug in match.means]
    return tuple(
        meaning
        for slug in dict.fromkeys(slugs)
        for meaning in (Meaning("need", slug), Meaning("activity", slug))
        if meaning in lexicon.labels
    )


def apply(query: DirectoryQuery, matches: list[FilterMatch]) -> DirectoryQuery:
    """The query with the filters set; what the visitor chose on the form stays."""
    changes: dict[str, Any] = {}
    for match in matches:
        if match.denied:
            continue
        for name, value in match.sets.items():
            if getattr(query, name):
                continue
            if isinstance(value, tuple):
                value = tuple(dict.fromkeys([*changes.get(name, ()), *value]))
            changes.setdefault(name, value)
            if isinstance(value, tuple):
                changes[name] = value
    for match in matches:
        if match.denied:
            opposite = _opposite(match.sets, changes)
            changes.update({name: value for name, value in opposite.items() if not getattr(query, name)})
    return query.with_(page=query.page, **changes)


def _opposite(denied: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
    """What a query says instead of what is denied: the other days or times; in person. Empty where it can say nothing."""
    if len(denied) > 1:
        return {}
    for name, value in denied.items():
        if name in _ALL_OF:
            others = tuple(one for one in asked.get(name) or _ALL_OF[name] if one not in value)
            return {name: others} if others else {}
        if name == "modes" and _FROM_AFAR.issuperset(value):
            return {name: tuple(one for one in asked.get(name, ()) if one not in value) or ("in_person",)}
    return {}


def describe(match: FilterMatch, lexicon: Lexicon) -> str:
    """The filter in plain words, for "Remove: …"."""
    said = _in_words(match, lexicon)
    if not match.denied:
        return said
    return _("Not %(filter)s") % {"filter": said if "days" in match.sets else said[:1].lower() + said[1:]}


def _in_words(match: FilterMatch, lexicon: Lexicon) -> str:
    from groups.listings.choices import AccessFeature, Joining, Mode, Weekday

    labels: list[str] = []
    for name, value in match.sets.items():
        match name:
            case "cost":
                labels.append(_("Free") if value == "free" else _("Free or pay what you can"))
            case "when":
                labels.append(
                    {
                        "today": _("Today"),
                        "tomorrow": _("Tomorrow"),
                        "week": _("This week"),
                        "weekend": _("This weekend"),
                    }[value]
                )
            case "days":
                labels.append(", ".join(str(Weekday(day).label) for day in value))
            case "times":
                names = {"morning": _("Morning"), "afternoon": _("Afternoon"), "evening": _("Evening")}
                labels.append(", ".join(names[part] for part in value))
            case "modes":
                labels.append(", ".join(str(Mode(mode).label) for mode in value))
            case "access":
                labels.append(", ".join(str(AccessFeature(feature).label) for feature in value))
            case "gender":
                labels.append(_gender_in_words(value, only="circumstances" in match.sets))
            case "age":
                labels.append(_age_in_words(value, match.ages))
            case "languages":
                spoken = ", ".join(lexicon.labels[Meaning("language", slug)] for slug in value)
                labels.append(_("Speaks %(languages)s") % {"languages": spoken})
            case "has_space":
                labels.append(_("Has space"))
            case "accepts_referrals":
                labels.append(_("Takes people from link workers"))
            case "joining":
                labels.append(", ".join(str(Joining(kind).label) for kind in value))
    return ", ".join(labels)


def _age_in_words(age: int, ages: Ages | None) -> str:
    if ages is None:
        return _("Age %(age)s") % {"age": age}
    if ages[1] is None:
        return _("Age %(from)s and over") % {"from": ages[0]}
    return _("Age %(from)s to %(to)s") % {"from": ages[0], "to": ages[1]}


def _gender_in_words(gender: str, *, only: bool) -> str:
    if gender == "women":
        return _("Women only") if only else _("Open to women")
    return _("Men only") if only else _("Open to men")
