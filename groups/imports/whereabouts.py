"""Where a row's group meets: a venue for everyone to know, or only the area around it."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from groups.imports.plain_text import shortened
from groups.imports.transforms import postcode as postcode_in
from groups.imports.transforms import without_postcode
from groups.listings.choices import LocationVisibility
from groups.places.distance import miles_between, rounded
from groups.places.gazetteer import Kind, PlaceNotFound, Spot, nearest_place, postcode_position, resolve
from groups.places.names import fold

NAME_LETTERS = 200
ADDRESS_LETTERS = 250
TOWN_LETTERS = 100
FAR_FROM_POSTCODE_MILES = 3.0
AREA_ROUND_TRIP_MILES = 1.0
# The United Kingdom, generously, in degrees: south, north, west, east.
_BOUNDS = (49.0, 61.5, -9.0, 2.5)
_NUMBER = re.compile(r"^-?\d{1,3}(?:\.\d+)?$")
_ONLY_A_NUMBER = re.compile(
    r"^(?:(?:unit|flat|floor|suite|room|no\.?)\s*)?[\d\-–/ ]+[a-z]?$|^[a-z]$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A row's place. `latitude` and `longitude` are WGS84 degrees to 5 decimals. Empty for what the row does not say."""

    name: str = ""
    address: str = ""
    town: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None

    def values(self, visibility: str) -> dict[str, Any]:
        """The importable fields: a venue for a public place; for any other the area only, and nothing of the address."""
        if visibility == LocationVisibility.PUBLIC:
            return {"venue": self._venue(), "area_name": ""}
        return {"venue": None, "area_name": area_around(self.latitude, self.longitude)}

    def _venue(self) -> dict[str, Any] | None:
        if not self.name or not (self.postcode or self.latitude is not None or self.address):
            return None
        return {
            "name": self.name,
            "address": self.address,
            "town": self.town,
            "postcode": self.postcode,
            "latitude": self.latitude,
            "longitude": self.longitude,
        }


def strictest(*visibilities: str) -> str:
    """The strictest of some visibilities; `LocationVisibility` lists them strictest last."""
    return max(visibilities, key=LocationVisibility.values.index)


def find_whereabouts(said: dict[str, str], title: str, notes: list[str]) -> Whereabouts:
    """The place a row names. said: name, address, town, postcode, latitude, longitude as text, any of them missing.

    The row's own position counts, unless it is no position in the United Kingdom or lies over 3 miles from its postcode.
    """
    address = said.get("address", "")
    code = postcode_in(said.get("postcode", "")) or postcode_in(address)
    spot = _spot(code) if code else None
    if code and spot is None:
        notes.append(_("We do not know the postcode %(postcode)s.") % {"postcode": code})
    position = _position(said.get("latitude", ""), said.get("longitude", ""))
    if (
        position
        and spot
        and miles_between(*position, spot.latitude, spot.longitude) > FAR_FROM_POSTCODE_MILES
    ):
        notes.append(_("Its place on the map is far from its postcode. The postcode was used."))
        position = None
    if position is None and spot:
        position = (spot.latitude, spot.longitude)
    name, address = name_and_address(said.get("name", ""), address)
    if not name and position:
        name = title
    return Whereabouts(
        name=shortened(name, NAME_LETTERS),
        address=shortened(address, ADDRESS_LETTERS),
        town=shortened(said.get("town", ""), TOWN_LETTERS),
        postcode=code,
        latitude=position[0] if position else None,
        longitude=position[1] if position else None,
    )


def name_and_address(name: str, address: str) -> tuple[str, str]:
    """A venue's name and the address below it; without a name, the first part of the address is the name."""
    parts = [part.strip() for part in without_postcode(" ".join(address.split())).split(",") if part.strip()]
    if name:
        name = " ".join(name.split())
        if parts and fold(parts[0]) == fold(name):
            parts = parts[1:]
        return name, ", ".join(parts)
    if not parts:
        return "", ""
    if _ONLY_A_NUMBER.match(parts[0]) and len(parts) > 1:
        parts = [
            f"{parts[0]} {parts[1]}" if parts[0][-1:].isdigit() else f"{parts[0]}, {parts[1]}",
            *parts[2:],
        ]
    return parts[0], ", ".join(parts[1:])


def _position(latitude: str, longitude: str) -> tuple[float, float] | None:
    if not (_NUMBER.match(latitude) and _NUMBER.match(longitude)):
        return None
    lat, lng = rounded(float(latitude)), rounded(float(longitude))
    south, north, west, east = _BOUNDS
    return (lat, lng) if south <= lat <= north and west <= lng <= east else None


@lru_cache(maxsize=20_000)
def _spot(code: str) -> Spot | None:
    return postcode_position(code)


def area_around(latitude: float | None, longitude: float | None) -> str:
    """The name of the town, village or suburb nearest to a place, or of its district; "" where there is none.

    Always a name that `resolve` reads back to that place: a page measures distances from what its area's name resolves to.
    """
    if latitude is None or longitude is None:
        return ""
    return _area_around(latitude, longitude)


@lru_cache(maxsize=20_000)
def _area_around(latitude: float, longitude: float) -> str:
    try:
        near = nearest_place(latitude, longitude)
    except PlaceNotFound:
        return ""
    for name in (near.label, near.district):
        try:
            spot = resolve(name)
        except PlaceNotFound:
            continue
        at_home = (
            miles_between(spot.latitude, spot.longitude, near.latitude, near.longitude)
            <= AREA_ROUND_TRIP_MILES
        )
        if spot.kind != Kind.POSTCODE and (at_home or spot.kind == Kind.DISTRICT):
            return name[:120]
    return ""
