"""Which listings satisfy a query's conditions, as Elasticsearch filters: the rules of `engines.embedded.filters`.

Conditions on a session are written once, for a path ("only" or "rows"); those on a listing stand beside them.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta

from groups.listings.choices import Weekday
from groups.listings.freshness import CAPACITY_KNOWN_FOR_DAYS, CLOSED_SHOWN_FOR_MONTHS
from groups.places.distance import EARTH_RADIUS_MILES
from groups.places.gazetteer import Spot
from search.engines.cards import when_dates
from search.engines.elasticsearch.mapping import AREA_MILES
from search.index import records
from search.query import DirectoryQuery

Filter = dict[str, Any]

ONLY, ROWS = "only", "rows"
LISTING_FACETS = (
    "activity", "need", "for", "cost", "join", "gender", "language", "referrals", "young", "outdoors", "stage",
)  # fmt: skip
SESSION_FACETS = ("day", "time", "mode", "access", "when")
NOTHING: Filter = {"match_none": {}}

_DAY_MINUTES = 24 * 60
_EDGE_MILES = 0.001  # the server keeps positions to millimetres: so near the edge, a script has the last word

# Positions unpacked (`documents.packed_area`) and measured as everywhere else.
_WITHIN = """
for (long spot : doc[params.field]) {
  double lat = ((spot >> 38) - 9000000L) / 100000.0, lon = (((spot >> 12) & 0x3FFFFFFL) - 18000000L) / 100000.0;
  double miles = params.miles > 0 ? params.miles : ((spot & 0xFFFL) + 1) / 10.0;
  double phi = Math.toRadians(params.lat), other = Math.toRadians(lat);
  double half = Math.pow(Math.sin((other - phi) / 2), 2)
    + Math.cos(phi) * Math.cos(other) * Math.pow(Math.sin(Math.toRadians(lon - params.lon) / 2), 2);
  if (2 * params.radius * Math.asin(Math.min(1.0, Math.sqrt(half))) <= miles) { return true; }
}
return false;
"""


def _within(field: str, place: Spot, miles: float = 0.0) -> "Filter":
    """So near to the place; without miles, inside each area's own."""
    params = {
        "field": field,
        "lat": place.latitude,
        "lon": place.longitude,
        "radius": EARTH_RADIUS_MILES,
        "miles": miles,
    }
    return {"script": {"script": {"source": _WITHIN, "params": params}}}


def _about(field: str, place: Spot, miles: float) -> "Filter":
    return {
        "geo_distance": {"distance": f"{miles:.9f}mi", field: {"lat": place.latitude, "lon": place.longitude}}
    }


def all_of(*conditions: Filter | None) -> Filter:
    return {"bool": {"filter": [one for one in conditions if one]}}


def any_of(*conditions: Filter) -> Filter:
    if len(conditions) == 1:
        return conditions[0]
    return {"bool": {"should": list(conditions), "minimum_should_match": 1}} if conditions else NOTHING


def none_of(*conditions: Filter) -> Filter:
    return {"bool": {"must_not": list(conditions)}}


class Conditions:
    """Filters of one query as of `now` (by London's clock)."""

    def __init__(self, query: DirectoryQuery, now: datetime) -> None:
        self.query, self.now = query, now
        self.chosen = query.chosen
        self.today = now.date()
        self.day = records.day_number(self.today)
        self.minutes = now.hour * 60 + now.minute

    # --- a listing -----------------------------------------------------------------------------

    def shown(self) -> Filter:
        """Not closed for longer than a closed listing is shown."""
        last = records.day_number(self.today - relativedelta(months=CLOSED_SHOWN_FOR_MONTHS))
        return none_of({"range": {"closed_on": {"lt": last}}})

    def of_listing(self, without: str = "") -> list[Filter]:
        """The chosen conditions on listings but one facet's own."""
        query = self.query
        found: list[Filter] = [
            {"terms": {"facets": [f"{facet}:{value}" for value in values]}}
            for facet in LISTING_FACETS
            if facet != without and (values := self.chosen.get(facet))
        ]
        if query.has_space and without != "space":
            found.append(self.has_space())
        if query.age is not None and without != "age":
            found.append(self.open_to(query.age))
        if query.checked_months is not None and without != "checked":
            found.append(self.checked_within(query.checked_months))
        return found

    def has_space(self) -> Filter:
        return all_of({"term": {"capacity": "space"}}, self.capacity_known())

    def capacity_known(self) -> Filter:
        """Capacity reads "unknown" after 30 days."""
        return {"range": {"capacity_on": {"gte": self.day - CAPACITY_KNOWN_FOR_DAYS}}}

    def open_to(self, age: int) -> Filter:
        return all_of({"range": {"age_min": {"lte": age}}}, {"range": {"age_max": {"gte": age}}})

    def checked_within(self, months: int) -> Filter:
        since = records.day_number(self.today - relativedelta(months=months))
        return all_of({"range": {"checked": {"gte": since}}}, {"term": {"confirmed": True}})

    # --- a session ------------------------------------------------------------------------------

    def over_move(self, path: str) -> Filter:
        """A single moved date that is over: nobody meets there any more."""
        return all_of({"term": {f"{path}.moved": True}}, none_of(self._not_over(path)))

    def _not_over(self, path: str) -> Filter:
        """It has a meeting to come, one that still goes on, or one from yesterday that does."""
        past_midnight = all_of(
            {"term": {f"{path}.days": self.day - 1}},
            {"range": {f"{path}.end": {"gt": _DAY_MINUTES + self.minutes}}},
            {"range": {f"{path}.start": {"gte": 0}}},
        )
        return any_of(self.still_meets(path), past_midnight)

    def still_meets(self, path: str) -> Filter:
        """It has a day to come; a course that ended meets on no Tuesday."""
        return any_of(
            {"range": {f"{path}.last": {"gt": self.day}}},
            all_of({"term": {f"{path}.last": self.day}}, self._on_today(path)),
        )

    def _on_today(self, path: str) -> Filter:
        return {"range": {f"{path}.end": {"gt": self.minutes}}}

    def in_span(self, path: str, when: str, weekdays: Sequence[str] = ()) -> Filter:
        """It meets in a span such as "weekend" (on one of these weekdays); today only while it is not over."""
        first, last = when_dates(when, self.today)
        days = [first + timedelta(days=step) for step in range((last - first).days + 1)]
        days = [day for day in days if not weekdays or Weekday.values[day.weekday()] in weekdays]
        later = [records.day_number(day) for day in days if day != self.today]
        found: list[Filter] = []
        if later:
            found.append({"terms": {f"{path}.days": later}})
        if self.today in days:
            found.append(all_of({"term": {f"{path}.days": self.day}}, self._on_today(path)))
        return all_of({"term": {f"{path}.running": True}}, any_of(*found))

    def within_reach(self, path: str, radius: float) -> list[Filter]:
        """Alternatives: it meets within the radius, or it comes to the place asked for."""
        return [self.meets_within(path, radius), self.comes(path)]

    def meets_within(self, path: str, radius: float) -> Filter:
        place = self.query.place
        assert place is not None  # noqa: S101
        point = f"{path}.point"
        inside = _about(point, place, max(radius - _EDGE_MILES, 0.0))
        at_edge = all_of(
            _about(point, place, radius + _EDGE_MILES),
            none_of(inside),
            _within(f"{path}.spot", place, radius),
        )
        return any_of(inside, at_edge)

    def comes(self, path: str) -> Filter:
        place = self.query.place
        assert place is not None  # noqa: S101
        ways: list[Filter] = [{"term": {f"{path}.everywhere": True}}, self._in_area(path, place)]
        if place.district_code:
            ways.append({"term": {f"{path}.districts": place.district_code}})
        return any_of(*ways)

    def _in_area(self, path: str, place: Spot) -> Filter:
        about = [_about(f"{path}.area_{miles}", place, miles + _EDGE_MILES) for miles in AREA_MILES]
        return all_of(any_of(*about), _within(f"{path}.areas", place))

    def of_session(self, path: str, without: str = "", *, radius: float | None = None) -> list[Filter]:
        """The conditions that must hold on one session, but one facet's own; the place's too where a radius is given."""
        query = self.query
        found: list[Filter] = []
        for facet, field, values in (
            ("day", "fixed", query.days),
            ("time", "fixed", query.times),
            ("mode", "kind", query.modes),
        ):
            if values and facet != without:
                found.append({"terms": {f"{path}.{field}": [f"{facet}:{value}" for value in values]}})
                if field == "fixed":
                    found.append(self.still_meets(path))
        if query.access and without != "access":
            found += [{"term": {f"{path}.kind": f"access:{value}"}} for value in dict.fromkeys(query.access)]
        if query.when and without != "when":
            weekdays = query.days if without != "day" else ()
            # On one and the same day: Tuesdays and Saturdays do not make a Tuesday of this weekend.
            found.append(self.in_span(path, query.when, weekdays))
        if radius is not None:
            found.append(any_of(*self.within_reach(path, radius)))
        return found

    def asks_of_sessions(self, without: str = "") -> bool:
        return any(facet in self.chosen for facet in SESSION_FACETS if facet != without)

    def meets(self, without: str = "", paths: Sequence[str] = (ONLY, ROWS)) -> Filter | None:
        """Listings with a session that satisfies every condition on sessions but `without`; None for all there are.

        paths: only those with one session, or with several.
        """
        asks = self.query.radius_miles is not None or self.asks_of_sessions(without)
        if not asks and len(paths) > 1:
            return None
        return any_of(*(self._meets_at(path, without, asks) for path in paths))

    def _meets_at(self, path: str, without: str, asks: bool) -> Filter:
        if path == ROWS:
            return nested(self.session_of_several(without)) if asks else {"term": {"several": True}}
        alone: Filter = {"term": {"several": False}}
        return (
            all_of(alone, *self.of_session(ONLY, without, radius=self.query.radius_miles)) if asks else alone
        )

    def session_of_several(self, without: str = "", *, extra: Filter | None = None) -> Filter:
        """Such a session of a listing that has several."""
        return all_of(
            *self.of_session(ROWS, without, radius=self.query.radius_miles),
            none_of(self.over_move(ROWS)),
            extra,
        )

    def reach(self) -> list[Filter]:
        """What may be shown at all: within reach of the place asked for, before any other condition."""
        alone = Conditions(DirectoryQuery(place=self.query.place, radius=self.query.radius), self.now)
        meets = alone.meets()
        return [self.shown(), *([meets] if meets else [])]

    def everything(self, without: str = "", paths: Sequence[str] = (ONLY, ROWS)) -> list[Filter]:
        """All conditions but one facet's own; `paths` as in `meets`."""
        meets = self.meets(without, paths)
        return [self.shown(), *self.of_listing(without), *([meets] if meets else [])]


def nested(condition: Filter, **more: Any) -> Filter:
    return {"nested": {"path": ROWS, "query": condition, "score_mode": "none", **more}}
