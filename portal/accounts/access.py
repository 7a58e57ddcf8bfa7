"""Who is asked to sign in first, and where they go afterwards."""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from groups.people.permissions import may
from groups.people.signing_in.models import SignInRequest

LATELY = timedelta(minutes=30)
_SIGNED_IN_AT = "waymark_signed_in_at"
_LONGEST_ADDRESS: int = SignInRequest._meta.get_field("next_path").max_length or 0
View = Callable[..., HttpResponse]


class SignedInRequest(HttpRequest):
    """What a view behind `signed_in` is given: `user` is a `User`, with django-otp's `is_verified`."""

    user: Any


def signed_in(view: View) -> View:
    """Only for people with an account; others sign in and come back."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not may(request.user, "have_account"):
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def note_signing_in(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Django says that somebody has signed in, whichever way."""
    request.session[_SIGNED_IN_AT] = int(time.time())


def signed_in_lately(view: View) -> View:
    """Only for people who signed in within LATELY; others do it again, and come back: a phone may lie open on a table."""

    @signed_in
    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if time.time() - request.session.get(_SIGNED_IN_AT, 0) > LATELY.total_seconds():
            return to_sign_in(request)
        return view(request, *args, **kwargs)

    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponse:
    back = request.get_full_path() if request.method in ("GET", "HEAD") else request.path
    return HttpResponseRedirect(f"{reverse('sign_in')}?{urlencode({'next': back})}")


def safe_next(request: HttpRequest, wanted: str | None) -> str:
    """The address to go to, if it is one of ours, printable and not too long to keep; "" otherwise."""
    ok = wanted and len(wanted) <= _LONGEST_ADDRESS and wanted.isprintable()
    ok = ok and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if wanted and ok else ""


def after_signing_in(next_path: str) -> str:
    return next_path or settings.LOGIN_REDIRECT_URL


def network_address(request: HttpRequest) -> str:
    """The visitor's address, past our own proxies and no further: whatever stands before those can be made up."""
    hops = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    before = settings.WAYMARK_PROXIES
    if before and len(hops) >= before:
        return hops[-before]
    return request.META.get("REMOTE_ADDR", "")
