"""Finding the place in a search: "walking in Brighton", "CM1 choir", "choir near Great Baddow Chelmsford".

Many names are everyday words (Reading, Bath, Sandwich, Rugby, Deal). Such a name counts only
behind "in", "near", "around" or "at", after a comma, or with its county: a search for words is no place.
"""

import re
from dataclasses import dataclass
from typing import Literal

from groups.places import lookups
from groups.places.names import fold, is_ordinary
from groups.places.place_file import Place
from groups.places.place_names import codes_of_area
from groups.places.postcodes import parse
from groups.places.spots import Kind, Spot

Where = Literal["either end", "start", "end"]

_MAX_WORDS = 40
_LONGEST_NAME = 7
_POSTCODE = re.compile(r"(?<![\w])[A-Z]{1,2}[0-9][0-9A-Z]?[\s-]*[0-9][A-Z]{2}(?![\w])", re.IGNORECASE)
_PREPOSITIONS = (
    r"(?:with)?in +\d{1,3} *(?:miles?|mi|km) +of|close +to|near +to|next +to|"
    r"in|near|nr|around|at|outside|by|from|to"
)
_BEFORE_A_PLACE = re.compile(rf"(?:^|(?<=\s))(?:{_PREPOSITIONS})(?=\s)", re.IGNORECASE)
_SURE = re.compile(r"^(?:in|near|nr|around|at|outside|close|within|next|to)", re.IGNORECASE)
_TRAILING = re.compile(rf"(?:^|\s)(?:{_PREPOSITIONS}|and|&|,)\s*$", re.IGNORECASE)
_LEADING = re.compile(r"^\s*(?:[,;:-]|and\s|&\s)\s*", re.IGNORECASE)
# "Interested in reading" is no address; neither is "vitamin B12".
_NOT_BEFORE_A_PLACE = frozenset(
    """
    interest interests interested skill skills confidence confident difficulty difficulties trouble
    struggle struggling improve better good bad vitamin believe involved specialise specialising
    qualified level stage grade type engage take taking participate participating
    """.split()  # noqa: SIM905 — a list of quoted words would be harder to read and keep
)
# Before "to" and a place: "just moved to Brighton", not "listen to Elgar".
_GOING = frozenset(
    """
    moved moving move relocated relocating new came come coming travel travelling back over down up get getting
    """.split()  # noqa: SIM905 — a list of quoted words would be harder to read and keep
)
_BEGINS_LIKE_A_POSTCODE = re.compile(r"[A-Za-z]{1,2}[0-9]")
# Words that are somewhere, and many a suburb's name, but say no place.
_VAGUE = frozenset(
    """
    the central city centre old new town village park riverside infirmary highway grove grange hillside
    shore heath hill uplands woodlands paradise friendly street church school hospital station law cross
    green common square home work night least all need person debt pain care crisis west east north
    south upper lower
    """.split()  # noqa: SIM905 — a list of quoted words would be harder to read and keep
)
# "Duke of Edinburgh", "roller derby".
_BINDING = frozenset(("of", "roller", "demolition"))
# B1 and B2 are levels of English before they are parts of Birmingham.
_LEVELS_OF = frozenset(("english", "esol", "level", "vitamin", "vitamins"))
_NATIONS = frozenset(("england", "scotland", "wales", "uk", "britain", "northern ireland", "ireland"))
_BARE_PEOPLE = {"start": 5_000, "end": 1_000}
_ORDINARY_PEOPLE = {"c": 0, "t": 0, "v": 2_000, "a": 5_000, "o": 5_000, "h": 5_000}


@dataclass(frozen=True, slots=True)
class _Found:
    spot: Spot
    name: str
    qualifier: str
    place: Place | None


def find_place_in(text: str, *, at: Where = "either end") -> tuple[Spot, str] | None:
    """The place named in a search, and the rest of its words; None where none is surely meant.

    A postcode, whole or in part, and a name behind a preposition that is no everyday word, are found anywhere;
    anything else at the ends that ``at`` allows. The text may be the place alone: the rest is then "". Never raises.
    """
    text = " ".join(text.split())
    if not text or len(text) > 500 or text.count(" ") >= _MAX_WORDS:
        return None
    return (
        _whole_postcode(text)
        or _part_of_postcode(text, at)
        or (_after_comma(text) if at != "start" else None)
        or _after_preposition(text)
        or (_bare(text, "end") if at != "start" else None)
        or (_bare(text, "start") if at != "end" else None)
    )


def _rest(before: str, after: str) -> str:
    before = _TRAILING.sub("", before.rstrip()).rstrip(" ,;:-")
    after = _LEADING.sub("", after).strip(" ,;:")
    return f"{before} {after}".strip()


def _whole_postcode(text: str) -> tuple[Spot, str] | None:
    for match in _POSTCODE.finditer(text):
        if spot := lookups.postcode_position(match.group()):
            return spot, _rest(text[: match.start()], text[match.end() :])
    return None


def _part_of_postcode(text: str, at: Where) -> tuple[Spot, str] | None:
    """ "CM1 choir", "choir CM1 1 monday": an outward code or sector, at an end before one between the words."""
    words = text.split()
    likely = [start for start, word in enumerate(words) if _BEGINS_LIKE_A_POSTCODE.match(word)]
    spans = [(start, start + length) for length in (2, 1) for start in likely if start + length <= len(words)]
    if at != "either end":
        spans = [(start, end) for start, end in spans if (start == 0 if at == "start" else end == len(words))]
    spans.sort(key=lambda span: span[1] != len(words) and span[0] != 0)
    for start, end in spans:
        before, middle, after = words[:start], words[start:end], words[end:]
        typed = " ".join(middle)
        postcode = parse(typed) if 0 < len(middle) == len(typed.split()) else None
        if postcode is None or postcode.unit or not any(letter.isdigit() for letter in middle[0]):
            continue
        if len(middle) == 2 and not postcode.sector:
            continue
        if before and fold(before[-1]) in _NOT_BEFORE_A_PLACE:
            continue
        if middle[0][1].isdigit() and _LEVELS_OF.intersection(map(fold, (*before, *after))):
            continue
        spot = lookups.look_up(str(postcode))
        if spot and spot.kind in (Kind.OUTWARD, Kind.SECTOR):
            return spot, _rest(" ".join(before), " ".join(after))
    return None


def _named(text: str) -> _Found | None:
    """What a phrase names as a whole: a place with or without its qualifier, or a district."""
    folded = fold(text)
    if not folded or folded in _NATIONS:
        return None
    found = lookups.look_up_name(text)
    if found is None:
        return None
    spot, reading = found
    if reading is None:
        return _Found(spot, folded, "", None)
    return _Found(spot, reading.name, reading.qualifier, reading.places[0])


def _after_comma(text: str) -> tuple[Spot, str] | None:
    """As in "choir, Sandwich"; "choir, Broomfield, Chelmsford". Not in a list: "chess, tea, bath"."""
    commas = [position for position, letter in enumerate(text) if letter == ","]
    for comma in commas:
        if len(commas) > 1 and comma == commas[-1] and is_ordinary(fold(text[comma + 1 :])):
            continue
        found = _named(text[comma + 1 :])
        if found and not (comma != commas[-1] and is_ordinary(found.name) and not found.qualifier):
            whole = _named(text)  # "Broomfield, Chelmsford" is one place, not Chelmsford and a word
            return (whole.spot, "") if whole else (found.spot, _rest(text[:comma], ""))
    return None


def _after_preposition(text: str) -> tuple[Spot, str] | None:
    for match in reversed(list(_BEFORE_A_PLACE.finditer(text))):
        before, words = text[: match.start()], text[match.end() :].split()
        last_before = fold(before.split()[-1]) if before.split() else ""
        if match.group().lower() == "to" and last_before not in _GOING:
            continue
        for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
            phrase = " ".join(words[:length])
            found = _named(phrase)
            if found is None or (found.name in _VAGUE and phrase.islower()):
                continue
            to_the_end = length == len(words)
            if not _SURE.match(match.group()) and (not to_the_end or is_ordinary(found.name)):
                continue
            if is_ordinary(found.name) and not (
                _is_likely(found) and to_the_end and last_before not in _NOT_BEFORE_A_PLACE
            ):
                continue
            return found.spot, _rest(before, " ".join(words[length:]))
    return None


def _is_likely(found: _Found) -> bool:
    """Whether an everyday word behind a preposition is a place: a town, or a suburb not vaguely named."""
    if found.place is None:
        return True
    if found.place.people < _ORDINARY_PEOPLE[found.place.letter]:
        return bool(found.qualifier)
    return found.place.letter in "ct" or found.name.split()[0] not in _VAGUE


def _bare(text: str, end: Literal["start", "end"]) -> tuple[Spot, str] | None:
    """A name at an end with nothing before it: a town, or a larger village or suburb, of a rare name."""
    words = text.split()
    for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
        phrase, rest = (
            (words[-length:], words[:-length]) if end == "end" else (words[:length], words[length:])
        )
        if end == "end" and rest and fold(rest[-1]) in _BINDING:
            continue
        found = _named(" ".join(phrase))
        if found is None or (found.qualifier and found.place is None):
            continue
        if not _stands_alone(found, _BARE_PEOPLE[end]):
            continue
        joined = " ".join(rest)
        return found.spot, _rest(joined, "") if end == "end" else _rest("", joined)
    return None


def _stands_alone(found: _Found, people: int) -> bool:
    if is_ordinary(found.name):
        is_long_town = " " in found.name and found.place is not None and found.place.letter in "ct"
        return is_long_town or bool(codes_of_area(found.qualifier))
    if found.place is None or found.qualifier or " " in found.name:
        return True  # "Great Waltham" is small, but it is not Waltham elsewhere
    return found.place.letter in "ct" or found.place.people >= people
