"""Groups that nobody leads: who could be asked to?"""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column, TitleColumn

from groups.admin.group_list import check_words
from groups.admin.reports.base import TITLE, GroupReport
from groups.admin.worklists import Worklist
from groups.listings.choices import Status
from groups.listings.models import GroupPage
from groups.people.membership.models import Invitation, Membership
from groups.people.membership.queries import with_an_active_lead

INVITE = TitleColumn(
    "people",
    label=_("Find somebody"),
    accessor=lambda group: gettext("Invite a lead"),
    get_url=lambda group: reverse("people", args=["group", group.translation_key]),
)


class LeaderlessReport(GroupReport):
    slug = "leaderless"
    page_title = _("Groups nobody leads")
    header_icon = "group"
    columns = [
        TITLE,
        Column("organisation", label=_("Who runs it")),
        Column("checked", label=_("Checked"), accessor=check_words),
        Column("helpers", label=_("People without a lead")),
        Column("invited", label=_("Invitations open")),
        INVITE,
    ]
    list_export = ["title", "organisation"]

    def get_queryset(self) -> QuerySet:
        """Those with people but no lead come first: one of them may say yes."""
        return (
            _leaderless(self.groups())
            .annotate(
                helpers=_count_of(Membership.objects.active().filter(user__is_active=True)),
                invited=_count_of(Invitation.objects.valid()),
            )
            .order_by("-helpers", "title", "pk")
        )

    @classmethod
    def worklists(cls) -> list[Worklist]:
        count = _leaderless(GroupPage.objects.with_facts()).count()
        return [Worklist(cls.page_title, count, reverse(cls.index_url_name))]


def _leaderless(groups: QuerySet) -> QuerySet:
    """Published, running groups that nobody leads."""
    return groups.filter(live=True).exclude(status_now=Status.CLOSED).exclude(with_an_active_lead())


def _count_of(rows: QuerySet) -> Coalesce:
    counted = rows.filter(group_uid=OuterRef("translation_key")).order_by().values("group_uid")
    return Coalesce(Subquery(counted.annotate(count=Count("pk")).values("count")), 0)
