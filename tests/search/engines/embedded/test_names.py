"""Names in memory: found by any word, brought up to date name by name, the same as read anew."""

from types import SimpleNamespace
from uuid import uuid4

import pytest

from search.engines.embedded.names import Names
from search.index.models import IndexedListing

pytestmark = pytest.mark.django_db


@pytest.fixture
def put():
    version = 0

    def put(name: str, row: IndexedListing | None = None, *, gone: bool = False) -> IndexedListing:
        nonlocal version
        version += 1
        row = row or IndexedListing(uid=uuid4())
        row.name, row.version, row.gone = name, version, gone
        row.save()
        return row

    put.view = lambda: SimpleNamespace(seen=version)
    return put


def test_a_name_is_found_by_any_of_its_longer_words(put):
    choir, club = put("The Tuesday Choir"), put("Choir Club of Ely")
    names = Names()
    names.refresh(put.view())
    assert list(names.beginning_with("choi")) == [choir.pk, club.pk]
    assert list(names.beginning_with("the tue")) == [choir.pk]
    assert list(names.beginning_with("of")) == []  # too short a word to begin with
    assert list(names.beginning_with("choir x")) == []


def test_a_whole_name_is_all_of_it(put):
    put("Long Lane Bowls Club for Gentle Beginners")
    names = Names()
    names.refresh(put.view())
    assert names.is_whole("long lane bowls club for gentle beginners")
    assert not names.is_whole("long lane bowls club for gentle")
    assert not names.is_whole("lane bowls club for gentle beginners")


def test_changes_are_taken_in_one_by_one_as_if_read_anew(put):
    rows = [put(f"{word} Circle") for word in ("Walnut", "Cherry", "Apple", "Plum")]
    grown = Names()
    grown.refresh(put.view())
    put("Pear Circle", rows[1])
    put("", rows[2], gone=True)
    put("Wallflower Group")
    put("Pear Circle Again", rows[1])
    grown.refresh(put.view())
    anew = Names()
    anew.refresh(put.view())
    for typed in ("cherry", "apple", "pear", "circ", "wal", "again", "group"):
        assert list(grown.beginning_with(typed)) == list(anew.beginning_with(typed)), typed
    assert list(grown.beginning_with("cherry")) == list(grown.beginning_with("apple")) == []
    assert not grown.is_whole("cherry circle")
    assert not grown.is_whole("pear circle")
    assert grown.is_whole("pear circle again")


def test_a_name_without_a_letter_takes_no_other_with_it(put):
    put("Plum Circle"), put("!!!"), put("Walnut Circle")
    names = Names()
    names.refresh(put.view())
    assert names.is_whole("plum circle")
    assert names.is_whole("walnut circle")
