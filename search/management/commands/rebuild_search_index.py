"""Write the whole search index anew, without visitors seeing an empty one."""

import sys

from django.core.management.base import BaseCommand

from search.index.writer import rebuild
from search.management.progress import progress_line


class Command(BaseCommand):
    help = "Write every listing into the search index again. Searches go on meanwhile."

    def handle(self, *args, **options) -> None:
        count = rebuild(progress_line(sys.stderr, "Search index"))
        self.stdout.write(self.style.SUCCESS(f"{count:,} groups can be found."))
