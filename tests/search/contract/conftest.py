"""Every test of this folder runs against every engine. To join: add a `Harness` to `HARNESSES`.

Nothing here looks inside an engine. The clock stands at `NOW`, and meaning is off: what a model adds is tested with it.
"""

from collections.abc import Iterable

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test import override_settings
from django.utils import timezone
from wagtail.models import Locale

from groups.listings.changes import ChangeCounter, renumber
from groups.listings.public import PublicListing
from search import engines
from search.engine import Engine
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.index import outbox
from search.index.writer import write_listings
from search.query import DirectoryQuery
from tests.search.conftest import forget_rows, forget_vocabulary
from tests.search.listings import NOW
from tests.search.server import made_true, search_server


class EmbeddedHarness:
    """How the suite writes to an engine, and makes it forget what was rolled back."""

    def __init__(self) -> None:
        self.engine: Engine = engines.get("embedded")

    def put(self, listings: Iterable[PublicListing]) -> None:
        """Make these listings findable, as the door would."""
        listings = list(listings)
        versions = renumber([listing.uid for listing in listings])
        write_listings([(listing.uid, versions[listing.uid], listing) for listing in listings])
        self.engine.settle()

    def reset(self) -> None:
        """The database was rolled back: answer from what it holds now."""
        forget_rows()
        if connection.vendor == "postgresql":
            # Sequences are not rolled back; a facet's bit is its primary key.
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT setval('search_facet_id_seq', (SELECT coalesce(max(id), 0) + 1 FROM search_facet), false)"
                )


class ElasticsearchHarness(EmbeddedHarness):
    """The same, on a real server: an index of its own, made anew whenever a test that wrote was rolled back."""

    def __init__(self) -> None:
        self.engine = ElasticsearchEngine(seconds=60)
        self._is_true = False
        self._last = 0

    def put(self, listings: Iterable[PublicListing]) -> None:
        listings = list(listings)
        # The counter was rolled back with an earlier test; the server remembers its numbers.
        counter = ChangeCounter.values_now()[ChangeCounter.LISTINGS]
        self._last = ChangeCounter.raise_by(ChangeCounter.LISTINGS, max(self._last - counter, 0)) + len(
            listings
        )
        super().put(listings)
        self._is_true = False
        outbox.note(listing.uid for listing in listings)
        self.engine.settle()

    def reset(self) -> None:
        super().reset()
        self.engine.forget()
        if not self._is_true:
            made_true()
            self._is_true = True


HARNESSES = {"embedded": EmbeddedHarness, "elasticsearch": ElasticsearchHarness}


@pytest.fixture(
    scope="module", params=["embedded", pytest.param("elasticsearch", marks=pytest.mark.elasticsearch)]
)
def harness(request):
    if request.param == "embedded":
        yield HARNESSES["embedded"]()
        return
    with search_server():
        yield HARNESSES["elasticsearch"]()


@pytest.fixture(scope="module", autouse=True)
def still_clock():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: NOW)
        yield


@pytest.fixture(scope="module", autouse=True)
def no_meaning():
    with override_settings(WAYMARK_MEANING_MODEL="none"):
        yield


@pytest.fixture(scope="module")
def module_rows(harness, django_db_setup, django_db_blocker):
    """A transaction around the module, for rows that its tests share and none changes."""
    with django_db_blocker.unblock(), transaction.atomic():
        forget_vocabulary()
        harness.reset()
        yield
        transaction.set_rollback(True)
    forget_vocabulary()


@pytest.fixture(scope="module")
def shipped_words(module_rows, gazetteer):
    """The vocabulary the house ships with, once for the module."""
    Locale.objects.get_or_create(language_code="en-gb")
    call_command("load_vocabulary", verbosity=0)


@pytest.fixture
def engine(harness, module_rows, db):
    """The engine under test, knowing nothing of an earlier test."""
    harness.reset()
    return harness.engine


@pytest.fixture
def put(harness, engine):
    """put(listing, …): findable from here on."""
    return lambda *listings: harness.put(listings)


@pytest.fixture
def find(engine):
    """find("text", place=…): the results."""

    def find(text: str = "", *, now=None, **values):
        return engine.search(DirectoryQuery(text=text, **values), now=now)

    return find


@pytest.fixture
def found(find):
    """found("text", place=…): the names found, in order."""
    return lambda text="", **values: [card.listing.name for card in find(text, **values).cards]
