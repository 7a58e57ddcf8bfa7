"""Reading a query from what came with a GET: anything may come, and nothing breaks."""

import re
import unicodedata
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from groups.listings.choices import AccessFeature, Joining, Mode, Stage, Weekday
from groups.places.gazetteer import PlaceNotFound, Spot, resolve
from search.query import (
    MAX_PAGE,
    MAX_RADIUS,
    MAX_TEXT,
    PARAMETERS,
    DirectoryQuery,
    ParsedQuery,
    Sort,
    TimeOfDay,
    When,
)

_SLUG = re.compile(r"^[a-z0-9_-]{1,60}$")
_READING = re.compile(r"^[a-z0-9_:-]{1,80}$")
_MOST_VALUES = 20
_MAX_AGE = 120
_MONTHS = (1, 3, 6, 12)
_CHOICES: dict[str, set[str]] = {
    "modes": set(Mode.values),
    "days": set(Weekday.values),
    "times": {str(part) for part in TimeOfDay},
    "access": set(AccessFeature.values),
    "joining": set(Joining.values),
    "when": {str(span) for span in When},
    "cost": {"free", "low"},
    "gender": {"women", "men"},
    "stage": set(Stage.values),
    "sort": {str(sort) for sort in Sort},
}


class QueryForm:
    """One reading of one GET."""

    def __init__(self, data: QueryDict):
        self._data = data
        self._errors: dict[str, str] = {}
        self._suggestions: tuple[Spot, ...] = ()

    def parsed(self) -> ParsedQuery:
        place_text = _clean(self._one("place_text"))
        query = DirectoryQuery(
            text=_clean(self._one("text")),
            needs=self._slugs("needs"),
            activities=self._slugs("activities"),
            circumstances=self._slugs("circumstances"),
            languages=self._slugs("languages"),
            age=self._age(),
            gender=self._choice("gender"),
            place_text=place_text,
            place=self._place(place_text),
            radius=self._radius(),
            modes=self._choices("modes"),
            days=self._choices("days"),
            times=self._choices("times"),
            when=self._choice("when"),
            cost=self._choice("cost"),
            access=self._choices("access"),
            joining=self._choices("joining"),
            has_space=self._flag("has_space"),
            accepts_referrals=self._flag("accepts_referrals"),
            children_young_people=self._flag("children_young_people"),
            outdoors_nature=self._flag("outdoors_nature"),
            stage=self._choice("stage"),
            checked_months=self._months(),
            exact=self._flag("exact"),
            ignored=tuple(key for key in self._many("ignored") if _READING.match(key)),
            sort=self._choice("sort") or Sort.BEST,
            page=self._page(),
        )
        return ParsedQuery(query, self._errors, self._suggestions)

    def _one(self, name: str) -> str:
        return self._data.get(PARAMETERS[name], "") or ""

    def _many(self, name: str) -> list[str]:
        return list(dict.fromkeys(self._data.getlist(PARAMETERS[name])))[:_MOST_VALUES]

    def _slugs(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self._many(name) if _SLUG.match(value))

    def _choices(self, name: str) -> tuple[str, ...]:
        return tuple(value for value in self._many(name) if value in _CHOICES[name])

    def _choice(self, name: str) -> str:
        value = self._one(name)
        return value if value in _CHOICES[name] else ""

    def _flag(self, name: str) -> bool:
        return self._one(name) in ("1", "on", "true", "yes")

    def _place(self, text: str) -> Spot | None:
        if not text:
            return None
        try:
            return resolve(text)
        except PlaceNotFound as error:
            self._errors["near"] = error.message
            self._suggestions = error.suggestions
            return None

    def _radius(self) -> float | None:
        text = self._one("radius").strip()
        if not text:
            return None
        miles = _number(text)
        # Two decimals, so that the address says the very same radius again.
        miles = None if miles is None else round(miles, 2)
        if miles is None or not 0 < miles <= MAX_RADIUS:
            self._errors["miles"] = _("Choose how far, from 1 to %(most)g miles.") % {"most": MAX_RADIUS}
            return None
        return miles

    def _age(self) -> int | None:
        text = self._one("age").strip()
        if not text:
            return None
        age = _number(text)
        if age is None or not 0 <= age <= _MAX_AGE or age != int(age):
            self._errors["age"] = _("Give an age in whole years, such as 34.")
            return None
        return int(age)

    def _months(self) -> int | None:
        months = _number(self._one("checked_months"))
        return int(months) if months in _MONTHS else None

    def _page(self) -> int:
        page = _number(self._one("page"))
        return int(min(max(page, 1), MAX_PAGE)) if page is not None else 1


def _clean(text: str) -> str:
    """A line of text as it was meant: no control characters, single spaces, no longer than anybody types."""
    plain = "".join(
        " " if unicodedata.category(letter)[0] == "C" else letter for letter in text[: MAX_TEXT * 4]
    )
    return " ".join(plain.split())[:MAX_TEXT]


def _number(text: Any) -> float | None:
    try:
        value = float(str(text)[:20])
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None  # also refuses "nan" and "inf"
