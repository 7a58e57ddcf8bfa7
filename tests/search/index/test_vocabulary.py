"""A phrase that comes or goes: the listings that say it are found, or no longer found, by what it means."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from groups.listings import changes
from groups.models import Activity
from search import engines
from search.index.vocabulary import listings_saying, phrases_changed
from search.query import DirectoryQuery
from tests.factories import ActivityFactory, GroupPageFactory

pytestmark = pytest.mark.usefixtures("site_tree", "fresh_process")


@pytest.fixture
def by_word(settings):
    settings.WAYMARK_MEANING_MODEL = "none"

    def by_word(text):
        cards = engines.get("embedded").search(DirectoryQuery(text=text)).cards
        return [card.listing.name for card in cards]

    return by_word


def others() -> None:
    """A concept tells little where most listings carry it: let there be some that do not."""
    for number in range(8):
        GroupPageFactory(title=f"Darts {number}", description="Arrows.")


def test_a_new_phrase_finds_listings_that_say_it(by_word):
    term = ActivityFactory(slug="gardening", label="Gardening", phrases="allotments")
    GroupPageFactory(title="Plot Nine", description="We dig and delve on Sundays.")
    others()
    assert by_word("allotments") == []
    term.phrases = "allotments\ndig and delve"
    term.save()
    assert by_word("allotments") == ["Plot Nine"]
    term.phrases = "allotments"
    term.save()
    assert by_word("allotments") == []


def test_a_phrase_of_everyday_words(by_word):
    term = ActivityFactory(slug="befriending", label="Befriending", phrases="visitors")
    GroupPageFactory(title="Company", description="For those who are on their own.")
    GroupPageFactory(title="Own Arrows", description="Own your arrows on their board.")
    others()
    term.phrases = "visitors\non their own"
    term.save()
    assert by_word("visitors") == ["Company"]


def test_a_term_that_goes(by_word):
    term = ActivityFactory(slug="gardening", label="Gardening", phrases="dig and delve\nallotments")
    GroupPageFactory(title="Plot Nine", description="We dig and delve on Sundays.")
    others()
    assert by_word("allotments") == ["Plot Nine"]
    Activity.objects.filter(pk=term.pk).delete()
    assert by_word("allotments") == []


def test_a_new_name_of_an_activity(by_word):
    term = ActivityFactory(slug="craft", label="Craft", phrases="")
    GroupPageFactory(title="Tuesday Table", activities=[term])
    assert by_word("macrame") == []
    term.label = "Macramé and craft"
    term.save()
    assert by_word("macrame") == ["Tuesday Table"]


def test_only_those_that_may_say_it_are_written_again(monkeypatch):
    said = GroupPageFactory(title="Plot Nine", description="We dig and delve on Sundays.")
    GroupPageFactory(title="Darts", description="We dig arrows.")
    written = []
    monkeypatch.setattr(changes, "_writers", [written.extend])
    phrases_changed({"dig and delve", "=delving", "nothing of the sort"})
    assert written == [said.translation_key]


def test_thousands_of_phrases_cost_little():
    phrases = {f"word{number} thing{number % 70}" for number in range(5_000)}
    with CaptureQueriesContext(
        connection,
    ) as empty:
        phrases_changed(phrases)
    assert len(empty) == 1
    GroupPageFactory()
    with CaptureQueriesContext(connection) as filled:
        assert listings_saying(phrases) == set()
    assert len(filled) < 50
