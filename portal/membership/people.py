"""Who keeps a group's page, or an organisation's pages: seeing them, inviting, removing, handing over, leaving."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groups.listings.models import GroupPage
from groups.organisations.models import Organisation
from groups.people.membership import verbs
from groups.people.membership.models import Invitation, Membership, MembershipHistory, Role, Scope
from groups.people.permissions import may
from portal.accounts.access import SignedInRequest, signed_in
from portal.accounts.forms import EmailForm
from portal.accounts.pages import values_and_errors

HISTORY_SHOWN = 20
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@dataclass(frozen=True, slots=True)
class Place:
    """A group or an organisation whose people are looked at. about: what permissions are asked of."""

    kind: str
    uid: UUID
    about: Any
    scope: Scope
    name: str

    @property
    def url(self) -> str:
        return reverse("people", args=[self.kind, self.uid])


def place_of(kind: str, uid: UUID) -> Place:
    """Raises Http404 when there is no such group or organisation."""
    if kind == "group":
        page = GroupPage.objects.filter(translation_key=uid).order_by("locale_id").first()
        if page is not None:
            return Place(kind, uid, page, Scope.of_group(page), page.title)
    elif kind == "organisation":
        body = Organisation.objects.filter(uid=uid).first()
        if body is not None:
            return Place(kind, uid, body, Scope(organisation_id=body.pk), body.name)
    raise Http404


@never_cache
@_GET_OR_POST
@signed_in
def people(request: SignedInRequest, kind: str, uid: UUID) -> HttpResponse:
    """The list, and the form to invite somebody."""
    place = place_of(kind, uid)
    if not may(request.user, "see_people", place.about):
        raise PermissionDenied
    form = EmailForm(request.POST or None)
    if request.method == "POST":
        if not may(request.user, "manage_people", place.about):
            raise PermissionDenied
        if form.is_valid():
            try:
                led = Membership.objects.active().leads().covering(place.about).exists()
                role = Role.EDITOR if led else Role.LEAD
                verbs.invite(place.scope, form.cleaned_data["email"], by=request.user, role=role)
            except ValidationError as error:
                form.add_error("email", error)
            else:
                return redirect(f"{place.url}?done=invited")
    context = {
        **values_and_errors(form),
        **_who(request, place),
        "done": "" if form.is_bound else _done(request),
    }
    return render(request, "membership/people.html", context, status=422 if form.errors else 200)


def _who(request: SignedInRequest, place: Place) -> dict[str, Any]:
    rows = Membership.objects.active().covering(place.about).select_related("user", "organisation")
    members = [
        {
            "uid": row.uid,
            "name": row.user.name,
            "role": row.get_role_display(),
            "is_lead": row.role == Role.LEAD,
            "is_you": row.user_id == request.user.pk,
            # Somebody who keeps the whole organisation is looked after on its own page.
            "is_here": row.scope == place.scope,
            "through": row.organisation.name if row.organisation and row.scope != place.scope else "",
        }
        for row in rows.order_by("organisation", "-role", "joined_at")
    ]
    may_manage = may(request.user, "manage_people", place.about)
    waiting = Invitation.objects.open().of(place.scope) if may_manage else Invitation.objects.none()
    invitations = [
        {"uid": row.uid, "email": row.email, "expires": row.expires_at, "is_valid": row.is_valid}
        for row in waiting
    ]
    return {
        "place": place.name,
        "kind": place.kind,
        "uid": place.uid,
        "members": members,
        "has_lead": any(row["is_lead"] for row in members),
        "invitations": invitations,
        "may_manage": may_manage,
        "history": _history(place.scope),
    }


def _history(scope: Scope) -> list[dict[str, Any]]:
    rows = MembershipHistory.objects.of(scope).select_related("by", "person")[:HISTORY_SHOWN]
    gone = _("Somebody who left")
    return [
        {
            "at": row.at,
            "who": row.by.name if row.by else gone,
            "what": row.get_what_display(),
            "person": row.person.name if row.person and row.person != row.by else "",
        }
        for row in rows
    ]


def _done(request: HttpRequest) -> str:
    return {
        "invited": _("The invitation is on its way."),
        "send_again": _("The invitation is on its way again."),
        "take_back": _("The invitation is taken back. Its link no longer works."),
        "remove": _("Done. They can no longer change the page."),
        "hand_over": _("Done. The new lead knows by e-mail."),
    }.get(request.GET.get("done", ""), "")


_INVITATION_VERBS = {"send_again": verbs.send_again, "take_back": verbs.take_back}


@never_cache
@require_http_methods(["POST"])
@signed_in
def change_invitation(request: SignedInRequest, kind: str, uid: UUID, invitation: UUID) -> HttpResponse:
    """Send an open invitation again, or take it back."""
    place = place_of(kind, uid)
    if not may(request.user, "manage_people", place.about):
        raise PermissionDenied
    verb = _INVITATION_VERBS.get(request.POST.get("do", ""))
    if verb is None:
        raise Http404
    row = get_object_or_404(Invitation.objects.of(place.scope), uid=invitation)
    try:
        verb(row, by=request.user)
    except ValidationError as error:
        return _cannot(request, place, error)
    return redirect(f"{place.url}?done={request.POST['do']}")


@never_cache
@_GET_OR_POST
@signed_in
def change_member(request: SignedInRequest, kind: str, uid: UUID, do: str, member: UUID) -> HttpResponse:
    """Remove somebody, hand the lead over, or leave: a page that asks, and the press that does it."""
    place = place_of(kind, uid)
    row = get_object_or_404(Membership.objects.active().of(place.scope).select_related("user"), uid=member)
    if do not in ("leave", "remove", "hand_over"):
        raise Http404
    action = "leave" if do == "leave" else "manage_people"
    if not may(request.user, action, place.about) or (do == "leave" and row.user_id != request.user.pk):
        raise PermissionDenied
    if request.method == "POST":
        try:
            if do == "leave":
                verbs.leave(row)
                return HttpResponseRedirect("/my-group/")
            (verbs.remove if do == "remove" else verbs.hand_over_lead)(row, by=request.user)
        except ValidationError as error:
            return _cannot(request, place, error)
        onward = place.url if may(request.user, "see_people", place.about) else "/my-group/"
        return redirect(f"{onward}?done={do}")
    alone = not Membership.objects.active().of(place.scope).exclude(pk=row.pk).exists()
    context = {"do": do, "name": row.user.name, "place": place.name, "alone": alone, "back": place.url}
    return render(request, "membership/sure.html", context)


def _cannot(request: HttpRequest, place: Place, error: ValidationError) -> HttpResponse:
    context = {"problem": " ".join(error.messages), "back": place.url, "place": place.name}
    return render(request, "membership/cannot.html", context, status=409)
