"""A listing as an index holds it: words, concepts, facts. Made from a `PublicListing`, alike for every engine.

A *lexeme* is a field's letter and a stem ("n_walk"), or a concept ("a1_craft"). The same lexemes go into every engine's
index, so that the same query finds the same listings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from itertools import chain

import numpy as np

from groups.listings.choices import Answer, Capacity, Gender, Served, Stage, Status
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.schedule.occurrences import ASSUMED_LENGTH
from groups.schedule.rules import Frequency
from groups.vocabulary.lexicon import Lexicon
from groups.vocabulary.words import STOP_WORDS, of_words, stem, words
from search.index import records
from search.index.days import usual_days

# Field letters. Weights are in `search.ranking`.
NAME, SUMMARY, BODY, ORGANISATION, PLACE, TAG, TOPIC = "n", "s", "b", "o", "p", "g", "t"
FIELDS = (NAME, TOPIC, SUMMARY, TAG, ORGANISATION, BODY, PLACE)
# How sure it is that a listing carries a term: said by the group; a phrase in its name; a phrase of several words in its text, or
# suggested by an import; a single word in its text.
STATED, NAMED, PHRASED, WORDED = "1", "2", "3", "4"
CERTAINTIES = (STATED, NAMED, PHRASED, WORDED)
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
    name, summary, description = words(listing.name), words(listing.summary), words(listing.description)
    said = {
        NAME: name,
        SUMMARY: summary,
        BODY: description + words("\n".join(_notes(listing))),
        ORGANISATION: words(listing.organisation),
        PLACE: words(" ".join(_place_words(listing))),
        TAG: words(" ".join(listing.tags)),
        TOPIC: words(
            " ".join(topic.label for topic in (*listing.activities, *listing.needs, *listing.circumstances))
        ),
    }
    spellings = set(map(_spelling, chain.from_iterable(said.values())))
    named = {*map(_lexeme_of[NAME], name)} - {""}
    if not named:  # a name of everyday words ("Just for You") is known by all of them
        named = {f"{NAME}_{stem(word)}" for word in name}
        spellings |= {word for word in name if _can_be_misspelt(word)}
    lexemes = named.union(*(map(_lexeme_of[field], found) for field, found in said.items()))
    lexemes.update(_concepts(listing, name, (summary, description), lexicon))
    return IndexDocument(
        listing=listing,
        lexemes=tuple(sorted(lexemes - {""})),
        facets=tuple(facet_keys(listing)),
        spellings=frozenset(spellings - {""}),
        facts=_facts(listing, len(named)),
        sessions=session_records(listing, today),
        served=_served(listing).tobytes(),
    )


def _can_be_misspelt(word: str) -> bool:
    return word.isalpha() and 2 < len(word) <= _LONGEST_SPELLING


# Nothing, for a word that carries no topic.
_lexeme_of = {
    field: of_words(lambda word, field=field: "" if word in STOP_WORDS else f"{field}_{stem(word)}")  # type: ignore[misc]
    for field in FIELDS
}
_spelling = of_words(lambda word: word if word not in STOP_WORDS and _can_be_misspelt(word) else "")


def _notes(listing: PublicListing) -> Iterable[str]:
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


def _concepts(
    listing: PublicListing, name: list[str], texts: Iterable[list[str]], lexicon: Lexicon
) -> Iterable[str]:
    """Each term a listing carries, once, by the surest sign of it."""
    signs = [
        (PHRASED if topic.suggested else STATED, kind, topic.slug)
        for kind, topics in (
            ("activity", listing.activities),
            ("need", listing.needs),
            ("circumstance", listing.circumstances),
        )
        for topic in topics
    ]
    for found in lexicon.find_in(name):
        signs += [(NAMED, meaning.kind, meaning.slug) for meaning in found.meanings]
    for text in texts:
        for found in lexicon.find_in(text):
            certainty = PHRASED if found.end - found.start > 1 else WORDED
            signs += [(certainty, meaning.kind, meaning.slug) for meaning in found.meanings]
    signs.sort(reverse=True)
    surest = {(kind, slug): certainty for certainty, kind, slug in signs if kind in _KIND_LETTER}
    return (concept(kind, slug, certainty) for (kind, slug), certainty in surest.items())


def facet_keys(listing: PublicListing) -> list[str]:
    """The facet values a listing has of itself; those of its sessions are bits of the session."""
    keys = [f"activity:{topic.slug}" for topic in listing.activities]
    keys += [f"need:{topic.slug}" for topic in listing.needs]
    keys += [f"for:{topic.slug}" for topic in listing.circumstances]
    if listing.gender != Gender.ANYONE and f"for:{listing.gender}" not in keys:
        keys.append(f"for:{listing.gender}")  # the slug of the circumstance is the gender's
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


def _facts(listing: PublicListing, name_words: int) -> bytes:
    state = records.STATE_OF_CAPACITY.get(Capacity(listing.capacity), 0) | records.STATE_OF_STATUS.get(
        Status(listing.status), 0
    )
    return records.Facts(
        order=listing.uid.int >> 64,
        checked=records.day_number(listing.checked_on),
        capacity_on=records.day_number(listing.capacity_on),
        closed_on=records.day_number(listing.closed_on),
        age_min=0 if listing.age_min is None else min(listing.age_min, records.NO_AGE),
        age_max=records.NO_AGE if listing.age_max is None else min(listing.age_max, records.NO_AGE),
        name_words=min(name_words, 255),
        state=state | (records.CONFIRMED if listing.confirmed_on else 0),
    ).packed()


def session_records(listing: PublicListing, today: date) -> bytes:
    """A record of `records.SESSIONS` for each session, and one for each date moved to another day, time or place.

    A group with no session still has one record, so that place-free conditions can hold on it.
    """
    rows = [row for session in listing.sessions for row in _session_rows(session, today)]
    return b"".join(row.packed() for row in rows or [records.Session()])


def _session_rows(session: PublicSession, today: date) -> list[records.Session]:
    rule, place = session.rule, session.place
    if rule.frequency == Frequency.ARRANGED:
        return [_session_row(session, place, rule.start, rule.end)]
    base = records.base_day(records.day_number(today))
    weekdays = rule.weekdays or ((rule.first_date.weekday(),) if rule.first_date else ())
    if not session.changes and not session.closures:
        found = usual_days(rule, session.terms, records.day_of(base), _last_day(base))
        return [_session_row(session, place, rule.start, rule.end, weekdays, base, _day_bits(found, base))]
    days = 0
    moved = []
    for meeting in session.occurrences(records.day_of(base), _last_day(base)):
        if meeting.cancelled:
            continue
        offset = records.day_number(meeting.date) - base
        if meeting.moved_from:
            start = meeting.starts.time() if meeting.starts else None
            end = meeting.ends.time() if meeting.ends else None
            there, on = session.place_of(meeting), (meeting.date.weekday(),)
            row = _session_row(session, there, start, end, on, base, 1 << offset)
            moved.append(row._replace(bits=row.bits | records.MOVED))
        else:
            days |= 1 << offset
    return [_session_row(session, place, rule.start, rule.end, weekdays, base, days), *moved]


@lru_cache(maxsize=10_000)
def _day_bits(found: tuple[date, ...], base: int) -> int:
    return sum(1 << (records.day_number(day) - base) for day in found)


def _last_day(base: int) -> date:
    return records.day_of(base + records.OCCURRENCE_DAYS - 1)


def _session_row(
    session: PublicSession,
    place: PublicPlace | None,
    start: time | None,
    end: time | None,
    weekdays: tuple[int, ...] = (),
    base: int = 0,
    days: int = 0,
) -> records.Session:
    bits, minutes, until = _bits_and_times(session.mode, session.access, weekdays, start, end)
    return records.Session(
        records.scaled(place.latitude if place else None),
        records.scaled(place.longitude if place else None),
        bits,
        minutes,
        until,
        base,
        days,
    )


@lru_cache(maxsize=10_000)
def _bits_and_times(
    mode: str, access: tuple[str, ...], weekdays: tuple[int, ...], start: time | None, end: time | None
) -> tuple[int, int, int]:
    bits = records.SESSION_BITS["mode"][mode]
    for weekday in weekdays:
        bits |= 1 << weekday
    for feature in access:
        bits |= records.SESSION_BITS["access"][feature]
    minutes = until = records.NO_TIME
    if start is not None:
        minutes = start.hour * 60 + start.minute
        until = minutes + int(ASSUMED_LENGTH.total_seconds()) // 60
        bits |= records.FIXED_TIME
        if end is not None:
            until = end.hour * 60 + end.minute
            until += 24 * 60 if until <= minutes else 0
        bits |= times_of_day(minutes, minutes if end is None else until)
    return bits, minutes, until


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
