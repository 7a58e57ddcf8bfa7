"""One transaction around each thing staff send (`model.md`, "One door to the index": Wagtail's publish is not atomic).

A middleware, not `ATOMIC_REQUESTS`: with SQLite's IMMEDIATE that would lock on reads. A failure anywhere in the view, the
index's included, leaves nothing half done; what changed passes the door once, at the end.
"""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from groups.listings import changes

_READS = {"GET", "HEAD", "OPTIONS", "TRACE"}
# Sent with every pause in typing; they write one row of the form's own and must not hold the write lock.
_WITHOUT = {"preview_on_edit", "preview_on_add", "ping", "release"}


class OneTransactionForEachAdminPost:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Answer by the view inside a transaction. An exception leaves by it, so that it rolls back."""
        match = request.resolver_match
        if request.method in _READS or not request.path.startswith(reverse("wagtailadmin_home")):
            return None
        if match is not None and match.url_name in _WITHOUT:
            return None
        with changes.together():
            return view(request, *args, **kwargs)
