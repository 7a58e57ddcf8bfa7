"""Go back to the search server's index before the last rebuild."""

from django.core.management.base import BaseCommand, CommandError

from search.engines.elasticsearch import rebuilding
from search.engines.elasticsearch.client import UnavailableError


class Command(BaseCommand):
    help = "Put the search server back on the index before the last rebuild, brought up to date."

    def handle(self, *args, **options) -> None:
        try:
            name = rebuilding.roll_back()
        except UnavailableError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(self.style.SUCCESS(f"Searches use {name} now."))
