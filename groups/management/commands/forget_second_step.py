"""``forget_second_step``: for somebody who lost both phone and backup codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from groups.people.models import User
from groups.people.signing_in import second_step


class Command(BaseCommand):
    help = "Remove a person's second step. Make sure first that it is really them who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        user = User.objects.filter(email=email).first()
        if user is None:
            raise CommandError(_("Nobody signs in with %(email)s.") % {"email": email})
        second_step.forget_second_step(user)
        self.stdout.write(_("%(email)s sets up a second step at the next sign-in.") % {"email": email})
