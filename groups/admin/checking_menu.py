"""The way from the admin to the moderators' queue, which is a page of its own."""

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from wagtail.admin.menu import MenuItem

from groups.people.permissions import may


class CheckingMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may(request.user, "moderate")


def checking_menu_item() -> MenuItem:
    return CheckingMenuItem(_("To check"), reverse_lazy("checking"), icon_name="tasks", order=105)
