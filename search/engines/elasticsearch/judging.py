"""What the scripts of `scripts` are asked, for one query's conditions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import cos, degrees, radians
from typing import Any
from uuid import UUID

from groups.listings.freshness import due_before, overdue_before
from groups.places.distance import EARTH_RADIUS_MILES, bounding_box
from search.engines.elasticsearch.client import Response
from search.engines.elasticsearch.conditions import Conditions, any_of
from search.engines.elasticsearch.scripts import (
    FITS,
    FITS_GIVEN,
    JUDGE,
    JUDGE_BEGINS,
    JUDGE_ENDS,
    JUDGE_GIVEN,
    JUDGE_JOINS,
    MOST_MONTHS,
    NEVER,
    NO_MASK,
    SURELY,
)
from search.index import records
from search.query import Sort, When

_NEVER_DAY = 65_536
_NEVER_OVERDUE = 0
_OF_PLACE = ("radius", "lat", "lon", "south", "west", "north", "east", "cosine", "well_inside")
# Over so many miles a map drawn flat is wrong by less than what is left out of the radius, up to 80 degrees of latitude.
_FLAT_MILES = 100
_HALF = 1 << 63  # ids come in two halves, from the lowest whole number that the server knows


def fits(conditions: Conditions) -> list[dict[str, Any]]:
    """A filter for the conditions on sessions, place and all; none where there are no such conditions.

    The record is read only of those of which filters cannot be certain.
    """
    if not conditions.asks_of_sessions:
        return []
    params = _params(conditions, FITS_GIVEN, _of_sessions(conditions))
    read = {"script": {"script": {"source": FITS, "params": params}}}
    sure = conditions.surely()
    return [read if sure is None else any_of(sure, read)]


Numbers = Mapping[str, float]


def page(conditions: Conditions, sort: str, last: int) -> Numbers:
    """Asks for the first listings in this order, up to place `last`."""
    overdue = (
        _NEVER_OVERDUE if conditions.query.is_name else records.day_number(overdue_before(conditions.today))
    )
    return {
        "wanted": last,
        "by": list(Sort).index(Sort(sort)),
        "overdue_before": overdue,
        "due_before": records.day_number(due_before(conditions.today)),
    }


def counts(conditions: Conditions, months: Sequence[int], age: int | None, *, of_sessions: bool) -> Numbers:
    """Asks for the counts of every facet (with `of_sessions` those of sessions too), and the total.

    months: of "checked within"; age: the one asked for.
    """
    query = conditions.query
    spans = [conditions.span(when, query.days) for when in When]
    since = [conditions.months_ago(some) for some in months]
    return {
        "counted": True,
        "of_sessions": of_sessions,
        **dict(zip(("today_", "tomorrow", "seven", "weekend"), spans, strict=True)),
        "week": conditions.span(query.when) if query.when else NO_MASK,
        "weekday": conditions.today.weekday(),
        "age": -1 if age is None else age,
        **{
            f"since_{place}": (since[place] if place < len(since) else _NEVER_DAY)
            for place in range(MOST_MONTHS)
        },
    }


def judged(
    conditions: Conditions, *asked: Numbers, first: int = 0, shown: int = 0, with_match: bool = False
) -> dict[str, Any]:
    """The aggregations that judge the listings: `page`, `counts` or both in one pass.

    with_match: the score of the search is the match, to which all else is added. Of the page, `shown` listings come back from
    place `first` on.
    """
    numbers = dict.fromkeys(JUDGE_GIVEN, 0.0) | _of_sessions(conditions)
    numbers["known_since"] = conditions.capacity_known_since
    for one in asked:
        numbers |= one
    params = _params(conditions, JUDGE_GIVEN, numbers) | {"first": first, "shown": shown}
    return {
        "judged": {
            "scripted_metric": {
                "params": params,
                "init_script": JUDGE_BEGINS,
                "map_script": JUDGE[with_match],
                "combine_script": JUDGE_ENDS,
                "reduce_script": JUDGE_JOINS,
            }
        }
    }


def counted(answer: Response) -> dict[int, int]:
    """What was counted, by place."""
    counts = _told(answer)["counts"]
    return dict(zip(counts[::2], counts[1::2], strict=True))


@dataclass(frozen=True, slots=True)
class Hit:
    """What was judged of a listing of the page, as it stood at this version. miles: to the nearest session, None for no place."""

    match: float
    version: int
    score: float
    miles: float | None
    comes: bool


def shown(answer: Response) -> dict[UUID, Hit]:
    """The listings of the page in their order."""
    return {
        UUID(int=((high + _HALF) << 64) + low + _HALF): Hit(
            match, version, -millionths / 1e6, None if miles >= NEVER else miles, comes
        )
        for high, low, match, version, millionths, miles, comes in _told(answer)["page"]
    }


def _told(answer: Response) -> Mapping[str, Any]:
    value: Mapping[str, Any] = answer["aggregations"]["judged"]["value"]
    return value


def _params(conditions: Conditions, names: Sequence[str], numbers: Mapping[str, float]) -> dict[str, Any]:
    place = conditions.query.place
    district = place.district_code if place else ""
    return {"given": [float(numbers[name]) for name in names], "district": district}


def _of_sessions(conditions: Conditions) -> dict[str, float]:
    query, place, radius = conditions.query, conditions.query.place, conditions.query.radius_miles
    where: dict[str, float] = dict.fromkeys(_OF_PLACE, 0)
    if place is not None and radius is not None:
        where |= {"radius": radius, "lat": place.latitude, "lon": place.longitude}
        where["cosine"] = cos(radians(place.latitude))
        if radius <= _FLAT_MILES:
            where["well_inside"] = (
                SURELY * degrees(radius / EARTH_RADIUS_MILES) * records.POSITION_SCALE
            ) ** 2
        south, west, north, east = bounding_box(place.latitude, place.longitude, radius)
        for name, edge, step in (
            ("south", south, -1),
            ("west", west, -1),
            ("north", north, 1),
            ("east", east, 1),
        ):
            where[name] = round(edge * records.POSITION_SCALE) + step
    return {
        **where,
        "all": not conditions.asks_of_sessions,
        "today": conditions.day,
        "minutes": conditions.minutes,
        "days": _bits("day", query.days),
        "times": _bits("time", query.times),
        "modes": _bits("mode", query.modes),
        "access": _bits("access", query.access),
        # On one and the same day: Tuesdays and Saturdays do not make a Tuesday of this weekend.
        "span": conditions.span(query.when, query.days) if query.when else NO_MASK,
    }


def _bits(facet: str, values: Sequence[str]) -> int:
    return sum(records.SESSION_BITS[facet][value] for value in dict.fromkeys(values))
