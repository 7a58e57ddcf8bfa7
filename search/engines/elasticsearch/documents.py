"""From a row of the embedded index to a document: both engines hold the same facts, from the same public boundary."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from groups.places.distance import POSITION_DECIMALS
from groups.vocabulary.words import words as split
from search.engines.elasticsearch.mapping import AREA_MILES, UNTIMED_END, UNTIMED_START
from search.engines.embedded.columns import FROM_ANYWHERE, laid_out
from search.index import records, words
from search.index.document import FIELDS
from search.index.models import Facet, IndexedListing, ListingVector
from search.meaning.model import model

LAID_AGAIN_AFTER_DAYS = 300  # meetings are laid out for at least 384 days
ANY_FIELD = "w"  # the field letter that says "somewhere in the listing"
_LONG_WORD = 4  # a shorter word begins no suggestion, unless it is the first


@dataclass(frozen=True, slots=True)
class Write:
    """What an index is to hold of a listing. `document` is None for one that must not be found.

    version: grows with each change of the listing, and by half a change when its vector comes.
    """

    uid: UUID
    version: int
    document: dict[str, Any] | None


def version_of(listing_version: int, with_vector: bool) -> int:
    return listing_version * 2 + with_vector


def writes_for(uids: Sequence[UUID]) -> list[Write]:
    """What the database says now of these listings. Those it never heard of are left out."""
    rows = list(
        IndexedListing.objects.filter(uid__in=list(uids)).values_list(
            "pk", "facts", "sessions", "served", "facets", "uid", "version", "gone", "name"
        )
    )
    found = [row for row in rows if not row[7]]
    lexemes = words.lexemes_of([row[0] for row in found])
    vectors = _first_vectors([row[0] for row in found])
    keys = {bit: key for key, bit in Facet.objects.values_list("key", "pk")}
    today = records.day_number(timezone.localdate())
    base = records.base_day(today)
    writes = [Write(row[5], version_of(row[6], True), None) for row in rows if row[7]]
    for row in laid_out(found, base):
        pk, uid, version = row[0], row[5], row[6]
        document: dict[str, Any] = {
            "uid": str(uid),
            "lexemes": [*lexemes.get(pk, ()), *_any_field(lexemes.get(pk, ()))],
        }
        document |= _names(row[8])
        document |= _facts(bytes(row[1]))
        document["facets"] = [keys[bit] for bit in np.frombuffer(bytes(row[4]), "<u2").tolist()]
        document |= _sessions(bytes(row[2]), bytes(row[3]), not document["paused"])
        document["laid_out"] = today
        if pk in vectors:
            document["vector"] = vectors[pk]
        writes.append(Write(uid, version_of(version, pk in vectors), document))
    return writes


def _any_field(lexemes: Sequence[str]) -> set[str]:
    return {f"{ANY_FIELD}_{lexeme[2:]}" for lexeme in lexemes if lexeme[1] == "_" and lexeme[0] in FIELDS}


def _first_vectors(pks: Sequence[int]) -> dict[int, list[int]]:
    opened = model()
    if opened is None:
        return {}
    rows = ListingVector.objects.filter(pk__in=list(pks), model=opened.name).values_list("pk", "vectors")
    return {pk: np.frombuffer(bytes(blob[: opened.dimensions]), np.int8).tolist() for pk, blob in rows}


def _names(name: str) -> dict[str, Any]:
    found = split(name)
    begins = [
        " ".join(found[place:]) for place, word in enumerate(found) if place == 0 or len(word) >= _LONG_WORD
    ]
    return {"name": " ".join(found), "begins": begins}


def _facts(packed: bytes) -> dict[str, Any]:
    row = np.frombuffer(packed, records.FACTS)[0]
    state, checked = int(row["state"]), int(row["checked"])
    confirmed = bool(state & records.CONFIRMED)
    facts: dict[str, Any] = {
        "name_words": int(row["name_words"]),
        "checked": checked,
        "confirmed": confirmed,
        "checked_order": -(checked + (100_000 if confirmed else 0)),
        "capacity_on": int(row["capacity_on"]),
        "paused": bool(state & (records.PAUSED | records.CLOSED)),
        "age_min": int(row["age_min"]),
        "age_max": int(row["age_max"]),
    }
    if state & records.CLOSED:
        facts["closed_on"] = int(row["closed_on"])
    if state & (records.HAS_SPACE | records.FULL):
        facts["capacity"] = "space" if state & records.HAS_SPACE else "full"
    return facts


def _sessions(packed: bytes, packed_served: bytes, running: bool) -> dict[str, Any]:
    served = _served(np.frombuffer(packed_served, records.SERVED))
    sessions = [_session(row, served, running) for row in np.frombuffer(packed, records.SESSIONS)]
    if len(sessions) == 1:
        return {"several": False, "only": sessions[0]}
    return {"several": True, "rows": sessions}


def _session(row: np.void, served: dict[str, Any] | None, running: bool) -> dict[str, Any]:
    bits, start, end = int(row["bits"]), int(row["start"]), int(row["end"])
    found: dict[str, Any] = {
        **_named(bits),
        "running": running,
        "moved": bool(bits & records.MOVED),
        "start": UNTIMED_START if start == records.NO_TIME else start,
        "end": UNTIMED_END if end == records.NO_TIME else end,
    }
    if days := _days(row["days"].tobytes(), int(row["base"])):
        found |= {"days": days, "last": days[-1]}
    if row["latitude"] != records.NOWHERE:
        found |= {"point": _point(row), "spot": packed_area(row["latitude"], row["longitude"], 0)}
    elif served is None:
        # An online or telephone group that names no area serves everyone.
        found["everywhere"] = bool(bits & FROM_ANYWHERE)
    else:
        found |= served
    return found


@lru_cache(maxsize=5_000)
def _named(bits: int) -> dict[str, list[str]]:
    names = {
        facet: [f"{facet}:{value}" for value, bit in values.items() if bits & bit]
        for facet, values in records.SESSION_BITS.items()
    }
    return {"kind": names["mode"] + names["access"], "fixed": names["day"] + names["time"]}


@lru_cache(maxsize=20_000)
def _days(pattern: bytes, base: int) -> list[int]:
    """The days it meets, as far ahead as they are laid out; rising."""
    offsets = np.flatnonzero(np.unpackbits(np.frombuffer(pattern, np.uint8), bitorder="little"))
    days: list[int] = (offsets + base).tolist()
    return days


def _point(row: np.void) -> dict[str, float]:
    return {
        "lat": round(row["latitude"] / records.POSITION_SCALE, POSITION_DECIMALS),
        "lon": round(row["longitude"] / records.POSITION_SCALE, POSITION_DECIMALS),
    }


def _served(areas: np.ndarray) -> dict[str, Any] | None:
    """Where a group comes to; None where it names no area."""
    if not len(areas):
        return None
    found: dict[str, Any] = {
        "everywhere": bool((areas["kind"] == records.SERVES_COUNTRY).any()),
        "districts": [code.decode() for code in areas["district"][areas["kind"] == records.SERVES_DISTRICT]],
    }
    for area in areas[areas["kind"] == records.SERVES_RADIUS]:
        bucket = next((miles for miles in AREA_MILES if miles >= area["miles"]), AREA_MILES[-1])
        found.setdefault(f"area_{bucket}", []).append(_point(area))
        found.setdefault("areas", []).append(packed_area(area["latitude"], area["longitude"], area["miles"]))
    return found


def packed_area(latitude: int, longitude: int, miles: float) -> int:
    """A circle (or a spot: no miles) in one number, since several numbers of one document lose their pairs.

    26 bits of latitude and 26 of longitude (degrees × 100,000, counted from the far south-west), 12 of tenths of miles less one.
    """
    north, east = int(latitude) + 9_000_000, int(longitude) + 18_000_000
    return (north << 38) | (east << 12) | (min(max(round(float(miles) * 10), 1), 4096) - 1)


def stale_before(today: int) -> int:
    """Documents laid out before this day are written again, so that their meetings reach far enough ahead."""
    return today - LAID_AGAIN_AFTER_DAYS
