"""``check_links``: look whether websites of groups and organisations still work. Run it once a day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from groups.links.checking import NobodyAnswersError, check_links


class Command(BaseCommand):
    help = "Looks at websites of groups and organisations that were not looked at for a week."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=200, help="At most so many websites (default: 200).")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            outcome = check_links(limit=options["limit"], now=timezone.now)
        except NobodyAnswersError as error:
            raise CommandError(
                "No website answered at all, so this machine seems to have no way out. Nothing was noted."
            ) from error
        self.stdout.write(
            f"{outcome.looked} websites looked at: {outcome.failing} failed, {outcome.newly_broken} newly "
            f"marked as broken, {outcome.mended} work again."
        )
