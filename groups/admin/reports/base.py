"""What the reports about groups share: who may see them, their rows, their addresses."""

from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.urls import URLPattern, path
from django.utils.functional import classproperty
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views.reports import ReportView
from wagtail.permissions import page_permission_policy, policy_registry

from groups.admin.group_list import add_activity_names, today_column
from groups.admin.worklists import Worklist
from groups.listings.models import GroupPage
from groups.people.permissions import may

TITLE = TitleColumn("title", label=_("Name"), url_name="wagtailadmin_pages:edit")
TODAY = today_column()


class PressColumn(Column):
    """A button in a form of its own, drawn by a template that may use `csrf_token`."""

    def __init__(self, name: str, cell_template_name: str, **options) -> None:
        super().__init__(name, **options)
        self.cell_template_name = cell_template_name

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        context["csrf_token"] = parent_context.get("csrf_token")
        return context


class DirectoryReport(ReportView):
    """slug: the report's name in addresses."""

    slug: ClassVar[str] = ""
    model: ClassVar[type[Model]] = GroupPage
    header_icon = "group"
    any_permission_required: tuple[str, ...] = ("add", "change", "publish")
    is_searchable = False
    default_ordering: str | None = "title"

    @classproperty
    def index_url_name(cls) -> str:  # noqa: N805
        return f"waymark_report_{cls.slug}"

    @classproperty
    def index_results_url_name(cls) -> str:  # noqa: N805
        return f"waymark_report_{cls.slug}_results"

    @classmethod
    def is_for(cls, user: Any) -> bool:
        """Whether this person may open the report."""
        policy = policy_registry.get_by_type(cls.model)
        return policy.user_has_any_permission(user, cls.any_permission_required)

    @classmethod
    def is_work_of(cls, user: Any) -> bool:
        """Whether it is theirs to put right what the report lists; to read it takes less."""
        return cls.is_for(user) and may(user, "moderate")

    @classmethod
    def worklists(cls) -> list[Worklist]:
        """What of this report waits for staff, counted on the admin's front page; nothing unless it says so."""
        return []

    @classmethod
    def urls(cls) -> list[URLPattern]:
        return [
            path(f"reports/groups-{cls.slug}/", cls.as_view(), name=cls.index_url_name),
            path(
                f"reports/groups-{cls.slug}/results/",
                cls.as_view(results_only=True),
                name=cls.index_results_url_name,
            ),
        ]


class GroupReport(DirectoryReport):
    """A report whose rows are groups this person may see."""

    def groups(self) -> QuerySet:
        visible = page_permission_policy.explorable_instances(self.request.user)
        groups = GroupPage.objects.filter(pk__in=visible.values("pk")).with_facts()
        return groups.select_related("organisation", "content_type").prefetch_related("sites_rooted_here")

    def get_queryset(self) -> QuerySet:
        return self.groups().order_by("title", "pk")

    def decorate_paginated_queryset(self, object_list):
        groups = list(object_list)
        add_activity_names(groups)
        return groups
