"""Who changed which of today's facts, in plain words."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from groups.listings.facts import FactHistory, GroupFacts

ENTRIES_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Entry:
    at: datetime
    who: str
    what: str
    before: str
    after: str


def history_of(group_uid: UUID, *, without: Collection[str] = ()) -> list[Entry]:
    """The latest changes first. without: names of facts to leave out."""
    rows = FactHistory.objects.filter(group_uid=group_uid).exclude(fact__in=without)
    rows = rows.select_related("by")[:ENTRIES_SHOWN]
    return [
        Entry(
            row.at, _who(row.by), _what(row.fact), _value(row.fact, row.before), _value(row.fact, row.after)
        )
        for row in rows
    ]


def _field(fact: str) -> Any:
    return GroupFacts._meta.get_field(fact)


def _who(user) -> str:
    return user.name if user else _("The system")


def _what(fact: str) -> str:
    own = {
        "dates": _("A date"),
        "closure": _("Closed days"),
        "last_confirmed_at": _("Checked on"),
        "confirmed_by": _("Checked by"),
    }
    if fact in own:
        return own[fact]
    try:
        return capfirst(str(_field(fact).verbose_name))
    except FieldDoesNotExist:
        return fact


def _value(fact: str, value: str) -> str:
    if not value:
        return "–"
    if fact == "last_confirmed_at" and (moment := parse_datetime(value)):
        return date_format(timezone.localtime(moment), "j F Y, H:i")
    try:
        choices = dict(_field(fact).flatchoices)
    except FieldDoesNotExist:
        choices = {}
    return str(choices.get(value, value))
