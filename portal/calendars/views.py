"""GET /groups/<uid>/calendar.ics and /groups/<uid>/<session>/calendar.ics, from the public listing."""

from datetime import datetime, time
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groups.listings.choices import Mode, Status
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.schedule.calendars import CalendarEvent, calendar
from groups.schedule.rules import LONDON
from search import engines


@require_safe
def group_calendar(request: HttpRequest, uid: UUID) -> HttpResponse:
    """Every session of a group. Raises Http404 where the public may not find it, or it has closed."""
    listing = _listing(uid)
    return _file(request, listing, list(listing.sessions))


@require_safe
def session_calendar(request: HttpRequest, uid: UUID, session: UUID) -> HttpResponse:
    """One session. Raises Http404 as above, or where there is no such session."""
    listing = _listing(uid)
    chosen = [item for item in listing.sessions if item.uid == str(session)]
    if not chosen:
        raise Http404
    return _file(request, listing, chosen)


def _listing(uid: UUID) -> PublicListing:
    listing = engines.current().listings([uid]).get(uid)
    if listing is None or listing.status == Status.CLOSED:
        raise Http404
    return listing


def _file(request: HttpRequest, listing: PublicListing, sessions: list[PublicSession]) -> HttpResponse:
    name = _("Group meeting") if listing.is_confidential else listing.name
    url = "" if listing.is_confidential else request.build_absolute_uri(listing.path)
    events = [_event(listing, session, name, url) for session in sessions if session.has_fixed_times]
    response = HttpResponse(calendar(name, events), content_type="text/calendar; charset=utf-8")
    file_name = "meetings" if listing.is_confidential else slugify(listing.name) or "meetings"
    response["Content-Disposition"] = f'attachment; filename="{file_name}.ics"'
    response["X-Robots-Tag"] = "noindex"
    if listing.is_confidential:
        response["Cache-Control"] = "no-store"
    return response


def _event(listing: PublicListing, session: PublicSession, name: str, url: str) -> CalendarEvent:
    changed = listing.updated_on or listing.first_published_on or timezone.localdate()
    phone = listing.phone
    return CalendarEvent(
        uid=session.uid,
        rule=session.rule,
        title=f"{name}: {session.label}" if session.label and not listing.is_confidential else name,
        dtstamp=datetime.combine(changed, time(), LONDON),
        changes=session.changes,
        closures=session.closures,
        terms=session.terms,
        place="" if listing.is_confidential else _place(session, session.place),
        other_places={}
        if listing.is_confidential
        else {place.uid: _place(session, place) for place in session.other_places},
        url=url,
        description=_("Ring %(phone)s before you go, if you can.") % {"phone": phone.value}
        if phone and not listing.is_confidential
        else "",
    )


def _place(session: PublicSession, place: PublicPlace | None) -> str:
    if place is None:
        return "" if session.mode == Mode.IN_PERSON else session.mode_label
    if place.ask:
        return _("%(area)s: ask us where") % {"area": place.name}
    return ", ".join(place.lines)
