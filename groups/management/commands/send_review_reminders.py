"""``send_review_reminders``: ask groups whether their pages are still right. Run it daily."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from groups.reviews.models import REMINDERS, Step
from groups.reviews.taking import take_due_steps


class Command(BaseCommand):
    help = (
        "Ask groups whether their pages are still right, give pages back to staff after 13 months without an answer, and take "
        "them down after 18. Safe to run twice, and to be stopped at any moment."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=500, help="How many groups at most (500).")
        parser.add_argument("--dry-run", action="store_true", help="Say what is due, and do nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = take_due_steps(limit=options["limit"], dry_run=options["dry_run"])
        counts = {
            "asked": sum(outcome.taken[step] for step in REMINDERS),
            "returned": outcome.taken[Step.RETURNED],
            "down": outcome.taken[Step.TAKEN_DOWN],
            "later": outcome.put_off,
        }
        if options["dry_run"]:
            self.stdout.write(_("This is only what is due. Nothing was done."))
        words = _(
            "Asked: %(asked)d. Back with staff: %(returned)d. Taken down: %(down)d. Put off: %(later)d."
        )
        self.stdout.write(words % counts)
        if outcome.more:
            self.stdout.write(_("More are due. Run it again, or wait for tomorrow."))
