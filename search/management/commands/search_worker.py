"""Tell the search server of every change, as long as it runs. One of these beside the site, where Elasticsearch is chosen."""

import signal
from types import FrameType

from django.core.management.base import BaseCommand, CommandError

from search.engines.elasticsearch import keeping
from search.engines.elasticsearch.client import UnavailableError
from search.index import outbox


class Command(BaseCommand):
    help = "Send changes to the search server, for ever. Stops at a signal, after the batch in hand."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--once", action="store_true", help="Send what is waiting, and stop.")

    def handle(self, *args, once: bool = False, **options) -> None:
        if not outbox.is_wanted():
            raise CommandError("Nothing to do: WAYMARK_SEARCH_ENGINE is not elasticsearch.")
        if once:
            try:
                sent = keeping.drain()
            except UnavailableError as error:
                raise CommandError(f"{error}. The changes stay in the outbox.") from error
            self.stdout.write(self.style.SUCCESS(f"{sent:,} groups sent."))
            return
        stopping = False

        def stop(number: int, frame: FrameType | None) -> None:
            nonlocal stopping
            stopping = True

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        self.stdout.write("Sending changes to the search server …")
        keeping.work(lambda: stopping)
