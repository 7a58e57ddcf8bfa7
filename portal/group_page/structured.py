"""A group for machines: JSON-LD in schema.org's words, from the public listing and nothing else."""

import json
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from groups.listings.choices import Mode
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.schedule.rules import Occurrence

EVENTS = 4
DAYS_AHEAD = 35
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


def json_ld(listing: PublicListing, url: str, now: datetime) -> SafeString:
    """The text of a `<script type="application/ld+json">`, safe inside HTML; "" for a confidential group.

    url: the absolute address of the page. Events: the soonest meetings, cancelled ones marked.
    """
    if listing.is_confidential:
        return SafeString()
    graph = [_organisation(listing, url), *_events(listing, url, now)]
    text = json.dumps(
        {"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False, separators=(",", ":")
    )
    return mark_safe(text.translate(_ESCAPES))  # noqa: S308 — nothing that HTML could read is left


def _organisation(listing: PublicListing, url: str) -> dict[str, Any]:
    return _without_blanks(
        {
            "@type": "Organization",
            "@id": url,
            "name": listing.name,
            "description": listing.summary,
            "url": url,
            "telephone": listing.phone.value if listing.phone else "",
            "email": listing.email.value if listing.email else "",
            "parentOrganization": {"@type": "Organization", "name": listing.organisation}
            if listing.organisation
            else {},
        }
    )


def _events(listing: PublicListing, url: str, now: datetime) -> list[dict[str, Any]]:
    meetings = [
        (session, at)
        for session, at in listing.meetings(now.date(), DAYS_AHEAD)
        if at.starts is None or at.starts >= now
    ]
    return [_event(listing, session, at, url) for session, at in meetings[:EVENTS]]


def _event(listing: PublicListing, session: PublicSession, at: Occurrence, url: str) -> dict[str, Any]:
    online = session.mode != Mode.IN_PERSON
    place = session.place_of(at)
    return _without_blanks(
        {
            "@type": "Event",
            "name": listing.name,
            "url": url,
            "startDate": (at.starts or at.date).isoformat(),
            "endDate": at.ends.isoformat() if at.ends else "",
            "eventStatus": "https://schema.org/" + ("EventCancelled" if at.cancelled else "EventScheduled"),
            "eventAttendanceMode": "https://schema.org/"
            + ("OnlineEventAttendanceMode" if online else "OfflineEventAttendanceMode"),
            "location": {"@type": "VirtualLocation", "url": url}
            if online
            else _place(place)
            if place
            else {},
            "organizer": {"@id": url},
            "isAccessibleForFree": True if listing.is_free else None,
        }
    )


def _place(place: PublicPlace) -> dict[str, Any]:
    if not place.exact:
        return {"@type": "Place", "name": place.name}
    return _without_blanks(
        {
            "@type": "Place",
            "name": place.name,
            "address": _without_blanks(
                {
                    "@type": "PostalAddress",
                    "streetAddress": place.address,
                    "addressLocality": place.town,
                    "postalCode": place.postcode,
                    "addressCountry": "GB",
                }
            ),
            "geo": {"@type": "GeoCoordinates", "latitude": place.latitude, "longitude": place.longitude}
            if place.latitude is not None
            else {},
        }
    )


def _without_blanks(data: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if value not in ("", None, {})}
