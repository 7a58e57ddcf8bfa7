"""Words that set a filter instead of being looked up: "free", "tonight", "step free", "for teenagers", "14 year old"."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

import groups.vocabulary
from groups.vocabulary.lexicon import Lexicon, Meaning
from groups.vocabulary.words import stem, words
from search.query import DirectoryQuery, TimeOfDay, When

_PATH = Path(groups.vocabulary.__file__).parent / "data" / "filters.yaml"
_WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
_OVER = 5  # "over 60s" looks for groups open to somebody of 65
_OLD = 50


@dataclass(frozen=True, slots=True)
class FilterWords:
    """One filter of the vocabulary file, its phrases as stems."""

    key: str
    sets: dict[str, Any]
    phrases: tuple[tuple[str, ...], ...]
    exact: tuple[tuple[str, ...], ...]
    not_before: frozenset[str]
    not_after: frozenset[str]
    means: tuple[str, ...]
    pattern: re.Pattern[str] | None


@dataclass
class FilterMatch:
    """Words `start` to `end` (not included) set these fields of the query."""

    key: str
    start: int
    end: int
    sets: dict[str, Any]
    means: tuple[str, ...] = ()


@dataclass
class FilterReading:
    """What was found. `left`: the words that no filter took, in order."""

    matches: list[FilterMatch] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def read_filters(found_words: list[str], lexicon: Lexicon, ignored: tuple[str, ...]) -> FilterReading:
    """Find filter words. A longer phrase of the vocabulary that holds one keeps it ("wheelchair basketball")."""
    stemmed = [stem(word) for word in found_words]
    kept_by_topic = _longer_topics(found_words, lexicon)
    matches: list[FilterMatch] = []
    taken = [False] * len(found_words)
    taken_back: list[int] = []  # words of a filter the visitor does not want: no other filter reads them
    for size in range(min(_longest(), len(found_words)), 0, -1):
        for start in range(len(found_words) - size + 1):
            end = start + size
            if any(taken[start:end]) or any(
                first <= start and end <= last and (last - first) > size for first, last in kept_by_topic
            ):
                continue
            for words_of in _saying(tuple(found_words[start:end]), tuple(stemmed[start:end])):
                if not _stands_well(words_of, stemmed, start, end):
                    continue
                taken[start:end] = [True] * size
                if f"filter:{words_of.key}" in ignored:
                    taken_back += range(start, end)
                    break
                matches.append(FilterMatch(words_of.key, start, end, words_of.sets, words_of.means))
                break
    _read_patterns(found_words, taken, matches, ignored)
    left = [
        word
        for place, (word, gone) in enumerate(zip(found_words, taken, strict=True))
        if not gone or place in taken_back
    ]
    return FilterReading(sorted(matches, key=lambda match: match.start), left)


def _longer_topics(found_words: list[str], lexicon: Lexicon) -> list[tuple[int, int]]:
    return [(found.start, found.end) for found in lexicon.find_in(found_words)]


def _saying(plain: tuple[str, ...], stemmed: tuple[str, ...]) -> list[FilterWords]:
    """The filters that a phrase says, in their order."""
    exact, phrases = _by_phrase()
    numbers = {*exact.get(plain, ()), *phrases.get(stemmed, ())}
    return [_all()[number] for number in sorted(numbers)]


@cache
def _by_phrase() -> tuple[dict[tuple[str, ...], list[int]], dict[tuple[str, ...], list[int]]]:
    exact, phrases = defaultdict(list), defaultdict(list)
    for number, words_of in enumerate(_all()):
        for phrase in words_of.exact:
            exact[phrase].append(number)
        for phrase in words_of.phrases:
            phrases[phrase].append(number)
    return dict(exact), dict(phrases)


def _stands_well(words_of: FilterWords, stemmed: list[str], start: int, end: int) -> bool:
    before = stemmed[start - 1] if start else ""
    after = stemmed[end] if end < len(stemmed) else ""
    return after not in words_of.not_before and before not in words_of.not_after


def _read_patterns(
    plain: list[str], taken: list[bool], matches: list[FilterMatch], ignored: tuple[str, ...]
) -> None:
    text = " ".join(plain)
    for words_of in _all():
        if words_of.pattern is None or f"filter:{words_of.key}" in ignored:
            continue
        found = words_of.pattern.search(text)
        if not found or int(found["age"]) > 120:
            continue
        start = text[: found.start()].count(" ")
        end = start + found[0].count(" ") + 1
        if any(taken[start:end]):
            continue
        taken[start:end] = [True] * (end - start)
        matches.append(FilterMatch(words_of.key, start, end, {"age": int(found["age"])}))


@cache
def _all() -> tuple[FilterWords, ...]:
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))["filters"]
    return tuple(
        FilterWords(
            key=entry["id"],
            sets=_sets(entry["kind"], entry["value"]) | (_sets(**entry["also"]) if "also" in entry else {}),
            phrases=tuple(tuple(stem(word) for word in words(phrase)) for phrase in entry.get("say", [])),
            exact=tuple(tuple(words(phrase)) for phrase in entry.get("exact", [])),
            not_before=frozenset(stem(word) for word in entry.get("not_before", [])),
            not_after=frozenset(stem(word) for word in entry.get("not_after", [])),
            means=tuple(entry.get("means", ())),
            pattern=re.compile(entry["pattern"]) if "pattern" in entry else None,
        )
        for entry in data
    )


@cache
def _longest() -> int:
    return max(len(phrase) for words_of in _all() for phrase in (*words_of.phrases, *words_of.exact))


def _sets(kind: str, value: Any) -> dict[str, Any]:
    """The fields of a query that an entry of the file sets."""
    match kind:
        case "cost":
            return {"cost": value}
        case "when":
            return {"when": {"this_week": When.THIS_WEEK, "this_weekend": When.WEEKEND}.get(value, value)}
        case "day":
            return {"days": {"weekend": ("sat", "sun"), "weekday": _WORKING_DAYS}.get(value, (value[:3],))}
        case "time_of_day":
            daytime = (TimeOfDay.MORNING, TimeOfDay.AFTERNOON)
            return {"times": daytime if value == "daytime" else (value,)}
        case "mode":
            return {"modes": ("telephone" if value == "phone" else value,)}
        case "access":
            return {"access": (value,)}
        case "gender":
            return {"gender": value}
        case "age":
            return {} if isinstance(value, str) else {"age": _typical_age(**value)}
        case "space":
            return {"has_space": True}
        case "joining":
            return {"joining": (value,)}
        case "referral":
            return (
                {"accepts_referrals": True}
                if value == "accepted"
                else {"joining": ("drop_in", "contact_first", "book")}
            )
    return {}


def _typical_age(min: int = 0, max: int | None = None) -> int:
    """Somebody in the middle of a range; past fifty, somebody a little over the line."""
    if max is None:
        return min + _OVER if min >= _OLD else min + 12
    return (min + max) // 2


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
        for name, value in match.sets.items():
            if getattr(query, name):
                continue
            if isinstance(value, tuple):
                value = tuple(dict.fromkeys([*changes.get(name, ()), *value]))
            changes.setdefault(name, value)
            if isinstance(value, tuple):
                changes[name] = value
    return query.with_(page=query.page, **changes)


def describe(match: FilterMatch) -> str:
    """The filter in plain words, for "Remove: …"."""
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
                labels.append(_("Open to women") if value == "women" else _("Open to men"))
            case "age":
                labels.append(_("Age %(age)s") % {"age": value})
            case "has_space":
                labels.append(_("Has space"))
            case "accepts_referrals":
                labels.append(_("Takes people from link workers"))
            case "joining":
                labels.append(", ".join(str(Joining(kind).label) for kind in value))
    return ", ".join(labels)
