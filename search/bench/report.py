"""The figures as Markdown tables, with the targets of `search.md` beside them."""

from collections.abc import Iterable, Sequence
from typing import Any

from search.index.writer import BATCH

TARGETS: dict[str, dict[int, float]] = {
    # p95 in ms, by listings
    "engine": {10_000: 3, 100_000: 10, 1_000_000: 60},
    "engine with meaning": {100_000: 25},
    "request": {10_000: 25, 100_000: 40, 1_000_000: 100},
    "suggestions": {10_000: 1, 100_000: 1, 1_000_000: 2},
    "engine, Elasticsearch": {10_000: 12, 100_000: 15, 1_000_000: 30},
    "request, Elasticsearch": {10_000: 40, 100_000: 50, 1_000_000: 80},
    "day and place, Elasticsearch": {100_000: 30, 1_000_000: 60},
}
ADDED_BY_INDEX_MS = 15
BYTES_A_LISTING = 300
ENGINES = ("SQLite", "PostgreSQL", "Elasticsearch")
_WORKS = ("engine", "engine with meaning", "request", "request with meaning")
_BARE = "bare pass over the arrays"
_PEER = "a peer's query, no facets"

Figures = dict[str, Any]
Row = list[str]


def report(sizes: Sequence[Figures], wagtail: Figures | None, command: str, machine: str) -> str:
    """The whole report. `sizes`: what `measuring.measure` found for each size, the smallest first."""
    parts = [
        "# How fast finding is",
        f"`{command}` on {machine}. Each time is p50 / p95 in milliseconds by the clock, then (in brackets) of the "
        "process's own work, which other programs do not change: without the work of a server that it asks. "
        f"A query's time is its median over {_rounds(sizes[0]['rounds'])}, all ways of asking in turn in one run. "
        "Every search returns a page of 20, the exact total and every facet count. "
        f"Load while measuring: {', '.join(figures['load'] for figures in sizes)}.",
        _summary(sizes, wagtail),
        *_kinds(sizes),
        *_databases(sizes),
        *_server(sizes),
    ]
    return "\n\n".join(parts) + "\n"


def _summary(sizes: Sequence[Figures], wagtail: Figures | None) -> str:
    ways = [_BARE, *(f"{work}, {engine}" for work in _WORKS for engine in ENGINES), _PEER]
    rows = [
        [way, *(_times(figures["ways"][way]["the mix"]) for figures in sizes)]
        for way in ways
        if way in sizes[0]["ways"]
    ]
    rows += [
        [f"suggestions, {name}", *(_times(figures["suggestions"][name]) for figures in sizes)]
        for name in sizes[0]["suggestions"]
    ]
    if sizes[0]["vector"]:
        rows.append(["making a new query's vector", *(_times(figures["vector"]) for figures in sizes)])
    if wagtail:
        beside = (_times(wagtail) if figures["size"] == wagtail["size"] else "–" for figures in sizes)
        rows.append(["Wagtail's own search (words only)", *beside])
    rows += [
        [f"*target, p95:* {what}", *(str(by_size.get(figures["size"], "–")) for figures in sizes)]
        for what, by_size in TARGETS.items()
        if any(figures["size"] in by_size for figures in sizes)
    ]
    return _table(["the mix of `search.md`", *_heads(sizes)], rows)


def _kinds(sizes: Sequence[Figures]) -> list[str]:
    """A table for each engine alone, and one for the whole request."""
    titles = {f"engine, {name}": f"the engine alone, {name}" for name in ENGINES}
    titles["request, SQLite"] = "the whole request, SQLite"
    return [
        part
        for way, title in titles.items()
        if way in sizes[0]["ways"]
        for part in (f"## By kind of query: {title}", _by_kind(sizes, way))
    ]


def _by_kind(sizes: Sequence[Figures], way: str) -> str:
    kinds = sizes[0]["ways"][way]
    rows = [
        [kind, f"{kinds[kind]['count']:.0f}", *(_times(figures["ways"][way][kind]) for figures in sizes)]
        for kind in kinds
    ]
    return _table(["kind", "queries", *_heads(sizes)], rows)


def _databases(sizes: Sequence[Figures]) -> list[str]:
    return [
        part
        for name in sizes[0]["databases"]
        for part in (
            f"## Index, edits, memory: {name}",
            _table(["", *_heads(sizes)], _of_database([one["databases"][name] for one in sizes], sizes)),
        )
    ]


def _of_database(found: Sequence[Figures], sizes: Sequence[Figures]) -> list[Row]:
    rows = [
        ["index on disk", *(f"{one['corpus'].get('index_bytes', 0) / 1e6:,.0f} MB" for one in found)],
        ["vectors on disk", *(f"{one['corpus'].get('vector_bytes', 0) / 1e6:,.0f} MB" for one in found)],
        [
            "`rebuild_search_index` of real pages, listings a second",
            *(_rate(one.get("rebuild"), figures["size"]) for one, figures in zip(found, sizes, strict=True)),
        ],
        [
            "writing new listings, a second",
            *(f"{BATCH * 1000 / one['writing']['wall_p50']:,.0f}" for one in found),
        ],
        [f"writing {BATCH} of them", *(_times(one["writing"]) for one in found)],
        ["first search of a process, seconds", *(_seconds(one["first_search"]) for one in found)],
        ["publishing a page, without the index", *(_times(one["edit"]["without"]) for one in found)],
        [
            f"what the index adds (target: {ADDED_BY_INDEX_MS} at the median)",
            *(_times(one["edit"]["added"]) for one in found),
        ],
        ["the search after it, which finds it", *(_times(one["edit"]["search after"]) for one in found)],
        ["the suggestion after it", *(_times(one["edit"]["suggestion after"]) for one in found)],
    ]
    for part in ("columns", "names", "vectors"):
        aim = f" (target with names: {BYTES_A_LISTING})" if part == "columns" else ""
        held = (
            f"{one['memory'].get(part, 0) / figures['size']:,.0f}"
            for one, figures in zip(found, sizes, strict=True)
        )
        rows.append([f"memory of {part}, bytes a listing{aim}", *held])
    rows.append(["memory of the process", *(f"{one['memory']['resident'] / 1e6:,.0f} MB" for one in found)])
    return rows


def _server(sizes: Sequence[Figures]) -> list[str]:
    found = [one["server"] for one in sizes]
    if not all(found):
        return []
    rows = [
        ["a rebuild", *(f"{one['seconds']:.0f} s" for one in found)],
        ["rebuilding, listings a second", *(f"{one['listings'] / one['seconds']:,.0f}" for one in found)],
        ["index on disk", *(f"{one['bytes'] / 1e6:,.0f} MB" for one in found)],
        ["from publishing to found", *(_times(one["findable"]) for one in found)],
        ["requests that the database answered instead", *(str(one["unanswered"]) for one in found)],
    ]
    return ["## Index and edits: Elasticsearch", _table(["", *_heads(sizes)], rows)]


def _rounds(count: int) -> str:
    return "one round" if count == 1 else f"{count} rounds"


def _heads(sizes: Sequence[Figures]) -> Row:
    return [f"{figures['size']:,}" for figures in sizes]


def _times(found: Figures) -> str:
    return (
        f"{_short(found['wall_p50'])} / {_short(found['wall_p95'])} "
        f"({_short(found['cpu_p50'])} / {_short(found['cpu_p95'])})"
    )


def _rate(took: Figures | None, listings: int) -> str:
    return f"{listings * 1000 / took['wall']:,.0f}" if took else "–"


def _seconds(took: Figures) -> str:
    return f"{took['wall'] / 1000:.1f} ({took['cpu'] / 1000:.1f})"


def _short(milliseconds: float) -> str:
    return f"{milliseconds:.2f}" if abs(milliseconds) < 1 else f"{milliseconds:,.1f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
