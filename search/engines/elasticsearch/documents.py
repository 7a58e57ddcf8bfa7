"""From a row of the embedded index to a document: both engines hold the same facts, from the same public boundary."""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

import numpy as np
from django.utils import timezone

from groups.places.distance import POSITION_DECIMALS
from groups.vocabulary.words import words as split
from search import ranking
from search.engines.elasticsearch.mapping import AREA_MILES
from search.engines.embedded.columns import FROM_ANYWHERE, laid_out
from search.index import records, words
from search.index.models import Facet, IndexedListing, ListingVector
from search.meaning.model import model

# Where parts of a record of `packed` begin; before them, the last bytes of the public id, the lowest first.
VERSION_FROM, FACTS_FROM = 8, 16
LAID_AGAIN_AFTER_DAYS = 300  # meetings are laid out for at least 384 days
_WORTH = {f"{letter}_": worth for letter, worth in ranking.FIELD_WEIGHTS.items()}
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
    writes = [Write(row[5], version_of(row[6], True), None) for row in rows if row[7]]
    for row in laid_out(found, records.base_day(today)):
        pk, facts, sessions, served, facets, uid, version, _gone, name = row
        document: dict[str, Any] = {"uid": str(uid), "lexemes": _told(lexemes.get(pk, ())), "laid_out": today}
        document |= _names(name) | _facts(bytes(facts)) | _sessions(bytes(sessions), bytes(served))
        document["facets"] += [keys[bit] for bit in np.frombuffer(bytes(facets), "<u2").tolist()]
        document["packed"] = packed(uid, version, bytes(facts), bytes(facets), bytes(served), bytes(sessions))
        if pk in vectors:
            document["vector"] = vectors[pk]
        writes.append(Write(uid, version_of(version, pk in vectors), document))
    return writes


def packed(uid: UUID, version: int, facts: bytes, facets: bytes, served: bytes, sessions: bytes) -> str:
    """All that `scripts` read of a listing, in base64.

    The end of its public id (`facts` have the rest), its version, facts, how many facets, they, how many areas, they, sessions.
    """
    counted = [len(facets) // 2, len(served) // records.SERVED.itemsize]
    many, areas = (number.to_bytes(2, "little") for number in counted)
    last = uid.bytes[: -VERSION_FROM - 1 : -1]
    held = version.to_bytes(FACTS_FROM - VERSION_FROM, "little")
    return b64encode(last + held + facts + many + facets + areas + served + sessions).decode()


def _told(lexemes: Sequence[str]) -> list[str]:
    """Each word in the best field it stands in, and all concepts."""
    words_of_fields = [lexeme for lexeme in lexemes if lexeme[:2] in _WORTH]
    best = {lexeme[2:]: lexeme for lexeme in sorted(words_of_fields, key=lambda lexeme: _WORTH[lexeme[:2]])}
    return [*best.values(), *(lexeme for lexeme in lexemes if lexeme[:2] not in _WORTH)]


def _first_vectors(pks: Sequence[int]) -> dict[int, str]:
    """In hexadecimal, which is quicker to write and to read than a list of numbers."""
    opened = model()
    if opened is None:
        return {}
    rows = ListingVector.objects.filter(pk__in=list(pks), model=opened.name).values_list("pk", "vectors")
    return {pk: bytes(blob[: opened.dimensions]).hex() for pk, blob in rows}


def _names(name: str) -> dict[str, Any]:
    found = split(name)
    begins = [
        " ".join(found[place:]) for place, word in enumerate(found) if place == 0 or len(word) >= _LONG_WORD
    ]
    return {"name": " ".join(found), "begins": begins}


def _facts(facts: bytes) -> dict[str, Any]:
    row = np.frombuffer(facts, records.FACTS)[0]
    state = int(row["state"])
    found: dict[str, Any] = {
        name: int(row[name]) for name in ("name_words", "checked", "capacity_on", "age_min", "age_max")
    }
    found |= {"confirmed": bool(state & records.CONFIRMED), "space": bool(state & records.HAS_SPACE)}
    if state & records.CLOSED:
        found["closed_on"] = int(row["closed_on"])
    return found


def _sessions(sessions: bytes, served: bytes) -> dict[str, Any]:
    """What the sessions have between them: facet values, places, and where they come to."""
    rows = np.frombuffer(sessions, records.SESSIONS)
    has_place = rows["latitude"] != records.NOWHERE
    found: dict[str, Any] = {
        "facets": list(_named(int(np.bitwise_or.reduce(rows["bits"])))),
        "points": _points(rows[has_place]),
        "moved": bool((rows["bits"] & np.uint64(records.MOVED)).any()),
    }
    areas = np.frombuffer(served, records.SERVED)
    if not len(areas):
        # An online or telephone group that names no area serves everyone.
        found["everywhere"] = bool((rows["bits"][~has_place] & np.uint64(FROM_ANYWHERE)).any())
    elif not has_place.all():
        found |= _areas(areas)
    return found


@lru_cache(maxsize=20_000)
def _named(bits: int) -> tuple[str, ...]:
    return tuple(
        f"{facet}:{value}"
        for facet, values in records.SESSION_BITS.items()
        for value, bit in values.items()
        if bits & bit
    )


def _points(rows: np.ndarray) -> list[dict[str, float]]:
    return [
        {
            "lat": round(latitude / records.POSITION_SCALE, POSITION_DECIMALS),
            "lon": round(longitude / records.POSITION_SCALE, POSITION_DECIMALS),
        }
        for latitude, longitude in zip(rows["latitude"].tolist(), rows["longitude"].tolist(), strict=True)
    ]


def _areas(areas: np.ndarray) -> dict[str, Any]:
    in_district, around = areas["kind"] == records.SERVES_DISTRICT, areas["kind"] == records.SERVES_RADIUS
    found: dict[str, Any] = {
        "everywhere": bool((areas["kind"] == records.SERVES_COUNTRY).any()),
        "districts": [code.decode() for code in areas["district"][in_district]],
    }
    for miles, point in zip(areas["miles"][around].tolist(), _points(areas[around]), strict=True):
        bucket = next((most for most in AREA_MILES if most >= miles), AREA_MILES[-1])
        found.setdefault(f"area_{bucket}", []).append(point)
    return found


def stale_before(today: int) -> int:
    """Documents laid out before this day are written again, so that their meetings reach far enough ahead."""
    return today - LAID_AGAIN_AFTER_DAYS
