"""What stands beside a listing: groups like it, and groups near it. The same questions for every engine."""

from groups.listings.public import PublicListing
from groups.places.gazetteer import Kind, Spot
from groups.vocabulary.lexicon import Lexicon
from search.index.document import concept
from search.understanding.plan import Plan, Span

ALIKE_MILES = 10.0
BESIDE_MILES = 3.0


def plan_like(listing: PublicListing, words: Lexicon) -> Plan:
    """What a listing is about, as a plan: its topics, and at less worth the activities nearest to them."""
    worth: dict[str, float] = {}
    for topic in listing.activities:
        for other in words.related.get(topic.slug, ()):
            worth.setdefault(concept("activity", other), 0.4)
        worth[concept("activity", topic.slug)] = 1.0
    for need in listing.needs:
        worth.setdefault(concept("need", need.slug), 0.5)
    return Plan(spans=(Span(worth),) if worth else ())


def spot_of(listing: PublicListing | None) -> Spot | None:
    """Where a listing meets, as the public may know."""
    place = next((place for place in listing.places if place.latitude is not None), None) if listing else None
    if place is None or place.latitude is None or place.longitude is None:
        return None
    return Spot(place.latitude, place.longitude, place.town or place.name, "", "", Kind.PLACE, ALIKE_MILES)
