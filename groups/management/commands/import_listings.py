"""``import_listings``: listings of other registers, from CSV or JSON, through a mapping. See docs/importing.md."""

import json
from argparse import ArgumentParser
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from groups.imports.errors import ImportProblem
from groups.imports.mapping import load_mapping, shipped_names
from groups.imports.report import Report
from groups.imports.run import run_import
from groups.listings.changes import many_at_once

STOPPED = 130
"""The exit code of a program that was interrupted."""


class Command(BaseCommand):
    help = "Import listings from a CSV or JSON file. A dry run unless --commit is given."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="The CSV or JSON file.")
        parser.add_argument(
            "--mapping", required=True, help=f"A mapping file, or one of: {', '.join(shipped_names())}."
        )
        parser.add_argument("--commit", action="store_true", help="Write. Without it nothing is written.")
        parser.add_argument("--limit", type=int, help="Look at the first rows only.")
        parser.add_argument("--report", type=Path, help="Write the whole report to this JSON file.")
        parser.add_argument("--under", default="", help="The slug of the page that new groups go under.")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["limit"] is not None and options["limit"] < 1:
            raise CommandError(_("--limit must be 1 or more."))
        try:
            with many_at_once(self._progress) if options["commit"] else nullcontext():
                report = run_import(
                    options["file"],
                    load_mapping(options["mapping"]),
                    commit=options["commit"],
                    limit=options["limit"],
                    under=options["under"],
                )
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem
        if options["report"]:
            _write(options["report"], report)
        for line in report.lines():
            self.stdout.write(line)
        if report.stopped:
            raise CommandError(report.stopped, returncode=STOPPED)

    def _progress(self, done: int, total: int) -> None:
        if self.stderr.isatty():
            self.stderr.write(
                _("Reading for meaning: %(done)s of %(total)s") % {"done": done, "total": total}
            )


def _write(path: Path, report: Report) -> None:
    try:
        path.write_text(json.dumps(report.as_json(), ensure_ascii=False, indent=1), encoding="utf-8")
    except OSError as error:
        raise CommandError(_("The report cannot be written to %(path)s.") % {"path": path}) from error
