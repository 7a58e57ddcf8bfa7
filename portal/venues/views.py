"""A venue as it is today, with what happens there by day. It has a page only while a public group meets there."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from groups.listings.choices import AccessFeature, Answer, Status
from groups.listings.public import PublicAnswer, PublicListing, PublicPlace
from groups.places.models import Venue
from groups.schedule.rules import Frequency
from portal.group_page.dates import directions
from portal.group_page.facts import Access
from search import engines


@dataclass(frozen=True, slots=True)
class VenueMeeting:
    """One line of a day."""

    name: str
    path: str
    when: str
    summary: str
    family: str
    colour: str


@require_safe
def venue(request: HttpRequest, slug: str, uid: UUID) -> HttpResponse:
    """The page of a venue; its own address where the name in the address is an old one.

    Raises:
        Http404: no such venue, or no published, public group meets there.
    """
    found = get_object_or_404(Venue, uid=uid)
    listings = engines.current().listings(found.listings_using()).values()
    meeting = [listing for listing in listings if listing.status != Status.CLOSED]
    places = [place for listing in meeting for place in places_of(listing) if place.uid == str(uid)]
    if not places:
        raise Http404
    if request.path != found.get_absolute_url():
        return HttpResponsePermanentRedirect(found.get_absolute_url())
    place = places[0]
    return render(
        request,
        "venues/venue.html",
        {
            "place": place,
            "directions": directions(place),
            "access": _access(found),
            "days": _days(meeting, str(uid)),
        },
    )


def places_of(listing: PublicListing) -> list[PublicPlace]:
    """Every exact place of a listing, those of moved dates included."""
    places = [session.place for session in listing.sessions if session.place]
    places += [place for session in listing.sessions for place in session.other_places]
    return [place for place in places if place.exact]


def _access(found: Venue) -> Access:
    rows = [PublicAnswer(row.feature, row.answer, row.detail) for row in found.access_answers.all()]
    told = {row.feature for row in rows if row.answer != Answer.UNKNOWN}
    return Access(
        yes=[row for row in rows if row.answer == Answer.YES],
        ask=[row for row in rows if row.answer == Answer.ASK],
        no=[row for row in rows if row.answer == Answer.NO],
        unknown=[str(feature.label) for feature in AccessFeature if feature.value not in told],
    )


def _days(listings: Iterable[PublicListing], uid: str) -> list[tuple[str, list[VenueMeeting]]]:
    """What happens here, Monday to Sunday, then what has no fixed day; earliest first."""
    by_day: dict[int, list[tuple[str, VenueMeeting]]] = defaultdict(list)
    for listing in listings:
        for session in listing.sessions:
            if not session.place or session.place.uid != uid:
                continue
            rule = session.rule
            days = list(rule.weekdays)
            if rule.frequency == Frequency.ONCE and rule.first_date:
                days = [rule.first_date.weekday()]
            line = VenueMeeting(
                listing.name, listing.path, session.words, listing.summary, listing.family, listing.colour
            )
            for day in days or [len(WEEKDAYS)]:
                by_day[day].append((f"{rule.start or ''}", line))
    names = {**WEEKDAYS, len(WEEKDAYS): _("Other times")}
    return [
        (str(names[day]), [line for _start, line in sorted(lines, key=lambda pair: (pair[0], pair[1].name))])
        for day, lines in sorted(by_day.items())
    ]
