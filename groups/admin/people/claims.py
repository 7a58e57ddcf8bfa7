"""Claims: who asks to keep which listing, oldest first, and the page on which staff decide."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from groups.admin.reports.base import DirectoryReport
from groups.admin.worklists import Worklist
from groups.listings.models import GroupPage
from groups.people.membership.models import Claim
from groups.people.membership.queries import members_of
from groups.people.membership.verbs import approve_claim, refuse_claim
from groups.people.permissions import may


class ClaimsReport(DirectoryReport):
    slug = "claims"
    model = Claim
    page_title = _("People who ask to keep a page")
    header_icon = "user"
    any_permission_required = ("view",)
    default_ordering = None
    columns = [
        TitleColumn(
            "group",
            label=_("Group"),
            accessor=lambda claim: claim.scope.name or gettext("(gone)"),
            get_url=lambda claim: reverse("waymark_claim", args=[claim.uid]),
        ),
        Column("user", label=_("Who asks")),
        Column("evidence", label=_("What they say")),
        DateColumn("made_at", label=_("Asked")),
    ]
    list_export = ["group_uid", "user", "evidence", "made_at"]

    def get_queryset(self) -> QuerySet:
        return Claim.objects.waiting().select_related("user")

    @classmethod
    def worklists(cls) -> list[Worklist]:
        return [Worklist(cls.page_title, Claim.objects.waiting().count(), reverse(cls.index_url_name))]

    @classmethod
    def urls(cls):
        decide = path("reports/groups-claims/<uuid:uid>/", ClaimView.as_view(), name="waymark_claim")
        return [*super().urls(), decide]


class ReasonForm(forms.Form):
    reason = forms.CharField(required=False, max_length=300)


class ClaimView(WagtailAdminTemplateMixin, TemplateView):
    """What the person says beside what the listing says, and the two answers."""

    template_name = "groups_admin/claim.html"
    page_title = _("Somebody asks to keep this page")
    header_icon = "user"
    problem = ""

    def dispatch(self, request: HttpRequest, *args, uid: UUID, **kwargs) -> HttpResponseBase:
        if not may(request.user, "moderate"):
            raise PermissionDenied
        self.claim = get_object_or_404(Claim.objects.select_related("user", "decided_by"), uid=uid)
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        by: Any = request.user
        try:
            if "approve" in request.POST:
                approve_claim(self.claim, by=by)
                said = gettext("%(person)s can now change the page.")
            else:
                self._refuse(by)
                said = gettext("%(person)s is told why not.")
        except ValidationError as error:
            self.problem = " ".join(error.messages)
            return self.render_to_response(self.get_context_data(), status=422)
        messages.success(request, said % {"person": self.claim.user.name})
        return redirect(ClaimsReport.index_url_name)

    def _refuse(self, by: Any) -> None:
        form = ReasonForm(self.request.POST)
        if not form.is_valid():
            raise ValidationError(list(form.errors["reason"]))
        refuse_claim(self.claim, by=by, reason=form.cleaned_data["reason"])

    def get_breadcrumbs_items(self):
        claims = {"url": reverse(ClaimsReport.index_url_name), "label": ClaimsReport.page_title}
        return [*super().get_breadcrumbs_items(), claims, {"url": "", "label": self.page_title}]

    def get_context_data(self, **kwargs) -> dict[str, Any]:
        group = GroupPage.objects.filter(translation_key=self.claim.group_uid).first()
        return super().get_context_data(
            claim=self.claim,
            group=group,
            contacts=group.contacts.all() if group else [],
            members=members_of(group) if group else [],
            problem=self.problem,
            reason=self.request.POST.get("reason", ""),
            **kwargs,
        )
