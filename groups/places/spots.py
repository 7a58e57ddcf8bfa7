"""What a look-up answers: a spot on the map with words for it, or what to try instead."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from groups.places.place_file import Place
from groups.places.postcodes import Postcode

ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right 2025. "
    "Contains Royal Mail data © Royal Mail copyright and database right 2025. "
    "Source: Office for National Statistics licensed under the Open Government Licence v.3.0. "
    "Places in Northern Ireland: GeoNames (CC BY 4.0)."
)
"""The words the licences ask for; every page that shows positions or names of places shows them."""


class Kind(StrEnum):
    """What sort of text a spot came from."""

    POSTCODE = "postcode"
    SECTOR = "sector"
    OUTWARD = "outward"
    PLACE = "place"
    DISTRICT = "district"


RADIUS_MILES = {
    Kind.POSTCODE: 3.0,
    Kind.SECTOR: 3.0,
    Kind.OUTWARD: 5.0,
    Kind.DISTRICT: 10.0,
    "c": 5.0,  # city
    "t": 5.0,  # town
    "v": 3.0,  # village
    "a": 3.0,  # suburb
    "o": 3.0,  # other settlement; one of 15,000 people is a part of London, and counts as a town
    "h": 3.0,  # hamlet
}
"""Miles to search around a spot when the visitor names none: how far people go to a group from there.

Places are listed by the letters of ``place_sources.LOCAL_TYPES``.
"""


@dataclass(frozen=True, slots=True)
class Spot:
    """WGS84 degrees to 5 decimals; ``label`` is text that ``resolve`` reads back as this spot.

    ``district`` and ``district_code`` (ONS) are "" where not known. ``radius_miles`` is a sensible default.
    """

    latitude: float
    longitude: float
    label: str
    district: str
    district_code: str
    kind: Kind
    radius_miles: float


class PlaceNotFound(Exception):  # noqa: N818 — the name says what happened to the person
    """No place of that name. ``message`` says what to try; ``suggestions`` are near spellings, best first."""

    def __init__(self, text: str, suggestions: tuple[Spot, ...] = (), message: str = "") -> None:
        self.text = text
        self.suggestions = suggestions
        self.message = message or _(
            "We could not find “%(text)s”. Check the spelling, or type a postcode or a town."
        ) % {"text": text}
        super().__init__(self.message)


def spot_of_place(place: Place) -> Spot:
    """A named place as a spot: "Broomfield, Chelmsford"; a city, or a town that names its district, alone."""
    label = place.name
    size = "t" if place.letter == "o" and place.people >= 15_000 else place.letter
    if place.letter != "c" and place.district and place.district != place.name:
        label = f"{place.name}, {place.district}"
    if place.shares_name_and_district and place.outward:
        label = f"{label} ({place.outward})"
    return Spot(
        place.latitude,
        place.longitude,
        label,
        place.district,
        place.district_code,
        Kind.PLACE,
        RADIUS_MILES[size],
    )


def kind_of_postcode(postcode: Postcode) -> Kind:
    """Which part of a postcode was given."""
    if postcode.unit:
        return Kind.POSTCODE
    return Kind.SECTOR if postcode.sector else Kind.OUTWARD
