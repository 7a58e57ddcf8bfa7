"""``load_places``: build the file of named places every process maps into memory."""

import time
from argparse import ArgumentParser
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from groups.places import place_file, place_sources, postcode_sources
from groups.places.column_file import read_facts


class Command(BaseCommand):
    help = "Build the file of towns and villages, from the shipped extract or from OS Open Names."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path", nargs="?", type=Path, help="OS Open Names: a CSV file, a folder, or the zip."
        )
        parser.add_argument("--force", action="store_true", help="Build again even if nothing has changed.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["path"]
        if path is not None and not path.exists():
            raise CommandError(_("There is no file or folder at %(path)s.") % {"path": path})
        source, target = place_sources.fingerprint(), place_file.path()
        if path is not None:
            source = f"{postcode_sources.fingerprint(path)}; {source}"
        facts = read_facts(target)
        if (
            facts
            and not options["force"]
            and (facts["source"], facts["format"]) == (source, place_file.FORMAT)
        ):
            self.stdout.write(
                _("Places are already loaded: %(count)s of them.") % {"count": f"{facts['count']:,}"}
            )
            return
        started = time.monotonic()
        self.stdout.write(_("Reading places …"))
        places = place_sources.read_open_names(path) if path else place_sources.read_extract()
        try:
            count = place_file.build(chain(places, place_sources.read_northern_ireland()), target, source)
        except postcode_sources.SourceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _("Loaded %(count)s places in %(seconds)s seconds.")
            % {"count": f"{count:,}", "seconds": f"{time.monotonic() - started:.1f}"}
        )
