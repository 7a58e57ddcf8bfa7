"""What the scripts of `scripts` are asked, for one query's conditions."""

from collections.abc import Mapping, Sequence
from math import cos, degrees, radians
from typing import Any

from groups.listings.freshness import due_before, overdue_before
from groups.places.distance import EARTH_RADIUS_MILES, bounding_box
from search.engines.elasticsearch.conditions import Conditions
from search.engines.elasticsearch.scripts import (
    COUNT,
    COUNT_BEGINS,
    COUNT_ENDS,
    COUNT_GIVEN,
    FITS,
    FITS_GIVEN,
    MOST_MONTHS,
    NO_MASK,
    ORDER,
    ORDER_GIVEN,
    STANDING,
    STANDING_GIVEN,
)
from search.index import records
from search.query import Sort, When

_NEVER_DAY = 65_536
_OF_PLACE = ("radius", "lat", "lon", "south", "west", "north", "east", "cosine", "well_inside")
# Over so many miles a map drawn flat is wrong by less than what is left out of the radius, up to 80 degrees of latitude.
_FLAT_MILES, _WELL_INSIDE = 100, 0.9


def fits(conditions: Conditions) -> list[dict[str, Any]]:
    """A filter for the conditions on sessions, place and all; none where there are no such conditions."""
    if not conditions.asks_of_sessions:
        return []
    params = _params(conditions, FITS_GIVEN, _of_sessions(conditions))
    return [{"script": {"script": {"source": FITS, "params": params}}}]


def order(conditions: Conditions, sort: str, with_match: bool) -> dict[str, Any]:
    """A sort, smallest first; what does not satisfy the query comes last, at NOT_FOUND.

    with_match: the score of the search is the match, to which all else is added.
    """
    numbers = _of_sessions(conditions) | {
        "by": list(Sort).index(Sort(sort)),
        "overdue_before": records.day_number(overdue_before(conditions.today)),
        "due_before": records.day_number(due_before(conditions.today)),
        "known_since": conditions.capacity_known_since,
    }
    by_match = with_match and sort == Sort.BEST
    texts, given = ORDER, list(ORDER_GIVEN)
    if sort == Sort.BEST and not conditions.asks_of_sessions:
        texts, given = STANDING, list(STANDING_GIVEN)
    script = {"source": texts[by_match], "params": _params(conditions, given, numbers)}
    return {"_script": {"type": "number", "order": "asc", "script": script}}


def count(
    conditions: Conditions, months: Sequence[int], age: int | None, *, of_sessions: bool
) -> dict[str, Any]:
    """An aggregation that counts every facet (with `of_sessions` those of sessions too), and the total.

    months: of "checked within"; age: the one asked for.
    """
    query = conditions.query
    spans = [conditions.span(when, query.days) for when in When]
    since = [conditions.months_ago(some) for some in months]
    numbers = _of_sessions(conditions) | {
        **dict(zip(("today_", "tomorrow", "seven", "weekend"), spans, strict=True)),
        "week": conditions.span(query.when) if query.when else NO_MASK,
        "weekday": conditions.today.weekday(),
        "known_since": conditions.capacity_known_since,
        "age": -1 if age is None else age,
        "of_sessions": of_sessions,
        **{
            f"since_{place}": (since[place] if place < len(since) else _NEVER_DAY)
            for place in range(MOST_MONTHS)
        },
    }
    return {
        "scripted_metric": {
            "params": _params(conditions, COUNT_GIVEN, numbers),
            "init_script": COUNT_BEGINS,
            "map_script": COUNT,
            "combine_script": COUNT_ENDS,
            "reduce_script": "return states;",
        }
    }


def counted(value: Sequence[Sequence[int]]) -> dict[int, int]:
    """What `count` found, by place."""
    found: dict[int, int] = {}
    for part in value:
        for place, some in zip(part[::2], part[1::2], strict=True):
            found[place] = found.get(place, 0) + some
    return found


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
                _WELL_INSIDE * degrees(radius / EARTH_RADIUS_MILES) * records.POSITION_SCALE
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
