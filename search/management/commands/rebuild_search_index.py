"""Write the whole search index anew, without visitors seeing an empty one."""

import sys

from django.core.management.base import BaseCommand, CommandError

from search.engines.elasticsearch import rebuilding
from search.engines.elasticsearch.client import UnavailableError
from search.index import outbox
from search.index.writer import rebuild
from search.management.progress import progress_line


class Command(BaseCommand):
    help = "Write every listing into the search index again. Searches go on meanwhile."

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--engine",
            choices=["embedded", "elasticsearch"],
            help="Only this engine's index. Left out: every index that is in use.",
        )

    def handle(self, *args, engine: str | None = None, **options) -> None:
        if engine != "elasticsearch":
            count = rebuild(progress_line(sys.stderr, "Search index"))
            self.stdout.write(self.style.SUCCESS(f"{count:,} groups can be found."))
        if engine == "elasticsearch" or (engine is None and outbox.is_wanted()):
            try:
                count = rebuilding.rebuild(progress_line(sys.stderr, "Search server"))
            except UnavailableError as error:
                raise CommandError(str(error)) from error
            self.stdout.write(self.style.SUCCESS(f"{count:,} groups can be found on the search server."))
