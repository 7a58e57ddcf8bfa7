"""The corpus and the queries of the bench are the same each time, and as many as they should be."""

from collections import Counter
from datetime import date

import pytest

from groups.vocabulary.lexicon import lexicon
from search.bench.made_up import Maker
from search.bench.queries import MIX, prefixes, queries

TODAY = date(2027, 3, 10)


@pytest.fixture
def maker(vocabulary, gazetteer):
    return Maker(lexicon(), TODAY)


def test_a_listing_depends_on_its_number_alone(maker):
    later = Maker(lexicon(), TODAY)
    later.listing(1)
    assert later.listing(7) == maker.listing(7)
    assert len({maker.listing(number).uid for number in range(50)}) == 50


def test_listings_lie_near_their_towns_and_some_meet_nowhere(maker):
    listings = [maker.listing(number) for number in range(200)]
    places = [place for listing in listings for place in listing.places]
    assert all(49 < place.latitude < 61 and -9 < place.longitude < 3 for place in places)
    assert any(not listing.places for listing in listings)


def test_enough_queries_of_every_kind(maker):
    asked = queries(maker)
    kinds = Counter(one.kind for one in asked)
    assert set(MIX) <= set(kinds)
    assert sum(kinds[kind] for kind in MIX) >= 160
    assert len(asked) >= 170
    assert asked == queries(maker)
    assert all(2 <= len(text) <= 8 for text in prefixes(maker))
