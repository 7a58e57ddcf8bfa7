"""What staff see of search in the admin while the search server is out of order or behind: a line in the menu of every
page, which leads to a banner on the first."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.components import Component

from search.health import SearchHealth, health, recent_health


class SearchTrouble(Component):
    name = "search_trouble"
    template_name = "search_admin/trouble.html"
    order = 10

    @cached_property
    def health(self) -> SearchHealth:
        return health()

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"health": self.health}


@hooks.register("construct_homepage_panels")
def tell_of_trouble(request, panels: list) -> None:
    trouble = SearchTrouble()
    if not trouble.health.is_well:
        panels.insert(0, trouble)


class TroubleMenuItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return not recent_health().is_well


@hooks.register("register_admin_menu_item")
def trouble_menu_item() -> MenuItem:
    return TroubleMenuItem(
        _("Search needs help"), reverse_lazy("wagtailadmin_home"), icon_name="warning", order=1
    )
