"""The place in what was typed, and how far around it: taken out of the words, unless that tears a phrase."""

import re

from groups.places.gazetteer import Spot, find_place_in
from groups.vocabulary.lexicon import Lexicon
from groups.vocabulary.words import words
from search.engine import Reading
from search.query import MAX_RADIUS, DirectoryQuery
from search.understanding.filter_words import read_filters

_NUMBERS = ("half a", "a", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_VALUES = {"half a": 0.5, "a": 1.0, **{word: float(at) for at, word in enumerate(_NUMBERS[2:], start=1)}}
_MILES_IN = {"k": 0.621371, "m": 1.0}
_BEFORE_A_FILTER = frozenset(("on", "in", "at", "every", "from", "for", "and", "with"))
_DISTANCE = re.compile(
    r"\b(?P<sure>(?:with)?in +|up +to +|less +than +|under +)?(?:an? +)?"
    rf"(?P<number>\d{{1,3}}(?:\.\d)?|{'|'.join(_NUMBERS)})[ -]?(?P<unit>miles?|mi|km|kms|kilometres?)\b"
    r"(?P<of> +(?:radius +)?(?:of|from|away +from|around|round|to)\b(?= +\S))?",
    re.IGNORECASE,
)


def read_place(
    text: str, query: DirectoryQuery, lexicon: Lexicon
) -> tuple[str, DirectoryQuery, list[Reading]]:
    """Take a place out of a text, and how far around it, unless a place is given in its own box.

    It stands at either end, behind a word that makes it one, or at an end once the words that set a filter are left out.
    """
    if "place" in query.ignored:
        return text, query, []
    distance = _DISTANCE.search(text)
    miles = _miles(distance)
    if query.place is not None:
        if distance is None or miles is None or distance["of"] or not distance["sure"] or query.radius:
            return text, query, []
        rest = f"{text[: distance.start()]} {text[distance.end() :]}"
        return " ".join(rest.split()), query.with_(page=query.page, radius=miles), []
    if distance is not None and miles is not None and distance["of"]:
        nearer = f"{text[: distance.start()]} near {text[distance.end() :]}"
        if found := _found(nearer, query, lexicon):
            spot, rest = found
            within = query.with_(page=query.page, place=spot, radius=query.radius or miles)
            return rest, within, [_reading(spot)]
    if found := _found(text, query, lexicon):
        spot, rest = found
        return rest, query.with_(page=query.page, place=spot), [_reading(spot)]
    return text, query, []


def _reading(spot: Spot) -> Reading:
    return Reading("place", "place", spot.label, spot.label)


def _miles(distance: re.Match[str] | None) -> float | None:
    if distance is None:
        return None
    number = distance["number"].lower()
    value = _VALUES[number] if number in _VALUES else float(number)
    miles = round(value * _MILES_IN[distance["unit"][0].lower()], 2)
    return miles if 0 < miles <= MAX_RADIUS else None


def _found(text: str, query: DirectoryQuery, lexicon: Lexicon) -> tuple[Spot, str] | None:
    found = find_place_in(text)
    if found is not None:
        whole, rest = words(text), words(found[1])
        return None if _breaks_a_phrase(whole, _gone(whole, rest), lexicon) else found
    return _among_filters(text, query, lexicon)


def _among_filters(text: str, query: DirectoryQuery, lexicon: Lexicon) -> tuple[Spot, str] | None:
    """A place at an end of the words that set no filter: "yoga CM1 monday", "lunch club Great Baddow tuesday"."""
    whole = words(text)
    filters = read_filters(whole, lexicon, query.ignored)
    if not filters.matches:
        return None
    first_words = {match.start for match in filters.matches}
    places = [at for at in filters.places if not (at + 1 in first_words and whole[at] in _BEFORE_A_FILTER)]
    left = [whole[place] for place in places]
    found = find_place_in(" ".join(left))
    if found is None:
        return None
    gone = {places[at] for at in _gone(left, words(found[1]))}
    if _breaks_a_phrase(whole, gone, lexicon):
        return None
    return found[0], " ".join(word for at, word in enumerate(whole) if at not in gone)


def _gone(whole: list[str], rest: list[str]) -> set[int]:
    """Which words of the whole are not in the rest; they stand together."""
    same = 0
    while same < len(rest) and whole[same] == rest[same]:
        same += 1
    return set(range(same, same + len(whole) - len(rest)))


def _breaks_a_phrase(whole: list[str], gone: set[int], lexicon: Lexicon) -> bool:
    """Whether taking the place out would tear a phrase of the vocabulary ("Southall Black Sisters")."""
    return any(
        one.meanings and one.end - one.start > 1 and (one.start in gone) != (one.end - 1 in gone)
        for one in lexicon.find_in(whole)
    )
