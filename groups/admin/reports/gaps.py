"""Activities of the vocabulary that few or no published groups offer."""

import django_filters
from django import forms
from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, TitleColumn

from groups.admin.reports.base import DirectoryReport
from groups.vocabulary.models import Activity

FEW = 3


class GapFilterSet(WagtailFilterSet):
    few = django_filters.BooleanFilter(
        label=_("Show activities with one or two groups as well"),
        method="filter_few",
        widget=forms.CheckboxInput,
    )

    class Meta:
        model = Activity
        fields: list[str] = []

    def filter_queryset(self, queryset):
        most = FEW - 1 if self.form.cleaned_data.get("few") else 0
        return queryset.filter(group_count__lte=most)

    def filter_few(self, activities, name: str, value):
        return activities


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
        suggested = Count("suggested_groups__translation_key", filter=Q(suggested_groups__live=True), distinct=True)
        return Activity.objects.select_related("family").annotate(group_count=groups, suggested_count=suggested)
