"""Vectors follow a listing's commit; a command mends what a crash left; meaning finds what no word finds."""

import numpy as np
import pytest
from django.core.management import call_command
from msgspec.structs import replace

from groups.listings.changes import ChangeCounter
from groups.vocabulary.lexicon import Lexicon, Meaning
from search import engines
from search.index import vectors
from search.index.models import IndexedListing, ListingVector
from search.index.vectors import make_phrase_vectors, make_vectors
from search.meaning.model import model
from search.query import DirectoryQuery
from search.ranking import MOST_BY_MEANING
from search.understanding.senses import senses_of
from tests.search.contract.conftest import EmbeddedHarness
from tests.search.listings import CHELMSFORD, OAKLANDS, at_miles, listing, session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_process")]

COFFEE = listing(
    "Library Mornings", summary="Tea, cake and a heated room, open to everyone, no need to buy.", number=1
)
DEBT = listing("Money Matters", summary="Sort out bills and what you owe, with a trained adviser.", number=2)
FOOTBALL = listing("United Reds", summary="Five-a-side football under floodlights.", number=3)


@pytest.fixture(autouse=True)
def real_model(settings):
    settings.WAYMARK_MEANING_MODEL = ""
    if model() is None:
        pytest.skip("no language model is installed")


@pytest.fixture
def put():
    return EmbeddedHarness().put


def found(text, **values):
    cards = engines.get("embedded").search(DirectoryQuery(text=text, **values)).cards
    return [card.listing.name for card in cards]


def test_only_what_is_missing_or_says_something_else_is_made(put):
    put([COFFEE, DEBT])
    assert make_vectors() == 2
    assert make_vectors() == 0
    put([replace(COFFEE, summary="Knit and natter with tea.")])
    assert make_vectors() == 1
    put([replace(DEBT, age_min=18)])
    change = ChangeCounter.values_now()[ChangeCounter.VECTORS]
    assert make_vectors() == 0
    row = ListingVector.objects.get(listing__uid=DEBT.uid)
    assert row.version == IndexedListing.objects.get(uid=DEBT.uid).version
    assert row.change <= change


def test_a_row_of_vectors_is_unit_vectors_of_eight_bits(put):
    put([COFFEE])
    make_vectors()
    row = ListingVector.objects.get()
    rows = np.frombuffer(bytes(row.vectors), np.int8).reshape(-1, model().dimensions)
    assert len(rows) >= 2
    assert np.linalg.norm(rows.astype(float), axis=1) / 127 == pytest.approx(1, abs=0.02)
    assert row.model == model().name


def test_vectors_of_another_model_are_made_again(put):
    put([COFFEE])
    make_vectors()
    ListingVector.objects.update(model="other")
    assert found("somewhere warm to sit") == []
    assert make_vectors() == 1
    assert found("somewhere warm to sit") == ["Library Mornings"]


def test_they_follow_the_commit_at_once_where_asked(put, settings, django_capture_on_commit_callbacks):
    settings.WAYMARK_VECTORS = "now"
    with django_capture_on_commit_callbacks(execute=True):
        put([COFFEE])
        assert not ListingVector.objects.exists()
    assert ListingVector.objects.count() == 1


def test_a_crash_between_commit_and_vectors_is_mended_by_the_command(put, capsys):
    put([COFFEE, DEBT])
    call_command("make_vectors")
    assert "2 made" in capsys.readouterr().out
    assert ListingVector.objects.count() == 2


def test_a_crash_between_two_batches_leaves_the_rest_to_the_next_run(put, monkeypatch):
    put([COFFEE, DEBT, FOOTBALL])
    monkeypatch.setattr(vectors, "BATCH", 1)
    usual, made = vectors._make, []

    def crash(ids, opened):
        if len(made) == 2:
            raise KeyboardInterrupt
        made.append(ids)
        return usual(ids, opened)

    monkeypatch.setattr(vectors, "_make", crash)
    with pytest.raises(KeyboardInterrupt):
        make_vectors()
    monkeypatch.setattr(vectors, "_make", usual)
    assert make_vectors() == 1


def test_meaning_finds_what_no_word_finds(put):
    put([COFFEE, DEBT, FOOTBALL])
    assert found("somewhere warm to sit") == []
    make_vectors()
    assert found("somewhere warm to sit")[0] == "Library Mornings"
    assert "United Reds" not in found("somewhere warm to sit")


def test_no_results_still_exists(put):
    put([COFFEE, DEBT, FOOTBALL])
    make_vectors()
    assert found("quantum chromodynamics") == []


def test_filters_hold_for_what_meaning_brings(put):
    far = at_miles(OAKLANDS, 40)
    put([COFFEE, replace(COFFEE, uid=DEBT.uid, name="Far Mornings", sessions=(session(place=far),))])
    make_vectors()
    assert found("somewhere warm to sit", place=CHELMSFORD, radius=5.0) == ["Library Mornings"]
    assert found("somewhere warm to sit", exact=True) == []


def test_what_meaning_adds_is_bounded(put):
    many = [
        replace(COFFEE, uid=listing(number=100 + n).uid, name=f"Mornings {n}")
        for n in range(MOST_BY_MEANING + 15)
    ]
    put(many)
    make_vectors()
    total = engines.get("embedded").search(DirectoryQuery(text="somewhere warm to sit")).total
    assert 0 < total <= MOST_BY_MEANING


def test_a_listing_that_is_gone_is_not_found_by_meaning(put):
    from groups.listings.changes import renumber
    from search.index.writer import write_listings

    put([COFFEE])
    make_vectors()
    assert found("somewhere warm to sit") == ["Library Mornings"]
    versions = renumber([COFFEE.uid])
    write_listings([(COFFEE.uid, versions[COFFEE.uid], None)])
    assert found("somewhere warm to sit") == []


def test_vectors_of_phrases_are_heard_of_as_they_come_and_go(monkeypatch):
    """By the same vocabulary: it changes before the command has made its vectors."""
    need = Meaning("need", "loneliness")
    lexicon = Lexicon(version=1, labels={need: "Loneliness"}, said={need: ("stuck indoors all day",)})
    monkeypatch.setattr(vectors, "lexicon", lambda: lexicon)
    assert senses_of("stuck indoors every day", lexicon) == []
    assert make_phrase_vectors() == 2
    assert [meaning for meaning, _near in senses_of("stuck indoors every day", lexicon)] == [need]
    monkeypatch.setattr(vectors, "lexicon", Lexicon)
    assert make_phrase_vectors() == 0
    assert senses_of("stuck indoors every day", lexicon) == []
