"""The embedded engine on this process's database, asked in every way that is measured. Times are in milliseconds."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, cast

from django.db import transaction
from django.test import Client
from django.utils import timezone

from groups.listings.changes import listing_changed
from groups.listings.models import GroupPage
from groups.vocabulary.lexicon import lexicon
from search import engines
from search.bench.corpus import write_made_up
from search.bench.made_up import Maker
from search.bench.queries import prefixes, queries
from search.bench.timing import Times, meaning, median, percentiles, timed, without_index
from search.engines.embedded.engine import EmbeddedEngine
from search.index import writer
from search.meaning.model import model
from search.query import DirectoryQuery

EDITS = 25
_UNUSED = 10_000_000  # no corpus has listings of numbers from here on
_MEANING = " with meaning"


class Asker:
    """Everything measured of one database. A process of its own can serve one (`elsewhere`)."""

    def __init__(self) -> None:
        self.maker = Maker(lexicon(), timezone.localdate())
        self.asked = queries(self.maker)
        self._resident_before = resident()
        self.engine = cast(EmbeddedEngine, engines.get("embedded"))
        self._opened = timed(lambda: self.engine.search(DirectoryQuery(text="walking")))
        client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "gzip"})
        self._works: dict[str, list[Callable[[], Any]]] = {
            "engine": [partial(self.engine.search, one.query) for one in self.asked],
            "request": [partial(client.get, f"/search/?{one.query.to_querystring()}") for one in self.asked],
        }
        self.edited = list(GroupPage.objects.live().order_by("pk").values_list("pk", flat=True)[:EDITS])

    def addresses(self) -> list[str]:
        """Of the results of every query, in order."""
        return [one.query.to_querystring() for one in self.asked]

    def ways(self) -> list[str]:
        """The names of the ways of asking."""
        return [f"{work}{end}" for end in (("", _MEANING) if model() else ("",)) for work in self._works]

    def ask(self, way: str, number: int) -> Times:
        """Ask the query of that number. What a process remembers of a text's meaning is remembered already."""
        work = self._works[way.removesuffix(_MEANING)][number]
        with meaning(way.endswith(_MEANING), self.asked[number].query.text):
            return timed(work)

    def suggest(self, rounds: int) -> dict[str, float]:
        """p50 and p95 of a suggestion."""
        typed = prefixes(self.maker)
        for text in typed:
            self.engine.suggest(text)
        times = [[timed(partial(self.engine.suggest, text)) for _ in range(rounds)] for text in typed]
        return percentiles([median(took) for took in times])

    def write(self, turn: int) -> Times:
        """Write as many new listings as a rebuild does at once; they are taken back."""
        numbers = range(_UNUSED + turn * writer.BATCH, _UNUSED + (turn + 1) * writer.BATCH)
        listings = [self.maker.listing(number) for number in numbers]
        with transaction.atomic():
            took = timed(partial(write_made_up, listings))
            transaction.set_rollback(True)
        return took

    def rebuild(self) -> Times:
        """Write the index anew from the pages, as `rebuild_search_index` does. Only where every listing has one."""
        return timed(writer.rebuild)

    def edit(self, turn: int) -> dict[str, Times]:
        """Publish a real page without the index's writers and with them, and search and suggest for the first time after it.

        Raises:
            RuntimeError: the page is not found, or others are.
        """
        pk, mark = self.edited[turn % len(self.edited)], f"zyzzyva{turn}"
        with without_index():
            publish(pk, "Tea.")  # so that what follows finds the page read, and its tables
            without = timed(partial(publish, pk, "Tea and talk."))
        with_index = timed(partial(publish, pk, mark))
        return {
            "without": without,
            "added": {clock: with_index[clock] - without[clock] for clock in without},
            "search after": timed(partial(self._expect_one, mark)),
            "suggestion after": timed(partial(self.engine.suggest, "walk")),
        }

    def end_edits(self) -> None:
        """Leave every page with the same words, in the index too."""
        for pk in self.edited:
            publish(pk, "Tea and talk.")
        listing_changed(
            *GroupPage.objects.filter(pk__in=self.edited).values_list("translation_key", flat=True)
        )

    def figures(self) -> dict[str, Any]:
        """What was measured once, and the memory of this process now."""
        return {
            "first_search": self._opened,
            "memory": {
                **self.engine.memory(),
                "resident_before": self._resident_before,
                "resident": resident(),
            },
        }

    def _expect_one(self, mark: str) -> None:
        total = self.engine.search(DirectoryQuery(text=mark, exact=True)).total
        if total != 1:
            raise RuntimeError(f"A page was published, but {total} were found by its word.")


def publish(pk: int, words_in_summary: str) -> None:
    """Publish that page with a new summary."""
    page = GroupPage.objects.get(pk=pk)
    page.summary = words_in_summary
    page.save_revision().publish()


def resident() -> int:
    """Bytes of memory this process holds."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
