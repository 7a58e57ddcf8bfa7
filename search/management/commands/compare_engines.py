"""``compare_engines``: SQLite, PostgreSQL and Elasticsearch on the same listings and queries. Prints the table of the docs."""

import json
import os
import tempfile
from argparse import SUPPRESS
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from search.bench import corpus, parity, postgresql
from search.management.progress import progress_line

_NAME = "parity"


class Command(BaseCommand):
    help = "Compare the answers of the engines on made-up listings, in scratch databases."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--listings", type=int, default=5_000)
        parser.add_argument("--queries", type=int, default=300)
        parser.add_argument(
            "--postgresql",
            default=postgresql.URL,
            help="The address of a PostgreSQL where a scratch database may be made.",
        )
        parser.add_argument(
            "--elasticsearch",
            default=os.environ.get("WAYMARK_TEST_ELASTICSEARCH_URL", ""),
            help="The address of a search server where a scratch index may be made.",
        )
        parser.add_argument("--show", action="store_true", help="Name each query that differs.")
        # What the command asks of itself, in a process of its own.
        parser.add_argument("--answer", help=SUPPRESS)
        parser.add_argument("--into", type=Path, help=SUPPRESS)
        parser.add_argument("--now", help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        size, count = options["listings"], options["queries"]
        if options["answer"]:
            if _NAME not in str(connection.settings_dict["NAME"]):
                raise CommandError("Answers come from a scratch database only.")
            parity.fill(size, progress_line(self.stdout, "Writing"))
            now = datetime.fromisoformat(options["now"])
            found = {name: parity.answers(name, count, now) for name in options["answer"].split(",")}
            options["into"].write_text(json.dumps(found))
            return
        now = timezone.now()
        with tempfile.TemporaryDirectory() as folder:
            answers = self._answers(options, now, Path(folder))
        first, *others = answers
        rows = [
            row for other in others for row in parity.compare(first, other, answers[first], answers[other])
        ]
        if len(others) > 1:
            second, third = others
            rows += parity.compare(second, third, answers[second], answers[third])
        self.stdout.write(parity.table(rows))
        if options["show"]:
            for other in others:
                for line in parity.differing(first, other, answers[first], answers[other]):
                    self.stdout.write(line)

    def _answers(self, options: dict[str, Any], now: datetime, folder: Path) -> dict[str, list]:
        size, count = options["listings"], options["queries"]
        path = corpus.database(_NAME)
        path.parent.mkdir(parents=True, exist_ok=True)
        corpus.remove(path)
        environment = {
            **corpus.environment(_NAME),
            "WAYMARK_ELASTICSEARCH_URL": options["elasticsearch"],
            "WAYMARK_ELASTICSEARCH_INDEX": f"waymark-{_NAME}",
        }
        here = ["embedded", *(["elasticsearch"] if options["elasticsearch"] else [])]
        found = parity.answers_elsewhere(environment, here, size, count, now, folder / "here.json")
        answers = {"SQLite": found["embedded"]}
        if options["postgresql"]:
            postgresql.make(_NAME, options["postgresql"])
            environment |= postgresql.environment(_NAME, options["postgresql"])
            there = parity.answers_elsewhere(
                environment, ["embedded"], size, count, now, folder / "there.json"
            )
            answers["PostgreSQL"] = there["embedded"]
        if "elasticsearch" in found:
            answers["Elasticsearch"] = found["elasticsearch"]
        return answers
