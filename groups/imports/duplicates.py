"""Which group a row may already be: by name, postcode, place, phone and charity number."""

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from groups.imports.transforms import postcode as postcode_in
from groups.listings.choices import ContactKind
from groups.listings.models import Contact, GroupPage, GroupSession
from groups.places.distance import miles_between
from groups.places.names import fold

SAME_PLACE_MILES = 1.0
NEAR_NAMES = 90.0
"""Likeness of two folded names, 0 to 100 (rapidfuzz, `token_sort_ratio`), above which they are very near."""

_LEGAL = re.compile(r" (?:limited|ltd|cio|cic|plc|charity|charitable (?:trust|company)|registered)$")


@lru_cache(maxsize=50_000)
def name_key(name: str) -> str:
    """A name as duplicates are told: folded, without "the" in front and "limited" and the like behind."""
    key = fold(name).removeprefix("the ")
    while (shorter := _LEGAL.sub("", key)) != key and shorter:
        key = shorter
    return key


def likeness_of_names(name: str, other: str) -> float:
    """0 to 100. One that holds every word of the other counts as the same, for a place's name often stands before it."""
    return fuzz.token_set_ratio(name_key(name), name_key(other))


@dataclass(frozen=True, slots=True)
class Known:
    """A group that is here, or a row before this one in the file. group: its public id, or the row's number in a dry run."""

    group: str
    name: str
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    phone: str = ""
    charity_number: str = ""


@dataclass(frozen=True, slots=True)
class Likeness:
    """Why a row may be a group that is known. certain: the row is attached to it instead of making a second group."""

    known: Known
    why: str
    certain: bool


class KnownGroups:
    """Every group that a row may double. Looking a row up takes about 20 µs."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[Known]] = defaultdict(list)
        self._by_postcode: dict[str, list[Known]] = defaultdict(list)
        self._by_phone: dict[str, list[Known]] = defaultdict(list)
        self._by_charity: dict[str, list[Known]] = defaultdict(list)

    @classmethod
    def from_database(cls) -> "KnownGroups":
        """All groups, published or not, with each of their venues; four queries."""
        known = cls()
        venues: dict[int, list[tuple]] = defaultdict(list)
        at = GroupSession.objects.exclude(venue=None).values_list(
            "page_id", "venue__postcode", "venue__latitude", "venue__longitude"
        )
        for page_id, *place in at.distinct().order_by():
            venues[page_id].append(tuple(place))
        phones = dict(Contact.objects.filter(kind=ContactKind.PHONE).values_list("page_id", "value"))
        pages = GroupPage.objects.values_list(
            "pk",
            "translation_key",
            "title",
            "area_latitude",
            "area_longitude",
            "organisation__charity_number",
        )
        for pk, uid, title, latitude, longitude, charity in pages:
            places = venues.get(pk) or [("", latitude, longitude)]
            for code, lat, lng in places:
                known.add(
                    Known(str(uid), title, postcode_in(code), lat, lng, phones.get(pk, ""), charity or "")
                )
        return known

    def add(self, group: Known) -> None:
        self._by_name[name_key(group.name)].append(group)
        for table, key in (
            (self._by_postcode, group.postcode),
            (self._by_phone, _digits(group.phone)),
            (self._by_charity, group.charity_number),
        ):
            if key:
                table[key].append(group)

    def like(self, row: Known) -> list[Likeness]:
        """The groups this row may be, the certain one first, each group once."""
        key = name_key(row.name)
        found: dict[str, Likeness] = {}

        def say(known: Known, why: str, *, certain: bool = False) -> None:
            if known.group not in found or (certain and not found[known.group].certain):
                found[known.group] = Likeness(known, why, certain)

        for other in self._by_name.get(key, ()):
            if row.postcode and other.postcode == row.postcode:
                say(other, _("same name, same postcode"), certain=True)
            elif row.charity_number and other.charity_number == row.charity_number:
                say(other, _("same name, same charity number"), certain=True)
            elif _near(row, other):
                say(other, _("same name, within a mile"))
        for other in self._by_phone.get(_digits(row.phone), ()):
            say(other, _("same phone"))
        for other in self._by_charity.get(row.charity_number, ()):
            say(other, _("same charity number"))
        for other in self._by_postcode.get(row.postcode, ()):
            if fuzz.token_sort_ratio(key, name_key(other.name), score_cutoff=NEAR_NAMES):
                say(other, _("a very near name, same postcode"))
        return sorted(found.values(), key=lambda likeness: not likeness.certain)


def _digits(phone: str) -> str:
    """The last ten digits: "+44 1632 960001" and "01632 960001" are one number."""
    digits = "".join(letter for letter in phone if letter.isdigit())
    return digits[-10:] if len(digits) >= 10 else ""


def _near(row: Known, other: Known) -> bool:
    if row.latitude is None or row.longitude is None or other.latitude is None or other.longitude is None:
        return False
    return miles_between(row.latitude, row.longitude, other.latitude, other.longitude) <= SAME_PLACE_MILES
