"""From a listing to a card: the meeting and the place that satisfy the query, the same for every engine."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, islice

from groups.listings.choices import Weekday
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.places.distance import miles_between
from groups.schedule.rules import Frequency, Occurrence
from search.engine import Card
from search.index.days import MOST_COMING, coming_days, meeting_on
from search.index.document import times_of_day
from search.index.records import SESSION_BITS
from search.query import DirectoryQuery, Sort, When


def card_for(
    listing: PublicListing,
    query: DirectoryQuery,
    now: datetime,
    *,
    score: float,
    miles: float | None,
    serves: bool,
    parts: dict[str, float],
) -> Card:
    """A card, with the soonest meeting that satisfies what was asked, or else the soonest of all.

    Sorted by distance, the card shows the nearest session, by whose `miles` it stands where it does.
    """
    fitting = [session for session in listing.sessions if _fits(session, query)]
    session, occurrence = (
        _wanted(fitting, query, now) or _soonest(listing.sessions, DirectoryQuery(), now) or (None, None)
    )
    if session is None:
        session = next(iter(fitting or listing.sessions), None)
    place = session.place_of(occurrence) if session and occurrence else session.place if session else None
    return Card(
        listing=listing,
        score=score,
        miles=miles,
        serves=serves,
        session=session,
        occurrence=occurrence if listing.status == "open" else None,
        place=place,
        away=_away(session, place, query, miles),
        parts=parts,
    )


def _fits(session: PublicSession, query: DirectoryQuery) -> bool:
    if query.modes and session.mode not in query.modes:
        return False
    if query.access and not set(query.access) <= set(session.access):
        return False
    if query.place is None or session.place is None:
        return True
    return _miles_to(session.place, query) <= (query.radius_miles or 0.0)


def _miles_to(place: PublicPlace, query: DirectoryQuery) -> float:
    if place.latitude is None or place.longitude is None or query.place is None:
        return float("inf")
    return miles_between(query.place.latitude, query.place.longitude, place.latitude, place.longitude)


def _wanted(
    sessions: Sequence[PublicSession], query: DirectoryQuery, now: datetime
) -> tuple[PublicSession, Occurrence] | None:
    """The soonest meeting; sorted by distance, the soonest at the nearest place that has one."""
    if query.sort != Sort.NEAREST or query.place is None:
        return _soonest(sessions, query, now)

    def away(session: PublicSession) -> float:
        return _miles_to(session.place, query) if session.place else float("inf")

    by_distance = groupby(sorted(sessions, key=away), key=away)
    found = (_soonest(list(at_one_place), query, now) for _miles, at_one_place in by_distance)
    return next(filter(None, found), None)


def _away(
    session: PublicSession | None, place: PublicPlace | None, query: DirectoryQuery, nearest: float | None
) -> float | None:
    """How far the place on the card is: never one session's place with another's distance."""
    if session is None or query.place is None:
        return nearest
    miles = _miles_to(place, query) if place else float("inf")
    return None if miles == float("inf") else miles


def _soonest(
    sessions: Sequence[PublicSession], query: DirectoryQuery, now: datetime
) -> tuple[PublicSession, Occurrence] | None:
    most = MOST_COMING if query.days or query.times or query.when else 1
    best: tuple[tuple[date, str], PublicSession, Occurrence | None] | None = None
    for session in sessions:
        if session.rule.frequency == Frequency.ARRANGED:
            continue
        for day, start, occurrence in islice(_coming(session, now, most), most):
            if best and (day, start) >= best[0]:
                break
            if not _fits_day(day, query, now.date()):
                continue
            if query.times and not _fits_time(occurrence or meeting_on(session.rule, day), query):
                continue
            best = (day, start), session, occurrence
            break
    if best is None:
        return None
    (day, _start), session, occurrence = best
    return session, occurrence or meeting_on(session.rule, day)


def _coming(
    session: PublicSession, now: datetime, most: int
) -> Iterator[tuple[date, str, Occurrence | None]]:
    """Day and start of the meetings to come; the meeting itself only where something was changed, for it costs time."""
    if session.changes or session.closures:
        for meeting in session.next_dates(most, now):
            yield meeting.date, meeting.starts.time().isoformat() if meeting.starts else "", meeting
    else:
        start = session.rule.start.isoformat() if session.rule.start else ""
        for day in coming_days(session, now):
            yield day, start, None


def _fits_day(day: date, query: DirectoryQuery, today: date) -> bool:
    if query.days and Weekday.values[day.weekday()] not in query.days:
        return False
    if query.when:
        first, last = when_dates(query.when, today)
        return first <= day <= last
    return True


def _fits_time(meeting: Occurrence, query: DirectoryQuery) -> bool:
    if not meeting.starts:
        return True
    start = meeting.starts.hour * 60 + meeting.starts.minute
    length = int(((meeting.ends or meeting.starts) - meeting.starts).total_seconds() // 60)
    bits = times_of_day(start, start + length)
    return any(bits & SESSION_BITS["time"][part] for part in query.times)


def when_dates(when: str, today: date) -> tuple[date, date]:
    """The first and last day of a span such as "weekend", counted from today."""
    if when == When.TODAY:
        return today, today
    if when == When.TOMORROW:
        return today + timedelta(days=1), today + timedelta(days=1)
    if when == When.WEEKEND:
        to_sunday = timedelta(days=6 - today.weekday())
        saturday = today + to_sunday - timedelta(days=1)
        return max(saturday, today), today + to_sunday
    return today, today + timedelta(days=6)
