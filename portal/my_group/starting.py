"""Making a page for a group: its name, one sentence and a place, the groups it may already be, and then the new page."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groups.editing.starting import groups_like, start_page
from groups.listings.models import GroupPage
from groups.people.membership.verbs import Refused
from groups.people.permissions import may
from groups.places.gazetteer import PlaceNotFound, Spot, resolve
from portal.accounts.access import SignedInRequest, signed_in
from portal.accounts.pages import values_and_errors


class StartForm(forms.Form):
    name = forms.CharField(
        max_length=GroupPage._meta.get_field("title").max_length,
        error_messages={
            "required": _("Type the name of the group."),
            "max_length": _("This name is too long. Shorten it."),
        },
    )
    summary = forms.CharField(
        max_length=GroupPage._meta.get_field("summary").max_length,
        error_messages={
            "required": _("Say in one sentence what you do."),
            "max_length": _("This is too long. One sentence is enough."),
        },
    )
    near = forms.CharField(
        max_length=100,
        error_messages={
            "required": _("Type a postcode, a town or a village."),
            "max_length": _("This is too long for a place. Type a postcode, a town or a village."),
        },
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())

    def clean_summary(self) -> str:
        return " ".join(self.cleaned_data["summary"].split())

    def clean_near(self) -> Spot:
        try:
            return resolve(self.cleaned_data["near"])
        except PlaceNotFound as error:
            raise ValidationError(error.message) from error


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def start(request: SignedInRequest) -> HttpResponse:
    """Nothing is written before the person has said that the group is none of those that are here."""
    form = StartForm(request.POST if request.method == "POST" else None)
    alike: list[GroupPage] = []
    if form.is_bound and form.is_valid() and may(request.user, "start_page"):
        name, spot = form.cleaned_data["name"], form.cleaned_data["near"]
        alike = [] if "none" in request.POST else groups_like(name, spot)
        if not alike:
            try:
                page = start_page(name, form.cleaned_data["summary"], by=request.user)
                return redirect(f"{reverse('my_group', args=[page.uid])}?done=started")
            except Refused as refused:
                form.add_error("name", refused)
    context = {**values_and_errors(form), "alike": [_shown(page, request) for page in alike]}
    return render(request, "my_group/start.html", context, status=422 if form.errors else 200)


def _shown(page: GroupPage, request: HttpRequest) -> dict[str, Any]:
    """Its page, and the way to keep it; to My group where this person keeps it already."""
    keeps = may(request.user, "edit_group", page)
    return {
        "name": page.title,
        "summary": page.summary,
        "href": page.get_url(request) or "/",
        "keep": reverse("my_group" if keeps else "claim", args=[page.uid]),
        "keeps": keeps,
    }
