"""A query's conditions as Elasticsearch filters. Those on a listing are exact.

Those on its sessions only narrow down: they say that some session has each value. `scripts` have the last word on whether one
and the same session has them all.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from groups.listings.choices import Weekday
from groups.listings.freshness import capacity_known_since, closed_on_before
from groups.places.spots import Spot
from search.engine import SESSION_FACETS
from search.engines.cards import when_dates
from search.engines.elasticsearch.mapping import AREA_MILES
from search.engines.embedded.filters import months_ago
from search.index import records
from search.query import DirectoryQuery

Filter = dict[str, Any]

NOTHING: Filter = {"match_none": {}}
_OF_NO_VALUE = ("space", "age", "checked", "access", "when")  # facets that are not a choice among keys
_EDGE_MILES = 0.001  # the server keeps positions to millimetres


def any_of(*conditions: Filter) -> Filter:
    if len(conditions) == 1:
        return conditions[0]
    return {"bool": {"should": list(conditions), "minimum_should_match": 1}} if conditions else NOTHING


class Conditions:
    """Filters of one query as of `now` (by London's clock)."""

    def __init__(self, query: DirectoryQuery, now: datetime) -> None:
        self.query, self.now = query, now
        self.chosen = query.chosen
        self.today = now.date()
        self.day = records.day_number(self.today)
        self.minutes = now.hour * 60 + now.minute
        self.capacity_known_since = records.day_number(capacity_known_since(self.today))

    def without(self, facet: str) -> "Conditions":
        """All conditions but one facet's own."""
        query = self.query
        for value in self.chosen[facet]:
            query = query.without(facet, value)
        return Conditions(query, self.now)

    def reach(self) -> "Conditions":
        """What may be shown at all: within reach of the place asked for, before any other condition."""
        return Conditions(DirectoryQuery(place=self.query.place, radius=self.query.radius), self.now)

    @property
    def where(self) -> tuple[int | str | float | None, ...]:
        """The day, and the place and radius asked for: two queries may reach the same listings only where these are the same."""
        place = self.query.place
        here = (place.latitude, place.longitude, place.district_code) if place else ()
        return self.day, *here, self.query.radius_miles

    @property
    def asks_of_sessions(self) -> bool:
        return self.query.radius_miles is not None or any(facet in self.chosen for facet in SESSION_FACETS)

    def months_ago(self, months: int) -> int:
        return months_ago(self.today, months)

    def span(self, when: str, weekdays: tuple[str, ...] = ()) -> int:
        """The days of a span such as "weekend" (of these weekdays), a bit each, today's first."""
        first, last = when_dates(when, self.today)
        days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
        return sum(
            1 << (day - self.today).days
            for day in days
            if not weekdays or Weekday.values[day.weekday()] in weekdays
        )

    def filters(self) -> list[Filter]:
        """Leave what may satisfy all conditions."""
        shown: Filter = {
            "bool": {"must_not": [{"range": {"closed_on": {"lt": _shown_if_closed_since(self.today)}}}]}
        }
        return [shown, *self._of_listings(), *self._of_sessions()]

    def _of_listings(self) -> list[Filter]:
        query = self.query
        found: list[Filter] = [
            {"terms": {"facets": [f"{facet}:{value}" for value in values]}}
            for facet, values in self.chosen.items()
            if facet not in _OF_NO_VALUE
        ]
        if query.has_space:
            found += [
                {"term": {"space": True}},
                {"range": {"capacity_on": {"gte": self.capacity_known_since}}},
            ]
        if query.age is not None:
            found += [{"range": {"age_min": {"lte": query.age}}}, {"range": {"age_max": {"gte": query.age}}}]
        if query.checked_months is not None:
            since = self.months_ago(query.checked_months)
            found += [{"range": {"checked": {"gte": since}}}, {"term": {"confirmed": True}}]
        return found

    def _of_sessions(self) -> list[Filter]:
        found: list[Filter] = [
            {"term": {"facets": f"access:{value}"}} for value in dict.fromkeys(self.query.access)
        ]
        place, radius = self.query.place, self.query.radius_miles
        if place is None or radius is None:
            return found
        circles = [_about(place, f"area_{miles}", miles + _EDGE_MILES) for miles in AREA_MILES]
        return [*found, any_of(_about(place, "points", radius + _EDGE_MILES), *_coming_to(place), *circles)]

    def surely(self) -> Filter | None:
        """Listings that satisfy all conditions on sessions for certain; None where that cannot be said by filters.

        Well inside the radius, or come to the place; of those whose dates are none of them single ones, which may be over.
        """
        place, radius = self.query.place, self.query.radius_miles
        if place is None or radius is None or any(facet in self.chosen for facet in SESSION_FACETS):
            return None
        ways = _coming_to(place)
        if radius > _EDGE_MILES:
            ways.append(_about(place, "points", radius - _EDGE_MILES))
        return {"bool": {"filter": [any_of(*ways)], "must_not": [{"term": {"moved": True}}]}}


def _about(place: Spot, field: str, miles: float) -> Filter:
    here = {"lat": place.latitude, "lon": place.longitude}
    return {"geo_distance": {"distance": f"{miles:.9f}mi", field: here}}


def _coming_to(place: Spot) -> list[Filter]:
    """Listings with a session that comes to the place, whatever its distance."""
    ways: list[Filter] = [{"term": {"everywhere": True}}]
    if place.district_code:
        ways.append({"term": {"districts": place.district_code}})
    return ways


@lru_cache(maxsize=8)
def _shown_if_closed_since(today: date) -> int:
    return records.day_number(closed_on_before(today))
