"""The dates of a session as a visitor needs them: the next four, what is cancelled or moved before then, closures."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.schedule.rules import Occurrence, Span
from groups.schedule.words import describe_date
from portal.words import day_month_year, day_words, occurrence_on_page, place_words

NEXT = 4
# Where nothing is coming up, a cancelled date is still told this far ahead.
LOOK_AHEAD = timedelta(days=28)
CLOSURES_AHEAD = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class ShownDate:
    """One line. state: "", "cancelled" or "moved"; `note` says where to, and why."""

    words: str
    state: str = ""
    label: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShownSession:
    """One way of meeting, ready to show. `directions`: a link out, only to a place anyone may know."""

    session: PublicSession
    dates: list[ShownDate]
    closures: list[str]
    is_closed_now: bool
    directions: str


def shown_session(session: PublicSession, now: datetime) -> ShownSession:
    """`now` is aware; dates already over are left out."""
    today = timezone.localdate(now)
    coming = session.next_dates(NEXT, now)
    last = coming[-1].date if coming else today + LOOK_AHEAD
    lines = [(at.date, _shown(session, at, now)) for at in coming]
    for at in session.occurrences(today, last):
        if at.cancelled and not _in_closure(session, at):
            note = at.reason
            lines.append(
                (at.date, ShownDate(occurrence_on_page(at, today), "cancelled", _("Cancelled"), note))
            )
    for change in session.changes:
        if change.to_date and change.to_date != change.date and today <= change.date <= last:
            to = _("Moved to %(date)s") % {"date": describe_date(change.to_date, today)}
            lines.append((change.date, ShownDate(day_words(change.date, today), "moved", to, change.reason)))
    closures = [
        span for span in session.closures if span.last >= today and span.first <= today + CLOSURES_AHEAD
    ]
    return ShownSession(
        session=session,
        dates=[line for _day, line in sorted(lines, key=lambda pair: pair[0])],
        closures=[closure_words(span) for span in closures],
        is_closed_now=any(span.first <= today <= span.last for span in closures),
        directions=directions(session.place),
    )


def _shown(session: PublicSession, at: Occurrence, now: datetime) -> ShownDate:
    words = occurrence_on_page(at, timezone.localdate(now))
    place = session.place_of(at)
    notes = [at.reason]
    if place and place != session.place:
        notes.insert(0, _("This time at %(place)s") % {"place": place_words(place)})
    note = ". ".join(part.rstrip(".") for part in notes if part)
    if at.moved_from and at.moved_from != at.date:
        label = _("Moved from %(date)s") % {"date": describe_date(at.moved_from, timezone.localdate(now))}
        return ShownDate(words, "moved", label, note)
    return ShownDate(words, "moved" if note else "", _("Changed") if note else "", note)


def _in_closure(session: PublicSession, at: Occurrence) -> bool:
    return any(span.first <= at.date <= span.last for span in session.closures)


def closure_words(span: Span) -> str:
    """ "Closed from 21 December 2026 to 3 January 2027: Christmas"."""
    if span.first == span.last:
        words = _("Closed on %(day)s") % {"day": day_month_year(span.first)}
    else:
        words = _("Closed from %(first)s to %(last)s") % {
            "first": day_month_year(span.first),
            "last": day_month_year(span.last),
        }
    return f"{words}: {span.reason}" if span.reason else words


def directions(place: PublicPlace | None) -> str:
    """A link to a route planner, to the true door only; "" for an area or an unknown position."""
    if not place or not place.exact or place.latitude is None or place.longitude is None:
        return ""
    return f"https://www.openstreetmap.org/directions?to={place.latitude:.5f}%2C{place.longitude:.5f}"


def next_shown(listing: PublicListing, now: datetime) -> tuple[str, PublicSession, PublicPlace | None] | None:
    """The next meeting in words, its session and where it is; None for a group with no dates ahead."""
    found = listing.next_meeting(now)
    if not found:
        return None
    session, at = found
    return occurrence_on_page(at, timezone.localdate(now)), session, session.place_of(at)
