"""Reading a name, with or without what tells it from its namesakes: "Broomfield, Chelmsford"."""

import re
from dataclasses import dataclass

from groups.places.distance import miles_between
from groups.places.districts import codes_by_name, districts
from groups.places.names import fold
from groups.places.place_file import Place, PlaceIndex

_PARTS = re.compile(r"[,;()\[\]\n/]+")
_MAX_WORDS = 14
_NEAR_MILES = 15.0
_LANDMARK_PEOPLE = 1_000
_DISTRICT_WORDS = re.compile(
    r"^(?:(?:london )?borough of|district of) (?P<after>.+)$|^(?P<before>.+) (?:district|borough|council)$"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """``name`` as folded, ``qualifier`` the folded rest ("" for none), and what fits, best known first."""

    name: str
    qualifier: str
    places: tuple[Place, ...]


def read_name(text: str, index: PlaceIndex) -> Reading | None:
    """The places that ``text`` as a whole names, or None.

    What follows the name, with or without a comma, must be its district, county or nation, its outward code,
    or a larger place within 15 miles.
    """
    whole = fold(text)
    words = whole.split()
    if not words or len(words) > _MAX_WORDS:
        return None
    if places := index.named(whole):
        return Reading(whole, "", tuple(places))
    parts = [part for part in map(fold, _PARTS.split(text)) if part]
    splits = [(parts[0], parts[1:])] if len(parts) > 1 else []
    splits += [(" ".join(words[:at]), [" ".join(words[at:])]) for at in range(len(words) - 1, 0, -1)]
    for name, qualifiers in splits:
        places = [place for place in index.named(name) if _all_fit(place, qualifiers, index)]
        if places:
            return Reading(name, " ".join(qualifiers), tuple(places))
    return None


def codes_of_area(folded: str) -> frozenset[str]:
    """The district codes of a county, region or nation; empty for any other words."""
    return frozenset(code for code, district in districts().items() if folded in map(fold, district.areas))


def district_code_of(text: str) -> tuple[str, bool]:
    """The ONS code of the district that ``text`` names ("" for none), and whether it says that it is one."""
    folded = fold(text)
    said = _DISTRICT_WORDS.match(folded)
    if said and (code := codes_by_name().get(said["after"] or said["before"])):
        return code, True
    return codes_by_name().get(folded, ""), False


def _all_fit(place: Place, qualifiers: list[str], index: PlaceIndex) -> bool:
    district = districts().get(place.district_code)
    names = district.folded_names if district else frozenset((fold(place.district),))
    # A district's own name may hold a comma; an outward code may follow it.
    named = [part for part in qualifiers if part != place.outward.lower()]
    if not named or " ".join(named) in names:
        return True
    return all(_fits(place, part, names, index) for part in named)


def _fits(place: Place, qualifier: str, names: frozenset[str], index: PlaceIndex) -> bool:
    if qualifier in names or _is_near(place, qualifier, index):
        return True
    words = qualifier.split()
    return any(
        " ".join(words[at:]) in names
        and (" ".join(words[:at]) in names or _is_near(place, " ".join(words[:at]), index))
        for at in range(1, len(words))
    )


def _is_near(place: Place, landmark: str, index: PlaceIndex) -> bool:
    return any(
        other.row != place.row
        and other.people > max(_LANDMARK_PEOPLE, place.people)
        and miles_between(place.latitude, place.longitude, other.latitude, other.longitude) <= _NEAR_MILES
        for other in index.named(landmark)[:3]
    )
