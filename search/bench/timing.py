"""Taking times, and what they come to."""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import Any

import numpy as np
from django.test.utils import override_settings

from groups.listings import changes
from search.meaning.model import OFF, query_vector

Times = dict[str, float]
CLOCKS = ("wall", "cpu")


def timed(work: Callable[[], Any]) -> Times:
    """Milliseconds by the clock, and of this thread's own work: the second says what a quiet machine would show."""
    began, worked = time.perf_counter(), time.thread_time()
    work()
    return {"wall": (time.perf_counter() - began) * 1000, "cpu": (time.thread_time() - worked) * 1000}


def median(times: Sequence[Times]) -> Times:
    return {clock: statistics.median(took[clock] for took in times) for clock in CLOCKS}


def percentiles(times: Sequence[Times]) -> dict[str, float]:
    """p50 and p95 by both clocks, and of how many."""
    found = {"count": float(len(times))}
    for clock in CLOCKS:
        p50, p95 = np.percentile([took[clock] for took in times], [50, 95])
        found[f"{clock}_p50"], found[f"{clock}_p95"] = round(float(p50), 3), round(float(p95), 3)
    return found


@contextmanager
def without_index() -> Iterator[None]:
    """Changes pass the door, and no index hears of them."""
    writers = changes._writers
    changes._writers = []
    try:
        yield
    finally:
        changes._writers = writers


@contextmanager
def meaning(on: bool, text: str) -> Iterator[None]:
    """Inside, the model is off; or it is as installed, and remembers what that text means."""
    if on and text:
        query_vector(text)
    with nullcontext() if on else override_settings(WAYMARK_MEANING_MODEL=OFF):
        yield
