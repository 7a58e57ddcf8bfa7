"""What visitors will see, beside the form: the public listing of a version in memory, never the model."""

from django.http import HttpRequest
from django.utils import timezone

from groups.listings.boundary import listing_of
from groups.listings.models import GroupPage
from portal.group_page.page import GroupView, group_view


def visitors_see(request: HttpRequest, version: GroupPage) -> GroupView:
    """The group as its page will show it, with today's facts."""
    listing = listing_of(version)
    return group_view(listing, request.build_absolute_uri(listing.path or "/"), timezone.now())
