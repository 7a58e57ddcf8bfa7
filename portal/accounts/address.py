"""A new e-mail address: asked for here, proved by a link or a code sent to it."""

from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groups import throttle
from groups.people.signing_in import limits
from groups.people.signing_in.moving import ask_to_move, move_by_code, move_by_link, move_of
from portal.accounts.access import SignedInRequest, network_address, signed_in, signed_in_lately
from portal.accounts.code import try_code
from portal.accounts.forms import CodeForm, EmailForm
from portal.accounts.pages import values_and_errors

_ASKED = "waymark_new_address"
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_GET_OR_POST
@signed_in_lately
def email(request: SignedInRequest) -> HttpResponse:
    """Which address? Every address gets the same answer."""
    form = EmailForm(request.POST or None)
    status = 200
    if request.method == "POST" and form.is_valid():
        wanted = form.cleaned_data["email"]
        allowed = [
            throttle.may_try(limits.LINKS_FROM_ONE_ADDRESS, network_address(request)),
            throttle.may_try(limits.LINKS_TO_ONE_ACCOUNT, wanted),
        ]
        if all(allowed):
            asked = ask_to_move(request.user, wanted)
            request.session[_ASKED] = {"uid": str(asked.uid), "email": asked.email}
            return redirect("account_email_code")
        form.add_error("email", _("You have asked often. Wait 15 minutes, and ask again."))
        status = 429
    context = {**values_and_errors(form), "now": request.user.email}
    return render(
        request, "accounts/email.html", context, status=422 if form.errors and status == 200 else status
    )


@never_cache
@_GET_OR_POST
@signed_in
def email_code(request: SignedInRequest) -> HttpResponse:
    """The box for the code that went to the new address. Works only in the browser that asked."""
    asked = request.session.get(_ASKED)
    if not asked:
        return redirect("account_email")
    form = CodeForm(request.POST or None)
    if try_code(request, form, lambda code: move_by_code(request.user, UUID(asked["uid"]), code)):
        return _done(request)
    context = {**values_and_errors(form), "email": asked["email"], "show_mail": settings.WAYMARK_SHOW_MAIL}
    return render(request, "accounts/email_code.html", context, status=422 if form.errors else 200)


@never_cache
@_GET_OR_POST
@signed_in
def email_link(request: SignedInRequest) -> HttpResponse:
    """The e-mailed link. Looking shows a button and uses nothing up."""
    key = request.POST.get("key") or request.GET.get("key", "")
    problem = ""
    if request.method == "POST":
        try:
            move_by_link(request.user, key)
            return _done(request)
        except ValidationError as error:
            problem = " ".join(error.messages)
    found = move_of(request.user, key)
    if found is None and not problem:
        problem = _("This link was used, is too old, or is for another account. Ask for a new one.")
    context = {"problem": problem, "email": found.email if found else "", "key": key}
    return render(request, "accounts/email_link.html", context, status=410 if problem else 200)


def _done(request: HttpRequest) -> HttpResponse:
    request.session.pop(_ASKED, None)
    return redirect(f"{reverse('account')}?done=email")
