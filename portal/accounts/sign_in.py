"""Signing in: by a link or code from an e-mail, or by a password. Nothing here tells whether an address is known."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from groups import throttle
from groups.demo import people as demo
from groups.people.models import User
from groups.people.permissions import may
from groups.people.signing_in import limits, verbs
from portal.accounts.access import after_signing_in, network_address, safe_next
from portal.accounts.code import try_code
from portal.accounts.forms import CodeForm, EmailForm, PasswordSignInForm
from portal.accounts.pages import values_and_errors

_ASKED = "waymark_sign_in"
_GET_OR_POST = require_http_methods(["GET", "HEAD", "POST"])


@never_cache
@_GET_OR_POST
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponse:
    """The two ways in, on one page."""
    next_path = safe_next(request, request.POST.get("next") or request.GET.get("next"))
    if request.method != "POST":
        return _sign_in_page(request, EmailForm(), next_path)
    if "password" in request.POST:
        return _by_password(request, next_path)
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, next_path, status=422)
    email = form.cleaned_data["email"]
    # Both are counted, whatever the first says, so that every address takes the same way.
    allowed = [
        throttle.may_try(limits.LINKS_FROM_ONE_ADDRESS, network_address(request)),
        throttle.may_try(limits.LINKS_TO_ONE_ACCOUNT, email),
    ]
    if not all(allowed):
        form.add_error(
            "email",
            _("You have asked often. The newest e-mail still works. Or wait 15 minutes, and ask again."),
        )
        return _sign_in_page(request, form, next_path, status=429)
    asked = verbs.ask(email, next_path=next_path)
    request.session[_ASKED] = {"uid": str(asked.uid), "email": asked.email}
    return redirect("sign_in_code")


def _by_password(request: HttpRequest, next_path: str) -> HttpResponse:
    form = PasswordSignInForm(request.POST)
    if not form.is_valid():
        return _sign_in_page(request, form, next_path, status=422, by_password=True)
    email, password = form.cleaned_data["email"], form.cleaned_data["password"]
    allowed = [
        throttle.may_try(limits.PASSWORDS_FROM_ONE_ADDRESS, network_address(request)),
        throttle.may_try(limits.PASSWORDS_FOR_ONE_ACCOUNT, email),
    ]
    if not all(allowed):
        form.add_error(None, _("That was tried too often. Wait 15 minutes, or ask for a link by e-mail."))
        return _sign_in_page(request, form, next_path, status=429, by_password=True)
    user = authenticate(request, username=email, password=password)
    if user is None:
        form.add_error(
            None, _("This address and password do not go together. Check both, or ask for a link by e-mail.")
        )
        return _sign_in_page(request, form, next_path, status=422, by_password=True)
    return _let_in(request, user, next_path)


def _sign_in_page(
    request: HttpRequest, form: EmailForm, next_path: str, *, status: int = 200, by_password: bool = False
) -> HttpResponse:
    page = values_and_errors(form)
    context = {
        **page,
        "by_password": by_password,
        "next": next_path,
        "again": bool(next_path) and may(request.user, "have_account"),
        "deleted": request.GET.get("out") == "deleted",
        "demo_people": demo.people() if settings.WAYMARK_DEMO else [],
    }
    return render(request, "accounts/sign_in.html", context, status=status)


@never_cache
@_GET_OR_POST
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """ "We have sent you an e-mail", and the box for its code. Works only in the browser that asked."""
    asked = request.session.get(_ASKED)
    if not asked:
        return redirect("sign_in")
    form = CodeForm(request.POST or None)
    if let_in := try_code(request, form, lambda code: verbs.use_code(UUID(asked["uid"]), code)):
        user, used = let_in
        return _let_in(request, user, used.next_path)
    context = {**values_and_errors(form), "email": asked["email"], "show_mail": settings.WAYMARK_SHOW_MAIL}
    return render(request, "accounts/code.html", context, status=422 if form.errors else 200)


@never_cache
@_GET_OR_POST
def sign_in_link(request: HttpRequest) -> HttpResponse:
    """The e-mailed link. Looking shows a button and uses nothing up: mail programs look at links by themselves."""
    key = request.POST.get("key") or request.GET.get("key", "")
    if request.method == "POST":
        try:
            user, used = verbs.use_link(key)
        except ValidationError as error:
            return render(request, "accounts/link.html", {"problem": " ".join(error.messages)}, status=410)
        return _let_in(request, user, used.next_path)
    found = verbs.request_of(key)
    if found is None:
        problem = _("This link was used, or is too old. Ask for a new one.")
        return render(request, "accounts/link.html", {"problem": problem}, status=410)
    return render(request, "accounts/link.html", {"problem": "", "email": found.email, "key": key})


def _let_in(request: HttpRequest, user: Any, next_path: str) -> HttpResponse:
    """Start the session; somebody new says their name first."""
    request.session.pop(_ASKED, None)
    login(request, user)
    if not user.first_name:
        return HttpResponseRedirect(f"{reverse('account_name')}?{urlencode({'next': next_path})}")
    return HttpResponseRedirect(after_signing_in(next_path))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect(f"{reverse('sign_in')}?out=1")


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """One press signs in as somebody of the demo. On a real site there is no such page."""
    wanted = request.POST.get("email", "")
    if not settings.WAYMARK_DEMO or wanted not in {person.email for person in demo.people()}:
        raise Http404
    user = get_object_or_404(User, email=wanted, is_active=True)
    return _let_in(request, user, safe_next(request, request.POST.get("next")))
