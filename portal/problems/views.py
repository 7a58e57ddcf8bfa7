""" "Report a problem": no account, no JavaScript, a reference to quote.

A page that is not public, and one that never was, get the same answer, whatever is asked and pressed.
"""

from typing import Any
from uuid import UUID

from django.core.signing import BadSignature, Signer
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from groups.listings.boundary import listings_of
from groups.listings.models import GroupPage
from groups.listings.public import PublicListing
from groups.people.permissions import may
from groups.problems import verbs
from groups.problems.models import Kind
from groups.throttle import may_try
from portal.accounts.access import network_address
from portal.accounts.pages import values_and_errors
from portal.exit import EXIT_TO
from portal.options import Option
from portal.problems.forms import ProblemForm

_REFERENCES = Signer(salt="waymark.problem")


@never_cache
@sensitive_post_parameters("words", "email")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, uid: UUID) -> HttpResponse:
    """The form; whoever worries about safety sees urgent help before anything is sent."""
    page = GroupPage.objects.listed().with_uids([uid]).first()
    listing = listings_of([uid]).get(uid)
    if page is None or listing is None or not may(request.user, "report_problem", page):
        raise Http404
    if sent := _reference(request.GET.get("sent", "")):
        return _respond(request, listing, "problems/sent.html", {"reference": sent})
    form = ProblemForm(request.POST or None)
    help_first = False
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            said = form.cleaned_data
            help_first = said["kind"] == Kind.SAFETY and "seen_help" not in request.POST
            if help_first:
                status = 200
            elif not may_try(verbs.FROM_ONE_ADDRESS, network_address(request)):
                form.add_error("words", _("Many reports came from where you are. Wait an hour, or ring us."))
                status = 429
            else:
                problem = verbs.report(
                    page, kind=said["kind"], words=said["words"], email=said["email"], now=timezone.now()
                )
                return redirect(f"{request.path}?sent={_REFERENCES.sign(problem.reference)}")
    context = {**values_and_errors(form), "kinds": _kinds(form), "help_first": help_first}
    return _respond(request, listing, "problems/report.html", context, status=status)


def _reference(signed: str) -> str:
    """The reference that we gave out ourselves; "" for anything else."""
    try:
        return _REFERENCES.unsign(signed)
    except BadSignature:
        return ""


def _kinds(form: ProblemForm) -> list[Option]:
    chosen = form["kind"].value()
    return [Option(value, str(label), chosen=value == chosen) for value, label in Kind.choices]


def _respond(
    request: HttpRequest, listing: PublicListing, template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    context |= {
        "name": listing.name,
        "back": listing.path or "/",
        "exit_to": EXIT_TO if listing.is_confidential else "",
    }
    response = render(request, template, context, status=status)
    response["X-Robots-Tag"] = "noindex"
    if listing.is_confidential:
        response["Referrer-Policy"] = "no-referrer"  # as on the group's own page
    return response
