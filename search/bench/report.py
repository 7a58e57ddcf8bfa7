"""The figures as Markdown tables, with the targets of `search.md` beside them."""

from collections.abc import Iterable, Sequence
from typing import Any

TARGETS = {
    # listings: engine, whole request, suggestions, engine with meaning (p95, ms); None where none is set
    10_000: (3, 25, 1, None),
    100_000: (10, 40, 1, 25),
    1_000_000: (60, 100, 2, None),
}
ADDED_BY_INDEX_MS = 15
BYTES_A_LISTING = 300
_WAYS = (
    "bare pass over the arrays",
    "engine",
    "engine with meaning",
    "request",
    "request with meaning",
    "Elasticsearch engine",
    "Elasticsearch engine with meaning",
    "Elasticsearch request",
    "a peer's query, no facets",
)

Figures = dict[str, Any]


def report(sizes: Sequence[Figures], wagtail: Figures | None, command: str, machine: str) -> str:
    """The whole report. `sizes`: what `measuring.measure` found for each size, the smallest first."""
    parts = [
        "# How fast finding is",
        f"`{command}` on {machine}. Each time is p50 / p95 in milliseconds by the clock, then (in brackets) of the "
        "process's own work, which other programs do not change. A query's time is its median over "
        f"{sizes[0]['rounds']} rounds, all ways of asking in turn in one run. Every search returns a page of 20, the exact "
        f"total and every facet count. Load while measuring: {', '.join(figures['load'] for figures in sizes)}.",
        _summary(sizes, wagtail),
        "## By kind of query: the engine alone",
        _kinds(sizes, "engine"),
        "## By kind of query: the whole request",
        _kinds(sizes, "request"),
        *_server_kinds(sizes),
        "## Index, edits, memory",
        _beside(sizes),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(sizes: Sequence[Figures], wagtail: Figures | None) -> str:
    rows = [
        [way, *(_times(figures["ways"][way]["the mix"]) for figures in sizes)]
        for way in _WAYS
        if way in sizes[0]["ways"]
    ]
    rows.append(["suggestions", *(_times(figures["suggestions"]) for figures in sizes)])
    if sizes[0]["vector"]:
        rows.append(["making a new query's vector", *(_times(figures["vector"]) for figures in sizes)])
    if wagtail:
        rows.append(
            [
                "Wagtail's own search (words only)",
                *(_times(wagtail) if figures["size"] == wagtail["size"] else "–" for figures in sizes),
            ]
        )
    rows.append(["*target, p95:* engine / request / suggestions / with meaning", *map(_targets, sizes)])
    return _table(["the mix of `search.md`", *(f"{figures['size']:,}" for figures in sizes)], rows)


def _targets(figures: Figures) -> str:
    targets = TARGETS.get(figures["size"])
    return " / ".join("–" if target is None else str(target) for target in targets) if targets else "–"


def _kinds(sizes: Sequence[Figures], way: str) -> str:
    kinds = sizes[0]["ways"][way]
    rows = [
        [kind, f"{kinds[kind]['count']:.0f}", *(_times(figures["ways"][way][kind]) for figures in sizes)]
        for kind in kinds
    ]
    return _table(["kind", "queries", *(f"{figures['size']:,}" for figures in sizes)], rows)


def _server_kinds(sizes: Sequence[Figures]) -> list[str]:
    if "Elasticsearch engine" not in sizes[0]["ways"]:
        return []
    return ["## By kind of query: Elasticsearch alone", _kinds(sizes, "Elasticsearch engine")]


def _beside(sizes: Sequence[Figures]) -> str:
    def row(label: str, values: Iterable[str]) -> list[str]:
        return [label, *values]

    def corpus(figures: Figures, name: str) -> float:
        return float(figures["corpus"].get(name, 0))

    rows = [
        row(
            "writing the index, a second",
            (
                f"{(corpus(one, 'listings') - corpus(one, 'pages')) / max(corpus(one, 'index_seconds'), 0.1):,.0f}"
                for one in sizes
            ),
        ),
        row("index on disk", (f"{corpus(one, 'index_bytes') / 1e6:,.0f} MB" for one in sizes)),
        row("vectors on disk", (f"{corpus(one, 'vector_bytes') / 1e6:,.0f} MB" for one in sizes)),
        row("first search of a process", (f"{one['first_search_seconds']:.1f} s" for one in sizes)),
        row("publishing a page, without the index", (_times(one["edit"]["without"]) for one in sizes)),
        row(
            f"what the index adds (target: {ADDED_BY_INDEX_MS} at the median)",
            (_times(one["edit"]["added"]) for one in sizes),
        ),
        row("the search after it, which finds it", (_times(one["edit"]["search after"]) for one in sizes)),
        row("the suggestion after it", (_times(one["edit"]["suggestion after"]) for one in sizes)),
    ]
    for part in ("columns", "names", "vectors"):
        aim = f" (target with names: {BYTES_A_LISTING})" if part == "columns" else ""
        rows.append(
            row(
                f"memory of {part}, bytes a listing{aim}",
                (f"{one['memory'].get(part, 0) / one['size']:,.0f}" for one in sizes),
            )
        )
    if sizes[0].get("server"):
        found = [one["server"] for one in sizes]
        rows.append(
            row("Elasticsearch: a rebuild", (f"{one['seconds']:.0f} s" for one in found)),
        )
        rows.append(
            row(
                "Elasticsearch: listings a second",
                (f"{one['listings'] / one['seconds']:,.0f}" for one in found),
            )
        )
        rows.append(row("Elasticsearch: index on disk", (f"{one['bytes'] / 1e6:,.0f} MB" for one in found)))
        rows.append(
            row("Elasticsearch: from publishing to found", (_times(one["findable"]) for one in found))
        )
    rows.append(row("memory of the process", (f"{one['memory']['resident'] / 1e6:,.0f} MB" for one in sizes)))
    return _table(["", *(f"{figures['size']:,}" for figures in sizes)], rows)


def _times(found: Figures) -> str:
    return (
        f"{_short(found['wall_p50'])} / {_short(found['wall_p95'])} "
        f"({_short(found['cpu_p50'])} / {_short(found['cpu_p95'])})"
    )


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.2f}" if abs(milliseconds) < 1 else f"{milliseconds:,.1f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
