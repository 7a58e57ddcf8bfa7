"""Words to positions: postcodes, parts of them, towns, villages, suburbs and districts of the United Kingdom.

``resolve`` answers one spot or raises ``PlaceNotFound`` with what to try. The files are built by
``load_postcodes`` and ``load_places``; without them nothing is found, and the check ``waymark.W001`` says so.
"""

from groups.places.lookups import (
    MAX_LENGTH,
    namesakes,
    nearest_place,
    postcode_position,
    resolve,
    suggest_places,
)
from groups.places.place_in_text import find_place_in
from groups.places.spots import ATTRIBUTION, RADIUS_MILES, Kind, PlaceNotFound, Spot

__all__ = [
    "ATTRIBUTION",
    "MAX_LENGTH",
    "RADIUS_MILES",
    "Kind",
    "PlaceNotFound",
    "Spot",
    "find_place_in",
    "namesakes",
    "nearest_place",
    "postcode_position",
    "resolve",
    "suggest_places",
]
