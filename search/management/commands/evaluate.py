"""Measure how well search finds what helps: nDCG@10 and more, over judged queries, beside two baselines."""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from statistics import mean

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from search.evaluation import collections
from search.evaluation.judged import judged_queries, ndcg, nothing_useful, reciprocal_rank

Row = dict


class Command(BaseCommand):
    help = "Print how well search answers the judged queries, per kind and per method."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--collections", nargs="+", default=collections.COLLECTIONS, choices=collections.COLLECTIONS
        )
        parser.add_argument("--split", default="all", choices=("open", "held", "all"))
        parser.add_argument(
            "--engines",
            nargs="+",
            default=[
                "embedded",
                *(["elasticsearch"] if "WAYMARK_TEST_ELASTICSEARCH_URL" in os.environ else []),
            ],
            help="elasticsearch needs WAYMARK_TEST_ELASTICSEARCH_URL, and is measured by default where that is set.",
        )
        parser.add_argument("--fresh", action="store_true", help="Fill the scratch databases anew.")
        parser.add_argument("--fill", metavar="COLLECTION", help="(used by itself) fill this database")
        parser.add_argument("--inside", metavar="COLLECTION", help="(used by itself) run over this database")

    def handle(self, *args, **options) -> None:
        if options["fill"]:
            self._fill(options["fill"])
        elif options["inside"]:
            for row in _measure(options["inside"], options["split"], options["engines"]):
                self.stdout.write(json.dumps(row))
        else:
            self._all(options)

    def _fill(self, collection: str) -> None:
        from groups.demo.site import build_site

        build_site()
        with tempfile.TemporaryDirectory() as folder:
            for listings, mapping in collections.write_files(collection, Path(folder)):
                call_command("import_listings", str(listings), mapping=str(mapping), commit=True, verbosity=0)

    def _all(self, options: dict) -> None:
        rows: list[Row] = []
        for collection in options["collections"]:
            self.stderr.write(f"{collection}: getting ready")
            try:
                environment = collections.prepare(collection, fresh=options["fresh"])
            except collections.MissingData as error:
                raise CommandError(str(error)) from error
            done = subprocess.run(  # noqa: S603 (our own command line)
                [
                    sys.executable, "manage.py", "evaluate", "--inside", collection,
                    "--split", options["split"], "--engines", *options["engines"],
                ],
                cwd=settings.BASE_DIR, env=environment, check=True, capture_output=True, text=True,
            )  # fmt: skip
            rows += [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        self._print(rows)

    def _print(self, rows: list[Row]) -> None:
        for split in ("open", "held"):
            mine = [row for row in rows if row["split"] == split]
            if mine:
                self.stdout.write(f"\n### {split.capitalize()} queries\n")
                self._table(mine, "collection")
                self._table(mine, "kind")
        self._spelling(rows)

    def _table(self, rows: list[Row], by: str) -> None:
        self.stdout.write(
            f"| method | {by} | queries | nDCG@10 | reciprocal rank | no result | nothing useful in ten |"
        )
        self.stdout.write("| --- | --- | ---: | ---: | ---: | ---: | ---: |")
        grouped: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in rows:
            if not row["nothing"]:
                grouped[row["method"], row[by]].append(row)
                grouped[row["method"], "all"].append(row)
        for (method, value), some in sorted(grouped.items()):
            figures = [f"{mean(row[name] for row in some):.3f}" for name in ("ndcg", "reciprocal")]
            shares = [f"{mean(row[name] for row in some):.1%}" for name in ("empty", "useless")]
            self.stdout.write(f"| {' | '.join([method, value, str(len(some)), *figures, *shares])} |")
        self.stdout.write("")

    def _spelling(self, rows: Iterable[Row]) -> None:
        """Misspelt queries beside the same queries spelt right."""
        scores = {(row["method"], row["id"]): row["ndcg"] for row in rows}
        pairs: dict[str, list[tuple[float, float]]] = defaultdict(list)
        for row in rows:
            if row["of"] and (row["method"], row["of"]) in scores:
                pairs[row["method"]].append((row["ndcg"], scores[row["method"], row["of"]]))
        if pairs:
            self.stdout.write("### One slip of the finger\n")
            self.stdout.write("| method | pairs | misspelt | spelt right |\n| --- | ---: | ---: | ---: |")
            for method, both in sorted(pairs.items()):
                slipped, right = zip(*both, strict=True)
                self.stdout.write(f"| {method} | {len(both)} | {mean(slipped):.3f} | {mean(right):.3f} |")


def _measure(collection: str, split: str, engines: list[str]) -> Iterable[Row]:
    from search.evaluation.methods import methods

    for name, find in methods(engines).items():
        for judged in judged_queries(collection, split):
            found = list(find(judged))
            yield {
                "method": name,
                "collection": collection,
                "kind": judged.kind,
                "split": judged.split,
                "id": judged.id,
                "of": judged.of,
                "nothing": judged.nothing,
                "ndcg": ndcg(found, judged.grades),
                "reciprocal": reciprocal_rank(found, judged.grades),
                "empty": not found,
                "useless": nothing_useful(found, judged.grades),
            }
