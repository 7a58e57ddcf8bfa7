"""``ensure_roles``: staff's roles and what each may do."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from groups.admin.roles import ensure_roles


class Command(BaseCommand):
    help = "Make staff's roles, with their permissions. Safe to run again: it removes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        names = ", ".join(group.name for group in ensure_roles())
        self.stdout.write(_("These roles are ready: %(names)s.") % {"names": names})
