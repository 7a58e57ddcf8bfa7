"""Each field an import may fill: how it is read from a page, as the JSON an import stores, and how it is written to one.

Both work on a live page and on a draft made from a revision, whose child lists know only `all`, `add` and `remove`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from typing import Any

from groups.imports.duplicates import name_key
from groups.imports.whereabouts import ADDRESS_LETTERS
from groups.listings.choices import ContactKind, Mode
from groups.listings.models import Contact, GroupPage, GroupSession, ServedArea
from groups.organisations.models import Organisation
from groups.places.geo_widget import point_text
from groups.places.models import Venue
from groups.places.names import fold
from groups.vocabulary.models import Activity, Circumstance, Need

Json = Any


@dataclass
class Shared:
    """What listings share, found by what rows say of it; made when it is wanted and not there."""

    terms: dict[str, dict[str, Any]] = field(default_factory=dict)
    venues: dict[tuple[str, str], int] = field(default_factory=dict)
    organisations: dict[str, int] = field(default_factory=dict)

    @classmethod
    def from_database(cls) -> "Shared":
        """Five queries."""
        activities = {term.slug: term for term in Activity.objects.all()}
        needs = {term.slug: term for term in Need.objects.all()}
        shared = cls(
            terms={
                "activities": activities,
                "suggested_activities": activities,
                "needs": needs,
                "suggested_needs": needs,
                "circumstances": {term.slug: term for term in Circumstance.objects.all()},
            }
        )
        for pk, name, address, postcode in Venue.objects.order_by("-pk").values_list(
            "pk", "name", "address", "postcode"
        ):
            shared.venues[_venue_key({"name": name, "address": address, "postcode": postcode})] = pk
        for pk, name, number in Organisation.objects.order_by("-pk").values_list(
            "pk", "name", "charity_number"
        ):
            shared.organisations[_organisation_key({"name": name, "charity_number": number})] = pk
        return shared

    def unknown_terms(self, values: dict[str, Json]) -> list[str]:
        return [
            slug for name, known in self.terms.items() for slug in values.get(name, ()) if slug not in known
        ]

    def venue(self, said: Json) -> int | None:
        return self.venues.get(_venue_key(said)) if said else None

    def make_venue(self, said: Json) -> int | None:
        """The venue a row names, made where it is not there. Its position is the row's own, not looked up again."""
        if not said:
            return None
        key = _venue_key(said)
        if key not in self.venues:
            venue = Venue(**said)
            if venue.latitude is not None and venue.longitude is not None:
                venue.location = point_text(venue.latitude, venue.longitude)
            if venue.location:
                venue.clean()
            venue.save()
            self.venues[key] = venue.pk
        return self.venues[key]

    def make_organisation(self, said: Json) -> int | None:
        if not said:
            return None
        key = _organisation_key(said)
        if key not in self.organisations:
            organisation = Organisation(**said)
            organisation.full_clean()
            organisation.save()
            self.organisations[key] = organisation.pk
        return self.organisations[key]

    def forget(self) -> None:
        """Read again what is there: a row that made a venue or an organisation was taken back."""
        fresh = Shared.from_database()
        self.venues, self.organisations = fresh.venues, fresh.organisations


def _venue_key(said: Json) -> tuple[str, str]:
    where = said["postcode"].replace(" ", "").upper() or fold(said["address"][:ADDRESS_LETTERS])
    return fold(said["name"]), where


def _organisation_key(said: Json) -> str:
    return said["charity_number"] or name_key(said["name"])


# --- plain fields ---------------------------------------------------------------------------------

_PLAIN = {
    "title": "", "summary": "", "description": "", "times_note": "", "getting_there": "", "area_name": "",
    "cost_kind": "unknown", "cost_note": "", "joining_kind": "unknown", "joining_note": "", "age_min": None, "age_max": None,
    "accepts_referrals": "unknown", "referral_how": "", "children_young_people": False,
}  # fmt: skip
_TERMS = ("activities", "needs", "circumstances", "suggested_activities", "suggested_needs")
_CONTACTS = {"website": ContactKind.WEBSITE, "email": ContactKind.EMAIL, "phone": ContactKind.PHONE}

EMPTY: dict[str, Json] = {
    **_PLAIN, **{name: [] for name in _TERMS}, **dict.fromkeys(_CONTACTS, ""), "organisation": None, "sessions": [],
    "venue": None, "served": [],
}  # fmt: skip
"""What each field is where nobody said anything. `status` is no field of a page: it is one of today's facts."""

ORDER = (*_PLAIN, "organisation", *_TERMS, *_CONTACTS, "served", "sessions", "venue")
"""The order of writing: sessions before the venue that is hung on them."""


def read(name: str, page: GroupPage, last: Json, shared: Shared) -> Json:
    """The field as it stands on the page. `last`: as last imported; it comes back where the page still says the same."""
    if name in _PLAIN:
        return getattr(page, name)
    if name in _TERMS:
        slugs = [term.slug for term in getattr(page, name).all()]
        return last if sorted(slugs) == sorted(last or ()) else slugs
    if name in _CONTACTS:
        values = [row.value for row in page.contacts.all() if row.kind == _CONTACTS[name]]
        return values[0] if len(values) == 1 else values or ""
    return _READERS[name](page, last, shared)


def write(name: str, page: GroupPage, value: Json, shared: Shared) -> None:
    """Put an imported value on the page, in memory only."""
    if name in _PLAIN:
        setattr(page, name, value)
    elif name in _TERMS:
        known = shared.terms[name]
        setattr(page, name, [known[slug] for slug in value if slug in known])
    elif name in _CONTACTS:
        _write_contact(_CONTACTS[name], page, value)
    else:
        _WRITERS[name](page, value, shared)


def _write_contact(kind: str, page: GroupPage, value: str) -> None:
    rows = list(page.contacts.all())
    row = next((row for row in rows if row.kind == kind), None)
    if row and value:
        row.value = value
        page.contacts.add(row)
    elif row:
        page.contacts.remove(row)
    elif value:
        page.contacts.add(Contact(kind=kind, value=value, sort_order=len(rows)))


def _read_organisation(page: GroupPage, last: Json, shared: Shared) -> Json:
    expected = shared.organisations.get(_organisation_key(last)) if last else None
    return last if page.organisation_id == expected else {"id": page.organisation_id}


def _write_organisation(page: GroupPage, value: Json, shared: Shared) -> None:
    page.organisation_id = shared.make_organisation(value)


def _read_served(page: GroupPage, last: Json, shared: Shared) -> Json:
    rows = [(row.kind, row.place) for row in page.served_areas.all()]
    return last if rows == [(said["kind"], said["place"]) for said in last or ()] else rows


def _write_served(page: GroupPage, value: Json, shared: Shared) -> None:
    rows = []
    for place, said in enumerate(value):
        row = ServedArea(
            kind=said["kind"],
            place=said["place"],
            miles=Decimal(said["miles"]) if said["miles"] else None,
            sort_order=place,
        )
        row.clean()
        rows.append(row)
    page.served_areas = rows


# --- sessions and where they are ------------------------------------------------------------------


def _read_sessions(page: GroupPage, last: Json, shared: Shared) -> Json:
    from groups.imports.listing import session_value

    return [session_value(row.rule, row.mode) for row in _in_order(page)]


def _in_order(page: GroupPage) -> list[GroupSession]:
    return sorted(page.sessions.all(), key=lambda row: (row.sort_order is None, row.sort_order or 0))


def _write_sessions(page: GroupPage, value: Json, shared: Shared) -> None:
    """New rules on old rows where the days are the same: cancelled dates hang on a row's `uid`."""
    old = _in_order(page)
    venue_id = next((row.venue_id for row in old if row.venue_id), None)
    rows = []
    for place, said in enumerate(value):
        row: Any = next((row for row in old if _days(row) == _days_said(said)), None)
        if row is None:
            row = GroupSession(venue_id=venue_id if said["mode"] == Mode.IN_PERSON else None)
        else:
            old.remove(row)
        row.mode, row.frequency, row.sort_order = said["mode"], said["frequency"], place
        row.weekdays, row.weeks_of_month = (
            tuple(said.get("weekdays", ())),
            tuple(said.get("weeks_of_month", ())),
        )
        row.interval, row.term_time_only = said.get("interval", 1), said.get("term_time_only", False)
        row.first_date, row.until = _day(said.get("first_date")), _day(said.get("until"))
        row.start, row.end = _clock(said.get("start")), _clock(said.get("end"))
        rows.append(row)
    page.sessions = rows


def _days(row: GroupSession) -> tuple:
    return (row.mode, row.frequency, tuple(row.weekdays), tuple(row.weeks_of_month))


def _days_said(said: dict[str, Json]) -> tuple:
    return (
        said["mode"],
        said["frequency"],
        tuple(said.get("weekdays", ())),
        tuple(said.get("weeks_of_month", ())),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _clock(text: str | None) -> time | None:
    return time.fromisoformat(text) if text else None


def _read_venue(page: GroupPage, last: Json, shared: Shared) -> Json:
    at = {row.venue_id for row in page.sessions.all() if row.mode == Mode.IN_PERSON}
    expected = shared.venue(last)
    return last if at <= {expected} else {"ids": sorted(at, key=str)}


def _write_venue(page: GroupPage, value: Json, shared: Shared) -> None:
    venue_id = shared.make_venue(value)
    rows = list(page.sessions.all())
    for row in rows:
        if row.mode == Mode.IN_PERSON:
            row.venue_id = venue_id
    page.sessions = rows


_READERS: dict[str, Callable[[GroupPage, Json, Shared], Json]] = {
    "organisation": _read_organisation,
    "served": _read_served,
    "sessions": _read_sessions,
    "venue": _read_venue,
}
_WRITERS: dict[str, Callable[[GroupPage, Json, Shared], None]] = {
    "organisation": _write_organisation,
    "served": _write_served,
    "sessions": _write_sessions,
    "venue": _write_venue,
}
