"""The public boundary: what may leave the house about a group, as plain values.

A `PublicListing` is built for an audience by `groups.listings.boundary`; indexes, feeds and caches hold the public one.
Everything that changes with the clock is held as dates and worked out by whoever reads. `to_data` and `from_json` turn a
listing into JSON-ready data and back without loss.
"""

from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from itertools import compress
from operator import attrgetter, ne
from typing import Any
from uuid import UUID

import msgspec
from django.utils import timezone

from groups.listings.choices import AccessFeature, Capacity, Cost, LocationVisibility, Mode, Status
from groups.listings.freshness import Freshness, capacity_is_known, freshness
from groups.schedule.rules import DateChange, Frequency, Occurrence, Rule, Span


class Audience(StrEnum):
    PUBLIC = "public"
    LINK_WORKERS = "link_workers"


class PublicTopic(msgspec.Struct, frozen=True):
    """A need, activity, circumstance or language a listing carries. `suggested`: read from its words, not stated."""

    slug: str
    label: str
    family: str = ""
    colour: str = ""
    suggested: bool = False


class PublicPlace(msgspec.Struct, frozen=True):
    """Where a session is, as far as the audience may know.

    exact: the true door. Otherwise the position is the area's fixed centre, and address, postcode, uid and path are empty.
    ask: "ask us where".
    """

    name: str
    address: str = ""
    town: str = ""
    postcode: str = ""
    latitude: float | None = None
    longitude: float | None = None
    exact: bool = True
    ask: bool = False
    uid: str = ""
    path: str = ""
    getting_here: str = ""

    @property
    def lines(self) -> list[str]:
        """The address, one part a line, nothing said twice."""
        return list(
            dict.fromkeys(part for part in (self.name, self.address, self.town, self.postcode) if part)
        )


class PublicSession(msgspec.Struct, frozen=True):
    """One way of meeting. `access` are the features answered yes for this session's place."""

    uid: str
    mode: str
    rule: Rule
    label: str = ""
    place: PublicPlace | None = None
    access: tuple[str, ...] = ()
    changes: tuple[DateChange, ...] = ()
    closures: tuple[Span, ...] = ()
    terms: tuple[Span, ...] = ()
    other_places: tuple[PublicPlace, ...] = ()  # where moved dates are, by the `place` of a change

    def occurrences(self, first: date, last: date) -> list[Occurrence]:
        """Its meetings from `first` to `last`, both included, soonest first; cancelled ones say so."""
        from groups.schedule.occurrences import occurrences

        return occurrences(
            self.rule, first, last, changes=self.changes, closures=self.closures, terms=self.terms
        )

    def next_dates(self, count: int = 4, now: datetime | None = None) -> list[Occurrence]:
        from groups.schedule.occurrences import next_dates

        return next_dates(
            self.rule,
            now or timezone.now(),
            count,
            changes=self.changes,
            closures=self.closures,
            terms=self.terms,
        )

    def next_date(self, now: datetime | None = None) -> Occurrence | None:
        return next(iter(self.next_dates(1, now)), None)

    def place_of(self, occurrence: Occurrence) -> PublicPlace | None:
        """Where this meeting is: the usual place, or the one it moved to."""
        if not occurrence.place:
            return self.place
        return next((place for place in self.other_places if place.uid == occurrence.place), self.place)

    @property
    def words(self) -> str:
        """Such as "Every Tuesday, 10am to 12 noon"."""
        from groups.schedule.words import describe

        return describe(self.rule)

    @property
    def mode_label(self) -> str:
        return str(Mode(self.mode).label)

    @property
    def has_fixed_times(self) -> bool:
        return self.rule.frequency != Frequency.ARRANGED


class PublicServed(msgspec.Struct, frozen=True):
    """An area served, apart from where the group meets. Miles around a position, a district, or the whole country."""

    kind: str
    label: str = ""
    district_code: str = ""
    latitude: float | None = None
    longitude: float | None = None
    miles: float | None = None


class PublicAnswer(msgspec.Struct, frozen=True):
    feature: str
    answer: str
    detail: str = ""

    @property
    def label(self) -> str:
        return str(AccessFeature(self.feature).label)


class PublicContact(msgspec.Struct, frozen=True):
    """A way to reach the group. broken_on: of a website that does not work, the day we last looked."""

    kind: str
    value: str
    label: str = ""
    broken_on: date | None = None

    @property
    def href(self) -> str:
        """A link that rings, writes or opens."""
        if self.kind == "phone":
            return "tel:" + "".join(letter for letter in self.value if letter.isdigit() or letter == "+")
        return f"mailto:{self.value}" if self.kind == "email" else self.value


class PublicPhoto(msgspec.Struct, frozen=True):
    """A picture by its id in the image library; `alt` is empty for a decorative one."""

    image_id: int
    alt: str = ""


class PublicListing(msgspec.Struct, frozen=True):
    """Everything an audience may know about a group."""

    uid: UUID
    name: str
    path: str
    summary: str = ""
    description: str = ""
    organisation: str = ""
    organisation_about: str = ""
    organisation_website: str = ""
    organisation_website_broken_on: date | None = None
    activities: tuple[PublicTopic, ...] = ()
    needs: tuple[PublicTopic, ...] = ()
    circumstances: tuple[PublicTopic, ...] = ()
    languages: tuple[PublicTopic, ...] = ()
    tags: tuple[str, ...] = ()
    age_min: int | None = None
    age_max: int | None = None
    gender: str = "anyone"
    children_young_people: bool = False
    outdoors_nature: bool = False
    cost_kind: str = "unknown"
    cost_amount: Decimal | None = None
    cost_note: str = ""
    joining_kind: str = "unknown"
    joining_note: str = ""
    sessions: tuple[PublicSession, ...] = ()
    times_note: str = ""
    served: tuple[PublicServed, ...] = ()
    getting_there: str = ""
    access: tuple[PublicAnswer, ...] = ()
    first_visit_welcome: str = ""
    bring_someone: str = "unknown"
    first_visit_note: str = ""
    contacts: tuple[PublicContact, ...] = ()
    photos: tuple[PublicPhoto, ...] = ()
    accepts_referrals: str = "unknown"
    referral_how: str = ""
    safeguarding_lead: str = "unknown"
    dbs_note: str = ""
    # Today's facts
    status: str = "open"
    closed_on: date | None = None
    capacity: str = "unknown"
    capacity_on: date | None = None
    capacity_note: str = ""
    location_visibility: str = "public"
    stage: str = "listed"
    stage_note: str = ""
    confirmed_on: date | None = None
    confirmed_by: str = ""
    source_name: str = ""
    source_date: date | None = None
    source_url: str = ""
    source_licence: str = ""
    source_refs: tuple[tuple[str, str], ...] = ()
    first_published_on: date | None = None
    updated_on: date | None = None

    # --- what follows from the clock -------------------------------------------------------------

    @property
    def checked_on(self) -> date | None:
        """The day the freshness clock runs from: confirmation, else the source's date, else first publication."""
        return self.confirmed_on or self.source_date or self.first_published_on

    def freshness(self, today: date | None = None) -> Freshness:
        return freshness(
            self.checked_on, confirmed=bool(self.confirmed_on), today=today or timezone.localdate()
        )

    def capacity_today(self, today: date | None = None) -> str:
        """Capacity, or "unknown" once its date is more than 30 days old."""
        if capacity_is_known(self.capacity_on, today or timezone.localdate()):
            return self.capacity
        return Capacity.UNKNOWN

    def meetings(self, first: date, days: int) -> list[tuple[PublicSession, Occurrence]]:
        """All meetings in `days` days from `first`, soonest first, cancelled ones included."""
        last = first + timedelta(days=days - 1)
        found = [(session, at) for session in self.sessions for at in session.occurrences(first, last)]
        return sorted(
            found, key=lambda pair: (pair[1].date, pair[1].starts is None, str(pair[1].starts or ""))
        )

    def next_meeting(self, now: datetime | None = None) -> tuple[PublicSession, Occurrence] | None:
        """The soonest meeting that is not cancelled and not over; None for a group with no fixed times."""
        if self.status != Status.OPEN:
            return None
        now = now or timezone.now()
        found = [(session, at) for session in self.sessions if (at := session.next_date(now))]
        return min(found, key=lambda pair: (pair[1].date, str(pair[1].starts or "")), default=None)

    # --- plain questions -------------------------------------------------------------------------

    @property
    def modes(self) -> list[str]:
        used = {session.mode for session in self.sessions}
        return [mode for mode in Mode.values if mode in used]

    @property
    def places(self) -> list[PublicPlace]:
        """The different places of its sessions, in their order."""
        return list(dict.fromkeys(session.place for session in self.sessions if session.place))

    @property
    def phone(self) -> PublicContact | None:
        return next((contact for contact in self.contacts if contact.kind == "phone"), None)

    @property
    def email(self) -> PublicContact | None:
        return next((contact for contact in self.contacts if contact.kind == "email"), None)

    @property
    def is_free(self) -> bool:
        return self.cost_kind == Cost.FREE

    @property
    def is_confidential(self) -> bool:
        """Its pages offer "Exit this page" and a neutral title (`domain.md`, "Places that must not be found")."""
        return self.location_visibility == LocationVisibility.HIDDEN

    @property
    def colour(self) -> str:
        return next((topic.colour for topic in self.activities if topic.colour), "moss")

    @property
    def family(self) -> str:
        """The family of its first activity, for its disc."""
        return next((topic.family for topic in self.activities if topic.family), "")

    # --- as data ---------------------------------------------------------------------------------

    def to_data(self) -> dict[str, Any]:
        """JSON-ready data; fields that hold their default are left out."""
        return _to_data(self)

    @classmethod
    def from_json(cls, text: str) -> "PublicListing":
        """What `to_data` said, from JSON.

        Raises:
            msgspec.ValidationError: it is no listing.
        """
        return _decoder().decode(text)


def _to_data(value: Any) -> Any:
    return _telling(value.__class__)(value)


@cache
def _telling(kind: type) -> Callable[[Any], Any]:
    """How a value of this class becomes data. One choice for each class: every save tells a whole listing."""
    if issubclass(kind, msgspec.Struct):
        return _telling_fields({item.name: item.default for item in msgspec.structs.fields(kind)})
    if is_dataclass(kind):
        return _telling_fields({item.name: item.default for item in fields(kind)})
    if issubclass(kind, tuple | list):
        return lambda values: [_to_data(value) for value in values]
    if issubclass(kind, date | time):
        return lambda value: value.isoformat()
    return str if issubclass(kind, Decimal | UUID | StrEnum) else lambda value: value


def _telling_fields(defaults: dict[str, object]) -> Callable[[Any], dict[str, Any]]:
    names, usual, read = tuple(defaults), tuple(defaults.values()), attrgetter(*defaults)

    def tell(value: Any) -> dict[str, Any]:
        values = read(value)
        said = compress(zip(names, values, strict=True), map(ne, values, usual))
        return {name: _to_data(current) for name, current in said}

    return tell


@cache
def _decoder() -> msgspec.json.Decoder[PublicListing]:
    return msgspec.json.Decoder(PublicListing)
