"""E-mails that were refused, or perhaps not sent, and the press that sends one again."""

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn

from groups.admin.reports.base import DirectoryReport, PressColumn
from groups.admin.worklists import Worklist
from groups.mail.models import QueuedMail
from groups.mail.sending import send_again
from groups.people.permissions import may


class UnsentReport(DirectoryReport):
    slug = "unsent"
    model = QueuedMail
    page_title = gettext_lazy("E-mails not sent")
    header_icon = "mail"
    any_permission_required = ("view",)
    default_ordering = None
    columns = [
        Column("to", label=gettext_lazy("To")),
        Column("subject", label=gettext_lazy("Subject")),
        Column("get_state_display", label=gettext_lazy("What happened")),
        Column("error", label=gettext_lazy("What the mail server said")),
        DateColumn("queued_at", label=gettext_lazy("Written")),
        PressColumn(
            "again", "groups_admin/cells/send_again.html", label=gettext_lazy("Again?"), accessor="pk"
        ),
    ]
    list_export = ["to", "subject", "state", "error", "queued_at"]

    def get_queryset(self) -> QuerySet:
        return QueuedMail.objects.given_up().order_by("-queued_at", "-pk")

    @classmethod
    def worklists(cls) -> list[Worklist]:
        count = QueuedMail.objects.given_up().count()
        return [Worklist(cls.page_title, count, reverse(cls.index_url_name))]

    @classmethod
    def urls(cls):
        again = path("reports/groups-unsent/<int:pk>/again/", again_please, name="waymark_send_again")
        return [*super().urls(), again]


@require_POST
def again_please(request: HttpRequest, pk: int) -> HttpResponse:
    if not may(request.user, "moderate"):
        raise PermissionDenied
    mail = get_object_or_404(QueuedMail.objects.given_up(), pk=pk)
    send_again(mail)
    messages.success(request, _("It will be sent again in a minute."))
    return redirect(UnsentReport.index_url_name)
