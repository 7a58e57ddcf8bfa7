"""The least that any engine in numpy has to do for a query: one pass over arrays, no words read, no cards made.

Postings are in memory already, there is no ranking but by distance, and no facet leaves itself out.
"""

from collections.abc import Callable, Sequence

import numpy as np

from groups.places.distance import bounding_box, miles_to_all
from groups.vocabulary.lexicon import lexicon
from search.bench.queries import Asked
from search.engines.embedded.columns import View
from search.engines.embedded.counting import count_bits
from search.index import records, words
from search.index.document import FIELDS
from search.query import PAGE_SIZE, DirectoryQuery
from search.understanding.plan import plan_for


def bare_passes(view: View, asked: Sequence[Asked]) -> list[Callable[[], int]]:
    """The pass of each query, its words' listings read."""
    return [bare_pass(view, one.query, _holding(one.query.text)) for one in asked]


def _holding(text: str) -> np.ndarray:
    terms = plan_for(text, [], lexicon()).terms
    held = words.postings([f"{letter}_{term}" for term in terms for letter in FIELDS])
    return np.concatenate([np.empty(0, np.int64), *held.values()])


def bare_pass(view: View, query: DirectoryQuery, holding: np.ndarray) -> Callable[[], int]:
    """A function that does the pass for a query and returns how many it found. holding: ids of the words' listings."""
    place, radius = query.place, query.radius_miles
    matched = view.positions_of(holding)
    matched = np.unique(matched[matched >= 0])
    wanted_bits = sum(records.SESSION_BITS["mode"][mode] for mode in query.modes)

    def work() -> int:
        found, miles = view.alive, np.zeros(0)
        if place is not None and radius is not None:
            south, west, north, east = (
                round(edge * records.POSITION_SCALE)
                for edge in bounding_box(place.latitude, place.longitude, radius)
            )
            inside = (view.latitude >= south) & (view.latitude <= north)
            inside &= (view.longitude >= west) & (view.longitude <= east)
            near = np.flatnonzero(inside)
            miles = miles_to_all(
                place.latitude,
                place.longitude,
                view.latitude[near] / records.POSITION_SCALE,
                view.longitude[near] / records.POSITION_SCALE,
            )
            found = np.zeros(view.size, bool)
            found[view.owner[near[miles <= radius]]] = True
        if wanted_bits:
            has_mode = np.zeros(view.size, bool)
            has_mode[view.owner[view.bits & np.uint64(wanted_bits) != 0]] = True
            found = found & has_mode
        at = matched[found[matched]] if query.text else np.flatnonzero(found)
        if len(miles) > PAGE_SIZE:
            np.argpartition(miles, PAGE_SIZE)
        count_bits(view.facets[at])
        return len(at)

    return work
