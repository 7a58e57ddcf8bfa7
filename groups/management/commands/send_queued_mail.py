"""``send_queued_mail``: empty the outbox. Run it every minute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from groups.mail.models import QueuedMail
from groups.mail.sending import send_queued


class Command(BaseCommand):
    help = "Send queued e-mails. Safe to run often, and in several places at once: none is sent twice."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=500, help="How many at most (500).")

    def handle(self, *args: Any, **options: Any) -> None:
        outcome = send_queued(options["limit"])
        counts = {"sent": outcome.sent, "later": outcome.put_off, "refused": outcome.refused}
        self.stdout.write(_("Sent %(sent)d. To try again later: %(later)d. Refused: %(refused)d.") % counts)
        given_up = QueuedMail.objects.given_up().count()
        if given_up:
            self.stderr.write(
                _("%(count)d need a look: in the admin, Reports, E-mails not sent.") % {"count": given_up}
            )
