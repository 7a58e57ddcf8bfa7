"""Ways in: accepting an invitation, and asking to keep a listing that nobody keeps."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groups.listings.models import GroupPage
from groups.people.membership import verbs
from groups.people.membership.models import Invitation
from groups.people.models import User
from groups.people.permissions import may
from portal.accounts.access import SignedInRequest, signed_in, to_sign_in
from portal.accounts.forms import NameForm
from portal.accounts.pages import values_and_errors

_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_GET_OR_POST
def invitation(request: HttpRequest) -> HttpResponse:
    """Looking shows who asks and a button; the press joins.

    The link was sent to one address, so it is enough for somebody new. Whoever has an account signs in as ever: a link that
    works for 14 days must not open an account that may hold more than this.
    """
    key = request.POST.get("key") or request.GET.get("key", "")
    found = Invitation.objects.by_key(key).select_related("invited_by").first()
    problem = _problem(found)
    if found is None or problem:
        return render(
            request, "membership/cannot.html", {"problem": problem, "back": "/", "place": ""}, status=410
        )
    user: Any = request.user
    signed = may(user, "have_account")
    is_them = signed and user.email == found.email
    if not signed and User.objects.filter(email=found.email).exists():
        return to_sign_in(request) if request.method == "GET" else redirect("sign_in")
    asks_name = not (is_them and user.first_name)
    form = NameForm(request.POST if request.method == "POST" and asks_name else None)
    if request.method == "POST" and (is_them or not signed) and (not asks_name or form.is_valid()):
        return _accept(request, found, form.cleaned_data["name"] if asks_name else "")
    context = {
        **values_and_errors(form),
        "key": key,
        "place": found.scope.name,
        "person": found.invited_by.name if found.invited_by else _("Our staff"),
        "email": found.email,
        "asks_name": asks_name,
        "signed_in_as": "" if not signed or is_them else user.email,
    }
    return render(request, "membership/invitation.html", context, status=422 if form.errors else 200)


def _problem(found: Invitation | None) -> str:
    if found is None or found.taken_back_at or not found.scope.name:
        return _("This invitation was taken back. Ask for a new one.")
    if found.accepted_at:
        return _("This invitation was used already. Sign in to go on.")
    return "" if found.is_valid else _("This invitation is too old. Ask for a new one.")


def _accept(request: HttpRequest, found: Invitation, name: str) -> HttpResponse:
    try:
        user = verbs.accept_as(found, by=request.user if request.user.is_authenticated else None, name=name)
    except ValidationError as error:
        problem = " ".join(error.messages)
        return render(
            request, "membership/cannot.html", {"problem": problem, "back": "/", "place": ""}, status=409
        )
    if not request.user.is_authenticated:
        login(request, user)
    return redirect("/my-group/")


class ClaimForm(forms.Form):
    evidence = forms.CharField(
        max_length=300,
        error_messages={
            "required": gettext_lazy("Tell us in one sentence how we can tell that you belong to the group."),
            "max_length": gettext_lazy("That is too long. One sentence is enough."),
        },
    )


@never_cache
@_GET_OR_POST
@signed_in
def claim(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """Ask staff to keep a published listing."""
    page = GroupPage.objects.listed().filter(translation_key=uid).order_by("locale_id").first()
    if page is None or not may(request.user, "claim", page):
        raise Http404
    form = ClaimForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            verbs.claim(page, by=request.user, evidence=form.cleaned_data["evidence"])
        except ValidationError as error:
            form.add_error("evidence", error)
        else:
            return redirect(f"{request.path}?done=1")
    context = {
        **values_and_errors(form),
        "place": page.title,
        "page_url": page.get_url(request) or "/",
        "done": "done" in request.GET,
    }
    return render(request, "membership/claim.html", context, status=422 if form.errors else 200)
