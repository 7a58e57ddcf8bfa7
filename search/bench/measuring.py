"""Measuring one size: every query of every engine in every way, round after round, in a new order each time."""

import gc
import random
from collections import defaultdict
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

from search.bench import corpus, postgresql, server
from search.bench.asker import EDITS, Asker, publish
from search.bench.bare import bare_passes
from search.bench.elsewhere import Elsewhere
from search.bench.queries import MIX, Asked, texts
from search.bench.timing import Times, median, percentiles, timed
from search.meaning.model import model

WRITES = 10
_WARMING = 2  # turns that are not counted
Progress = Callable[[int, int], None]
Way = Callable[[int], Times]
Call = Callable[..., Any]
"""Calls a method of an `Asker` by its name, here or in another process."""


def measure(size: int, rounds: int, keep_index: bool, progress: Progress) -> dict[str, Any]:
    """All figures of one size. Times are milliseconds; bytes are bytes.

    keep_index: leave the search server's scratch index for the next run, and use that of the run before.
    """
    with ExitStack() as at_the_end:
        here = Asker()
        databases: dict[str, Call] = {"SQLite": lambda name, *arguments: getattr(here, name)(*arguments)}
        stamps = {"SQLite": corpus.stamp_of(corpus.database(size))}
        if postgresql.URL:
            there = Elsewhere(size)
            at_the_end.callback(there.close)
            databases["PostgreSQL"] = there.call
            stamps["PostgreSQL"] = postgresql.stamp_of(size)
            if there.call("addresses") != here.addresses():
                raise RuntimeError("The two databases would be asked different queries.")
        beside = server.Server(size, stamps["SQLite"], keep_index) if server.URL else None
        if beside:
            at_the_end.callback(beside.close)
        figures: dict[str, Any] = {
            "size": size,
            "queries": len(here.asked),
            "rounds": rounds,
            "load": Path("/proc/loadavg").read_text().split()[0],
            "server": beside.fill() if beside else {},
            "ways": _searching(here, databases, beside, rounds, progress),
            "vector": _encoding(here),
            "suggestions": {name: call("suggest", rounds) for name, call in databases.items()},
            "databases": {
                name: {"corpus": stamps[name], **call("figures")} for name, call in databases.items()
            },
        }
        for name, found in _changing(databases).items():
            figures["databases"][name] |= found
        if stamps["SQLite"].get("pages") == size:
            for name, call in databases.items():
                figures["databases"][name]["rebuild"] = call("rebuild")
        if beside:
            figures["server"]["unanswered"] = beside.unanswered
            figures["server"]["findable"] = beside.findable(partial(publish, here.edited[0]))
        return figures


# --- searching ------------------------------------------------------------------------------------


def _searching(
    here: Asker, databases: dict[str, Call], beside: server.Server | None, rounds: int, progress: Progress
) -> dict[str, Any]:
    ways = _ways(here, databases, beside)
    times: dict[tuple[str, int], list[Times]] = defaultdict(list)
    order = [(way, number) for way in ways for number in range(len(here.asked))]
    chance = random.Random(1)  # noqa: S311 (an order, not a secret)
    # The first round only warms what every process warms once.
    for turn in range(rounds + 1):
        chance.shuffle(order)
        for way, number in order:
            took = ways[way](number)
            if turn:
                times[way, number].append(took)
        gc.collect()
        progress(turn, rounds)
    return {
        way: _by_kind(here.asked, [median(times[way, number]) for number in range(len(here.asked))])
        for way in ways
    }


def _ways(here: Asker, databases: dict[str, Call], beside: server.Server | None) -> dict[str, Way]:
    """What asks the query of a number, by the name of the way, such as "engine with meaning, SQLite"."""
    bare = bare_passes(here.engine.columns.current(), here.asked)
    ways: dict[str, Way] = {"bare pass over the arrays": lambda number: timed(bare[number])}
    for database, call in databases.items():
        ways |= {f"{way}, {database}": partial(call, "ask", way) for way in here.ways()}
    return ways | (beside.ways(here.asked) if beside else {})


def _by_kind(asked: list[Asked], times: list[Times]) -> dict[str, dict[str, float]]:
    """p50 and p95 for each kind, for the mix of `search.md`, and for all together."""
    kinds = list(dict.fromkeys(one.kind for one in asked))
    picked = {
        kind: [took for one, took in zip(asked, times, strict=True) if one.kind == kind] for kind in kinds
    }
    picked["the mix"] = [took for one, took in zip(asked, times, strict=True) if one.kind in MIX]
    picked["all"] = times
    return {kind: percentiles(mine) for kind, mine in picked.items()}


# --- beside searching -----------------------------------------------------------------------------


def _encoding(here: Asker) -> dict[str, float]:
    """Making the vector of a query that was not asked before."""
    opened = model()
    if opened is None:
        return {}
    return percentiles([timed(partial(opened.encode, [text])) for text in texts(here.asked)])


def _changing(databases: dict[str, Call]) -> dict[str, dict[str, Any]]:
    """Writing new listings, and publishing pages: of each database in turn."""
    writing: dict[str, list[Times]] = defaultdict(list)
    editing: dict[str, dict[str, list[Times]]] = defaultdict(lambda: defaultdict(list))
    for turn in range(_WARMING + max(WRITES, EDITS)):
        for name, call in databases.items():
            if turn < _WARMING + WRITES:
                writing[name].append(call("write", turn))
            if turn < _WARMING + EDITS:
                for part, took in call("edit", turn).items():
                    editing[name][part].append(took)
    for call in databases.values():
        call("end_edits")
    return {
        name: {
            "writing": percentiles(writing[name][_WARMING:]),
            "edit": {part: percentiles(times[_WARMING:]) for part, times in editing[name].items()},
        }
        for name in databases
    }
