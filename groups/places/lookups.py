"""Look-ups in the two files, and what to try where there is no such place."""

import re

from django.utils.translation import gettext as _
from rapidfuzz import process
from rapidfuzz.distance import OSA

from groups.places import place_file, postcode_file
from groups.places.column_file import ColumnFileError
from groups.places.districts import district_name
from groups.places.names import fold
from groups.places.place_file import PlaceIndex
from groups.places.place_names import Reading, codes_of_area, district_code_of, read_name
from groups.places.postcode_file import PostcodeIndex
from groups.places.postcodes import Postcode, parse
from groups.places.spots import (
    RADIUS_MILES,
    Kind,
    PlaceNotFound,
    Spot,
    kind_of_postcode,
    spot_of_place,
)

MAX_LENGTH = 100
"""Longest text that is looked up; anything longer is not a place."""

_LAST_POSTCODE = re.compile(r"\b[A-Z]{1,2}[0-9][0-9A-Z]?[\s-]*[0-9][A-Z]{2}[\s.]*$", re.IGNORECASE)
_NEAR_SPELLINGS = 5
_ALIKE = 0.7
_TOWN_PEOPLE = 5_000
_SETTLED_WITHIN_MILES = 3.0
_ANYTHING_WITHIN_MILES = 30.0


def resolve(text: str) -> Spot:
    """The spot a text names: a postcode in any spacing or case, part of one, a place, or a district.

    Of namesakes the best known wins; the name with its district, county or a town nearby tells them apart. A
    town wins over its district. An address is read by the postcode at its end. Raises PlaceNotFound.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH or not text:
        raise PlaceNotFound(text[:MAX_LENGTH], message=_("Type a postcode, a town or a village."))
    spot = look_up(text)
    if spot is None:
        raise _not_found(text, parse(text))
    return spot


def look_up(text: str) -> Spot | None:
    """``resolve``, with None where there is no such place: nothing else is tried, so it is quick."""
    if postcode := parse(text):
        return _spot_of_postcode(postcode)
    if (address := _LAST_POSTCODE.search(text)) and (spot := postcode_position(address.group())):
        return spot
    named = look_up_name(text)
    return named[0] if named else None


def look_up_name(text: str) -> tuple[Spot, Reading | None] | None:
    """The place or district of a name, and how the name was read (None for a district)."""
    code, says_district = district_code_of(text)
    district = _spot_of_district(code) if code else None
    if district and says_district:
        return district, None
    index = _places()
    reading = read_name(text, index) if index else None
    if reading and not (district and not _wins_over(reading, code)):
        return spot_of_place(reading.places[0]), reading
    return (district, None) if district else None


def namesakes(text: str) -> list[Spot]:
    """The other places of the name in ``text``, best known first; empty for postcodes and unique names."""
    index = _places()
    reading = read_name(text, index) if index and len(text) <= MAX_LENGTH else None
    if not reading or not index:
        return []
    chosen = spot_of_place(reading.places[0]).label
    spots = {spot.label: spot for spot in map(spot_of_place, index.named(reading.name))}
    return [spot for label, spot in spots.items() if label != chosen]


def suggest_places(prefix: str, limit: int = 8) -> list[Spot]:
    """Spots whose label starts as typed, the best known first, towns before hamlets; at most ``limit``."""
    if len(prefix) > MAX_LENGTH or limit < 1:
        return []
    spots: dict[str, Spot] = {}
    if (postcode := parse(prefix)) and (spot := _spot_of_postcode(postcode)):
        spots[spot.label] = spot
    folded, index = fold(prefix), _places()
    if index and folded:
        name, comma, _rest = prefix.partition(",")
        places = index.named(fold(name)) if comma else index.starting_with(folded, limit + 4)
        for spot in map(spot_of_place, places):
            if not comma or fold(spot.label).startswith(folded):
                spots.setdefault(spot.label, spot)
    return list(spots.values())[:limit]


def postcode_position(text: str) -> Spot | None:
    """The spot of a whole postcode; None for anything else, and for a postcode we do not know."""
    postcode = parse(text)
    return _spot_of_postcode(postcode) if postcode and postcode.unit else None


def nearest_place(latitude: float, longitude: float) -> Spot:
    """The town, village or suburb nearest to a WGS84 position in degrees, with its district.

    Where none lies within 3 miles, the nearest place of any size within 30. Raises PlaceNotFound beyond that
    (abroad, at sea) and for numbers that are no position.
    """
    index = _places()
    if index and -90 <= latitude <= 90 and -180 <= longitude <= 180:
        place = index.nearest(latitude, longitude, "ctva", _SETTLED_WITHIN_MILES) or index.nearest(
            latitude, longitude, "ctvaoh", _ANYTHING_WITHIN_MILES
        )
        if place:
            return spot_of_place(place)
    raise PlaceNotFound("", message=_("We know no place near there. Type a postcode or a town."))


def _postcodes() -> PostcodeIndex | None:
    try:
        return postcode_file.index()
    except (FileNotFoundError, ColumnFileError):
        return None


def _places() -> PlaceIndex | None:
    try:
        return place_file.index()
    except (FileNotFoundError, ColumnFileError):
        return None


def _spot_of_postcode(postcode: Postcode) -> Spot | None:
    index = _postcodes()
    position = index.find(postcode) if index else None
    if position is None:
        return None
    kind = kind_of_postcode(postcode)
    return Spot(
        position.latitude,
        position.longitude,
        str(postcode),
        district_name(position.district_code),
        position.district_code,
        kind,
        RADIUS_MILES[kind],
    )


def _wins_over(reading: Reading, district_code: str) -> bool:
    """A town wins over the district of its name; a hamlet elsewhere does not."""
    best = reading.places[0]
    return best.letter in "ct" or best.district_code == district_code or best.people >= _TOWN_PEOPLE


def _spot_of_district(code: str) -> Spot | None:
    index = _postcodes()
    position = index.district(code) if index else None
    if position is None:
        return None
    name = district_name(code)
    return Spot(
        position.latitude,
        position.longitude,
        name,
        name,
        code,
        Kind.DISTRICT,
        RADIUS_MILES[Kind.DISTRICT],
    )


def _not_found(text: str, postcode: Postcode | None) -> PlaceNotFound:
    if postcode is None:
        index = _places()
        if index and (codes := codes_of_area(fold(text))):
            towns = tuple(map(spot_of_place, index.largest_in(codes, _NEAR_SPELLINGS)))
            message = _("%(area)s is a large area. Type a town or a postcode in it.") % {"area": text}
            return PlaceNotFound(text, towns, message)
        return PlaceNotFound(text, _near_spellings(text))
    wider = [
        Postcode(postcode.outward, postcode.sector) if postcode.unit else None,
        Postcode(postcode.outward) if postcode.sector else None,
    ]
    spots = tuple(spot for part in wider if part and (spot := _spot_of_postcode(part)))
    message = (
        _("We do not know the postcode %(postcode)s. Check it, or try %(part)s.")
        % {"postcode": postcode, "part": spots[0].label}
        if spots
        else _("We do not know the postcode %(postcode)s. Check it, or type a town.") % {"postcode": postcode}
    )
    return PlaceNotFound(text, spots, message)


def _near_spellings(text: str) -> tuple[Spot, ...]:
    """Known names most like the text, or like its first part where the rest is a county or district."""
    index = _places()
    name, comma, rest = text.partition(",")
    folded = fold(name if comma else text)
    if not index or len(folded) < 3:
        return ()
    found = process.extract(
        folded, index.all_names, scorer=OSA.normalized_similarity, score_cutoff=_ALIKE, limit=40
    )
    places = [
        (-round(score, 2), -place.people, place)
        for key, score, _at in found
        for place in index.named(key)[:6]
    ]
    ordered = sorted(places, key=lambda entry: entry[:2])
    if rest := fold(rest):
        ordered.sort(key=lambda entry: rest not in fold(spot_of_place(entry[2]).label))
    spots = {spot.label: spot for _alike, _people, place in ordered for spot in [spot_of_place(place)]}
    return tuple(spots.values())[:_NEAR_SPELLINGS]
