"""Compare the search index with the listings, and mend what differs."""

from django.core.management.base import BaseCommand, CommandError

from search.index.writer import check


class Command(BaseCommand):
    help = "Compare the search index with the listings. With --mend, write again what is wrong."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--mend", action="store_true", help="Write again what is wrong.")

    def handle(self, *args, mend: bool = False, **options) -> None:
        found = check(mend=mend)
        for what, uids in (
            ("missing", found.missing),
            ("should not be there", found.stray),
            ("out of date", found.stale),
        ):
            if uids:
                self.stdout.write(
                    f"{len(uids):,} {what}: {', '.join(map(str, uids[:5]))}{' …' if len(uids) > 5 else ''}"
                )
        if not found.wrong:
            self.stdout.write(self.style.SUCCESS(f"{found.compared:,} groups compared: the index is right."))
        elif mend:
            self.stdout.write(self.style.SUCCESS(f"{len(found.wrong):,} written again."))
        else:
            raise CommandError("The index is not right. Run: manage.py check_search_index --mend")
