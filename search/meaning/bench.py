"""How fast the model is on one core, and what memory it takes. Run in a process of its own, to be exact."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

QUERY_ROUNDS = 20
BULK_COPIES = 12

QUERIES = (
    "debt advice",
    "somewhere warm to sit",
    "help filling in a form",
    "I look after my mum who has dementia",
    "stuff for kids to do in the school holidays",
    "my husband died and I do not know who to talk to",
)
TEXTS = (
    "Drop in for tea and a chat.",
    "We meet in the hall every week to knit, sew and mend, and beginners are always welcome.",
    "Our trained volunteers visit older people who live alone, and stay for an hour of company each week.",
    "We help with benefit forms, debts and letters you do not understand. You do not need to book, and "
    "what you tell us stays between us. An interpreter can be arranged if you let us know a week before.",
    "A gentle walk of about two miles along the river, at the pace of the slowest, with a café at the end.",
)


def measure(folder: Path, rounds: int = QUERY_ROUNDS, copies: int = BULK_COPIES) -> dict[str, float]:
    """Figures of the model in `folder`, on one thread and in a fresh process without Django.

    `query_p50_ms` and `query_p95_ms`: encoding one of six everyday queries of 4 to 13 tokens.
    `texts_per_second`: encoding listing sentences in bulk, 25 tokens each on average. `rss_mb`: resident
    memory after both, of which `own_mb` is not shared with other processes. Raises CalledProcessError when
    the model cannot be used.
    """
    result = subprocess.run(  # noqa: S603 - our own module, our own arguments
        [sys.executable, "-m", __name__, str(folder), str(rounds), str(copies)],
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        check=True,
        text=True,
    )
    figures: dict[str, float] = json.loads(result.stdout)
    return figures


def _measure_here(folder: Path, rounds: int, copies: int) -> dict[str, float]:
    import numpy as np

    from search.meaning.encoder import MeaningModel

    model = MeaningModel(folder)
    model.encode(QUERIES)
    times = [_seconds(partial(model.encode, [text])) for _ in range(rounds) for text in QUERIES]
    texts = TEXTS * copies
    bulk = _seconds(partial(model.encode, texts))
    p50, p95 = np.percentile(times, [50, 95]) * 1000
    memory = _memory_mb()
    return {
        "query_p50_ms": round(float(p50), 1),
        "query_p95_ms": round(float(p95), 1),
        "texts_per_second": round(len(texts) / bulk, 1),
        "rss_mb": memory["VmRSS"],
        "own_mb": memory["RssAnon"],
    }


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _memory_mb() -> dict[str, float]:
    lines = Path("/proc/self/status").read_text().splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    return {name: round(int(fields[name].split()[0]) / 1024, 1) for name in ("VmRSS", "RssAnon")}


if __name__ == "__main__":
    figures = _measure_here(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
    sys.stdout.write(json.dumps(figures))
