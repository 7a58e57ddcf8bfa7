"""What a query without text must find, worked out from the listings themselves, one by one, in plain Python."""

from datetime import datetime, timedelta
from functools import lru_cache

from dateutil.relativedelta import relativedelta

from groups.listings.choices import Stage, Weekday
from groups.listings.freshness import closed_is_shown
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.places.distance import miles_between
from groups.schedule.occurrences import over_at
from groups.schedule.rules import Occurrence
from search.query import DirectoryQuery, When

HORIZON = timedelta(days=380)


def finds(listing: PublicListing, query: DirectoryQuery, now: datetime) -> bool:
    return bool(fitting(listing, query, now)) and _listing_fits(listing, query, now)


def miles(listing: PublicListing, query: DirectoryQuery, now: datetime) -> float | None:
    """To the nearest place of a meeting that satisfies the query."""
    distances = [
        _distance(place, query)
        for _session, place, _at in fitting(listing, query, now)
        if place is not None and place.latitude is not None
    ]
    return min(distances, default=None)


def fitting(listing: PublicListing, query: DirectoryQuery, now: datetime) -> list[tuple]:
    """(session, place, meeting or None) that satisfy every condition on sessions together."""
    ways = [way for session in listing.sessions for way in _ways(session, now)] or [(None, None, None)]
    return [way for way in ways if _way_fits(listing, way, query, now)]


@lru_cache(maxsize=2000)
def _ways(session: PublicSession, now: datetime) -> list[tuple]:
    """The session as it usually is, and each of its meetings to come, where and when that one is."""
    last = now.date() + HORIZON
    coming = [
        at
        for at in session.occurrences(now.date() - timedelta(days=1), last)
        if not at.cancelled and over_at(at) > now
    ]
    return [(session, session.place, None), *((session, session.place_of(at), at) for at in coming)]


def _way_fits(listing: PublicListing, way: tuple, query: DirectoryQuery, now: datetime) -> bool:
    session, place, meeting = way
    if query.place is not None and not _reaches(listing, session, place, query):
        return False
    if session is None:
        return not (query.days or query.times or query.when or query.modes or query.access)
    if query.modes and session.mode not in query.modes:
        return False
    if query.access and not set(query.access) <= set(session.access):
        return False
    if not (query.days or query.times or query.when):
        return True
    if meeting is None or meeting.date < now.date():
        return False
    if query.days and Weekday.values[meeting.date.weekday()] not in query.days:
        return False
    if query.times and not any(part in query.times for part in parts_of_day(meeting)):
        return False
    if query.when:
        first, last = _span(query.when, now)
        return listing.status == "open" and first <= meeting.date <= last
    return True


def parts_of_day(meeting: Occurrence) -> list[str]:
    if meeting.starts is None:
        return []
    start = meeting.starts.hour + meeting.starts.minute / 60
    ends = meeting.ends or meeting.starts
    end = ends.hour + ends.minute / 60 + 24 * (ends.date() - meeting.starts.date()).days
    end = max(end, start + 1 / 60)
    spans = {"morning": (0, 12), "afternoon": (12, 17), "evening": (17, 24)}
    return [part for part, (first, last) in spans.items() if start < last and end > first]


def _span(when: str, now: datetime):
    today = now.date()
    if when == When.TODAY:
        return today, today
    if when == When.TOMORROW:
        return today + timedelta(days=1), today + timedelta(days=1)
    if when == When.THIS_WEEK:
        return today, today + timedelta(days=6)
    sunday = today + timedelta(days=6 - today.weekday())
    return max(today, sunday - timedelta(days=1)), sunday


def _reaches(
    listing: PublicListing, session: PublicSession | None, place: PublicPlace | None, query: DirectoryQuery
) -> bool:
    if place is not None and place.latitude is not None:
        return _distance(place, query) <= query.radius_miles
    serves = any(_serves(area, query) for area in listing.served)
    anywhere = session is not None and session.mode in ("online", "telephone") and not listing.served
    return serves or anywhere


def _serves(area, query: DirectoryQuery) -> bool:
    if area.kind == "country":
        return True
    if area.kind == "district":
        return area.district_code == query.place.district_code
    return (
        miles_between(query.place.latitude, query.place.longitude, area.latitude, area.longitude)
        <= area.miles
    )


def _distance(place: PublicPlace, query: DirectoryQuery) -> float:
    return miles_between(query.place.latitude, query.place.longitude, place.latitude, place.longitude)


def _listing_fits(listing: PublicListing, query: DirectoryQuery, now: datetime) -> bool:
    today = now.date()
    slugs = {
        name: {topic.slug for topic in getattr(listing, name)}
        for name in ("activities", "needs", "circumstances", "languages")
    }
    slugs["circumstances"].add(listing.gender)  # a group only women may join is for women
    return all(
        (
            listing.status != "closed" or closed_is_shown(listing.closed_on, today),
            *(not getattr(query, name) or slugs[name] & set(getattr(query, name)) for name in slugs),
            query.age is None or (listing.age_min or 0) <= query.age <= (listing.age_max or 999),
            not query.gender or listing.gender in (query.gender, "anyone"),
            query.cost != "free" or listing.cost_kind == "free",
            query.cost != "low" or listing.cost_kind in ("free", "donation"),
            not query.joining or listing.joining_kind in query.joining,
            not query.has_space or listing.capacity_today(today) == "space",
            not query.accepts_referrals or listing.accepts_referrals == "yes",
            not query.children_young_people or listing.children_young_people,
            not query.outdoors_nature or listing.outdoors_nature,
            not query.stage or Stage.values.index(listing.stage) >= Stage.values.index(query.stage),
            query.checked_months is None
            or (
                listing.confirmed_on is not None
                and listing.confirmed_on >= today - relativedelta(months=query.checked_months)
            ),
        )
    )
