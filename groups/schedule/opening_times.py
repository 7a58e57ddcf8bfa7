"""Opening times as other registers write them, in free text or in OpenStreetMap's way."""

from dataclasses import dataclass
from datetime import date, time

from groups.schedule.grammar import read
from groups.schedule.refusals import NotUnderstoodError
from groups.schedule.rules import Frequency, Rule

_LATE = time(22)


@dataclass(frozen=True, slots=True)
class Reading:
    """rules: all of the text, or none of it. certain: every word was understood, and in one way only.

    left_over: the words that stopped the reading; the caller then keeps the text as it is.
    """

    rules: tuple[Rule, ...]
    certain: bool
    left_over: str


def read_opening_times(text: str) -> Reading:
    """The rules in a text like "Mon, Wed & Fri 9:30am-12noon; Thu 1-3pm". Never raises.

    Days with equal hours become one rule. A text with a date in it is not read: its year is not known, or it
    is over.
    """
    try:
        rules = read(text, today=date.min)
    except NotUnderstoodError as refused:
        return Reading((), certain=False, left_over=refused.words or text.strip())
    if any(rule.frequency == Frequency.ONCE or rule.first_date or rule.until for rule in rules) or _slips(
        rules
    ):
        return Reading((), certain=False, left_over=text.strip())
    return Reading(rules, certain=True, left_over="")


def _slips(rules: tuple[Rule, ...]) -> bool:
    """Slips of real forms: a lone "23:01", and "12:00" for midnight beside days that end late."""
    lone = any(rule.start and rule.start >= _LATE and rule.end is None for rule in rules)
    ends = {rule.end for rule in rules if rule.end}
    return lone or (time(12) in ends and any(end >= _LATE for end in ends))
