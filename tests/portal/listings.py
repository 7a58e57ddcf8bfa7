"""Public listings to show, as plain values: no database.

Usage:
    listing(name="Knit and Natter", sessions=(session(place=place()),))
    secret()                      # one whose place is hidden: its page must say nothing of where it is
"""

import uuid
from datetime import date, time
from typing import Any

from groups.listings.public import (
    PublicAnswer,
    PublicContact,
    PublicListing,
    PublicPlace,
    PublicSession,
    PublicTopic,
)
from groups.schedule.rules import Frequency, Rule
from search.engine import Card

CHELMSFORD = (51.73575, 0.46958)


def place(**changes: Any) -> PublicPlace:
    """Oaklands Hall, a public place."""
    values: dict[str, Any] = {
        "name": "Oaklands Hall",
        "address": "14 Vicarage Lane",
        "town": "Chelmsford",
        "postcode": "CM1 1QH",
        "latitude": CHELMSFORD[0],
        "longitude": CHELMSFORD[1],
        "uid": "6f7c2f0e-3b43-4e35-9f5e-0f6f2d9b3f11",
        "path": "/venues/oaklands-hall/6f7c2f0e-3b43-4e35-9f5e-0f6f2d9b3f11/",
    }
    return PublicPlace(**{**values, **changes})


def area(**changes: Any) -> PublicPlace:
    """Moulsham, an area: nobody may know the door."""
    values: dict[str, Any] = {"name": "Moulsham", "latitude": 51.72441, "longitude": 0.47512, "exact": False}
    return PublicPlace(**{**values, **changes})


def session(**changes: Any) -> PublicSession:
    """Every Tuesday, 10am to 12 noon, in Oaklands Hall."""
    values: dict[str, Any] = {
        "uid": str(uuid.uuid4()),
        "mode": "in_person",
        "rule": Rule(Frequency.WEEKLY, weekdays=(1,), start=time(10), end=time(12)),
        "place": place(),
        "access": ("step_free",),
    }
    return PublicSession(**{**values, **changes})


def listing(**changes: Any) -> PublicListing:
    """An open, public group with one weekly session."""
    values: dict[str, Any] = {
        "uid": uuid.uuid4(),
        "name": "Knit and Natter",
        "path": "/groups/knit-and-natter/",
        "summary": "Wool, tea and talk.",
        "activities": (PublicTopic("craft", "Craft groups", "make", "plum"),),
        "cost_kind": "free",
        "joining_kind": "drop_in",
        "sessions": (session(),),
        "access": (
            PublicAnswer("step_free", "yes"),
            PublicAnswer("lift", "no"),
            PublicAnswer("parking", "ask"),
        ),
        "contacts": (PublicContact("phone", "01632 960123"), PublicContact("email", "hello@natter.example")),
        "confirmed_on": date(2026, 11, 3),
        "confirmed_by": "group",
        "updated_on": date(2026, 11, 3),
    }
    return PublicListing(**{**values, **changes})


def secret(**changes: Any) -> PublicListing:
    """A refuge's drop-in: hidden."""
    values: dict[str, Any] = {
        "name": "Harbour Women's Support",
        "path": "/groups/harbour/",
        "location_visibility": "hidden",
        "sessions": (session(place=area(name="Chelmsford"), access=()),),
    }
    return listing(**{**values, **changes})


def card(one: PublicListing, **changes: Any) -> Card:
    """A result for the listing's first session."""
    first = one.sessions[0] if one.sessions else None
    values: dict[str, Any] = {
        "session": first,
        "occurrence": first.next_date() if first else None,
        "place": first.place if first else None,
    }
    return Card(one, **{**values, **changes})
