"""Measuring one size, in a process of its own: every query in every way, round after round, in a new order each time."""

import gc
import random
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import nullcontext
from functools import partial
from pathlib import Path
from typing import Any, cast

import numpy as np
from django.test import Client
from django.test.utils import override_settings
from django.utils import timezone

from groups.listings.changes import listing_changed
from groups.listings.models import GroupPage
from groups.vocabulary.lexicon import lexicon
from search import engines
from search.bench import corpus, server
from search.bench.bare import bare_pass
from search.bench.made_up import Maker
from search.bench.queries import MIX, Asked, prefixes, queries
from search.bench.timing import Times, median, percentiles, timed, without_index
from search.engines.embedded.engine import EmbeddedEngine as Engine
from search.index import words
from search.index.document import FIELDS
from search.meaning.model import OFF, model, query_vector
from search.query import DirectoryQuery
from search.understanding.plan import plan_for

EDITS = 25
Progress = Callable[[int, int], None]


def measure(size: int, engine_name: str, rounds: int, progress: Progress) -> dict[str, Any]:
    """All figures of one size. Times are milliseconds; bytes are bytes."""
    maker = Maker(lexicon(), timezone.localdate())
    asked = queries(maker)
    engine = cast(Engine, engines.get(engine_name))
    before = resident()
    started = time.perf_counter()
    engine.search(DirectoryQuery(text="walking"))
    opened = time.perf_counter() - started
    beside = server.Server() if server.URL else None
    figures: dict[str, Any] = {
        "size": size,
        "corpus": corpus.stamp_of(corpus.database(size)),
        "queries": len(asked),
        "rounds": rounds,
        "load": Path("/proc/loadavg").read_text().split()[0],
        "first_search_seconds": round(opened, 2),
        "server": beside.fill() if beside else {},
        "ways": _searching(engine, asked, rounds, progress, beside),
        "suggestions": _suggesting(engine, maker, rounds),
        "vector": _encoding(),
    }
    figures["memory"] = {**engine.memory(), "resident_before": before, "resident": resident()}
    figures["edit"] = _editing(engine)
    if beside:
        figures["server"]["findable"] = beside.findable(_publish_first)
        beside.close()
    return figures


def texts() -> list[str]:
    """The texts among the queries, each once."""
    asked = queries(Maker(lexicon(), timezone.localdate()))
    return list(dict.fromkeys(one.query.text for one in asked if one.query.text))


# --- searching ------------------------------------------------------------------------------------


def _searching(
    engine: Engine, asked: list[Asked], rounds: int, progress: Progress, beside: server.Server | None
) -> dict[str, Any]:
    ways = _ways(engine, asked) | (beside.ways(asked) if beside else {})
    times: dict[tuple[str, int], list[Times]] = defaultdict(list)
    order = [(way, number) for way in ways for number in range(len(asked))]
    chance = random.Random(1)  # noqa: S311 (an order, not a secret)
    # The first round only warms what every process warms once.
    for turn in range(rounds + 1):
        chance.shuffle(order)
        for way, number in order:
            works, setting = ways[way]
            with override_settings(WAYMARK_MEANING_MODEL=setting) if setting is not None else nullcontext():
                if turn == 0 and setting is None and asked[number].query.text:
                    query_vector(asked[number].query.text)
                took = timed(works[number])
            if turn:
                times[way, number].append(took)
        gc.collect()
        progress(turn, rounds)
    return {
        way: _by_kind(asked, [median(times[way, number]) for number in range(len(asked))]) for way in ways
    }


def _ways(engine: Engine, asked: list[Asked]) -> dict[str, tuple[list[Callable[[], Any]], str | None]]:
    """Each way of asking: what to call for each query, and the setting of the model (None: as installed)."""
    client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "gzip"})
    view = engine.columns.current()

    def search(query: DirectoryQuery) -> Callable[[], Any]:
        return lambda: engine.search(query)

    def request(query: DirectoryQuery) -> Callable[[], Any]:
        address = f"/search/?{query.to_querystring()}"
        return lambda: client.get(address)

    def bare(query: DirectoryQuery) -> Callable[[], Any]:
        terms = plan_for(query.text, [], lexicon()).terms
        held = words.postings([f"{letter}_{term}" for term in terms for letter in FIELDS])
        return bare_pass(view, query, np.concatenate([np.empty(0, np.int64), *held.values()]))

    ways: dict[str, tuple[list[Callable[[], Any]], str | None]] = {
        "bare pass over the arrays": ([bare(one.query) for one in asked], OFF),
        "engine": ([search(one.query) for one in asked], OFF),
        "request": ([request(one.query) for one in asked], OFF),
    }
    if model() is not None:
        ways["engine with meaning"] = ([search(one.query) for one in asked], None)
        ways["request with meaning"] = ([request(one.query) for one in asked], None)
    return ways


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


def _suggesting(engine: Engine, maker: Maker, rounds: int) -> dict[str, float]:
    typed = prefixes(maker)
    for text in typed:
        engine.suggest(text)
    times = [[timed(partial(engine.suggest, text)) for _ in range(rounds)] for text in typed]
    return percentiles([median(took) for took in times])


def _encoding() -> dict[str, float]:
    """Making the vector of a query that was not asked before."""
    opened = model()
    if opened is None:
        return {}
    return percentiles([timed(partial(opened.encode, [text])) for text in texts()])


def _editing(engine: Engine) -> dict[str, Any]:
    """Publishing real pages with the index's writers and without, and the first search and suggestion after it."""
    pages = list(GroupPage.objects.live().order_by("pk").values_list("pk", flat=True)[:EDITS])
    took: dict[str, list[Times]] = defaultdict(list)
    for number, pk in enumerate((*pages[:2], *pages)):  # two to warm up
        mark = f"zyzzyva{number}"
        with without_index():
            without = timed(partial(_publish, pk, "Tea and talk."))
        with_index = timed(partial(_publish, pk, mark))
        found = timed(partial(_expect_one, engine, mark))
        suggested = timed(lambda: engine.suggest("walk"))
        if number >= 2:
            took["without"].append(without)
            took["with"].append(with_index)
            took["search after"].append(found)
            took["suggestion after"].append(suggested)
            took["added"].append({clock: with_index[clock] - without[clock] for clock in without})
    uids = list(GroupPage.objects.filter(pk__in=pages).values_list("translation_key", flat=True))
    for pk in pages:
        _publish(pk, "Tea and talk.")
    listing_changed(*uids)
    return {what: percentiles(times) for what, times in took.items()}


def _publish_first(mark: str) -> None:
    """Publish a page with that word in it."""
    _publish(GroupPage.objects.live().order_by("pk").values_list("pk", flat=True)[0], mark)


def _publish(pk: int, words_in_summary: str) -> None:
    page = GroupPage.objects.get(pk=pk)
    page.summary = words_in_summary
    page.save_revision().publish()


def _expect_one(engine: Engine, mark: str) -> None:
    total = engine.search(DirectoryQuery(text=mark, exact=True)).total
    if total != 1:
        raise RuntimeError(f"A page was published, but {total} were found by its word.")


def resident() -> int:
    """Bytes of memory this process holds."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmRSS"))
