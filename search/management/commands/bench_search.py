"""``bench_search``: how fast finding is, on made-up corpora of several sizes. Prints the tables of docs/benchmarks.md."""

import json
import os
import platform
import sqlite3
import sys
import tempfile
from argparse import SUPPRESS
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from search.bench import copying, corpus, elsewhere, postgresql, server, wagtail_own
from search.bench.asker import Asker
from search.bench.measuring import measure
from search.bench.report import report
from search.management.progress import progress_line


class Command(BaseCommand):
    help = (
        "Measure searching on made-up listings: engine, whole requests, suggestions, edits, memory. PostgreSQL and "
        "Elasticsearch are measured beside SQLite where WAYMARK_TEST_POSTGRESQL_URL and WAYMARK_TEST_ELASTICSEARCH_URL "
        "name servers."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
        parser.add_argument("--rounds", type=int, default=5, help="How often each query is asked.")
        parser.add_argument("--out", type=Path, help="Write the tables into this file too.")
        parser.add_argument(
            "--keep-index",
            action="store_true",
            help="Leave the indexes on the search server for the next run, and use those of the run before: "
            "filling them takes a quarter of an hour for a million.",
        )
        # What the command asks of itself, in a process of its own on a scratch database.
        parser.add_argument("--fill", help=SUPPRESS)
        parser.add_argument("--measure", help=SUPPRESS)
        parser.add_argument("--serve", help=SUPPRESS)
        parser.add_argument("--figures", type=Path, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        if name := options["fill"] or options["measure"] or options["serve"]:
            _must_be_scratch(name)
        if options["fill"]:
            self._fill(name)
        elif options["measure"]:
            options["figures"].write_text(json.dumps(self._measure(name, options)))
        elif options["serve"]:
            elsewhere.serve(Asker(), sys.stdin, sys.stdout)
        else:
            self._report(sorted(options["sizes"]), options)

    def _fill(self, name: str) -> None:
        progress = progress_line(self.stdout, f"Writing {name} into {connection.display_name}")
        if connection.vendor == "postgresql":
            copying.copy_from(corpus.database(name), progress)
        elif name == wagtail_own.NAME:
            wagtail_own.fill(progress)
        else:
            corpus.fill(int(name), progress)

    def _measure(self, name: str, options: dict[str, Any]) -> dict[str, Any]:
        if name == wagtail_own.NAME:
            return wagtail_own.measure()
        progress = progress_line(self.stdout, f"Measuring {name}")
        return measure(int(name), options["rounds"], options["keep_index"], progress)

    def _report(self, sizes: list[int], options: dict[str, Any]) -> None:
        names = [*map(str, sizes), *([wagtail_own.NAME] if wagtail_own.SIZE in sizes else [])]
        for name in names:
            corpus.ensure(name)
        for size in sizes if postgresql.URL else ():
            postgresql.ensure(size)
        figures = {}
        with tempfile.TemporaryDirectory() as folder:
            for name in names:
                path = Path(folder) / name
                asked = [f"--measure={name}", f"--rounds={options['rounds']}", f"--figures={path}"]
                asked += ["--keep-index"] * options["keep_index"]
                corpus.run_in(corpus.environment(name), "bench_search", *asked)
                figures[name] = json.loads(path.read_text())
        said = f"manage.py bench_search --sizes {' '.join(map(str, sizes))} --rounds {options['rounds']}"
        tables = report(
            [figures[str(size)] for size in sizes], figures.get(wagtail_own.NAME), said, _machine()
        )
        self.stdout.write(tables)
        if options["out"]:
            options["out"].write_text(tables, encoding="utf-8")


def _must_be_scratch(name: str) -> None:
    """Measuring publishes pages and filling empties tables: never in a database that anybody uses."""
    scratch = corpus.database(name) if connection.vendor == "sqlite" else postgresql.database(name)
    if str(connection.settings_dict["NAME"]) != str(scratch):
        raise CommandError(f"Run bench_search --sizes {name}. It makes a database of its own.")


def _machine() -> str:
    engines = [f"SQLite {sqlite3.sqlite_version}"]
    if postgresql.URL:
        with psycopg.connect(postgresql.URL) as there:
            engines.append(f"PostgreSQL {there.info.parameter_status('server_version')}")
    if server.URL:
        engines.append(f"Elasticsearch {server.version()}")
    python = platform.python_version()
    return f"{os.cpu_count()} cores, Python {python}, {', '.join(engines)}, {date.today():%-d %B %Y}"
