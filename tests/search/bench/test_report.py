"""The bench's tables: a row for each way and engine, a column for each size. And where its command refuses to work."""

import pytest
from django.core.management import CommandError, call_command

from search.bench.measuring import _by_kind
from search.bench.queries import MIX, Asked
from search.bench.report import report
from search.query import DirectoryQuery


def times(milliseconds):
    asked = [Asked(kind, DirectoryQuery()) for kind in MIX]
    return _by_kind(asked, [{"wall": milliseconds, "cpu": milliseconds / 2}] * len(asked))


def figures(size, milliseconds):
    one = times(milliseconds)["all"]
    database = {
        "corpus": {"index_bytes": size * 4_000, "vector_bytes": size * 400},
        "first_search": {"wall": milliseconds * 1000, "cpu": milliseconds * 500},
        "memory": {"columns": size * 200, "names": size * 60, "vectors": size * 400, "resident": 5e8},
        "writing": one,
        "edit": dict.fromkeys(("without", "added", "search after", "suggestion after"), one),
    }
    engines = ("SQLite", "PostgreSQL", "Elasticsearch")
    return {
        "size": size,
        "rounds": 1,
        "load": "0.5",
        "ways": {f"{way}, {name}": times(milliseconds) for way in ("engine", "request") for name in engines},
        "suggestions": dict.fromkeys(engines[:2], one),
        "vector": {},
        "databases": dict.fromkeys(engines[:2], database),
        "server": {"seconds": 70, "listings": size, "bytes": size * 2_000, "findable": one, "unanswered": 0},
    }


def test_three_engines_stand_side_by_side_with_a_column_for_each_size():
    smaller, larger = figures(10_000, 3), figures(1_000_000, 60)
    for found in smaller["databases"].values():
        found["rebuild"] = {"wall": 20_000, "cpu": 15_000}
    tables = report([smaller, larger], {"size": 10_000, **times(9)["all"]}, "bench", "2 cores")
    rows = dict(line.strip("| ").split(" | ", 1) for line in tables.splitlines() if line.startswith("| "))
    assert rows["the mix of `search.md`"] == "10,000 | 1,000,000"
    both = "3.0 / 3.0 (1.5 / 1.5) | 60.0 / 60.0 (30.0 / 30.0)"
    assert [rows[f"engine, {name}"] for name in ("SQLite", "PostgreSQL", "Elasticsearch")] == [both] * 3
    assert rows["*target, p95:* engine"] == "3 | 60"
    assert rows["*target, p95:* engine, Elasticsearch"] == "12 | 30"
    assert rows["Wagtail's own search (words only)"] == "9.0 / 9.0 (4.5 / 4.5) | –"
    assert rows["writing new listings, a second"] == "66,667 | 3,333"
    assert rows["`rebuild_search_index` of real pages, listings a second"] == "500 | –"
    assert "## Index, edits, memory: PostgreSQL" in tables
    assert "over one round," in tables


def test_what_was_not_measured_has_no_row():
    sqlite = figures(10_000, 3) | {"server": {}}
    for part in ("ways", "suggestions", "databases"):
        sqlite[part] = {name: found for name, found in sqlite[part].items() if name.endswith("SQLite")}
    tables = report([sqlite], None, "bench", "2 cores")
    assert "engine, SQLite" in tables
    assert "PostgreSQL" not in tables
    assert "a rebuild" not in tables


@pytest.mark.parametrize("option", ["fill", "measure", "serve"])
def test_nothing_is_measured_or_filled_outside_scratch_databases(db, option):
    with pytest.raises(CommandError, match="a database of its own"):
        call_command("bench_search", **{option: "10000"})
