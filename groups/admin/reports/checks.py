"""Groups due a check: whom to call, longest wait first."""

import django_filters
from dateutil.relativedelta import relativedelta
from django import forms
from django.db.models import BooleanField, Count, ExpressionWrapper, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from groups.admin.group_list import check_words, status_words
from groups.admin.reports.base import TITLE, TODAY, GroupReport
from groups.admin.worklists import Worklist
from groups.listings.choices import Status
from groups.listings.freshness import (
    DUE_AFTER_MONTHS,
    LAPSED_AFTER_MONTHS,
    OVERDUE_AFTER_MONTHS,
    TAKEN_DOWN_AFTER_MONTHS,
)
from groups.listings.models import GroupPage
from groups.people.membership.queries import kept_by_somebody

STEPS = {
    DUE_AFTER_MONTHS: _("Groups due a check: over 6 months"),
    OVERDUE_AFTER_MONTHS: _("Groups overdue: over 12 months"),
    LAPSED_AFTER_MONTHS: _("Groups lapsed: over 13 months"),
    TAKEN_DOWN_AFTER_MONTHS: _("Groups not checked for over 18 months"),
}
"""Months since the last check (`domain.md`, "Freshness rules")."""


def over(months: int):
    """The condition that a group's clock runs for more than so many months."""
    return GroupPage.objects.all().checked_before_q(timezone.localdate() - relativedelta(months=months))


def to_check():
    """Live groups that still run; the two counts and the rows agree on them."""
    return GroupPage.objects.live().with_facts().exclude(status_now=Status.CLOSED)


NOBODYS = "nobodys"


def counts() -> dict[str, int]:
    """How many groups are over each step, and how many of those that are due nobody keeps, in one query."""
    kept = ExpressionWrapper(kept_by_somebody(), output_field=BooleanField())
    dates = ("confirmed_at", "source_date", "first_published_at")
    # Made distinct, so that the database works the dates out once for a group, and not for each count.
    rows = to_check().annotate(kept=kept).order_by().values("pk", *dates, "kept").distinct()
    return rows.aggregate(
        **{str(months): Count("pk", filter=over(months)) for months in STEPS},
        **{NOBODYS: Count("pk", filter=over(DUE_AFTER_MONTHS) & Q(kept=False))},
    )


def steps() -> list[tuple[str, str]]:
    words = gettext("Over %(months)s months (%(count)s)")
    count = counts()
    return [(str(months), words % {"months": months, "count": count[str(months)]}) for months in STEPS]


class CheckFilterSet(WagtailFilterSet):
    months = django_filters.ChoiceFilter(
        label=_("Time since the last check"),
        choices=steps,
        method="filter_months",
        widget=forms.RadioSelect,
        empty_label=_("All that are due"),
    )
    kept = django_filters.ChoiceFilter(
        label=_("Who keeps it"),
        choices=[("nobody", _("Nobody: no reminder is sent")), ("somebody", _("Its people are reminded"))],
        method="filter_kept",
        widget=forms.RadioSelect,
        empty_label=_("Either"),
    )

    class Meta:
        model = GroupPage
        fields: list[str] = []

    def filter_months(self, groups, name: str, value: str):
        return groups.filter(over(int(value)))

    def filter_kept(self, groups, name: str, value: str):
        return groups.filter(kept_by_somebody() if value == "somebody" else ~kept_by_somebody())


class ChecksReport(GroupReport):
    slug = "checks"
    page_title = _("Groups due a check")
    header_icon = "time"
    filterset_class = CheckFilterSet
    columns = [
        TITLE,
        TODAY,
        Column("checked", label=_("Checked"), accessor=check_words),
        Column("organisation", label=_("Who runs it")),
        Column("running", label=_("Running?"), accessor=status_words),
    ]
    list_export = ["title", "organisation", "confirmed_at", "source_date", "first_published_at", "status_now"]

    def get_queryset(self):
        due = over(DUE_AFTER_MONTHS) | Q(confirmed_at__isnull=True)
        groups = self.groups().filter(live=True).exclude(status_now=Status.CLOSED).filter(due)
        return groups.order_by(F("confirmed_at").asc(nulls_first=True), "first_published_at", "pk")

    @classmethod
    def worklists(cls) -> list[Worklist]:
        href, count = reverse(cls.index_url_name), counts()
        return [
            *(
                Worklist(words, count[str(months)], f"{href}?months={months}")
                for months, words in STEPS.items()
            ),
            Worklist(
                _("Groups due a check that nobody keeps"),
                count[NOBODYS],
                f"{href}?months={DUE_AFTER_MONTHS}&kept=nobody",
            ),
        ]
