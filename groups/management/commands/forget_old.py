"""``forget_old``: let go of what is too old to be kept. Run it once a day."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.leaving.retention import RULES


class Command(BaseCommand):
    help = "Erase and delete what is too old to be kept (docs/leaving.md). Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=1000, help="How many of each kind at most (1000).")
        parser.add_argument("--dry-run", action="store_true", help="Only say how many there are.")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        for rule in RULES:
            count = rule.count(now) if options["dry_run"] else rule.keep_to(now, options["limit"])
            self.stdout.write(f"{rule.name}: {count}")
        if options["dry_run"]:
            self.stdout.write(_("Nothing was changed."))
