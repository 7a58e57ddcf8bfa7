"""Urgent help is shown to whoever types in haste, and to nobody who kills time."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from groups.vocabulary.lexicon import lexicon
from groups.vocabulary.models import HelpPanel
from search.query import DirectoryQuery
from search.understanding import understand
from tests.search.conftest import forget_rows, forget_vocabulary
from tests.search.understanding.slips import slipped

HARMLESS = (Path(__file__).parent / "harmless.txt").read_text(encoding="utf-8").splitlines()
KEPT = 0.95  # what share of urgent phrases must keep their panel through one slip


@pytest.fixture(scope="module")
def shipped_words(django_db_setup, django_db_blocker):
    """The vocabulary the house ships with, once for the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        forget_rows()
        forget_vocabulary()
        call_command("load_vocabulary", verbosity=0)
        yield
        transaction.set_rollback(True)
    forget_rows()
    forget_vocabulary()


@pytest.fixture
def panels(shipped_words, db) -> Callable[[str], dict[str, bool]]:
    """panels("text"): the panels shown, by slug, each with whether it is shown in full."""

    def panels(text: str) -> dict[str, bool]:
        best = understand(DirectoryQuery(text=text), lexicon())[0]
        return {panel.slug: len(panel.lines) > 1 for panel in best.understood.help}

    return panels


def test_a_slip_in_an_urgent_phrase_hides_no_panel(panels):
    chance = random.Random(11)
    lost = []
    tried = 0
    for panel in HelpPanel.objects.all():
        for phrase in panel.said:
            if phrase.startswith("="):
                continue
            tried += 1
            typed = slipped(phrase, chance)
            if panel.slug not in panels(typed):
                lost.append((phrase, typed))
    assert len(lost) <= (1 - KEPT) * tried, lost


def test_no_panel_for_harmless_words(panels):
    assert len(HARMLESS) >= 200
    assert {text: shown for text in HARMLESS if True in (shown := panels(text)).values()} == {}


@pytest.mark.parametrize(
    ("typed", "panel"),
    [
        ("suicdal", "crisis"),
        ("sui cidal", "crisis"),
        ("kil myself", "crisis"),
        ("killmyself", "crisis"),
        ("i want to kill my self", "crisis"),
        ("slef harm", "crisis"),
        ("self harmin", "crisis"),
        ("better of dead", "crisis"),
        ("domestik violance", "abuse"),
        ("my husbnd hits mee", "abuse"),
        ("sleeping rough toight", "homeless_tonight"),
        ("ther is no food in teh house", "nothing_today"),
    ],
)
def test_slips_joined_and_split_words(panels, typed, panel):
    assert panels(typed).get(panel)


@pytest.mark.parametrize(
    "typed", ["shelf harm", "want to dye", "skill myself", "its me", "kiling time", "dog gromming"]
)
def test_a_slip_that_makes_another_word_is_that_word(panels, typed):
    assert True not in panels(typed).values()


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("my baby isnt breathing", {"medical"}),
        ("i took some pills", {"medical", "crisis"}),
        ("my uncle touches me", {"child", "sexual_violence"}),
        ("I might hurt my baby", {"child", "crisis"}),
        ("my ex keeps turning up at my house", {"abuse"}),
        ("man abused by wife", {"abuse"}),
        ("my teenage son hits me", {"abuse"}),
        ("living in my car", {"homeless_tonight"}),
        ("we're being evicted next week", {"homeless_tonight"}),
        ("my landlord is kicking me out", {"homeless_tonight"}),
        ("im 17 and my mum kicked me out", {"homeless_tonight"}),
        ("meter run out", {"nothing_today"}),
        ("help", {"crisis"}),
        ("999", {"medical", "crisis"}),
        ("crisis", {"crisis"}),
        ("abuse", {"abuse", "child"}),
        # What is like one of these and is not
        ("help with my garden", set()),
        ("emergency first aid course", set()),
        ("controlling boss", set()),
        ("he hit me on the tennis court", set()),
        ("they kicked me out of the club", set()),
        ("recovering from a heart attack", set()),
    ],
)
def test_urgent_words_and_those_like_them(panels, typed, shown):
    assert {slug for slug, full in panels(typed).items() if full} == shown


@pytest.mark.parametrize(
    "typed", ["someone I love took their own life", "widowed by suicide", "my brother killed himself"]
)
def test_a_death_by_suicide_is_a_bereavement(panels, typed):
    assert panels(typed) == {"crisis": False}
    best = understand(DirectoryQuery(text=typed), lexicon())[0]
    assert "bereaved" in {reading.slug for reading in best.understood.readings}


@pytest.mark.parametrize(
    "typed", ["homeless tonight", "kicked out tonight", "sleeping rough tonight", "no food today"]
)
def test_the_hour_hides_no_help_where_it_is_urgent(panels, typed):
    assert panels(typed)
    query = understand(DirectoryQuery(text=typed), lexicon())[0].understood.query
    assert (query.when, query.times) == ("", ())


def test_the_hour_counts_where_it_is_not_urgent(panels):
    assert understand(DirectoryQuery(text="choir tonight"), lexicon())[0].understood.query.when == "today"


@pytest.mark.parametrize(
    "typed", ["male victims of domestic abuse", "men who are victims of abuse", "man abused by wife"]
)
def test_men_who_are_abused_find_what_is_open_to_men(panels, typed):
    assert understand(DirectoryQuery(text=typed), lexicon())[0].understood.query.gender == "men"


def test_nowhere_to_sleep_is_no_trouble_with_sleep(panels):
    best = understand(DirectoryQuery(text="nowhere to sleep"), lexicon())[0]
    assert [reading.slug for reading in best.understood.readings] == ["homeless"]
