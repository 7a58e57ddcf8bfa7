"""Pages whose people did not answer for too long: back with staff, or taken down for their age."""

from collections import defaultdict
from typing import Any
from uuid import UUID

import django_filters
from django import forms
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn

from groups.admin.group_list import check_words
from groups.admin.people.leaderless import INVITE
from groups.admin.reports.base import TITLE, TODAY, GroupReport
from groups.admin.worklists import Worklist
from groups.listings.choices import Status
from groups.listings.models import GroupPage
from groups.people.membership.models import MembershipHistory, What
from groups.people.membership.queries import kept_by_somebody
from groups.people.permissions import may
from groups.reviews.models import ReviewStep, Step

STEPS: dict[str, Any] = {
    Step.RETURNED: _("Back with us: nobody answered for 13 months"),
    Step.TAKEN_DOWN: _("Taken down: not checked for 18 months"),
}


def came_back(groups: QuerySet) -> QuerySet:
    """Groups that nobody keeps or checked since they came back, and those taken down and not published since.

    Each with its last `step`, and when: `came_at`. It needs `with_facts`.
    """
    steps = ReviewStep.objects.filter(group_uid=OuterRef("translation_key"), step__in=STEPS)
    # The few that had such a step are found first: the rest need no looking at.
    had_one = ReviewStep.objects.filter(step__in=STEPS).values("group_uid")
    groups = groups.filter(translation_key__in=had_one).exclude(status_now=Status.CLOSED)
    groups = groups.annotate(
        step=Subquery(steps.values("step")[:1]), came_at=Subquery(steps.values("at")[:1])
    )
    unchecked = Q(confirmed_at__isnull=True) | Q(confirmed_at__lt=F("came_at"))
    return groups.filter(
        Q(step=Step.RETURNED, live=True) & unchecked & ~kept_by_somebody()
        | Q(step=Step.TAKEN_DOWN, live=False)
    )


def counts() -> dict[str, int]:
    """How many pages came back by each step."""
    counted = came_back(GroupPage.objects.with_facts()).values_list("step").annotate(Count("pk")).order_by()
    return {**dict.fromkeys(STEPS, 0), **dict(counted)}


class CameBackFilterSet(WagtailFilterSet):
    step = django_filters.ChoiceFilter(
        label=_("What happened"),
        choices=lambda: [(step, f"{STEPS[step]} ({count})") for step, count in counts().items()],
        widget=forms.RadioSelect,
        empty_label=_("Either"),
    )

    class Meta:
        model = GroupPage
        fields: list[str] = []


class CameBackReport(GroupReport):
    slug = "came-back"
    page_title = _("Pages that came back to us")
    header_icon = "history"
    filterset_class = CameBackFilterSet
    columns = [
        TITLE,
        TODAY,
        Column("what", label=_("What happened"), accessor=lambda group: STEPS[group.step]),
        DateColumn("came_at", label=_("When")),
        Column("checked", label=_("Checked"), accessor=check_words),
        Column("kept_by", label=_("Who kept it")),
        INVITE,
    ]
    list_export = ["title", "organisation", "step", "came_at"]

    def get_queryset(self) -> QuerySet:
        return came_back(self.groups()).order_by("came_at", "pk")

    def decorate_paginated_queryset(self, object_list):
        groups = super().decorate_paginated_queryset(object_list)
        names = _who_kept(groups) if may(self.request.user, "moderate") else {}
        for group in groups:
            group.kept_by = ", ".join(sorted(names.get(group.translation_key, ())))
        return groups

    @classmethod
    def worklists(cls) -> list[Worklist]:
        href = reverse(cls.index_url_name)
        return [Worklist(STEPS[step], count, f"{href}?step={step}") for step, count in counts().items()]


def _who_kept(groups: list[GroupPage]) -> dict[UUID, set[str]]:
    """Names of those whose memberships ended with the last round, by group."""
    uids = [group.translation_key for group in groups]
    left = MembershipHistory.objects.filter(group_uid__in=uids, what=What.RETURNED, person__isnull=False)
    names: dict[Any, set[str]] = defaultdict(set)
    for entry in left.select_related("person"):
        names[entry.group_uid].add(str(entry.person))
    return names
