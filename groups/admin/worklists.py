"""What waits for staff, counted on the admin's front page. Each report says its own lines: `DirectoryReport.worklists`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from wagtail.admin.ui.components import Component


@dataclass(frozen=True, slots=True)
class Worklist:
    """One line. label: what waits; count: how many; href: where they are listed."""

    label: Any  # words, maybe lazy
    count: int
    href: str


class WorklistsPanel(Component):
    """The lines that have something in them."""

    name = "waymark_worklists"
    template_name = "groups_admin/worklists.html"
    order = 20

    def __init__(self, worklists: Iterable[Worklist]):
        self.worklists = [one for one in worklists if one.count]

    def get_context_data(self, parent_context: Any) -> dict[str, Any]:
        return {"worklists": self.worklists}
