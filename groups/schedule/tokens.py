"""The words of days and times, cut from a text and given their meaning. Unknown words are tokens too."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from groups.schedule.clock_words import clock_word
from groups.schedule.rules import LAST

_DAY_WORDS = (
    r"mon(?:day)?s?",
    r"tu(?:es?(?:day)?)?s?",
    r"wed(?:nesday|nes)?s?",
    r"th(?:u(?:rs?(?:day)?)?)?s?",
    r"fri(?:day)?s?",
    r"sat(?:urday)?s?",
    r"sun(?:day)?s?",
)
_OSM_DAYS = (
    "mo",
    "tu",
    "we",
    "th",
    "fr",
    "sa",
    "su",
)  # https://wiki.openstreetmap.org/wiki/Key:opening_hours
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "last": LAST}
_COUNTS = {"two": 2, "three": 3, "four": 4}
_DAY_SETS = {"weekday": tuple(range(5)), "weekend": (5, 6), "daily": tuple(range(7)), "day": tuple(range(7))}


class Kind(StrEnum):
    DAYS = "days"  # (weekdays, weeks of the month)
    TIME = "time"  # ClockWord
    DATE = "date"  # (day, month, year or None)
    ORDINAL = "ordinal"  # week of the month
    EVERY = "every"
    WEEKS = "weeks"  # every n weeks, said of weeks: "fortnightly"
    OTHER = "other"  # every other, said of a day: "alternate Fridays"
    EACH_MONTH = "each_month"
    TERM = "term"
    CLOSED = "closed"
    RANGE = "range"
    LIST = "list"
    BETWEEN = "between"
    FROM = "from"
    UNTIL = "until"
    BREAK = "break"
    NOISE = "noise"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Token:
    kind: Kind
    text: str
    value: Any = None


_END = r"(?![a-z])"  # the end of a word, though the next may follow at once: "4.30pmTuesday"
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (Kind.NOISE, r"[^\S\n]+"),
    (
        Kind.DATE,
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s*(?:of\s+)?(?P<month>{_MONTH}){_END}(?:,?\s+(?P<year>20\d\d)(?!\d))?",
    ),
    (Kind.DATE, r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>20\d\d)(?!\d)"),
    (Kind.WEEKS, rf"every\s+(?P<count>[2-9]|two|three|four)\s+weeks?{_END}"),
    (
        Kind.WEEKS,
        rf"every\s+other\s+week{_END}|(?:every\s+)?(?:fortnightly|fortnight|alternate\s+weeks?){_END}",
    ),
    (Kind.OTHER, rf"every\s+other{_END}|(?:every\s+)?alternate{_END}"),
    (
        Kind.EACH_MONTH,
        rf"(?:of|in|every|each)\s+(?:the\s+|each\s+|every\s+)?month{_END}|monthly{_END}|once\s+a\s+month{_END}",
    ),
    (Kind.DAYS, rf"(?:every\s+(?=day))?(?P<set>day|daily|weekday|weekend)s?{_END}"),
    (Kind.EVERY, rf"(?:every|each)(?:\s+week)?{_END}|weekly{_END}"),
    (
        Kind.ORDINAL,
        rf"(?P<word>first|second|third|fourth|fifth|last){_END}|(?P<nth>[1-5])(?:st|nd|rd|th){_END}",
    ),
    (
        Kind.TIME,
        r"(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?!\d)"
        r"(?:\s*(?P<half>a\.m\.?|p\.m\.?|am|pm|noon|midday|midnight|hrs|o'clock))?",
    ),
    (Kind.TIME, rf"(?P<named>noon|midday|midnight){_END}"),
    (Kind.TERM, rf"(?:(?:in|during)\s+)?(?:school\s+)?term[\s-]?times?(?:\s+only)?{_END}"),
    (Kind.CLOSED, rf"closed{_END}"),
    (Kind.BETWEEN, rf"between{_END}"),
    (Kind.FROM, rf"(?:from|starting|beginning)(?:\s+(?:from|on))?{_END}"),
    (Kind.UNTIL, rf"(?:until|till|til){_END}"),
    (Kind.RANGE, rf"-|to{_END}"),
    (Kind.LIST, rf"[,&+/]|and{_END}"),
    (Kind.BREAK, r"[;.\n]"),
    (Kind.NOISE, rf"(?:opening\s+(?:times|hours)|open|we\s+meet|meets?|on|at|the){_END}|[:()@]"),
    *((Kind.DAYS, rf"(?P<osm>{day})\[(?P<weeks>-?[1-5](?:,-?[1-5])*)\]") for day in _OSM_DAYS),
    *((Kind.DAYS, rf"(?P<day_{index}>{words}){_END}") for index, words in enumerate(_DAY_WORDS)),
    *((Kind.DAYS, rf"(?P<osm>{day}){_END}") for day in _OSM_DAYS),
    (Kind.UNKNOWN, r"[^\W_]+(?:'[^\W_]+)*|."),
)
_COMPILED = tuple((kind, re.compile(pattern, re.DOTALL)) for kind, pattern in _PATTERNS)
_PLAIN = str.maketrans({"–": "-", "—": "-", "−": "-", "‑": "-", "’": "'", "\r": "\n"})


def tokens_of(text: str) -> list[Token]:
    """All words with a meaning, in order, without fillers ("at"). Raises NotUnderstoodError."""
    plain = text.translate(_PLAIN).lower()
    found, position = [], 0
    while position < len(plain):
        kind, match = next(
            (kind, hit) for kind, pattern in _COMPILED if (hit := pattern.match(plain, position))
        )
        if kind != Kind.NOISE:
            found.append(Token(kind, text[position : match.end()].strip(), _value(kind, match)))
        position = match.end()
    return found


def _value(kind: Kind, match: re.Match[str]) -> Any:
    parts = match.groupdict()
    match kind:
        case Kind.DAYS:
            return _days(parts)
        case Kind.TIME if parts.get("named"):
            return clock_word(12, 0, parts["named"], match[0])
        case Kind.TIME:
            return clock_word(int(parts["hour"]), int(parts["minute"] or 0), parts["half"] or "", match[0])
        case Kind.DATE:
            month = parts["month"]
            number = int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
            return int(parts["day"]), number, int(parts["year"]) if parts["year"] else None
        case Kind.ORDINAL:
            return _ORDINALS[parts["word"]] if parts["word"] else int(parts["nth"])
        case Kind.WEEKS:
            count = parts.get("count")
            return 2 if count is None else _COUNTS.get(count) or int(count)
        case Kind.OTHER:
            return 2
    return None


def _days(parts: dict[str, str]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    if "set" in parts:
        return _DAY_SETS[parts["set"]], ()
    if "osm" in parts:
        weeks = tuple(int(week) for week in parts.get("weeks", "").split(",") if week)
        return (_OSM_DAYS.index(parts["osm"]),), weeks
    return (int(next(iter(parts)).removeprefix("day_")),), ()
