"""Listings to find, as plain values, and places to find them from. No engine, no database.

Usage:
    listing("Walking for All")                                    # Tuesdays 10 to 12 at Oaklands Hall, Chelmsford
    listing("Choir", sessions=[session("sat", place=None, mode="online")])
    listing("Art", activities=["arts"], checked=months_ago(14))
    at_miles(OAKLANDS, 3.2)                                       # a place 3.2 miles north of it
"""

import math
from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import UUID

from dateutil.relativedelta import relativedelta

from groups.listings.choices import Weekday
from groups.listings.public import PublicListing, PublicPlace, PublicServed, PublicSession, PublicTopic
from groups.places.distance import EARTH_RADIUS_MILES
from groups.places.gazetteer import Kind, Spot
from groups.schedule.rules import LONDON, Frequency, Rule

NOW = datetime(2027, 3, 10, 9, 0, tzinfo=LONDON)
"""A Wednesday morning. Both clock changes of the year lie ahead: 28 March and 31 October."""
TODAY = NOW.date()

OAKLANDS = PublicPlace("Oaklands Hall", "14 Vicarage Lane", "Chelmsford", "CM1 1QH", 51.73575, 0.46958)
CHELMSFORD = Spot(51.73575, 0.46958, "Chelmsford", "Chelmsford", "E07000070", Kind.PLACE, 5.0)

_number = count(1)


def at(day: date, hour: int, minute: int = 0, fold: int = 0) -> datetime:
    """A moment by the clock on a London wall."""
    return datetime.combine(day, time(hour, minute, fold=fold), LONDON)


def months_ago(months: int, days: int = 0) -> date:
    return TODAY - relativedelta(months=months) - timedelta(days=days)


CHECKED = months_ago(1)


def at_miles(place: PublicPlace, miles: float, *, bearing: float = 0.0, name: str = "") -> PublicPlace:
    """A public place so many miles from another, in degrees clockwise from north; to 5 decimals, as stored."""
    angle, turn = miles / EARTH_RADIUS_MILES, math.radians(bearing)
    phi, lam = math.radians(place.latitude), math.radians(place.longitude)
    latitude = math.asin(math.sin(phi) * math.cos(angle) + math.cos(phi) * math.sin(angle) * math.cos(turn))
    longitude = lam + math.atan2(
        math.sin(turn) * math.sin(angle) * math.cos(phi),
        math.cos(angle) - math.sin(phi) * math.sin(latitude),
    )
    return PublicPlace(
        name or f"Hall {miles:g}",
        town="Elsewhere",
        latitude=round(math.degrees(latitude), 5),
        longitude=round(math.degrees(longitude), 5),
    )


def session(
    days: str = "tue",
    start: int | None = 10,
    end: int | None = 12,
    *,
    place: PublicPlace | None = OAKLANDS,
    mode: str = "in_person",
    access: tuple[str, ...] = (),
    rule: Rule | None = None,
    **values,
) -> PublicSession:
    """One way of meeting: weekly on `days` ("tue sat") from `start` to `end` o'clock, unless a `rule` is given."""
    rule = rule or Rule(
        Frequency.WEEKLY,
        weekdays=tuple(Weekday(day).number for day in days.split()),
        start=None if start is None else time(start),
        end=None if end is None else time(end % 24),
    )
    return PublicSession(
        uid=f"session-{next(_number)}", mode=mode, rule=rule, place=place, access=tuple(access), **values
    )


def remote(mode: str = "online", **values) -> PublicSession:
    """A session with no place to go to."""
    return session(place=None, mode=mode, **values)


def once(day: date, start: int | None = 10, end: int | None = 12, **values) -> PublicSession:
    rule = Rule(
        Frequency.ONCE,
        first_date=day,
        start=None if start is None else time(start),
        end=None if end is None else time(end % 24),
    )
    return session(rule=rule, **values)


def arranged(**values) -> PublicSession:
    return session(rule=Rule(Frequency.ARRANGED), **values)


def topics(slugs) -> tuple[PublicTopic, ...]:
    return tuple(
        slug if isinstance(slug, PublicTopic) else PublicTopic(slug, slug.replace("_", " ").capitalize())
        for slug in slugs
    )


def listing(
    name: str = "Natter Group",
    *,
    number: int | None = None,
    sessions=None,
    checked: date | None = CHECKED,
    activities=(),
    needs=(),
    circumstances=(),
    languages=(),
    **values,
) -> PublicListing:
    """A listing confirmed by its group a month ago. `number` sets its public id, which breaks ties."""
    return PublicListing(
        uid=UUID(int=(number or next(_number) + 1_000_000) << 64),
        name=name,
        path=f"/groups/{name.lower().replace(' ', '-')}/",
        activities=topics(activities),
        needs=topics(needs),
        circumstances=topics(circumstances),
        languages=topics(languages),
        sessions=tuple([session()] if sessions is None else sessions),
        **{"confirmed_on": checked, "first_published_on": CHECKED, **values},
    )


def serves_radius(miles: float, place: PublicPlace = OAKLANDS) -> PublicServed:
    return PublicServed("radius", "Chelmsford", "", place.latitude, place.longitude, miles)


SERVES_CHELMSFORD = PublicServed("district", "Chelmsford", "E07000070")
SERVES_EVERYWHERE = PublicServed("country")


def spot_at(place: PublicPlace, *, district_code: str = "", radius: float = 5.0) -> Spot:
    """Somebody standing there."""
    return Spot(place.latitude, place.longitude, place.name, "", district_code, Kind.PLACE, radius)


def names(results) -> list[str]:
    return [card.listing.name for card in results.cards]
