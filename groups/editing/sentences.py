"""A session's rule as the sentence a person would type, and back."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from groups.listings.choices import Weekday
from groups.schedule.rules import Frequency, Rule
from groups.schedule.words import describe


def sentence_of(rule: Rule) -> str:
    """Such as "Every Tuesday, 10am to 12 noon from 1 December 2026"; `spoken.read_sentence` reads it back."""
    words = describe(rule)
    if rule.frequency in (Frequency.ONCE, Frequency.ARRANGED):
        return words
    if rule.first_date:
        words = _("%(when)s from %(date)s") % {"when": words, "date": _date(rule.first_date)}
    if rule.until:
        words = _("%(when)s until %(date)s") % {"when": words, "date": _date(rule.until)}
    return words


def _date(day: date) -> str:
    return date_format(day, "j F Y")


def write_rule(session: Any, rule: Rule) -> None:
    """Let a `GroupSession` repeat by this rule, in memory only."""
    session.frequency = rule.frequency.value
    session.weekdays = tuple(list(Weekday)[number].value for number in rule.weekdays)
    session.weeks_of_month = tuple(str(week) for week in rule.weeks_of_month)
    session.interval, session.term_time_only = rule.interval, rule.term_time_only
    session.first_date, session.until = rule.first_date, rule.until
    session.start, session.end = rule.start, rule.end
