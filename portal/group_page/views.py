"""Serve a `GroupPage`, live or as a preview, from its public listing."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from wagtail.models import Page

from groups.listings.boundary import listing_of
from groups.people.permissions import may
from portal.group_page.page import group_view
from search import engines


def group_page(request: HttpRequest, page: Page) -> HttpResponse:
    """The page of a group. `?print=large` asks for type of 18 points and over on paper."""
    listing = listing_of(page)
    engine = engines.current()
    view = group_view(
        listing,
        request.build_absolute_uri(listing.path or "/"),
        timezone.now(),
        more_like=engine.more_like(listing.uid),
        near=[] if listing.is_confidential else engine.near(listing.uid),
    )
    response = render(
        request,
        "group_page/group_page.html",
        {
            "group": view,
            "listing": listing,
            "large_print": request.GET.get("print") == "large",
            "may_stamp": _may_stamp(request),
        },
    )
    if listing.is_confidential:
        # Nothing of it may wait in a shared browser, or be found by a search engine.
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex"
        response["Referrer-Policy"] = "no-referrer"
    return response


def _may_stamp(request: HttpRequest) -> bool:
    """Whether to offer the stamp for calls. Visitors without a session are not asked for: their page is the same for all."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES and may(request.user, "stamp_calls")
