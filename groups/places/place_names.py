"""Reading a name, with or without what tells it from its namesakes: "Broomfield, Chelmsford"."""

import re
from dataclasses import dataclass
from functools import lru_cache

from groups.places.distance import miles_between
from groups.places.districts import codes_by_name, districts
from groups.places.names import fold
from groups.places.place_file import Place, PlaceIndex

_PARTS = re.compile(r"[,;()\[\]\n/]+")
_MAX_WORDS = 14
_NEAR_MILES = 15.0
_LANDMARK_PEOPLE = 1_000
# "South Woodham" is short for South Woodham Ferrers, never for another Woodham.
_SIDES = frozenset(("north", "south", "east", "west", "great", "little", "upper", "lower"))
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
    if places := index.named(whole) or index.named(_other_river(whole)):
        return Reading(whole, "", tuple(places))
    if len(words) > 1 and words[0] in _SIDES:
        towns = [place for place in index.starting_with(f"{whole} ", 2) if place.letter in "ct"]
        if len(towns) == 1:
            return Reading(whole, "", tuple(towns))
    parts = [part for part in map(fold, _PARTS.split(text)) if part]
    splits = [(parts[0], parts[1:])] if len(parts) > 1 else []
    splits += [(" ".join(words[:at]), [" ".join(words[at:])]) for at in range(len(words) - 1, 0, -1)]
    for name, qualifiers in splits:
        named = index.named(name)
        if not named:
            continue
        fits = [(_fit(place, qualifiers, index), place) for place in named]
        best = min(fit for fit, _place in fits)
        if best < 3:
            places = [place for fit, place in fits if fit == best]
            # "Newbiggin" is short for "Newbiggin-by-the-Sea", but another place there is called just that.
            places.sort(key=lambda place: fold(place.name) != name)
            return Reading(name, " ".join(qualifiers), tuple(places))
    return None


def _other_river(folded: str) -> str:
    """ "Ashton on Mersey" for "Ashton upon Mersey", and the other way round."""
    if " upon " in folded:
        return folded.replace(" upon ", " on ")
    return folded.replace(" on ", " upon ")


@lru_cache(maxsize=1024)
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


def _fit(place: Place, qualifiers: list[str], index: PlaceIndex) -> int:
    """How well what follows the name fits the place: 0 district, 1 county, 2 town nearby, 3 not."""
    # An outward code may follow the district ("(HR6)"), and a district's own name may hold a comma.
    parts = [part for part in qualifiers if part != place.outward.lower()]
    whole = " ".join(parts)
    if not parts or whole == fold(place.district):
        return 0
    district = districts().get(place.district_code)
    names = district.folded_names if district else frozenset()
    if whole in names:
        return 1
    return 2 if all(_part_fits(place, part, names, index) for part in parts) else 3


def _part_fits(place: Place, part: str, names: frozenset[str], index: PlaceIndex) -> bool:
    words = part.split()
    pairs = [(part, "")] + [(" ".join(words[:at]), " ".join(words[at:])) for at in range(1, len(words))]
    return any(
        (first in names or _is_near(place, first, index)) and (not second or second in names)
        for first, second in pairs
    )


def _is_near(place: Place, landmark: str, index: PlaceIndex) -> bool:
    return any(
        other.row != place.row
        and other.people > max(_LANDMARK_PEOPLE, place.people)
        and miles_between(place.latitude, place.longitude, other.latitude, other.longitude) <= _NEAR_MILES
        for other in index.named(landmark)[:3]
    )
