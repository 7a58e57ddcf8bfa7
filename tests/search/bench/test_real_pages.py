"""A made-up listing and the page published from it are the same to the index."""

import msgspec
import pytest
from django.utils import timezone

from groups.listings.boundary import listings_of
from groups.listings.public import PublicListing
from groups.vocabulary.lexicon import lexicon
from search.bench.made_up import Maker
from search.bench.real_pages import publish_all
from search.index.document import index_document


@pytest.fixture
def maker(vocabulary, site_tree):
    return Maker(lexicon(), timezone.localdate())


def answered(listing: PublicListing) -> PublicListing:
    """What a group answers about access holds for each of its sessions."""
    everywhere = {one.feature for one in listing.access}
    sessions = tuple(
        msgspec.structs.replace(one, access=tuple({*one.access, *everywhere})) for one in listing.sessions
    )
    return msgspec.structs.replace(listing, sessions=sessions)


def test_pages_are_indexed_as_the_listings_they_were_made_from(maker):
    today = timezone.localdate()
    made = {listing.uid: listing for listing in map(maker.listing, range(40))}
    publish_all(list(made.values()), lambda done, total: None)
    found = listings_of(list(made))
    assert found.keys() == made.keys()
    for uid, listing in made.items():
        wanted, given = (index_document(one, lexicon(), today) for one in (answered(listing), found[uid]))
        for part in ("lexemes", "facts", "sessions", "served", "spellings"):
            assert getattr(given, part) == getattr(wanted, part), part
        assert set(given.facets) == set(wanted.facets)
