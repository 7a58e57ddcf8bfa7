"""Words that deny what follows: "not online", "any day except Tuesday", "no dogs", "not keen on church", "I don't have cancer".

Who lacks something needs it: "no food", "can't sleep", "not drinking", "no one to talk to" are topics, and stay so.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from groups.vocabulary.lexicon import Found, Lexicon
from groups.vocabulary.words import words


def _phrases(text: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words(phrase)) for phrase in text.replace("\n", " ").split(","))


# Before a day, a time, a way of meeting: whatever says that it does not suit.
_DENY_A_FILTER = _phrases(
    """
    not, no, nor, except, except for, excluding, without, avoid, hate, apart from, other than, instead of, rather than,
    any day except, any day except for, every day except, any time except, any day apart from, anything but,
    any day but, any time but, every day but, isnt, arent, dont, doesnt, cant, wont, couldnt, dont have,
    havent got, dont want, dont like, dont use, cant use, busy, not keen on, not interested in, not into
    """
)
# Before a topic: what says that it is not wanted, whatever it is.
_NOT_WANTED = _phrases(
    """
    except, except for, excluding, avoid, apart from, other than, instead of, rather than, anything but, but not, but no,
    dont want, dont like, not keen on, not interested in, not into, not a fan of
    """
)
# "Not" before a sort of group or of people; what somebody cannot do or has not is a need.
_NOT = _phrases("not, isnt, arent, nor, not for, isnt for")
_DONT_HAVE = _phrases("dont have, do not have, havent got, dont suffer from, doesnt have, hasnt got")
_DONT = _phrases("dont, doesnt, havent, hasnt")
_HAVING = frozenset(("have", "has", "got", "living"))
_WITHOUT = _phrases("no, without")
# What is left out by "no …" rather than lacked.
_LEFT_OUT = frozenset(
    """
    dogs dog pets pet animals animal cats cat church churches religion religious god prayer praying preaching faith bible kids
    children babies toddlers alcohol drugs gambling swearing politics sport sports football singing dancing
    """.split()  # noqa: SIM905
)
_SORTS = _LEFT_OUT | frozenset(
    ["christian", "muslim", "jewish", "catholic", "spiritual", "religious", "political", "competitive"]
)
_LITTLE = frozenset(
    """
    a an the any every all on in at to of for from with by my me do make manage come attend go get out be been run want like
    during anything groups group free available able ones
    """.split()  # noqa: SIM905
)
_LISTING = frozenset(("or", "and", "nor", "not", "no", "on", "in", "at", "the", "a", "any"))
_MOST_LITTLE = 4
_LONGEST = 4


@dataclass(frozen=True, slots=True)
class Denied:
    """Words `start` to `end` (not included) say what is not wanted, the denying words with them."""

    start: int
    end: int


def denial_before(found_words: Sequence[str], start: int, denied_before: Sequence[bool]) -> int | None:
    """Where the words begin that deny a filter at `start`; None where nothing does.

    denied_before: which words belong to a filter denied already: "not mondays or tuesdays" denies both.
    """
    place = start
    while place and start - place <= _MOST_LITTLE:
        if denied_before[place - 1] and all(word in _LISTING for word in found_words[place:start]):
            return place
        if (first := _denying(found_words, place, _DENY_A_FILTER)) is not None:
            return first
        if found_words[place - 1] not in _LITTLE and found_words[place - 1] not in _LISTING:
            return None
        place -= 1
    return None


def denied_topics(found_words: Sequence[str], lexicon: Lexicon) -> list[Denied]:
    """The topics of a text that it denies, in its order."""
    if _denying_words().isdisjoint(found_words):
        return []
    found = lexicon.find_in(found_words)
    spoken_for = {place for one in found for place in range(one.start, one.end)}
    sorts = [
        Found(place, place + 1, ())
        for place, word in enumerate(found_words)
        if word in _SORTS and place not in spoken_for
    ]
    denied = []
    for one in sorted([*found, *sorts], key=lambda each: each.start):
        start = _topic_denial(found_words, one)
        if start is not None and not _had_by_another(found_words, one.end):
            denied.append(Denied(start, one.end))
    return denied


def _topic_denial(found_words: Sequence[str], one: Found) -> int | None:
    place = one.start
    if place and found_words[place - 1] in ("a", "an", "the", "any"):
        place -= 1
    kinds = {meaning.kind for meaning in one.meanings}
    of_a_sort = one.end - one.start == 1 and found_words[one.start] in _SORTS
    if (of_a_sort or "need" not in kinds) and (
        first := _denying(found_words, place, _NOT_WANTED)
    ) is not None:
        return first
    if one.end - one.start == 1 and found_words[one.start] in _LEFT_OUT:
        first = _denying(found_words, place, _WITHOUT)
        if first is not None:
            return first
    if "circumstance" in kinds:
        having = found_words[one.start] in _HAVING
        first = _denying(found_words, place, _DONT if having else _DONT_HAVE)
        if first is not None:
            return first
    if (of_a_sort or (kinds and "need" not in kinds)) and not found_words[one.start].endswith("ing"):
        return _denying(found_words, place, _NOT)
    return None


def _denying(found_words: Sequence[str], place: int, phrases: frozenset[tuple[str, ...]]) -> int | None:
    """Where a denying phrase begins that ends before `place`, the longest first."""
    for size in range(min(_LONGEST, place), 0, -1):
        if tuple(found_words[place - size : place]) in phrases:
            return place - size
    return None


def _had_by_another(found_words: Sequence[str], end: int) -> bool:
    """ "I don't have cancer but my husband does"."""
    after = found_words[end : end + 4]
    return (
        bool(after)
        and after[0] == "but"
        and any(word in ("does", "has", "did", "had", "is") for word in after)
    )


@cache
def _denying_words() -> frozenset[str]:
    """The last words of what denies: a text without any of them denies no topic."""
    return frozenset(phrase[-1] for phrase in _NOT_WANTED | _NOT | _DONT | _DONT_HAVE | _WITHOUT)
