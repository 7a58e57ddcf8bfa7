"""A listing as an index holds it: words, concepts, facts. Made from a `PublicListing`, alike for every engine.

A *lexeme* is a field's letter and a stem ("n_walk"), or a concept ("a1_craft"). The same lexemes go into every engine's
index, so that the same query finds the same listings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import lru_cache
from itertools import groupby

import numpy as np

from groups.listings.choices import Answer, Capacity, Gender, Served, Stage, Status
from groups.listings.public import PublicListing, PublicPlace, PublicSession
from groups.schedule.occurrences import ASSUMED_LENGTH
from groups.schedule.rules import Frequency
from groups.vocabulary.lexicon import Found, Lexicon
from groups.vocabulary.words import STOP_WORDS, stem, words
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
    split = {field: [word for word in found if word not in STOP_WORDS] for field, found in said.items()}
    # A name of everyday words ("Just for You") is known by all of them.
    split[NAME] = split[NAME] or words(listing.name)
    lexemes = {f"{field}_{stem(word)}" for field, found in split.items() for word in found}
    lexemes.update(_concepts(listing, name, (summary, description), lexicon))
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
        facts=_facts(listing, _name_stems(name)).tobytes(),
        sessions=session_records(listing, today).tobytes(),
        served=_served(listing).tobytes(),
    )


def _name_stems(found: list[str]) -> set[str]:
    """The stems a name is known by: its topic words, or all of them where it has none."""
    return {stem(word) for word in found if word not in STOP_WORDS} or {stem(word) for word in found}


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
    surest: dict[tuple[str, str], str] = {}

    def sign(kind: str, slug: str, certainty: str) -> None:
        if kind in _KIND_LETTER:
            surest[kind, slug] = min(certainty, surest.get((kind, slug), certainty))

    for kind, topics in (
        ("activity", listing.activities),
        ("need", listing.needs),
        ("circumstance", listing.circumstances),
    ):
        for topic in topics:
            sign(kind, topic.slug, PHRASED if topic.suggested else STATED)
    for found in _found_in(name, lexicon):
        for meaning in found.meanings:
            sign(meaning.kind, meaning.slug, NAMED)
    for text in texts:
        for found in _found_in(text, lexicon):
            for meaning in found.meanings:
                sign(meaning.kind, meaning.slug, PHRASED if found.end - found.start > 1 else WORDED)
    return (concept(kind, slug, certainty) for (kind, slug), certainty in surest.items())


def _found_in(text: list[str], lexicon: Lexicon) -> Iterable[Found]:
    """`Lexicon.find_in`, of the stretches that its phrases can lie in: none spans a word that no phrase has."""
    plain, stemmed = _vocabulary_words(lexicon)
    for known, run in groupby(text, lambda word: word in plain or stem(word) in stemmed):
        if known:
            yield from lexicon.find_in(list(run))


_words_of: tuple[Lexicon, frozenset[str], frozenset[str]] | None = None


def _vocabulary_words(lexicon: Lexicon) -> tuple[frozenset[str], frozenset[str]]:
    """All words of the lexicon's phrases, as written and stemmed. Kept for the lexicon seen last."""
    global _words_of
    known = _words_of
    if known is None or known[0] is not lexicon:
        plain = frozenset(word for phrase in lexicon.exact for word in phrase)
        stemmed = frozenset(
            word for table in (lexicon.phrases, lexicon.misleading) for phrase in table for word in phrase
        )
        _words_of = known = (lexicon, plain, stemmed)
    return known[1], known[2]


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
    state = records.STATE_OF_CAPACITY.get(Capacity(listing.capacity), 0) | records.STATE_OF_STATUS.get(
        Status(listing.status), 0
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
    weekdays = session.rule.weekdays or (
        (session.rule.first_date.weekday(),) if session.rule.first_date else ()
    )
    usual["bits"] = _with_days(usual["bits"], weekdays)
    if not session.changes and not session.closures:
        days = _day_bits(usual_days(session.rule, session.terms, records.day_of(base), _last_day(base)), base)
        return [{**usual, "days": days, "base": base}]
    days = np.zeros(records.OCCURRENCE_WORDS, np.uint64)
    moved = []
    for meeting in session.occurrences(records.day_of(base), _last_day(base)):
        if meeting.cancelled:
            continue
        offset = records.day_number(meeting.date) - base
        if meeting.moved_from:
            own = np.zeros(records.OCCURRENCE_WORDS, np.uint64)
            _set(own, offset)
            start = meeting.starts.time() if meeting.starts else None
            end = meeting.ends.time() if meeting.ends else None
            row = _session_row(session, session.place_of(meeting), start, end)
            row["bits"] = _with_days(row["bits"], [meeting.date.weekday()]) | records.MOVED
            moved.append({**row, "days": own, "base": base})
        else:
            _set(days, offset)
    return [{**usual, "days": days, "base": base}, *moved]


@lru_cache(maxsize=10_000)
def _day_bits(found: tuple[date, ...], base: int) -> np.ndarray:
    days = np.zeros(records.OCCURRENCE_WORDS, np.uint64)
    for day in found:
        _set(days, records.day_number(day) - base)
    return days


def _last_day(base: int) -> date:
    return records.day_of(base + records.OCCURRENCE_DAYS - 1)


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
    minutes = until = records.NO_TIME
    if start is not None:
        minutes = start.hour * 60 + start.minute
        until = minutes + int(ASSUMED_LENGTH.total_seconds()) // 60
        bits |= records.FIXED_TIME
        if end is not None:
            until = end.hour * 60 + end.minute
            until += 24 * 60 if until <= minutes else 0
        bits |= times_of_day(minutes, minutes if end is None else until)
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
