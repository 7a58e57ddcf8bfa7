"""``bench_search``: how fast finding is, on made-up corpora of several sizes. Prints the tables of docs/benchmarks.md."""

import json
import os
import platform
import tempfile
from argparse import SUPPRESS
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from search.bench import corpus, wagtail_own
from search.bench.measuring import measure, texts
from search.bench.report import report
from search.management.progress import progress_line


class Command(BaseCommand):
    help = "Measure searching on made-up listings: engine, whole requests, suggestions, edits, memory."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
        parser.add_argument("--engine", default="embedded", help="Which engine answers.")
        parser.add_argument("--rounds", type=int, default=5, help="How often each query is asked.")
        parser.add_argument("--out", type=Path, help="Write the tables into this file too.")
        # What the command asks of itself, in a process of its own on a scratch database.
        parser.add_argument("--fill", help=SUPPRESS)
        parser.add_argument("--measure", help=SUPPRESS)
        parser.add_argument("--figures", type=Path, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if options["fill"]:
            self._fill(options["fill"])
        elif options["measure"]:
            figures = self._measure(options["measure"], options["engine"], options["rounds"])
            options["figures"].write_text(json.dumps(figures))
        else:
            self._report(sorted(options["sizes"]), options["engine"], options["rounds"], options["out"])

    def _fill(self, name: str) -> None:
        _must_be_scratch(name)
        progress = progress_line(self.stdout, f"Writing {name}")
        if name == wagtail_own.NAME:
            wagtail_own.fill(progress)
        else:
            corpus.fill(int(name), progress)

    def _measure(self, name: str, engine: str, rounds: int) -> dict[str, Any]:
        _must_be_scratch(name)
        if name == wagtail_own.NAME:
            return wagtail_own.measure(texts())
        return measure(int(name), engine, rounds, progress_line(self.stdout, f"Measuring {name}"))

    def _report(self, sizes: list[int], engine: str, rounds: int, out: Path | None) -> None:
        names = [*map(str, sizes), *([wagtail_own.NAME] if wagtail_own.SIZE in sizes else [])]
        for name in names:
            corpus.ensure(name)
        figures = {}
        with tempfile.TemporaryDirectory() as folder:
            for name in names:
                path = Path(folder) / name
                corpus.run_in(
                    corpus.database(name),
                    "bench_search",
                    f"--measure={name}",
                    f"--engine={engine}",
                    f"--rounds={rounds}",
                    f"--figures={path}",
                )
                figures[name] = json.loads(path.read_text())
        asked = (
            f"manage.py bench_search --sizes {' '.join(map(str, sizes))} --engine {engine} --rounds {rounds}"
        )
        tables = report(
            [figures[str(size)] for size in sizes], figures.get(wagtail_own.NAME), asked, _machine()
        )
        self.stdout.write(tables)
        if out:
            out.write_text(tables, encoding="utf-8")


def _must_be_scratch(name: str) -> None:
    """Measuring publishes pages: never in a database that anybody uses."""
    if Path(connection.settings_dict["NAME"]) != corpus.database(name):
        raise CommandError(f"Run bench_search --sizes {name}. It makes a database of its own.")


def _machine() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT sqlite_version()")
        sqlite = cursor.fetchone()[0]
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, SQLite {sqlite}, {date.today():%-d %B %Y}"
