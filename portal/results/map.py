"""The map on request: what its pins show. Nothing here is known that the cards do not say."""

from collections import defaultdict
from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings

from groups.listings.public import PublicPlace
from search.engine import Card
from search.query import DirectoryQuery


def tile_host() -> str:
    """The one host the map asks for its pictures; "" when tiles are turned off."""
    return urlsplit(settings.WAYMARK_TILE_URL).hostname or ""


def place_of(card: Card) -> PublicPlace | None:
    """Where a card's pin stands: the place of the meeting it shows, else the group's first with a position."""
    places = [card.place, *card.listing.places]
    return next(
        (place for place in places if place and place.latitude is not None and place.longitude is not None),
        None,
    )


def map_data(cards: Sequence[Card], first_number: int, query: DirectoryQuery) -> dict:
    """JSON-ready: `pins` (one a position, with the numbers and names of its cards), `tiles`, `from` (the place asked for).

    A pin that is not exact is an area: the area's fixed centre, drawn as a soft circle.
    """
    gathered: dict[tuple, list] = defaultdict(list)
    for number, card in enumerate(cards, first_number):
        place = place_of(card)
        if place:
            gathered[place.latitude, place.longitude, place.exact, place.name].append(
                [number, card.listing.name]
            )
    pins = [
        {"at": [latitude, longitude], "exact": exact, "place": name, "groups": groups}
        for (latitude, longitude, exact, name), groups in gathered.items()
    ]
    start = query.place
    return {
        "pins": pins,
        "from": {"at": [start.latitude, start.longitude], "label": start.label} if start else None,
        "tiles": {"url": settings.WAYMARK_TILE_URL, "attribution": settings.WAYMARK_TILE_ATTRIBUTION},
    }
