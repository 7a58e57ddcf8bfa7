"""From a query as typed to the query as understood, with a way back for each reading.

The order is that of trust: urgent help first, then place and filters, then spelling, then needs and activities.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice, product

from groups.vocabulary.lexicon import Found, Lexicon
from groups.vocabulary.words import STOP_WORDS, words
from search.engine import HelpMessage, Reading, Understood
from search.query import DirectoryQuery
from search.understanding import filter_words
from search.understanding.denials import denied_topics
from search.understanding.place_words import read_place
from search.understanding.plan import Plan, plan_for
from search.understanding.spelling import speller
from search.understanding.urgent import urgent_help

_MOST_WORDS = 60
_LITTLE_WORDS = 3
_SPELLING = "spelling"
_TIMES = frozenset({"when", "days", "times"})
DENIED = "denied"
_SIGNS = frozenset("+£-–")
_PLUS = re.compile(r"(?<!\w)(\d{2})s?\s*\+")
_RANGE = re.compile(r"(?<![\w-])(\d{1,2})\s*[-–]\s*(\d{1,2})(?![\w-])")
_POUNDS = re.compile(r"£\s*(\d+)(?:\.\d+)?")
_ME = re.compile(r"^(?:ME|me)$|^ME(?=/| [a-z])|(?:(?<=with )|(?<=have )|(?<=has )|(?<=got ))ME\b")
_MOST_SPELLINGS = 24  # of a whole text that may be a misspelt name


@dataclass(frozen=True, slots=True)
class Interpretation:
    """What to show (`understood`) and what to look for (`plan`)."""

    understood: Understood
    plan: Plan


def understand(
    query: DirectoryQuery, lexicon: Lexicon, *, name_exists: Callable[[str], bool] = lambda text: False
) -> list[Interpretation]:
    """Read what somebody typed: the best reading first, then those to fall back to, each taking fewer words away.

    The second does without the filters that were typed, the last without the place as well. An engine falls back where a
    typed filter leaves nothing, or where a name that exists would be hidden.

    name_exists: says whether a text is the whole name of a listing, which is then looked for as it stands.
    """
    typed = words(query.text)
    is_name = bool(query.text) and name_exists(query.text)
    if query.exact or not query.text or is_name:
        help_first = _help_first(lexicon, typed)
        plan = plan_for(query.text, [], lexicon, meaning="" if query.exact else query.text)
        return [Interpretation(Understood(_as_name(query, is_name), query.text, (), help_first), plan)]
    heard = _heard(query, lexicon)
    mended = any(reading.kind == _SPELLING for reading in heard.readings)
    # Words run together are looked for as urgent phrases by themselves; parted they may say what was not meant ("ups kill").
    parted = any(reading.kind == _SPELLING and " " in reading.label for reading in heard.readings)
    help_first = _help_first(lexicon, typed, words(heard.text) if mended and not parted else typed)
    if mended:
        for name, spelling in _spellings(query.text, query, lexicon):
            if name_exists(name):
                plan = plan_for(name, [], lexicon, meaning=name)
                understood = Understood(_as_name(query), name, tuple(spelling), help_first)
                return [Interpretation(understood, plan)]

    interpretations = _with_and_without_filters(heard, lexicon, help_first)
    if interpretations[0].understood.query.place is not query.place:
        no_place = query.with_(page=query.page, ignored=(*query.ignored, "place"))
        interpretations.append(_with_and_without_filters(_heard(no_place, lexicon), lexicon, help_first)[-1])
    return interpretations


def _as_name(query: DirectoryQuery, is_name: bool = True) -> DirectoryQuery:
    return query.with_(page=query.page, is_name=is_name)


def _help_first(lexicon: Lexicon, *readings: Sequence[str]) -> tuple[HelpMessage, ...]:
    return tuple(
        HelpMessage(panel.slug, panel.heading, panel.lines, panel.quick_exit)
        for panel in urgent_help(lexicon, *readings)
    )


@dataclass(frozen=True, slots=True)
class _Heard:
    """A query with its place, the rest of its words as they were meant, and what to say of both."""

    query: DirectoryQuery
    text: str
    readings: list[Reading]


def _heard(query: DirectoryQuery, lexicon: Lexicon) -> _Heard:
    text, query, readings = read_place(_as_words(query.text), query, lexicon)
    text, corrections = _mended(text, query, lexicon)
    readings += corrections
    if corrections:
        text, query, places = read_place(text, query, lexicon)  # a place may be misspelt too
        readings += places
    text, denied = _without_denied(text, query, lexicon)
    return _Heard(query, text, readings + denied)


def _as_words(text: str) -> str:
    """Signs that folding would lose as words: "55+", "18-25", "£5"; and ME the illness, which is not "me"."""
    if "ME" in text or text == "me":
        text = _ME.sub("M.E.", text)
    if _SIGNS.isdisjoint(text):
        return text
    return _POUNDS.sub(r"\1 pounds", _RANGE.sub(r"\1 to \2", _PLUS.sub(r"\1 plus", text)))


def _without_denied(text: str, query: DirectoryQuery, lexicon: Lexicon) -> tuple[str, list[Reading]]:
    """The text without topics that it denies ("no dogs"), and what to say of them: search cannot look for a group without."""
    if DENIED in query.ignored:
        return text, []
    split = words(text)
    denied = denied_topics(split, lexicon)
    if not denied:
        return text, []
    gone = {place for one in denied for place in range(one.start, one.end)}
    told = [
        Reading(DENIED, DENIED, said, said)
        for one in denied
        for said in [" ".join(split[one.start : one.end])]
    ]
    return " ".join(word for place, word in enumerate(split) if place not in gone), told


def _with_and_without_filters(
    heard: _Heard, lexicon: Lexicon, help_first: tuple[HelpMessage, ...]
) -> list[Interpretation]:
    query, text, readings = heard.query, heard.text, heard.readings
    mended = words(text)[:_MOST_WORDS]

    filters = filter_words.read_filters(mended, lexicon, query.ignored)
    looked_for = mended
    if any(len(panel.lines) > 1 for panel in help_first):
        # Who has no bed tonight needs to hear of all who may help with it, and most of them open tomorrow.
        filters.matches = [match for match in filters.matches if not match.sets.keys() <= _TIMES]
        looked_for = filters.left or mended
    plain = _interpret(query, query, looked_for, [], text, lexicon, readings, help_first)
    if not filters.matches:
        return [plain]
    filtered = filter_words.apply(query, filters.matches)
    own = [
        Reading(
            "filter" if match.can_be_set else DENIED,
            f"filter:{match.key}",
            " ".join(mended[match.start : match.end]),
            filter_words.describe(match, lexicon),
            facet=match.key,
        )
        for match in filters.matches
    ]
    both = [*readings, *own]
    return [
        _interpret(filtered, query, filters.left, filters.matches, text, lexicon, both, help_first),
        plain,
    ]


def _mended(text: str, query: DirectoryQuery, lexicon: Lexicon) -> tuple[str, list[Reading]]:
    """The text with misspelt words mended, and what to say of it. As it stands where nothing is misspelt."""
    return next(iter(_spellings(text, query, lexicon)))


def _spellings(text: str, query: DirectoryQuery, lexicon: Lexicon) -> Iterable[tuple[str, list[Reading]]]:
    """The ways a text may be meant, the likeliest first, each with what to say of it."""
    mended, corrections = (
        ([], []) if _SPELLING in query.ignored else speller.correct(words(text)[:_MOST_WORDS], lexicon)
    )
    if not corrections:
        yield text, []
        return
    meant = [dict.fromkeys((one.meant, *speller.likely(one.typed))) for one in corrections]
    for chosen in islice(product(*meant), _MOST_SPELLINGS):
        for one, word in zip(corrections, chosen, strict=True):
            mended[one.at] = word
        yield (
            " ".join(mended),
            [
                Reading(_SPELLING, _SPELLING, one.typed, word)
                for one, word in zip(corrections, chosen, strict=True)
            ],
        )


def _interpret(
    query: DirectoryQuery,
    asked: DirectoryQuery,
    left: list[str],
    matches: list,
    text: str,
    lexicon: Lexicon,
    readings: list[Reading],
    help_first: tuple[HelpMessage, ...],
) -> Interpretation:
    found = [one for one in lexicon.find_in(left) if not _taken_back(one, lexicon, asked)]
    own = list(readings)
    own += [
        Reading(
            meaning.kind,
            f"{meaning.kind}:{meaning.slug}",
            " ".join(left[one.start : one.end]),
            lexicon.names[meaning],
            slug=meaning.slug,
        )
        for one in found
        for meaning in one.meanings
        if meaning.kind != "language"
    ]
    only_filters = bool(matches) and all(word in STOP_WORDS for word in left)
    searched = "" if only_filters else " ".join(left)
    # Words that only set a filter say nothing more to the model; a few little words together may ("I can't see very well").
    says_more = any(word not in STOP_WORDS for word in left) or len(left) >= _LITTLE_WORDS
    meaning = text if says_more and not only_filters else ""
    plan = plan_for(
        searched,
        found,
        lexicon,
        extra=() if only_filters else filter_words.means_of(matches, lexicon),
        meaning=meaning,
    )
    return Interpretation(Understood(query, searched, tuple(own), help_first), plan)


def _taken_back(found: Found, lexicon: Lexicon, query: DirectoryQuery) -> bool:
    return any(f"{meaning.kind}:{meaning.slug}" in query.ignored for meaning in found.meanings)
