"""What a query looks at before any choice is made: the listings and sessions within reach of a place, or all there are."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property, partial

import numpy as np

from groups.listings.freshness import closed_on_before
from groups.places.distance import bounding_box, miles_to_all
from groups.places.gazetteer import Spot
from search.engines.embedded.columns import View
from search.engines.embedded.meetings import NEVER, Meetings
from search.index import records

_UNITS_IN_A_MILE = records.POSITION_SCALE / 68.0  # a mile is no more than so much of latitude
_ALL_ROUND = 360.0
_MANY = 5  # more than one listing in so many, and looking at all is quicker than picking out their sessions


@dataclass
class Reach:
    """Listings by position, and their sessions, each with the place of its listing in `positions`.

    find: gives the sessions, by number, rising (a slice for all there are), and that place of each; asked once, and only by a
    query that looks at sessions. miles: of each session from the place asked for, NaN for one that comes to it; None where no
    place was asked for. among: where these are all there are, a mask of the listings that count.
    """

    positions: np.ndarray
    find: Callable[[], tuple[np.ndarray | slice, np.ndarray]]
    miles: np.ndarray | None = None
    among: np.ndarray | None = None

    @cached_property
    def _found(self) -> tuple[np.ndarray | slice, np.ndarray]:
        return self.find()

    @property
    def sessions(self) -> np.ndarray | slice:
        return self._found[0]

    @property
    def _indices(self) -> np.ndarray:
        """The sessions where they are not all there are."""
        assert isinstance(self.sessions, np.ndarray)  # noqa: S101
        return self.sessions

    @property
    def owner(self) -> np.ndarray:
        return self._found[1]

    def whole(self, view: View) -> np.ndarray:
        """Which of the listings have all their sessions here."""
        here = np.bincount(self.owner, minlength=len(self.positions))
        first, last = view.sessions_between(self.positions)
        return here == last - first

    def closer(self, radius: float) -> "Reach":
        """The same around the same place, where no session counts that meets further away (miles)."""
        assert self.miles is not None  # noqa: S101
        mine = np.flatnonzero(~(self.miles > radius))  # NaN is no further
        sessions, owners = self._indices.take(mine), self.owner.take(mine)
        begins = first_of_each(owners)
        owner = np.cumsum(begins, dtype=np.int32) - 1
        return Reach(
            self.positions.take(owners.compress(begins)), lambda: (sessions, owner), self.miles.take(mine)
        )

    def narrowed_to(self, view: View, among: np.ndarray, now: datetime) -> "Reach":
        """The part of it that lies at `among`: positions, rising."""
        if self.among is not None and len(among) * _MANY <= view.size:
            positions = among.compress(self.among.take(among)).astype(np.int32)
            return Reach(positions, partial(_sessions_of, view, positions, now))
        wanted = np.zeros(view.size, bool)
        wanted[among] = True
        if self.among is not None:
            return Reach(self.positions, self.find, among=wanted & self.among)
        kept = wanted.take(self.positions)
        owner = self.owner
        mine = np.flatnonzero(kept.take(owner))
        narrowed = self._indices.take(mine), (np.cumsum(kept, dtype=np.int32) - 1).take(owner.take(mine))
        miles = None if self.miles is None else self.miles.take(mine)
        return Reach(self.positions.compress(kept), lambda: narrowed, miles)


def shown(view: View, today: date) -> np.ndarray:
    """Which listings are alive, and not closed for longer than a closed listing is shown."""
    key = "shown", today
    if key not in view.notes:
        closed = view.facts["state"] & records.CLOSED != 0
        last = records.day_number(closed_on_before(today))
        view.notes[key] = view.alive & ~(closed & (view.facts["closed_on"] < last))
    return view.notes[key]


def past_moves(view: View, now: datetime) -> np.ndarray:
    """Single moved dates that are over: nobody meets there any more. Kept for the minute."""
    minute = now.date(), now.hour, now.minute
    kept, past = view.notes.get("past moves", (None, None))
    if past is None or kept != minute:
        past = view.moved[Meetings(view, view.moved, now).next() == NEVER]
        view.notes["past moves"] = minute, past
    return past


def _sessions_of(view: View, positions: np.ndarray, now: datetime) -> tuple[np.ndarray, np.ndarray]:
    sessions, owner = view.sessions_of(positions)
    past = past_moves(view, now)
    if len(past):
        kept = ~np.isin(sessions, past)
        sessions, owner = sessions[kept], owner[kept]
    return sessions, owner


def everything(view: View, today: date) -> Reach:
    """All there are, dead ones too: a mask is quicker than taking them out."""
    if "positions" not in view.notes:
        view.notes["positions"] = np.arange(view.size, dtype=np.int32)
    return Reach(view.notes["positions"], lambda: (slice(None), view.owner), among=shown(view, today))


def within(view: View, place: Spot, radius: float, now: datetime) -> Reach:
    """Sessions that meet within the radius (miles), or come to the place asked for."""
    south, west, north, east = (
        round(edge * records.POSITION_SCALE) for edge in bounding_box(place.latitude, place.longitude, radius)
    )
    near = np.flatnonzero((view.latitude >= south - 1) & (view.latitude <= north + 1))
    longitude = view.longitude.take(near)
    near = near.compress((longitude >= west - 1) & (longitude <= east + 1))
    miles = miles_to_all(
        place.latitude,
        place.longitude,
        view.latitude.take(near) / records.POSITION_SCALE,
        view.longitude.take(near) / records.POSITION_SCALE,
    )
    counts = _that_count(view, now)
    close = (miles <= radius) & counts.take(near)
    near, miles = near.compress(close), miles.compress(close)
    is_near = np.zeros(len(view.owner), bool)
    is_near[near] = True
    looked_at = _from_anywhere(view) | is_near
    looked_at[_coming_here(view, place)] = True
    looked_at &= counts
    sessions = np.flatnonzero(looked_at)
    miles_of = np.full(len(sessions), np.nan)
    miles_of[np.flatnonzero(is_near.take(sessions))] = miles
    owners = view.owner.take(sessions)
    begins = first_of_each(owners)
    owner = np.cumsum(begins, dtype=np.int32) - 1
    return Reach(owners.compress(begins), lambda: (sessions, owner), miles_of)


def first_of_each(owners: np.ndarray) -> np.ndarray:
    """A mask of the first session of each listing. Sessions of one listing follow one another."""
    begins = np.ones(len(owners), bool)
    np.not_equal(owners[1:], owners[:-1], out=begins[1:])
    return begins


def _that_count(view: View, now: datetime) -> np.ndarray:
    """Which sessions are of listings that may be shown, and no single moved date that is over. Kept for the minute."""
    minute = now.date(), now.hour, now.minute
    kept, counts = view.notes.get("that count", (None, None))
    if counts is None or kept != minute:
        counts = shown(view, now.date()).take(view.owner)
        counts[past_moves(view, now)] = False
        view.notes["that count"] = minute, counts
    return counts


def _from_anywhere(view: View) -> np.ndarray:
    """Which sessions anybody can join, wherever they live."""
    if "from anywhere" not in view.notes:
        view.notes["from anywhere"] = np.zeros(len(view.owner), bool)
        view.notes["from anywhere"][view.anywhere] = True
    return view.notes["from anywhere"]


def _coming_here(view: View, place: Spot) -> np.ndarray:
    """Sessions with no place to go to (by telephone, at home) of listings that serve the place asked for."""
    serves = np.zeros(view.size, bool)
    for owners in _serving(view, place):
        serves[owners] = True
    if "placeless owner" not in view.notes:
        view.notes["placeless owner"] = view.owner[view.placeless]
    return view.placeless.compress(serves.take(view.notes["placeless owner"]))


def _serving(view: View, place: Spot) -> Iterator[np.ndarray]:
    """Listings whose served area holds the place asked for."""
    yield view.serves_country
    district = view.districts.get(place.district_code.encode())
    if district is not None:
        yield view.serves_district["owner"].compress(view.serves_district["district"] == district)
    areas = view.serves_radius
    north = np.abs(areas["latitude"] - round(place.latitude * records.POSITION_SCALE))
    areas = areas.take(np.flatnonzero(north <= areas["miles"] * _UNITS_IN_A_MILE + 1))
    widest = max(float(areas["miles"].max(initial=0.0)), 1.0)
    _south, west, _north, last = bounding_box(place.latitude, place.longitude, widest)
    if last - west < _ALL_ROUND:
        # A mile further away turns further east, so no area turns further by the mile than the widest.
        by_the_mile = (last - place.longitude) * records.POSITION_SCALE / widest
        east = np.abs(areas["longitude"] - round(place.longitude * records.POSITION_SCALE))
        areas = areas.take(np.flatnonzero(east <= areas["miles"] * by_the_mile + 2))
    miles = miles_to_all(
        place.latitude,
        place.longitude,
        areas["latitude"] / records.POSITION_SCALE,
        areas["longitude"] / records.POSITION_SCALE,
    )
    yield areas["owner"].compress(miles <= areas["miles"])
