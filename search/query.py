"""What somebody is looking for: one value, read from a GET form and printed back to an address."""

from dataclasses import dataclass, field, replace
from enum import StrEnum
from operator import attrgetter
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

from groups.places.gazetteer import Spot

PAGE_SIZE = 20
MAX_PAGE = 500
MAX_TEXT = 300
RADII = (1, 2, 3, 5, 10, 20, 50)
MAX_RADIUS = 200.0


class Sort(StrEnum):
    BEST = "best"
    NEAREST = "nearest"
    SOONEST = "soonest"
    CHECKED = "checked"


class When(StrEnum):
    """A span of days counted from today, worked out at the query."""

    TODAY = "today"
    TOMORROW = "tomorrow"
    THIS_WEEK = "week"  # the seven days from today
    WEEKEND = "weekend"  # the Saturday and Sunday that come, or are


class TimeOfDay(StrEnum):
    MORNING = "morning"  # starts before 12
    AFTERNOON = "afternoon"  # starts from 12, before 17
    EVENING = "evening"  # starts from 17


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryQuery:
    """All filters are ANDed; the values inside one are ORed, but `access`, whose features must all be there.

    needs, activities, circumstances, languages: slugs. days: "mon" to "sun". radius: miles, None for the place's own default.
    exact: search for the words as typed, with no understanding. is_name: as understood, they are the whole name of a listing.
    ignored: readings the visitor took back (see `Reading.key`).
    checked_months: last checked within so many months.
    """

    text: str = ""
    needs: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    circumstances: tuple[str, ...] = ()
    age: int | None = None
    gender: str = ""  # "women" or "men": open to them
    place_text: str = ""
    place: Spot | None = None
    radius: float | None = None
    modes: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    when: str = ""
    cost: str = ""  # "free"; "low" is free or pay what you can
    access: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    joining: tuple[str, ...] = ()
    has_space: bool = False
    accepts_referrals: bool = False
    children_young_people: bool = False
    outdoors_nature: bool = False
    stage: str = ""
    checked_months: int | None = None
    exact: bool = False
    is_name: bool = False
    ignored: tuple[str, ...] = ()
    sort: str = Sort.BEST
    page: int = 1

    @property
    def radius_miles(self) -> float | None:
        """The radius that holds: the visitor's, else the place's default; None without a place."""
        if self.place is None:
            return None
        return self.radius or self.place.radius_miles

    @property
    def chosen(self) -> dict[str, tuple[str, ...]]:
        """The facet values chosen, by facet name (`search.engine.FACETS`)."""
        return {
            name: value if isinstance(value, tuple) else (_print(value),)
            for name, value in zip(_CHOSEN, _chosen_of(self), strict=True)
            if value is not False and value not in (None, "", ())
        }

    def with_(self, **changes: Any) -> "DirectoryQuery":
        """A copy; on page 1 unless the page is given."""
        return replace(self, **{"page": 1, **changes})

    def without(self, facet: str, value: str) -> "DirectoryQuery":
        """A copy with one chosen facet value taken away."""
        current = getattr(self, _FIELD.get(facet, facet))
        if isinstance(current, tuple):
            return self.with_(**{_FIELD.get(facet, facet): tuple(item for item in current if item != value)})
        empty: Any = False if isinstance(current, bool) else "" if isinstance(current, str) else None
        return self.with_(**{_FIELD.get(facet, facet): empty})

    def to_querystring(self) -> str:
        """The address that gives this query again; defaults are left out."""
        pairs: list[tuple[str, str]] = []
        for name, key in PARAMETERS.items():
            value = getattr(self, name)
            if value is False or value in (None, "", ()) or (name, value) in _DEFAULTS:
                continue
            values = value if isinstance(value, tuple) else (value,)
            pairs += [(key, _print(item)) for item in values]
        return urlencode(pairs)


def _print(value: Any) -> str:
    if value is True:
        return "1"
    return f"{value:g}" if isinstance(value, float) else str(value)


# Field → name in an address. Short and lasting: people keep these links.
PARAMETERS = {
    "text": "q",
    "place_text": "near",
    "radius": "miles",
    "needs": "need",
    "activities": "activity",
    "circumstances": "for",
    "age": "age",
    "gender": "gender",
    "modes": "mode",
    "days": "day",
    "times": "time",
    "when": "when",
    "cost": "cost",
    "access": "access",
    "languages": "language",
    "joining": "join",
    "has_space": "space",
    "accepts_referrals": "referrals",
    "children_young_people": "young",
    "outdoors_nature": "outdoors",
    "stage": "stage",
    "checked_months": "checked",
    "exact": "exact",
    "ignored": "not",
    "sort": "sort",
    "page": "page",
}
_DEFAULTS = {("sort", Sort.BEST), ("page", 1)}

# Facet name → field. Facets are named in the singular, as in addresses.
_FIELD = {
    "need": "needs",
    "activity": "activities",
    "for": "circumstances",
    "mode": "modes",
    "day": "days",
    "time": "times",
    "language": "languages",
    "join": "joining",
    "space": "has_space",
    "referrals": "accepts_referrals",
    "young": "children_young_people",
    "outdoors": "outdoors_nature",
    "checked": "checked_months",
}


_CHOSEN = (
    "need",
    "activity",
    "for",
    "age",
    "gender",
    "mode",
    "day",
    "time",
    "when",
    "cost",
    "access",
    "language",
    "join",
    "space",
    "referrals",
    "young",
    "outdoors",
    "stage",
    "checked",
)
_chosen_of = attrgetter(*(_FIELD.get(facet, facet) for facet in _CHOSEN))


@dataclass
class ParsedQuery:
    """A query as far as it could be read, and what could not, by parameter name, in plain words."""

    query: DirectoryQuery
    errors: dict[str, str] = field(default_factory=dict)
    place_suggestions: tuple[Spot, ...] = ()


def parse_query(data: QueryDict) -> ParsedQuery:
    """Read a GET form. Unknown values are dropped; a bad place, radius or age is an error, and the rest still answers."""
    from search.query_form import QueryForm

    return QueryForm(data).parsed()
