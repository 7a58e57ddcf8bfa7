"""Some sixty listings of every kind, and queries over them: made from a seed, so that every engine meets the same."""

import random
from dataclasses import replace
from datetime import date, time, timedelta

import msgspec

from groups.listings.choices import AccessFeature, Gender, Joining, Stage
from groups.listings.public import PublicListing, PublicServed
from groups.schedule.rules import DateChange, Frequency, Rule, Span
from search.query import DirectoryQuery
from tests.search.listings import (
    CHELMSFORD,
    OAKLANDS,
    SERVES_CHELMSFORD,
    SERVES_EVERYWHERE,
    TODAY,
    arranged,
    at_miles,
    listing,
    months_ago,
    serves_radius,
    session,
    spot_at,
)

ACTIVITIES = ("walking", "craft", "singing", "debt_advice", "warm_space")
NEEDS = ("lonely", "debt", "be_active")
CIRCUMSTANCES = ("older", "carers", "young")
LANGUAGES = ("en", "pl")
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PLACES = [
    OAKLANDS,
    *(at_miles(OAKLANDS, miles, bearing=miles * 77) for miles in (0.4, 1.3, 2.6, 4.4, 7.7, 15.2, 33.3)),
]
ACCESS = tuple(AccessFeature.values)[:5]


def mixed_listings(size: int = 60, seed: int = 7) -> list[PublicListing]:
    chance = random.Random(seed)
    return [_listing(chance, number) for number in range(1, size + 1)]


def _some(chance: random.Random, choices, most: int = 2) -> tuple:
    return tuple(chance.sample(list(choices), chance.randint(0, most)))


def _listing(chance: random.Random, number: int) -> PublicListing:
    status = chance.choices(("open", "paused", "closed"), (20, 1, 2))[0]
    ages = chance.choice(((None, None), (18, None), (None, 17), (50, None), (11, 19)))
    return listing(
        f"Group {number}",
        number=number,
        sessions=[_session(chance) for _ in range(chance.choice((0, 1, 1, 1, 2, 3)))],
        served=chance.choice(((), (), (SERVES_CHELMSFORD,), (SERVES_EVERYWHERE,), (serves_radius(5),)))
        or ((PublicServed("district", "Elsewhere", "E99999999"),) if number % 9 == 0 else ()),
        activities=_some(chance, ACTIVITIES),
        needs=_some(chance, NEEDS),
        circumstances=_some(chance, CIRCUMSTANCES),
        languages=_some(chance, LANGUAGES),
        checked=chance.choice((None, months_ago(0, 3), months_ago(2), months_ago(7), months_ago(14))),
        age_min=ages[0],
        age_max=ages[1],
        gender=chance.choice(Gender.values),
        cost_kind=chance.choice(("free", "donation", "paid", "unknown")),
        joining_kind=chance.choice(Joining.values),
        accepts_referrals=chance.choice(("yes", "no", "unknown")),
        children_young_people=chance.random() < 0.2,
        outdoors_nature=chance.random() < 0.2,
        stage=chance.choice(Stage.values),
        capacity=chance.choice(("space", "full", "waiting_list", "unknown")),
        capacity_on=TODAY - timedelta(days=chance.choice((0, 10, 29, 30, 31, 90))),
        status=status,
        closed_on=months_ago(chance.choice((1, 4))) if status == "closed" else None,
    )


def _session(chance: random.Random):
    values = {"access": _some(chance, ACCESS, 3)}
    mode = chance.choices(("in_person", "online", "telephone", "home"), (6, 1, 1, 1))[0]
    values |= {"mode": mode, "place": chance.choice([*PLACES, None]) if mode == "in_person" else None}
    kind = chance.choices(
        ("weekly", "monthly", "once", "arranged", "ended", "two weeks"), (6, 2, 2, 1, 1, 1)
    )[0]
    if kind == "arranged":
        return arranged(**values)
    start = chance.choice((None, 0, 9, 11, 13, 16, 19, 22))
    end = None if start is None else chance.choice((None, (start + 2) % 24, (start + 4) % 24))
    day = chance.randrange(7)
    rule = Rule(
        Frequency.WEEKLY,
        weekdays=(day,),
        start=None if start is None else time(start),
        end=None if end is None else time(end),
    )
    if kind == "monthly":
        rule = replace(rule, frequency=Frequency.MONTHLY, weeks_of_month=(chance.choice((1, 2, -1)),))
    if kind == "once":
        first = TODAY + timedelta(days=chance.choice((-20, -1, 0, 1, 3, 5, 40)))
        rule = replace(rule, frequency=Frequency.ONCE, weekdays=(), first_date=first)
    if kind == "ended":
        rule = replace(rule, until=TODAY - timedelta(days=chance.choice((1, 30))))
    if kind == "two weeks":
        rule = replace(rule, interval=2, first_date=date(2027, 3, 1) + timedelta(days=day))
    if kind == "weekly" and chance.random() < 0.4:
        usual = TODAY + timedelta(days=(day - TODAY.weekday()) % 7)
        other = chance.choice(PLACES)
        values["changes"] = (
            DateChange(usual)
            if chance.random() < 0.5
            else DateChange(
                usual, to_date=usual + timedelta(days=chance.choice((1, 2, 3))), start=time(18), place="other"
            ),
        )
        values["closures"] = (Span(TODAY + timedelta(days=8), TODAY + timedelta(days=20)),)
        values["other_places"] = (msgspec.structs.replace(other, uid="other"),)
    return session(rule=rule, **values)


def mixed_query(chance: random.Random) -> DirectoryQuery:
    """One to four conditions at random."""
    choices = {
        "needs": lambda: _values(chance, NEEDS),
        "activities": lambda: _values(chance, ACTIVITIES),
        "circumstances": lambda: _values(chance, CIRCUMSTANCES),
        "languages": lambda: _values(chance, LANGUAGES),
        "age": lambda: chance.choice((0, 12, 17, 18, 34, 65)),
        "gender": lambda: chance.choice(("women", "men")),
        "place": lambda: chance.choice((CHELMSFORD, spot_at(PLACES[4], district_code="E99999999"))),
        "modes": lambda: _values(chance, ("in_person", "online", "telephone", "home")),
        "days": lambda: _values(chance, DAYS),
        "times": lambda: _values(chance, ("morning", "afternoon", "evening")),
        "when": lambda: chance.choice(("today", "tomorrow", "week", "weekend")),
        "cost": lambda: chance.choice(("free", "low")),
        "access": lambda: _values(chance, ACCESS),
        "joining": lambda: _values(chance, Joining.values),
        "has_space": lambda: True,
        "accepts_referrals": lambda: True,
        "children_young_people": lambda: True,
        "outdoors_nature": lambda: True,
        "stage": lambda: chance.choice(Stage.values),
        "checked_months": lambda: chance.choice((1, 3, 6, 12)),
    }
    chosen = chance.sample(sorted(choices), chance.choice((0, 1, 1, 2, 2, 3, 4)))
    values = {name: choices[name]() for name in chosen}
    if "place" in values:
        # Always chosen: one that nobody chose gives way where it finds little.
        values["radius"] = chance.choice((0.5, 1.0, 3.0, 10.0, 20.0, 50.0))
    return DirectoryQuery(**values)


def _values(chance: random.Random, choices) -> tuple:
    return tuple(chance.sample(list(choices), chance.choice((1, 1, 2))))
