"""Activities of the vocabulary that few or no published groups offer."""

import django_filters
from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from groups.admin.reports.base import DirectoryReport
from groups.vocabulary.models import Activity

FEW = 2


class GapFilterSet(WagtailFilterSet):
    groups = django_filters.ChoiceFilter(
        label=_("How many groups offer it"),
        choices=[("few", _("One or two"))],
        method="filter_groups",
        widget=forms.RadioSelect,
        empty_label=_("None"),
    )

    class Meta:
        model = Activity
        fields: list[str] = []

    def filter_queryset(self, queryset):
        if self.form.cleaned_data.get("groups"):
            return super().filter_queryset(queryset)
        return queryset.filter(group_count=0)

    def filter_groups(self, activities, name: str, value: str):
        return activities.filter(group_count__range=(1, FEW))


class GapsReport(DirectoryReport):
    slug = "gaps"
    model = Activity
    page_title = _("Activities with no group")
    header_icon = "search"
    any_permission_required = ("add", "change", "view")
    filterset_class = GapFilterSet
    default_ordering = None
    columns = [
        TitleColumn("label", label=_("Activity"), url_name="wagtailsnippets_groups_activity:edit"),
        Column("family", label=_("Family")),
        Column("group_count", label=_("Published groups")),
        Column("suggested_count", label=_("Suggested for")),
    ]
    list_export = ["label", "family", "group_count", "suggested_count"]

    def get_queryset(self):
        groups = Count("groups__translation_key", filter=Q(groups__live=True), distinct=True)
        suggested = Count(
            "suggested_groups__translation_key", filter=Q(suggested_groups__live=True), distinct=True
        )
        activities = Activity.objects.select_related("family")
        counted = activities.annotate(group_count=groups, suggested_count=suggested)
        return counted.order_by("label", "pk")
