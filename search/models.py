"""Every model of `search`, for Django to find."""

from search.index.models import Facet, IndexedListing, ListingVector, PhraseVector, SpellingWord

__all__ = ["Facet", "IndexedListing", "ListingVector", "PhraseVector", "SpellingWord"]
