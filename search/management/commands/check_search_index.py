"""Compare the search index with the listings, and mend what differs."""

from collections.abc import Sequence
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from search.engines.elasticsearch import keeping
from search.engines.elasticsearch.client import UnavailableError
from search.index import outbox
from search.index.writer import check


class Command(BaseCommand):
    help = "Compare the search index with the listings. With --mend, write again what is wrong."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--mend", action="store_true", help="Write again what is wrong.")

    def handle(self, *args, mend: bool = False, **options) -> None:
        found = check(mend=mend)
        wrong = self._say(found.missing, found.stray, found.stale)
        self.stdout.write(f"{found.compared:,} groups compared.")
        if outbox.is_wanted():
            wrong += self._server(mend)
        if not wrong:
            self.stdout.write(self.style.SUCCESS("The index is right."))
        elif mend:
            self.stdout.write(self.style.SUCCESS(f"{wrong:,} written again."))
        else:
            raise CommandError("The index is not right. Run: manage.py check_search_index --mend")

    def _server(self, mend: bool) -> int:
        """Compare the search server's index too; returns how many listings are wrong there."""
        try:
            found = keeping.compare()
            if found.outdated:
                raise CommandError(
                    "The search server's index is of an older kind. Run: manage.py rebuild_search_index"
                )
            wrong = self._say(found.missing, found.stray, found.stale, "on the search server: ")
            if mend and wrong:
                keeping.mend(found)
        except UnavailableError as error:
            raise CommandError(f"{error}. If it has no index yet: manage.py rebuild_search_index") from error
        waiting = outbox.backlog()
        self.stdout.write(
            f"{found.compared:,} groups compared on the search server, {waiting.waiting:,} on their way."
        )
        if waiting.refused:
            self.stdout.write(
                self.style.WARNING(f"{waiting.refused:,} changes were refused and are tried again.")
            )
        return wrong

    def _say(
        self, missing: Sequence[UUID], stray: Sequence[UUID], stale: Sequence[UUID], where: str = ""
    ) -> int:
        for what, uids in (("missing", missing), ("should not be there", stray), ("out of date", stale)):
            if uids:
                some = ", ".join(map(str, uids[:5]))
                self.stdout.write(f"{where}{len(uids):,} {what}: {some}{' …' if len(uids) > 5 else ''}")
        return len(missing) + len(stray) + len(stale)
