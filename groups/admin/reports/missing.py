"""Groups that lack a fact which decides a visit."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column

from groups.admin.reports.base import TITLE, TODAY, GroupReport
from groups.listings.choices import Answer
from groups.listings.models import Contact, GroupAccess, GroupPage, GroupSession
from groups.places.models import VenueAccess

LACKS = {
    "no_session": _("No session"),
    "no_activity": _("No activity"),
    "no_contact": _("No contact"),
    "no_access": _("Access not known"),
}


def with_lacks(groups):
    """Each fact that is missing, as a flag on the row."""
    of_page = {"page": OuterRef("pk")}
    venue_answers = VenueAccess.objects.filter(venue__group_sessions__page=OuterRef("pk"))
    return groups.annotate(
        no_session=~Exists(GroupSession.objects.filter(**of_page)),
        no_activity=~Exists(GroupPage.activities.through.objects.filter(grouppage=OuterRef("pk"))),
        no_contact=~Exists(Contact.objects.filter(**of_page)),
        no_access=~Exists(GroupAccess.objects.filter(**of_page).exclude(answer=Answer.UNKNOWN))
        & ~Exists(venue_answers.exclude(answer=Answer.UNKNOWN)),
    )


def missing_words(group) -> str:
    return ", ".join(str(words) for flag, words in LACKS.items() if getattr(group, flag))


class MissingFilterSet(WagtailFilterSet):
    lacks = django_filters.ChoiceFilter(
        label=_("What is missing"),
        choices=list(LACKS.items()),
        method="filter_lacks",
        widget=forms.RadioSelect,
        empty_label=_("Any of these"),
    )

    class Meta:
        model = GroupPage
        fields: list[str] = []

    def filter_lacks(self, groups, name: str, value: str):
        return groups.filter(**{value: True})


class MissingReport(GroupReport):
    slug = "missing"
    page_title = _("Groups with missing facts")
    header_icon = "help"
    filterset_class = MissingFilterSet
    columns = [
        TITLE,
        TODAY,
        Column("missing", label=_("What is missing"), accessor=missing_words),
        Column("organisation", label=_("Who runs it")),
    ]
    list_export = ["title", "organisation", *LACKS]

    def get_queryset(self):
        anything = Q()
        for flag in LACKS:
            anything |= Q(**{flag: True})
        return with_lacks(self.groups()).filter(anything).order_by("title", "pk")
