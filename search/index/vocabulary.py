"""Listings whose own words hold a phrase are found by what it means: when phrases come or go, those listings are written again.

Candidates come from the index: a listing whose name, summary or description holds all the topic words of a phrase, by stem. That
is a few statements for any number of phrases, and none on an empty index. Only a phrase of everyday words alone ("on my own")
has no lexeme to go by: for such phrases every document is read once.
"""

import json
from collections.abc import Iterable, Iterator

import numpy as np

from groups.listings.changes import listing_changed
from groups.vocabulary.words import STOP_WORDS, stem, stems, words
from search.index import words as full_text
from search.index.document import BODY, NAME, SUMMARY
from search.index.models import IndexedListing

_READ_BY_CONCEPTS = (NAME, SUMMARY, BODY)
_SOME = 5_000


def phrases_changed(phrases: set[str]) -> None:
    """The door's watcher: write the listings that say one of these phrases again, in the caller's transaction."""
    if phrases and IndexedListing.objects.filter(gone=False).exists():
        ids = sorted(listings_saying(phrases))
        for start in range(0, len(ids), _SOME):
            some = IndexedListing.objects.filter(pk__in=ids[start : start + _SOME], gone=False)
            listing_changed(*some.values_list("uid", flat=True))


def listings_saying(phrases: Iterable[str]) -> set[int]:
    """Ids of the indexed listings that may say one of the phrases: all that do, and a few more."""
    topical: set[frozenset[str]] = set()
    everyday: set[str] = set()
    for phrase in phrases:
        found = words(phrase)
        if content := frozenset(stem(word) for word in found if word not in STOP_WORDS):
            topical.add(content)
        elif found:
            everyday.add(f" {' '.join(stems(phrase))} ")
    return {*_holding(topical), *_reading(everyday)}


def _holding(wanted: set[frozenset[str]]) -> Iterator[int]:
    every_stem = sorted(set().union(*wanted))
    lexemes = [f"{letter}_{word}" for word in every_stem for letter in _READ_BY_CONCEPTS]
    postings = full_text.postings(lexemes)
    holders = {
        word: np.unique(np.concatenate([postings[f"{letter}_{word}"] for letter in _READ_BY_CONCEPTS]))
        for word in every_stem
    }
    for content in wanted:
        rarest, *others = sorted((holders[word] for word in content), key=len)
        for ids in others:
            rarest = np.intersect1d(rarest, ids, assume_unique=True)
        yield from rarest.tolist()


def _reading(wanted: set[str]) -> Iterator[int]:
    if not wanted:
        return
    rows = IndexedListing.objects.filter(gone=False).values_list("pk", "document")
    for pk, document in rows.iterator(1_000):
        listing = json.loads(document)
        texts = (listing.get(name, "") for name in ("name", "summary", "description"))
        said = [f" {' '.join(stems(text))} " for text in texts]
        if any(phrase in text for text in said for phrase in wanted):
            yield pk
