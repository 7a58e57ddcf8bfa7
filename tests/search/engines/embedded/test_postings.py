"""What is kept of the database's full text says the same as the database, after every change."""

import random

import numpy as np
import pytest

from search import engines
from search.engines.embedded import postings
from search.engines.embedded.postings import Postings
from search.index import words
from tests.search.contract.conftest import EmbeddedHarness
from tests.search.listings import listing

pytestmark = pytest.mark.usefixtures("fresh_process")
WORDS = ("zither", "marimba", "kazoo", "lute")
LEXEMES = [f"n_{word}" for word in WORDS]


@pytest.fixture
def harness(db):
    return EmbeddedHarness()


def view():
    return engines.get("embedded").columns.current()


def alive(found: dict[str, np.ndarray], seen) -> dict[str, list[int]]:
    return {lexeme: sorted(seen.ids[at[seen.alive[at]]].tolist()) for lexeme, at in found.items()}


def by_the_database() -> dict[str, list[int]]:
    return {lexeme: sorted(ids.tolist()) for lexeme, ids in words.postings(LEXEMES).items()}


def test_after_every_change(harness):
    chance = random.Random(5)
    named = {number: chance.choice(WORDS) for number in range(1, 30)}
    harness.put(listing(name, number=number) for number, name in named.items())
    for _step in range(12):
        seen = view()
        asked = chance.sample(LEXEMES, 3)
        found = Postings.of(seen).positions(asked, seen)
        assert alive(found, seen) == {
            lexeme: ids for lexeme, ids in by_the_database().items() if lexeme in asked
        }
        changed = chance.sample(sorted(named), 3)
        harness.put(listing(chance.choice(WORDS), number=number) for number in changed)
    held = Postings.of(view())
    assert held.nbytes == sum(one.nbytes for one in held._lists.values()) > 0


def test_it_asks_the_database_once(harness, django_assert_num_queries):
    harness.put([listing("zither")])
    seen = view()
    Postings.of(seen).positions(LEXEMES, seen)
    with django_assert_num_queries(0):
        Postings.of(seen).positions(LEXEMES, seen)


def test_an_older_view_reads_the_database(harness):
    harness.put([listing("zither", number=1)])
    older = view()
    harness.put([listing("zither", number=2)])
    newer = view()
    assert len(Postings.of(newer).positions(LEXEMES, newer)["n_zither"]) == 2
    assert len(Postings.of(older).positions(LEXEMES, older)["n_zither"]) == 1
    assert len(Postings.of(newer).positions(LEXEMES, newer)["n_zither"]) == 2


def test_memory_is_bounded_and_the_least_used_go_first(harness, monkeypatch):
    monkeypatch.setattr(postings, "_LEAST_BYTES", 12)
    monkeypatch.setattr(postings, "_BYTES_A_LISTING", 0)
    harness.put(listing(name) for name in ("zither", "zither", "marimba", "kazoo"))
    seen = view()
    held = Postings.of(seen)
    for lexeme in ("n_zither", "n_marimba", "n_zither", "n_kazoo"):
        held.positions([lexeme], seen)
    assert list(held._lists) == ["n_zither", "n_kazoo"]
    assert held.nbytes == 12


def test_many_at_once_are_read_anew(harness, monkeypatch):
    monkeypatch.setattr(postings, "_MOST_ADDED", 2)
    harness.put([listing("zither")])
    seen = view()
    Postings.of(seen).positions(LEXEMES, seen)
    harness.put(listing("zither") for _ in range(3))
    seen = view()
    assert alive(Postings.of(seen).positions(LEXEMES, seen), seen) == by_the_database()
