"""The page "Today" of a group: what changes by a phone call, live at once, no draft needed."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.generic import TemplateView
from wagtail.admin import messages
from wagtail.admin.views.generic.base import WagtailAdminTemplateMixin

from groups.admin.today.forms import FORMS, TodayForm
from groups.admin.today.history import history_of
from groups.listings.boundary import listing_of
from groups.listings.facts import ClosureRecord, DateChangeRecord, GroupFacts, undo
from groups.listings.models import GroupPage
from groups.listings.public import PublicListing
from groups.schedule.words import describe_date

_UNDOES: dict[str, Any] = {"date": DateChangeRecord, "closure": ClosureRecord}


def today_url(uid: UUID) -> str:
    return reverse("waymark_today", args=[uid])


class TodayView(WagtailAdminTemplateMixin, TemplateView):
    template_name = "groups_admin/today.html"
    header_icon = "calendar-check"

    def dispatch(self, request: HttpRequest, *args, uid: UUID, **kwargs) -> HttpResponseBase:
        page = GroupPage.objects.filter(translation_key=uid).order_by("locale_id").first()
        if page is None:
            raise Http404
        self.page = page
        permissions = page.permissions_for_user(request.user)
        if not permissions.can_edit():
            raise PermissionDenied
        # What is saved here is live at once, so it asks what publishing asks.
        self.may_change = permissions.can_publish()
        return super().dispatch(request, *args, **kwargs)

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.sent: TodayForm | None = None

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not self.may_change:
            raise PermissionDenied
        if "undo" in request.POST:
            return self._undo(request)
        forms = {form.name: form for form in FORMS}
        try:
            form_class = forms[request.POST.get("form", "")]
        except KeyError as error:
            raise Http404 from error
        self.sent = self._form(form_class, request.POST)
        if not self.sent.is_valid():
            return self.render_to_response(self.get_context_data(**kwargs), status=422)
        self.sent.save()
        messages.success(request, self.sent.done)
        return redirect(f"{today_url(self.page.uid)}#{self.sent.name}")

    def _undo(self, request: HttpRequest) -> HttpResponse:
        kind, _space, pk = request.POST["undo"].partition(" ")
        model = _UNDOES.get(kind)
        record = (
            model.objects.filter(pk=pk, group_uid=self.page.uid).first() if model and pk.isdigit() else None
        )
        if record:
            undo(record, by=request.user)
            messages.success(request, _("Taken back. The usual dates hold again."))
        else:
            messages.warning(request, _("Someone took this back already."))
        return redirect(f"{today_url(self.page.uid)}#{kind if model else ''}")

    def _form(self, form_class: type[TodayForm], data=None) -> TodayForm:
        return form_class(
            data, page=self.page, facts=self.facts, sessions=self.listing.sessions, by=self.request.user
        )

    @cached_property
    def facts(self) -> GroupFacts:
        """Today's facts; looking at them writes nothing."""
        if self.request.method == "POST":
            return GroupFacts.objects.for_group(self.page.uid)
        return GroupFacts.objects.filter(group_uid=self.page.uid).first() or GroupFacts(
            group_uid=self.page.uid
        )

    @cached_property
    def listing(self) -> PublicListing:
        return listing_of(self.page)

    def get_page_title(self) -> str:
        return _("Today")

    def get_page_subtitle(self) -> str:
        return self.page.title

    def get_breadcrumbs_items(self):
        return [
            {"url": reverse("waymark_groups:index"), "label": _("Groups")},
            {"url": reverse("wagtailadmin_pages:edit", args=[self.page.pk]), "label": self.page.title},
            {"url": "", "label": _("Today")},
        ]

    def get_context_data(self, **kwargs):
        uid, today = self.page.uid, timezone.localdate()
        facts, listing = self.facts, self.listing
        forms = [
            self.sent if self.sent and self.sent.name == form.name else self._form(form) for form in FORMS
        ]
        upcoming = [{"session": session, "meetings": session.next_dates(3)} for session in listing.sessions]
        checked = timezone.localtime(facts.last_confirmed_at).date() if facts.last_confirmed_at else None
        return super().get_context_data(
            page=self.page,
            facts=facts,
            forms=forms,
            sent=self.sent,
            may_change=self.may_change,
            upcoming=upcoming,
            checked_on=describe_date(checked, today) if checked else "",
            freshness=listing.freshness(today),
            date_changes=DateChangeRecord.objects.filter(group_uid=uid, date__gte=today).select_related(
                "venue"
            ),
            closures=ClosureRecord.objects.filter(group_uid=uid, last_day__gte=today),
            history=history_of(uid),
            edit_url=reverse("wagtailadmin_pages:edit", args=[self.page.pk]),
            **kwargs,
        )
