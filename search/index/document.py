"""A listing as an index holds it: words, concepts, facts. Made from a `PublicListing`, alike for every engine.

A *lexeme* is a field's letter and a stem ("n_walk"), or a concept ("a1_craft"). The same lexemes go into every engine's
index, so that the same query finds the same listings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time

import numpy as np

from groups.listings.choices import Answer, Gender, Served, Stage
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.schedule.rules import Frequency
from groups.vocabulary.lexicon import Lexicon
from groups.vocabulary.words import STOP_WORDS, stem, words
from search.index import records

# Field letters. Weights are in `search.ranking`.
NAME, SUMMARY, BODY, ORGANISATION, PLACE, TAG, TOPIC = "n", "s", "b", "o", "p", "g", "t"
FIELDS = (NAME, TOPIC, SUMMARY, TAG, ORGANISATION, BODY, PLACE)
STATED, INFERRED = "1", "2"
_KIND_LETTER = {"activity": "a", "need": "d", "circumstance": "c"}
_LONGEST_SPELLING = 40


@dataclass(frozen=True, slots=True)
class IndexDocument:
    """lexemes: sorted, each once. facets: keys like "activity:craft". spellings: words as written, folded."""

    listing: PublicListing
    lexemes: tuple[str, ...]
    facets: tuple[str, ...]
    spellings: frozenset[str]
    facts: bytes
    sessions: bytes
    served: bytes


def concept(kind: str, slug: str, certainty: str = STATED) -> str:
    """The lexeme of a vocabulary term that a listing carries, stated or read from its words."""
    return f"{_KIND_LETTER[kind]}{certainty}_{slug.replace('-', '_')}"


def index_document(listing: PublicListing, lexicon: Lexicon, today: date) -> IndexDocument:
    """Everything an index needs to know about a listing, as of `today` (occurrences are laid out from there)."""
    texts = {
        NAME: listing.name,
        SUMMARY: listing.summary,
        BODY: "\n".join(_body(listing)),
        ORGANISATION: listing.organisation,
        PLACE: " ".join(_place_words(listing)),
        TAG: " ".join(listing.tags),
        TOPIC: " ".join(
            topic.label for topic in (*listing.activities, *listing.needs, *listing.circumstances)
        ),
    }
    split = {field: [word for word in words(text) if word not in STOP_WORDS] for field, text in texts.items()}
    lexemes = {f"{field}_{stem(word)}" for field, found in split.items() for word in found}
    lexemes.update(_concepts(listing, lexicon))
    spellings = {
        word
        for found in split.values()
        for word in found
        if word.isalpha() and 2 < len(word) <= _LONGEST_SPELLING
    }
    return IndexDocument(
        listing=listing,
        lexemes=tuple(sorted(lexemes)),
        facets=tuple(facet_keys(listing)),
        spellings=frozenset(spellings),
        facts=_facts(listing, name_words(listing.name)).tobytes(),
        sessions=session_records(listing, today).tobytes(),
        served=_served(listing).tobytes(),
    )


def name_words(name: str) -> set[str]:
    """The stems a name is known by: its topic words, or all of them where it has none."""
    found = words(name)
    return {stem(word) for word in found if word not in STOP_WORDS} or {stem(word) for word in found}


def _body(listing: PublicListing) -> Iterable[str]:
    yield listing.description
    yield listing.times_note
    yield listing.joining_note
    yield listing.cost_note
    yield listing.first_visit_welcome
    yield listing.first_visit_note
    yield from (session.label for session in listing.sessions)
    yield from (language.label for language in listing.languages)


def _place_words(listing: PublicListing) -> Iterable[str]:
    for place in listing.places:
        yield f"{place.name} {place.town}"
    yield from (served.label for served in listing.served)


def _concepts(listing: PublicListing, lexicon: Lexicon) -> Iterable[str]:
    stated = set()
    for kind, topics in (
        ("activity", listing.activities),
        ("need", listing.needs),
        ("circumstance", listing.circumstances),
    ):
        for topic in topics:
            stated.add((kind, topic.slug))
            yield concept(kind, topic.slug, INFERRED if topic.suggested else STATED)
    for text in (listing.name, listing.summary, listing.description):
        for found in lexicon.find(text):
            for meaning in found.meanings:
                if meaning.kind in _KIND_LETTER and (meaning.kind, meaning.slug) not in stated:
                    yield concept(meaning.kind, meaning.slug, INFERRED)


def facet_keys(listing: PublicListing) -> list[str]:
    """The facet values a listing has of itself; those of its sessions are bits of the session."""
    keys = [f"activity:{topic.slug}" for topic in listing.activities]
    keys += [f"need:{topic.slug}" for topic in listing.needs]
    keys += [f"for:{topic.slug}" for topic in listing.circumstances]
    keys += [f"language:{topic.slug}" for topic in listing.languages]
    keys += [f"cost:{listing.cost_kind}", f"join:{listing.joining_kind}"]
    if listing.cost_kind in ("free", "donation"):
        keys.append("cost:low")
    keys += [
        f"gender:{gender}"
        for gender in (Gender.WOMEN, Gender.MEN)
        if listing.gender in (gender, Gender.ANYONE)
    ]
    if listing.accepts_referrals == Answer.YES:
        keys.append("referrals:1")
    if listing.children_young_people:
        keys.append("young:1")
    if listing.outdoors_nature:
        keys.append("outdoors:1")
    # A stage includes those below it: "ready for referrals" finds quality marks too.
    keys += [f"stage:{stage}" for stage in Stage.values[: Stage.values.index(listing.stage) + 1]]
    return keys


def _facts(listing: PublicListing, name_stems: set[str]) -> np.ndarray:
    state = records.STATE_OF_CAPACITY.get(listing.capacity, 0) | records.STATE_OF_STATUS.get(
        listing.status, 0
    )
    row = np.zeros(1, records.FACTS)
    row["order"] = listing.uid.int >> 64
    row["checked"] = records.day_number(listing.checked_on)
    row["capacity_on"] = records.day_number(listing.capacity_on)
    row["closed_on"] = records.day_number(listing.closed_on)
    row["age_min"] = 0 if listing.age_min is None else min(listing.age_min, records.NO_AGE)
    row["age_max"] = records.NO_AGE if listing.age_max is None else min(listing.age_max, records.NO_AGE)
    row["name_words"] = min(len(name_stems), 255)
    row["state"] = state | (records.CONFIRMED if listing.confirmed_on else 0)
    return row


def session_records(listing: PublicListing, today: date) -> np.ndarray:
    """A record for each session, and one for each date moved to another day, time or place.

    A group with no session still has one record, so that place-free conditions can hold on it.
    """
    rows = []
    for session in listing.sessions:
        rows += _session_rows(session, today)
    packed = np.zeros(len(rows) or 1, records.SESSIONS)
    packed["latitude"] = packed["longitude"] = records.NOWHERE
    packed["start"] = packed["end"] = records.NO_TIME
    for place, values in enumerate(rows):
        for name, value in values.items():
            packed[name][place] = value
    return packed


def _session_rows(session: PublicSession, today: date) -> list[dict]:
    usual = _session_row(session, session.place, session.rule.start, session.rule.end)
    if session.rule.frequency == Frequency.ARRANGED:
        return [usual]
    base = records.base_day(records.day_number(today))
    first = records.day_of(base)
    last = records.day_of(base + records.OCCURRENCE_DAYS - 1)
    days = np.zeros(records.OCCURRENCE_WORDS, np.uint64)
    moved = []
    for meeting in session.occurrences(first, last):
        if meeting.cancelled:
            continue
        offset = records.day_number(meeting.date) - base
        if meeting.moved_from:
            own = np.zeros(records.OCCURRENCE_WORDS, np.uint64)
            _set(own, offset)
            start = meeting.starts.time() if meeting.starts else None
            end = meeting.ends.time() if meeting.ends else None
            row = _session_row(session, session.place_of(meeting), start, end)
            row["bits"] = _with_days(row["bits"], [meeting.date.weekday()])
            moved.append({**row, "days": own, "base": base})
        else:
            _set(days, offset)
    weekdays = session.rule.weekdays or (
        (session.rule.first_date.weekday(),) if session.rule.first_date else ()
    )
    usual["bits"] = _with_days(usual["bits"], weekdays)
    return [{**usual, "days": days, "base": base}, *moved]


def _set(days: np.ndarray, offset: int) -> None:
    days[offset // 64] |= np.uint64(1) << np.uint64(offset % 64)


def _with_days(bits: int, weekdays: Iterable[int]) -> int:
    for weekday in weekdays:
        bits |= 1 << weekday
    return bits


def _session_row(
    session: PublicSession, place: PublicPlace | None, start: time | None, end: time | None
) -> dict:
    bits = records.SESSION_BITS["mode"][session.mode]
    for feature in session.access:
        bits |= records.SESSION_BITS["access"][feature]
    minutes = records.NO_TIME if start is None else start.hour * 60 + start.minute
    until = minutes if end is None else end.hour * 60 + end.minute
    if start is not None:
        bits |= records.FIXED_TIME
        if end is not None and until <= minutes:
            until += 24 * 60
        bits |= times_of_day(minutes, until)
    return {
        "latitude": records.scaled(place.latitude if place else None),
        "longitude": records.scaled(place.longitude if place else None),
        "bits": bits,
        "start": minutes,
        "end": until,
    }


def times_of_day(start: int, end: int) -> int:
    """Bits of the parts of the day a meeting reaches into. Minutes after midnight; at least its first minute counts."""
    end = max(end, start + 1)
    bits = 0
    for name, first, last in (("morning", 0, 720), ("afternoon", 720, 1020), ("evening", 1020, 1440)):
        if start < last and end > first:
            bits |= records.SESSION_BITS["time"][name]
    return bits


def _served(listing: PublicListing) -> np.ndarray:
    rows = []
    for area in listing.served:
        if area.kind == Served.COUNTRY:
            rows.append((records.SERVES_COUNTRY, records.NOWHERE, records.NOWHERE, 0.0, b""))
        elif area.kind == Served.DISTRICT and area.district_code:
            rows.append(
                (records.SERVES_DISTRICT, records.NOWHERE, records.NOWHERE, 0.0, area.district_code.encode())
            )
        elif area.latitude is not None and area.miles:
            rows.append(
                (
                    records.SERVES_RADIUS,
                    records.scaled(area.latitude),
                    records.scaled(area.longitude),
                    area.miles,
                    b"",
                )
            )
    return np.array(rows, records.SERVED)
