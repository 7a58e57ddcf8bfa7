"""The way from the admin to the moderators' pages, which are no part of it, and what waits there."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from groups.admin.worklists import Worklist
from groups.checking.queue import waiting_groups
from groups.checking.reach import Reach
from groups.people.permissions import may
from groups.problems.models import State
from groups.problems.queries import counts, groups_with_problems


class CheckingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "moderate")


def checking_menu_item() -> MenuItem:
    return CheckingMenuItem(_("To check"), reverse_lazy("checking"), icon_name="tasks", order=105)


def moderators_worklists(user: Any) -> list[Worklist]:
    """Drafts to check and reported problems to see to, for those who do: as many as the pages behind them list."""
    if not may(user, "moderate"):
        return []
    drafts = waiting_groups()
    others = Reach.now().others_of(user, {*drafts, *groups_with_problems()})
    mine = sum(uid not in others for uid in drafts)
    return [
        Worklist(_("Pages to check"), mine, reverse("checking")),
        Worklist(_("Reported problems"), counts(without=others)[State.OPEN], reverse("checking_problems")),
    ]
