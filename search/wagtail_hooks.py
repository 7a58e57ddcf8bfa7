"""What staff see of search in the admin: a banner on its first page while the search server is out of order or behind."""

from typing import Any

from django.utils.functional import cached_property
from wagtail import hooks
from wagtail.admin.ui.components import Component

from search.health import SearchHealth, health


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
