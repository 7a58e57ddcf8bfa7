"""Activities and needs that were read from an imported listing's words, to accept with one press."""

from collections import defaultdict
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column

from groups.admin.reports.base import TITLE, GroupReport, PressColumn
from groups.listings.models import GroupPage
from groups.listings.suggestions import AcceptSuggestions

_THROUGH = (
    (GroupPage.suggested_activities.through, "activity"),
    (GroupPage.suggested_needs.through, "need"),
)


class SuggestedReport(GroupReport):
    slug = "suggested"
    page_title = gettext_lazy("Suggested terms to confirm")
    header_icon = "tag"
    columns = [
        TITLE,
        Column("activity_names", label=gettext_lazy("Activities now")),
        Column("suggested_words", label=gettext_lazy("Suggested")),
        PressColumn(
            "accept", "groups_admin/cells/accept.html", label=gettext_lazy("Are they right?"), accessor="pk"
        ),
    ]
    list_export = ["title", "organisation"]

    def get_queryset(self):
        activities, needs = (
            Exists(through.objects.filter(grouppage=OuterRef("pk"))) for through, _term in _THROUGH
        )
        return self.groups().filter(activities | needs).order_by("title", "pk")

    def decorate_paginated_queryset(self, object_list):
        groups = super().decorate_paginated_queryset(object_list)
        add_suggested_words(groups)
        return groups

    @classmethod
    def urls(cls):
        accept = path(
            "reports/groups-suggested/<int:page_id>/accept/", accept_suggestions, name="waymark_accept"
        )
        return [*super().urls(), accept]


def add_suggested_words(groups: Sequence[GroupPage]) -> None:
    """Put `suggested_words` on each group, in two queries."""
    names = defaultdict(list)
    for through, term in _THROUGH:
        rows = through.objects.filter(grouppage__in=[group.pk for group in groups])
        for page_id, label in rows.values_list("grouppage_id", f"{term}__label").order_by(f"{term}__label"):
            names[page_id].append(label)
    for group in groups:
        group.suggested_words = ", ".join(names[group.pk])


@require_POST
def accept_suggestions(request: HttpRequest, page_id: int) -> HttpResponse:
    """One press: the suggestions become the group's own."""
    page = get_object_or_404(GroupPage, pk=page_id)
    verb = AcceptSuggestions(page, by=request.user)
    try:
        verb.execute()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Accepted for %(group)s.") % {"group": page.title})
    return redirect(reverse(SuggestedReport.index_url_name))
