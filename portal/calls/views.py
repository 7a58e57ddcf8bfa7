"""What a link worker sees after a call: the facts, one press for "right", two answers for "wrong"."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from groups.listings.boundary import listing_of
from groups.listings.models import GroupPage
from groups.listings.public import Audience
from groups.people.permissions import may
from groups.reviews.calls import found_right, found_wrong
from portal.accounts.access import SignedInRequest, signed_in
from portal.accounts.pages import values_and_errors
from portal.calls.forms import WrongForm
from portal.options import Option
from portal.still_right.facts import basics
from portal.words import checked_words


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def called(request: SignedInRequest, uid: UUID) -> HttpResponse:
    """For those who may stamp calls; only of a page that anybody may find."""
    if not may(request.user, "stamp_calls"):
        raise PermissionDenied
    page = GroupPage.objects.listed().with_uids([uid]).order_by("locale_id").first()
    if page is None:
        raise Http404
    now = timezone.now()
    is_right = request.POST.get("do") == "right"
    form = WrongForm(request.POST if request.method == "POST" and not is_right else None)
    if is_right:
        found_right(page, by=request.user, now=now)
        return redirect(f"{request.path}?done=right")
    if form.is_bound and form.is_valid():
        found_wrong(page, **form.cleaned_data, by=request.user, now=now)
        return redirect(f"{request.path}?done=wrong")
    listing = listing_of(page, Audience.LINK_WORKERS)
    chosen = form["kind"].value()
    context = {
        **values_and_errors(form),
        "kinds": [
            Option(value, str(label), chosen=value == chosen)
            for value, label in form.fields["kind"].choices  # type: ignore[attr-defined]
        ],
        "name": listing.name,
        "path": listing.path,
        "facts": basics(listing, timezone.localdate(now)),
        "checked": checked_words(listing),
        "done": {
            "right": _("Thank you. The page now says that you checked it today."),
            "wrong": _("Thank you. Our staff see to it."),
        }.get(request.GET.get("done", ""), ""),
    }
    return render(request, "calls/called.html", context, status=422 if form.errors else 200)
