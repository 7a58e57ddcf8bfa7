"""Another process of a site that searches with Elasticsearch. Run by `tests.search.engines.conftest.Child`."""

import sys

import django

django.setup()

from groups.listings import changes  # noqa: E402
from search.engines.elasticsearch import keeping, rebuilding  # noqa: E402
from search.engines.elasticsearch.engine import ElasticsearchEngine  # noqa: E402
from search.index import outbox  # noqa: E402
from search.query import DirectoryQuery  # noqa: E402
from tests.search.engines.killing import die_at, in_a_fork, rename  # noqa: E402

KILLS = {
    "note": (outbox, "note_changes"),
    "read": (keeping, "writes_for"),
    "send": (keeping, "send"),
    "settle": (outbox, "settle"),
    "read for a new index": (rebuilding, "writes_for"),
    "create": (rebuilding, "create"),
    "fill": (rebuilding, "_fill"),
    "swap": (rebuilding, "_swap"),
    "drop": (rebuilding, "_drop_older"),
}


def find(text: str) -> str:
    engine = ElasticsearchEngine(seconds=60)
    return ", ".join(sorted(card.listing.name for card in engine.search(DirectoryQuery(text=text)).cards))


def drain() -> str:
    sent = keeping.drain()
    keeping.refresh()
    return f"{sent} sent"


def rebuild() -> str:
    return str(rebuilding.rebuild())


def state() -> str:
    """How many listings are wrong on the server, and how many notes are waiting."""
    return f"{len(keeping.compare().wrong)} wrong, {outbox.backlog().waiting} waiting"


def killed(action: str, point: str, when: str) -> str:
    """Do something in a fork that is killed (-9) just before or just after the call named."""

    def work() -> None:
        module, name = KILLS[point]
        usual = getattr(module, name)
        deadly = die_at(module, name, when)
        if action == "save":
            # The door holds the writer itself, not its name.
            changes._writers[:] = [deadly if writer is usual else writer for writer in changes._writers]
            rename("Zither one", "Zither changed")
        elif action == "drain":
            keeping.drain()
        else:
            rebuilding.rebuild()

    return in_a_fork(work)


if __name__ == "__main__":
    for line in sys.stdin:
        verb, *arguments = line.rstrip("\n").split("\t")
        print(globals()[verb](*arguments), flush=True)  # noqa: T201
