"""The filters of the vocabulary file: which words set which fields of a query."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

import groups.vocabulary
from groups.vocabulary.words import stem, words
from search.query import TimeOfDay, When

_PATH = Path(groups.vocabulary.__file__).parent / "data" / "filters.yaml"
_WORKING_DAYS = ("mon", "tue", "wed", "thu", "fri")
OLD = 50  # from here on, groups for older people are meant too

Ages = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class FilterWords:
    """One filter of the vocabulary file, its phrases as stems. `ages`: the whole years it speaks of, the last None for no end."""

    key: str
    sets: dict[str, Any]
    phrases: tuple[tuple[str, ...], ...]
    exact: tuple[tuple[str, ...], ...]
    not_before: frozenset[str]
    not_after: frozenset[str]
    only_after: frozenset[str]
    of_no_thing: bool
    means: tuple[str, ...]
    pattern: re.Pattern[str] | None
    ages: Ages | None


@cache
def all_filters() -> tuple[FilterWords, ...]:
    """The filters of the file, in its order."""
    data = yaml.safe_load(_PATH.read_text(encoding="utf-8"))["filters"]
    return tuple(_entry(entry) for entry in data)


def _entry(entry: dict[str, Any]) -> FilterWords:
    of_age = entry["value"] if entry["kind"] == "age" and isinstance(entry["value"], dict) else None
    return FilterWords(
        key=entry["id"],
        sets=_sets(entry["kind"], entry["value"]) | (_sets(**entry["also"]) if "also" in entry else {}),
        phrases=tuple(tuple(stem(word) for word in words(phrase)) for phrase in entry.get("say", [])),
        exact=tuple(tuple(words(phrase)) for phrase in entry.get("exact", [])),
        not_before=frozenset(stem(word) for word in entry.get("not_before", [])),
        not_after=frozenset(stem(word) for word in entry.get("not_after", [])),
        only_after=frozenset(stem(word) for word in entry.get("only_after", [])),
        of_no_thing=entry.get("of_no_thing", False),
        means=tuple(entry.get("means", ())),
        pattern=re.compile(entry["pattern"]) if "pattern" in entry else None,
        ages=(of_age.get("min", 0), of_age.get("max")) if of_age else None,
    )


@cache
def by_phrase() -> tuple[dict[tuple[str, ...], list[int]], dict[tuple[str, ...], list[int]]]:
    """The numbers of the filters that a phrase says: of phrases compared as typed, and of phrases compared by stem."""
    exact, phrases = defaultdict(list), defaultdict(list)
    for number, words_of in enumerate(all_filters()):
        for phrase in words_of.exact:
            exact[phrase].append(number)
        for phrase in words_of.phrases:
            phrases[phrase].append(number)
    return dict(exact), dict(phrases)


@cache
def longest() -> int:
    """Of how many words the longest phrase is."""
    return max(len(phrase) for words_of in all_filters() for phrase in (*words_of.phrases, *words_of.exact))


@cache
def single_words() -> frozenset[str]:
    """The stems of the words that are a phrase by themselves."""
    return frozenset(
        stem(phrase[0])
        for words_of in all_filters()
        for phrase in (*words_of.phrases, *words_of.exact)
        if len(phrase) == 1
    )


@cache
def only_here() -> frozenset[str]:
    """Words of the file that are compared as typed, which no dictionary need know: "tmrw", "thurs"."""
    return frozenset(word for words_of in all_filters() for phrase in words_of.exact for word in phrase)


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
        case "circumstance":
            return {"circumstances": (value,)}
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
    """Somebody in the middle of a range; of an open one, somebody who is just old enough where that is fifty or more."""
    if max is None:
        return min if min >= OLD else min + 12
    return (min + max) // 2
