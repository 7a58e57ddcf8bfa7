"""A row of somebody's file as a plain value: what a listing would be, before anything is compared or written."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.imports.letter_case import sentence_case
from groups.imports.mapping import Mapping
from groups.imports.picks import Row
from groups.imports.plain_text import plain, shortened
from groups.imports.sentences import SUMMARY_LETTERS, spaced, split_summary
from groups.imports.suggestions import Suggester, looks_private
from groups.imports.whereabouts import Whereabouts, find_whereabouts, strictest
from groups.listings.choices import Cost, FrequencyChoice, Joining, LocationVisibility, Mode, Status, Weekday
from groups.listings.contacts import clean_contact
from groups.listings.models import MAX_AGE
from groups.schedule.opening_times import read_opening_times
from groups.schedule.rules import Rule

READING = 1
"""Raised when rows are read in a new way, so that the next import looks at every row again."""

TITLE_LETTERS = 200
NOTE_LETTERS = 250
REF_LETTERS = 200
_DAY = re.compile(r"^(\d{4})-(\d{2})-(\d{2})|^(\d{1,2})/(\d{1,2})/(\d{4})$")
_WORD_FIELDS = ("title", "summary", "text", "description", "url")
_EARLIEST = date(1990, 1, 1)

Values = dict[str, Any]


class Refused(Exception):  # noqa: N818 — the name says what happened to the row
    """The row becomes no listing. The message is the reason people read; `ref` is "" where the row has none."""

    def __init__(self, reason: str, ref: str = "", name: str = "") -> None:
        super().__init__(reason)
        self.ref, self.name = ref, name


@dataclass(frozen=True)
class ImportedListing:
    """What a row says, checked and within every limit.

    values: by importable field (`groups.imports.fields`), as JSON; a field the mapping does not name is absent.
    whereabouts: for finding duplicates; unlike `values` it may hold a postcode that is not kept.
    """

    ref: str
    title: str
    values: Values
    visibility: str
    whereabouts: Whereabouts
    source_date: date | None = None
    url: str = ""
    phone: str = ""
    charity_number: str = ""
    times_read: bool | None = None  # None: the row has no words on times
    notes: tuple[str, ...] = field(default_factory=tuple)


def fingerprint(mapping: Mapping, row: Row) -> str:
    """The same for the same row read by the same mapping in the same way."""
    said = json.dumps(row.raw, sort_keys=True, default=str, ensure_ascii=True)
    return hashlib.sha256(f"{READING}|{mapping.digest}|{said}".encode()).hexdigest()


def ref_of(mapping: Mapping, row: Row) -> str:
    """The row's id at its source; "" where a single id column is empty."""
    parts = [row.cell(column) for column in mapping.ref]
    if not any(parts):
        return ""
    ref = " | ".join(parts)
    if len(ref) > REF_LETTERS:
        ref = f"{ref[: REF_LETTERS - 17]}~{hashlib.sha256(ref.encode()).hexdigest()[:16]}"
    return ref


def make_listing(mapping: Mapping, row: Row, suggester: Suggester) -> ImportedListing:
    """The listing of a row. Raises Refused with the reason."""
    ref = ref_of(mapping, row)
    title = _title(mapping, row)
    if not ref:
        raise Refused(_("It has no id in the source."), name=title)
    if not any(letter.isalpha() for letter in title):
        raise Refused(_("It has no name."), ref, title)
    for rule in mapping.refuse:
        if re.fullmatch(rule.pattern, " ".join(row.cell(rule.column).casefold().split())):
            raise Refused(rule.because, ref, title)
    values: Values = {"title": title, **_words(mapping, row)}
    if not values["summary"]:
        raise Refused(_("It has no usable text."), ref, title)

    notes: list[str] = []
    values.update(_simple_fields(mapping, row, notes))
    values.update(_terms(mapping, row))
    words = "\n".join(filter(None, (values["summary"], values["description"])))
    if mapping.suggest:
        values.update(suggester.suggest(title, words, stated=values))
    visibility = mapping.visibility
    if looks_private(title, values):
        visibility = strictest(visibility, LocationVisibility.HIDDEN)
        if mapping.ref_tells_the_place:
            raise Refused(_("It may be a place that must not be found. Add it by hand."), ref, title)

    where = find_whereabouts({name: pick.take(row) for name, pick in mapping.place.items()}, title, notes)
    values.update(where.values(visibility))
    values.update(_organisation(mapping, row))
    if mapping.served:
        values["served"] = [asdict(mapping.served)]
    sessions, times_note, times_read = _sessions(
        mapping, row, has_place=bool(values["venue"] or values["area_name"])
    )
    values["sessions"], values["times_note"] = sessions, times_note or values.get("times_note", "")
    return ImportedListing(
        ref=ref,
        title=title,
        values=values,
        visibility=visibility,
        whereabouts=where,
        source_date=_source_date(mapping, row),
        url=mapping.fields["url"].take(row)[:500] if "url" in mapping.fields else "",
        phone=values.get("phone", ""),
        charity_number=(values.get("organisation") or {}).get("charity_number", ""),
        times_read=times_read,
        notes=tuple(notes),
    )


def _title(mapping: Mapping, row: Row) -> str:
    return shortened(" ".join(plain(mapping.fields["title"].take(row)).split()), TITLE_LETTERS)


def _words(mapping: Mapping, row: Row) -> Values:
    """Summary and description: a summary of its own, or the first sentence of the text with the rest below it."""
    taken = {
        name: plain(mapping.fields[name].take(row)) if name in mapping.fields else ""
        for name in ("summary", "text", "description")
    }
    text = sentence_case(spaced(taken["text"]))
    description = taken["description"]
    if taken["summary"]:
        summary = " ".join(sentence_case(taken["summary"]).split())
        if len(summary) > SUMMARY_LETTERS:
            summary, text = shortened(summary, SUMMARY_LETTERS), "\n\n".join(filter(None, (summary, text)))
    else:
        summary, text = split_summary(text)
    summary = summary if any(letter.isalpha() for letter in summary) else ""
    return {"summary": _capital(summary), "description": "\n\n".join(filter(None, (text, description)))}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _simple_fields(mapping: Mapping, row: Row, notes: list[str]) -> Values:
    taken = {name: pick.take(row) for name, pick in mapping.fields.items() if name not in _WORD_FIELDS}
    values: Values = {}
    for name in ("cost_note", "joining_note", "referral_how"):
        if name in taken:
            values[name] = shortened(" ".join(plain(taken[name]).split()), NOTE_LETTERS)
    if "getting_there" in taken:
        values["getting_there"] = shortened(" ".join(plain(taken["getting_there"]).split()), 300)
    if "times_note" in taken:
        values["times_note"] = plain(taken["times_note"])
    for name, unknown in (
        ("cost_kind", Cost.UNKNOWN),
        ("joining_kind", Joining.UNKNOWN),
        ("status", Status.OPEN),
    ):
        if name in taken:
            values[name] = str(taken[name] or unknown)
    if "accepts_referrals" in taken:
        values["accepts_referrals"] = (
            taken["accepts_referrals"] if taken["accepts_referrals"] in ("yes", "no") else "unknown"
        )
    if "children_young_people" in taken:
        values["children_young_people"] = taken["children_young_people"] == "yes"
    for name in ("age_min", "age_max"):
        if name in taken:
            values[name] = (
                int(taken[name]) if taken[name].isdecimal() and int(taken[name][:9]) <= MAX_AGE else None
            )
    if values.get("age_min") and values.get("age_max") and values["age_min"] > values["age_max"]:
        values["age_min"] = values["age_max"] = None
        notes.append(_("The youngest age is above the oldest. Both were left out."))
    for name in ("website", "email", "phone"):
        if name in taken:
            values[name] = _contact(name, taken[name], notes)
    return values


def _contact(kind: str, text: str, notes: list[str]) -> str:
    if not text:
        return ""
    try:
        return clean_contact(kind, shortened(text, NOTE_LETTERS))
    except (ValidationError, ValueError):
        notes.append(_("The %(kind)s cannot be used and was left out.") % {"kind": kind})
        return ""


def _terms(mapping: Mapping, row: Row) -> Values:
    values: Values = {}
    for name in ("activities", "needs", "circumstances"):
        slugs = list(mapping.always.get(name, ()))
        if name in mapping.terms:
            slugs += [slug.strip() for slug in mapping.terms[name].take(row).split(",") if slug.strip()]
        if slugs or name in mapping.always or name in mapping.terms:
            values[name] = sorted(set(slugs))
    return values


def _organisation(mapping: Mapping, row: Row) -> Values:
    if not mapping.organisation:
        return {}
    taken = {name: " ".join(pick.take(row).split()) for name, pick in mapping.organisation.items()}
    if not any(letter.isalpha() for letter in taken.get("name", "")):
        return {"organisation": None}
    return {
        "organisation": {
            "name": shortened(taken["name"], TITLE_LETTERS),
            "charity_number": taken.get("charity_number", "")[:20],
            "company_number": taken.get("company_number", "")[:20],
            "website": taken.get("website", "")[:200],
        }
    }


# --- times ----------------------------------------------------------------------------------------


def _sessions(mapping: Mapping, row: Row, *, has_place: bool) -> tuple[list[Values], str, bool | None]:
    """Sessions, the words kept on times, and whether the words were understood.

    Times are read only where every word is certain; else the words are kept as they are, and the group has one session "by
    arrangement" so that its place is known. How people take part: as the mapping says, or in person where there is a place.
    """
    mode = mapping.mode.take(row) if mapping.mode else ""
    mode = mode or (str(Mode.IN_PERSON) if has_place else "")
    texts = [plain(row.cell(column)) for column in mapping.times]
    words = next((text for text in (plain(row.cell(column)) for column in mapping.times_words) if text), "")
    for text in texts:
        if not text:
            continue
        reading = read_opening_times(text)
        if reading.certain and reading.rules and mode:
            return [session_value(rule, mode) for rule in reading.rules], "", True
        return _by_arrangement(mode), words or text, False
    return _by_arrangement(mode), "", None


def _by_arrangement(mode: str) -> list[Values]:
    return [{"mode": mode, "frequency": str(FrequencyChoice.ARRANGED)}] if mode else []


def session_value(rule: Rule, mode: str) -> Values:
    """A rule as JSON; what says nothing is left out."""
    days = list(Weekday)
    value: Values = {
        "mode": mode,
        "frequency": str(rule.frequency.value),
        "weekdays": [str(days[day]) for day in rule.weekdays],
        "interval": rule.interval if rule.interval != 1 else None,
        "weeks_of_month": [str(week) for week in rule.weeks_of_month],
        "first_date": rule.first_date and rule.first_date.isoformat(),
        "until": rule.until and rule.until.isoformat(),
        "start": rule.start and rule.start.isoformat("minutes"),
        "end": rule.end and rule.end.isoformat("minutes"),
        "term_time_only": rule.term_time_only or None,
    }
    return {name: part for name, part in value.items() if part}


# --- dates ----------------------------------------------------------------------------------------


def _source_date(mapping: Mapping, row: Row) -> date | None:
    if not mapping.date_column:
        return mapping.fixed_date
    return read_day(row.cell(mapping.date_column))


def read_day(text: str) -> date | None:
    """A day out of "2024-05-31…" or "31/5/2024"; None for anything else, for the future and for before 1990."""
    found = _DAY.match(text)
    if not found:
        return None
    year, month, day = (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    try:
        read = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return read if _EARLIEST <= read <= timezone.localdate() else None
