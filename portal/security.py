"""The admin's own Content-Security-Policy: everything from our host, tiles excepted; inline, because Wagtail writes it."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

_HEADER = "Content-Security-Policy"


def admin_policy() -> str:
    """The policy as one header line. Public pages have the strict one of `CONTENT_SECURITY_POLICY`."""
    directives: Any = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    images = " ".join(str(source).strip() for source in directives["img-src"])
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline'",
            "style-src 'self' 'unsafe-inline'",
            f"img-src {images} blob:",
            "font-src 'self' data:",
            "media-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        ]
    )


class AdminContentSecurityPolicy:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.path.startswith(reverse("wagtailadmin_home")) and _HEADER not in response:
            response[_HEADER] = admin_policy()
        return response
