"""The way from the admin to the moderators' pages, which are no part of it, and what waits there."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from groups.admin.worklists import Worklist
from groups.checking.queue import waiting_states
from groups.people.permissions import may
from groups.problems.models import State
from groups.problems.queries import counts


class CheckingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "moderate")


def checking_menu_item() -> MenuItem:
    return CheckingMenuItem(_("To check"), reverse_lazy("checking"), icon_name="tasks", order=105)


def moderators_worklists(user: Any) -> list[Worklist]:
    """Drafts to check and reported problems to see to, for those who do."""
    if not may(user, "moderate"):
        return []
    return [
        Worklist(_("Pages to check"), waiting_states().count(), reverse("checking")),
        Worklist(_("Reported problems"), counts()[State.OPEN], reverse("checking_problems")),
    ]
