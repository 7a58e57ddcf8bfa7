"""Another process for tests: reads a line, does it, prints one line. Run by `tests.search.engines.conftest.Child`."""

import os
import signal
import sys
import threading

import django

django.setup()

from django.db import connections  # noqa: E402

from groups.listings import changes  # noqa: E402
from groups.models import GroupPage  # noqa: E402
from search import engines, warming  # noqa: E402
from search.index import facets, table, words, writer  # noqa: E402
from search.index.models import IndexedListing  # noqa: E402
from search.query import DirectoryQuery  # noqa: E402
from tests.search.engines.killing import die_at, in_a_fork, rename  # noqa: E402

KILLS = {
    "numbering": (changes, "_number"),
    "facets": (facets, "bits_of"),
    "words gone": (words, "remove"),
    "words put": (words, "put"),
    "rows": (table, "update"),
    "spellings": (writer, "_learn_spellings"),
    "batch": (writer, "write_again"),
}


def find(text: str) -> str:
    cards = engines.get("embedded").search(DirectoryQuery(text=text)).cards
    return ", ".join(sorted(card.listing.name for card in cards))


def find_in_threads(text: str) -> str:
    """The same from two threads at once, each with a connection of its own; they must agree."""
    found: list[str] = []

    def look() -> None:
        found.append(find(text))
        connections.close_all()

    threads = [threading.Thread(target=look) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return " | ".join(sorted(set(found)))


def warmed_in_a_fork(text: str) -> str:
    """Whether a fork made as soon as warming begins finds all that the database says of a text, without reading the columns."""
    warming.begin()

    def work() -> None:
        columns, expected = engines.get("embedded").columns, "Zither one, Zither three, Zither two"
        there = columns._columns
        if there is None or find(text) != expected or columns._columns is not there:
            os.kill(os.getpid(), signal.SIGKILL)

    return in_a_fork(work)


def unpublish(name: str) -> str:
    GroupPage.objects.get(title=name).unpublish()
    return "done"


def state() -> str:
    wrong = writer.check().wrong
    return f"{len(wrong)} wrong, {sum(IndexedListing.objects.values_list('version', flat=True))}"


def mend() -> str:
    writer.check(mend=True)
    return state()


def killed(action: str, point: str, when: str) -> str:
    """Do something in a fork that is killed (-9) just before or just after the call named, at its second call if there is one."""

    def work() -> None:
        die_at(*KILLS[point], when)
        writer.BATCH = 2
        if action == "rebuild":
            writer.rebuild()
        else:
            rename("Zither one", "Zither changed")

    return in_a_fork(work)


if __name__ == "__main__":
    for line in sys.stdin:
        verb, *arguments = line.rstrip("\n").split("\t")
        print(globals()[verb](*arguments), flush=True)  # noqa: T201
