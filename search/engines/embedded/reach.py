"""What a query looks at before any choice is made: the listings and sessions within reach of a place, or all there are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import numpy as np

from groups.listings.freshness import closed_on_before
from groups.places.distance import bounding_box, miles_to_all
from groups.places.gazetteer import Spot
from search.engines.embedded.columns import View
from search.engines.embedded.meetings import NEVER, Meetings
from search.index import records

_UNITS_IN_A_MILE = records.POSITION_SCALE / 68.0  # a mile is no more than so much of latitude


@dataclass(frozen=True, slots=True)
class Reach:
    """Listings by position, and their sessions, each with the place of its listing in `positions`.

    sessions: numbers, rising; a slice for all there are. miles: of each session from the place asked for, NaN for one
    that comes to it; None where no place was asked for.
    """

    positions: np.ndarray
    sessions: np.ndarray | slice
    owner: np.ndarray
    miles: np.ndarray | None = None

    def narrowed_to(self, view: View, among: np.ndarray, now: datetime) -> "Reach":
        """The part of it that lies at `among`: positions, rising."""
        if isinstance(self.sessions, slice):
            positions = among[shown(view, now.date())[among]].astype(np.int32)
            sessions, owner = view.sessions_of(positions)
            kept = _not_past(view, sessions, now)
            return Reach(positions, sessions[kept], owner[kept])
        wanted = np.zeros(view.size, bool)
        wanted[among] = True
        kept = wanted[self.positions]
        mine = kept[self.owner]
        return Reach(
            self.positions[kept],
            self.sessions[mine],
            (np.cumsum(kept, dtype=np.int32) - 1)[self.owner[mine]],
            None if self.miles is None else self.miles[mine],
        )


def shown(view: View, today: date) -> np.ndarray:
    """Which listings are alive, and not closed for longer than a closed listing is shown."""
    key = "shown", today
    if key not in view.notes:
        closed = view.facts["state"] & records.CLOSED != 0
        last = records.day_number(closed_on_before(today))
        view.notes[key] = view.alive & ~(closed & (view.facts["closed_on"] < last))
    return view.notes[key]


def past_moves(view: View, now: datetime) -> np.ndarray:
    """Single moved dates that are over: nobody meets there any more."""
    return view.moved[Meetings(view, view.moved, now).next() == NEVER]


def _not_past(view: View, sessions: np.ndarray, now: datetime) -> np.ndarray | slice:
    past = past_moves(view, now)
    return ~np.isin(sessions, past) if len(past) else slice(None)


def everything(view: View) -> Reach:
    if "positions" not in view.notes:
        view.notes["positions"] = np.arange(view.size, dtype=np.int32)
    return Reach(view.notes["positions"], slice(None), view.owner)


def within(view: View, place: Spot, radius: float, now: datetime) -> Reach:
    """Sessions that meet within the radius (miles), or come to the place asked for."""
    south, west, north, east = (
        round(edge * records.POSITION_SCALE) for edge in bounding_box(place.latitude, place.longitude, radius)
    )
    inside = (view.latitude >= south - 1) & (view.latitude <= north + 1)
    near = np.flatnonzero(inside)
    near = near[(view.longitude[near] >= west - 1) & (view.longitude[near] <= east + 1)]
    miles = miles_to_all(
        place.latitude,
        place.longitude,
        view.latitude[near] / records.POSITION_SCALE,
        view.longitude[near] / records.POSITION_SCALE,
    )
    close = miles <= radius
    coming = _coming_here(view, place)
    sessions = np.concatenate([near[close], coming])
    miles = np.concatenate([miles[close], np.full(len(coming), np.nan)])
    kept = shown(view, now.date())[view.owner[sessions]]
    sessions, miles = sessions[kept], miles[kept]
    order = np.argsort(sessions, kind="stable")
    sessions, miles = sessions[order], miles[order]
    kept_moves = _not_past(view, sessions, now)
    sessions, miles = sessions[kept_moves], miles[kept_moves]
    # Sessions of one listing follow one another.
    owners = view.owner[sessions]
    begins = np.diff(owners, prepend=-1) != 0
    return Reach(owners[begins], sessions, np.cumsum(begins, dtype=np.int32) - 1, miles)


def _coming_here(view: View, place: Spot) -> np.ndarray:
    """Sessions with no place to go to (online, by telephone, at home) of listings that serve the place asked for."""
    serves = np.zeros(view.size, bool)
    for owners in _serving(view, place):
        serves[owners] = True
    serving = view.placeless[serves[view.owner[view.placeless]]]
    # No session is in both: one that anybody can join names no area.
    return np.concatenate([serving, view.anywhere])


def _serving(view: View, place: Spot) -> Iterator[np.ndarray]:
    """Listings whose served area holds the place asked for."""
    yield view.serves_country
    district = view.districts.get(place.district_code.encode())
    if district is not None:
        yield view.serves_district["owner"][view.serves_district["district"] == district]
    areas = view.serves_radius
    north = np.abs(areas["latitude"] - round(place.latitude * records.POSITION_SCALE))
    areas = areas[north <= areas["miles"] * _UNITS_IN_A_MILE + 1]
    miles = miles_to_all(
        place.latitude,
        place.longitude,
        areas["latitude"] / records.POSITION_SCALE,
        areas["longitude"] / records.POSITION_SCALE,
    )
    yield areas["owner"][miles <= areas["miles"]]
