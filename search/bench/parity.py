"""Do the engines agree? The same made-up listings and queries for each, and what differs, counted."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from groups.vocabulary.lexicon import lexicon
from search import engines
from search.bench.corpus import BATCH, add_vectors, write_made_up
from search.bench.made_up import Maker
from search.bench.queries import Asked, queries
from search.engines.elasticsearch import rebuilding
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.index.models import IndexedListing
from search.query import DirectoryQuery

TOP = 10
Progress = Callable[[int, int], None]
Answer = dict[str, Any]  # "total", "facets", "top" (uids)


@dataclass(frozen=True)
class Row:
    """How two engines compare over some queries. overlap: mean share of the first ten they have in common."""

    pair: str
    kind: str
    queries: int
    same_totals: int
    same_facets: int
    overlap: float
    lowest: float


def asked(count: int) -> list[Asked]:
    """So many queries of every kind, the same for each engine."""
    maker = Maker(lexicon(), timezone.localdate())
    found = [one for seed in (7, 8, 9) for one in queries(maker, seed=seed)]
    step = max(len(found) // count, 1)
    return [one for one in found[::step] if one.query.page == 1][:count]


def fill(size: int, progress: Progress) -> None:
    """Make this process's (scratch) database hold so many made-up listings and their vectors."""
    call_command("migrate", verbosity=0)
    call_command("load_vocabulary", verbosity=0)
    maker = Maker(lexicon(), timezone.localdate())
    there = IndexedListing.objects.count()
    for first in range(there, size, BATCH):
        last = min(first + BATCH, size)
        write_made_up([maker.listing(number) for number in range(first, last)])
        progress(last, size)
    add_vectors(maker)


def answers(name: str, count: int, now: datetime) -> list[Answer]:
    """What one engine of this process answers."""
    if name == "elasticsearch":
        rebuilding.rebuild()
        engine: Any = ElasticsearchEngine(seconds=30)
    else:
        engine = engines.get(name)
    found = []
    for one in asked(count):
        results = engine.search(one.query, now=now)
        found.append(
            {
                "kind": one.kind,
                "has_text": bool(one.query.text),
                "query": _said(one.query),
                "total": results.total,
                "facets": {
                    facet: sorted((value.value, value.count) for value in values)
                    for facet, values in results.facets.items()
                },
                "top": [str(card.listing.uid) for card in results.cards[:TOP]],
            }
        )
    return found


def _said(query: DirectoryQuery) -> str:
    return query.to_querystring() + (f" [{query.place.label}]" if query.place else "")


def answers_elsewhere(
    environment: dict[str, str], names: Sequence[str], size: int, count: int, now: datetime, out: Path
) -> dict[str, list[Answer]]:
    """The same from a process of its own, on a database of its own."""
    subprocess.run(  # noqa: S603 (our own command, our own arguments)
        [
            sys.executable,
            str(Path(settings.BASE_DIR) / "manage.py"),
            "compare_engines",
            f"--listings={size}",
            f"--queries={count}",
            f"--now={now.isoformat()}",
            f"--answer={','.join(names)}",
            f"--into={out}",
        ],
        env={**os.environ, "WAYMARK_VECTORS": "later", **environment},
        check=True,
    )
    found: dict[str, list[Answer]] = json.loads(out.read_text())
    return found


def compare(one: str, other: str, mine: list[Answer], theirs: list[Answer]) -> list[Row]:
    """Filter-only queries and text queries apart."""
    rows = []
    for kind, has_text in (("filters only", False), ("text", True)):
        pairs = [(a, b) for a, b in zip(mine, theirs, strict=True) if a["has_text"] == has_text]
        shares = [_overlap(a["top"], b["top"]) for a, b in pairs]
        rows.append(
            Row(
                pair=f"{one} and {other}",
                kind=kind,
                queries=len(pairs),
                same_totals=sum(a["total"] == b["total"] for a, b in pairs),
                same_facets=sum(a["facets"] == b["facets"] for a, b in pairs),
                overlap=sum(shares) / len(shares) if shares else 1.0,
                lowest=min(shares, default=1.0),
            )
        )
    return rows


def _overlap(mine: list[str], theirs: list[str]) -> float:
    longest = max(len(mine), len(theirs))
    return len(set(mine) & set(theirs)) / longest if longest else 1.0


def differing(one: str, other: str, mine: list[Answer], theirs: list[Answer]) -> list[str]:
    """The queries whose totals, facets or first ten differ, in a line each."""
    lines = []
    for a, b in zip(mine, theirs, strict=True):
        share = _overlap(a["top"], b["top"])
        if a["total"] != b["total"] or a["facets"] != b["facets"] or share < 1:
            lines.append(
                f"{one} {a['total']}, {other} {b['total']}, overlap {share:.1f}: {a['kind']}: {a['query']}"
            )
    return lines


def table(rows: Sequence[Row]) -> str:
    head = (
        "| engines | queries | of them | same total | same facets | mean overlap of the first ten | lowest |"
    )
    body = [
        f"| {row.pair} | {row.kind} | {row.queries} | {row.same_totals} | {row.same_facets} "
        f"| {row.overlap:.3f} | {row.lowest:.1f} |"
        for row in rows
    ]
    return "\n".join([head, "| --- " * 7 + "|", *body])
