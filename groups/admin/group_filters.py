"""The filters of the list of groups."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet

from groups.listings.choices import LocationVisibility, Status
from groups.listings.freshness import Freshness
from groups.listings.models import GroupPage, GroupSession
from groups.organisations.models import Organisation
from groups.places.models import Venue
from groups.vocabulary.models import Activity

NEVER = "never"
CHECKS = [
    (Freshness.CHECKED, _("Checked in the last 6 months")),
    (Freshness.DUE, _("Due a check")),
    (Freshness.OVERDUE, _("Overdue: over 12 months")),
    (NEVER, _("Never checked by anyone")),
]


def areas() -> list[tuple[str, str]]:
    """Council areas with venues, and areas that groups name instead of a place, by name."""
    names = {name for name in Venue.objects.order_by().values_list("district", flat=True).distinct() if name}
    named = GroupPage.objects.exclude(area_name="").order_by().values_list("area_name", flat=True).distinct()
    return [(name, name) for name in sorted(names | set(named))]


class GroupFilterSet(WagtailFilterSet):
    status_now = django_filters.MultipleChoiceFilter(
        label=_("Is it running?"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )
    check = django_filters.ChoiceFilter(
        label=_("Last check"),
        choices=CHECKS,
        method="filter_check",
        widget=forms.RadioSelect,
        empty_label=_("Any"),
    )
    activities = django_filters.ModelMultipleChoiceFilter(
        label=_("Activity"), queryset=Activity.objects.order_by("label"), widget=forms.CheckboxSelectMultiple
    )
    organisation = django_filters.ModelChoiceFilter(
        label=_("Organisation"), queryset=Organisation.objects.all(), empty_label=_("Any")
    )
    area = django_filters.ChoiceFilter(
        label=_("Area"), choices=areas, method="filter_area", empty_label=_("Any")
    )
    visibility_now = django_filters.MultipleChoiceFilter(
        label=_("Who may see where it meets"),
        choices=LocationVisibility.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    live = django_filters.ChoiceFilter(
        label=_("Published"),
        choices=[
            ("live", _("Published")),
            ("draft", _("Not published")),
            ("changes", _("Has a newer draft")),
        ],
        method="filter_live",
        widget=forms.RadioSelect,
        empty_label=_("Any"),
    )

    class Meta:
        model = GroupPage
        fields: list[str] = []

    def filter_check(self, groups, name: str, value: str) -> QuerySet:
        if value == NEVER:
            return groups.never_checked()
        return groups.in_state(Freshness(value), timezone.localdate())

    def filter_area(self, groups: QuerySet, name: str, value: str) -> QuerySet:
        meets_there = GroupSession.objects.filter(page=OuterRef("pk"), venue__district=value)
        return groups.filter(Q(area_name=value) | Exists(meets_there))

    def filter_live(self, groups: QuerySet, name: str, value: str) -> QuerySet:
        if value == "changes":
            return groups.filter(live=True, has_unpublished_changes=True)
        return groups.filter(live=value == "live")
