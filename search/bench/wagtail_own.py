"""Wagtail's own search beside ours, over 10,000 pages in a scratch database of its own.

Its index is given title, summary and description. It knows no place and counts no facets, so it is asked for the words of a query
alone: a page of 20 and the total.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.index import SearchField

from groups.bulk import without_wagtails_indexes
from groups.listings.models import GroupIndexPage, GroupPage
from groups.vocabulary.lexicon import lexicon
from search.bench import corpus
from search.bench.made_up import Maker
from search.bench.queries import queries, texts
from search.bench.timing import percentiles, timed, without_index
from search.query import PAGE_SIZE

SIZE = 10_000
NAME = "wagtail"
Progress = Callable[[int, int], None]


def _index_texts() -> None:
    GroupPage.search_fields = [*Page.search_fields, SearchField("summary"), SearchField("description")]


def fill(progress: Progress) -> None:
    """Write pages below the demo's page of groups until there are 10,000, and Wagtail's index of them."""
    _index_texts()
    maker = Maker(lexicon(), date.today())
    parent = GroupIndexPage.objects.get()
    wanted = SIZE - GroupPage.objects.count()
    with without_wagtails_indexes(), without_index():
        for number in range(wanted):
            listing = maker.listing(number)
            page = GroupPage(
                title=listing.name,
                slug=f"made-up-{number}",
                summary=listing.summary[:200],
                description=listing.description,
            )
            parent.add_child(instance=page)
            progress(number + 1, wanted)
    call_command("update_index", verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    corpus.write_stamp(corpus.database(NAME), pages=SIZE)


def measure() -> dict[str, Any]:
    """p50 and p95 of its search for the texts of the bench, each asked once after one to warm up."""
    _index_texts()
    backend = get_search_backend()

    def search(text: str) -> None:
        found = backend.search(text, GroupPage.objects.live())
        list(found[:PAGE_SIZE])
        found.count()

    search("walking")
    asked = texts(queries(Maker(lexicon(), timezone.localdate())))
    return {"size": SIZE, **percentiles([timed(partial(search, text)) for text in asked])}
