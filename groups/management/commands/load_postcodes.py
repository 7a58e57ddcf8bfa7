"""``load_postcodes``: build the postcode file every process maps into memory."""

import time
from argparse import ArgumentParser
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from groups.places import postcode_file
from groups.places.column_file import read_facts
from groups.places.postcode_sources import Batch, SourceError, fingerprint, read_package, read_path


class Command(BaseCommand):
    help = (
        "Build the postcode file, from the installed package or from an ONSPD, NSPL or Code-Point Open file."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", nargs="?", type=Path, help="A CSV file, a folder of them, or a zip.")
        parser.add_argument("--force", action="store_true", help="Build again even if nothing has changed.")

    def handle(self, *args: Any, **options: Any) -> None:
        path: Path | None = options["path"]
        if path is not None and not path.exists():
            raise CommandError(_("There is no file or folder at %(path)s.") % {"path": path})
        source, target = fingerprint(path), postcode_file.path()
        facts = read_facts(target)
        if (
            facts
            and not options["force"]
            and (facts["source"], facts["format"])
            == (
                source,
                postcode_file.FORMAT,
            )
        ):
            self.stdout.write(
                _("Postcodes are already loaded: %(kept)s of them.")
                % {"kept": f"{facts['counts']['kept']:,}"}
            )
            return
        started = time.monotonic()
        try:
            counts = postcode_file.build(
                self._shown(read_path(path) if path else read_package()), target, source
            )
        except SourceError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            _(
                "Loaded %(kept)s postcodes in %(seconds)s seconds: %(ended)s have ended; "
                "%(without)s without a position and %(bad)s that are not postcodes were left out."
            )
            % {
                "kept": f"{counts['kept']:,}",
                "seconds": f"{time.monotonic() - started:.1f}",
                "ended": f"{counts['ended']:,}",
                "without": f"{counts['without_position']:,}",
                "bad": f"{counts['malformed']:,}",
            }
        )

    def _shown(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        read, shown = 0, 0
        for batch in batches:
            yield batch
            read += len(batch.postcodes)
            if read - shown >= 500_000:
                shown = read
                self.stdout.write(_("Read %(count)s postcodes …") % {"count": f"{read:,}"})
