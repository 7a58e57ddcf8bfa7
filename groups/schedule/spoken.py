"""A session typed as one sentence, as a volunteer would say it: "every Tuesday 10 to 12"."""

from datetime import date, datetime

from django.utils.translation import gettext as _

from groups.schedule.grammar import read
from groups.schedule.refusals import NotUnderstoodError, Refusal
from groups.schedule.rules import LONDON, Rule


class SentenceError(ValueError):
    """A sentence that was not read; its text is translated and says what to try."""


def read_sentence(text: str, *, today: date | None = None) -> Rule:
    """The one rule in a sentence. `today` (London's, unless given) gives a date without a year its year.

    "Every other Friday" without "from 4 December" has no first date: the caller asks for it. The rule for
    morning and afternoon is in `clock_words`. Raises SentenceError.
    """
    try:
        rules = read(text, today=today or datetime.now(LONDON).date())
    except NotUnderstoodError as refused:
        raise SentenceError(_advice(refused)) from refused
    if len(rules) != 1:
        raise SentenceError(_advice(NotUnderstoodError(Refusal.SEVERAL)))
    return rules[0]


def _advice(refused: NotUnderstoodError) -> str:
    words = {"words": refused.words}
    match refused.refusal:
        case Refusal.EMPTY | Refusal.NO_DAY:
            return _("Say which day you meet. For example: every Tuesday 10am to 12 noon.")
        case Refusal.UNKNOWN_WORDS:
            return (
                _("We could not read “%(words)s”. Use days and times, like: every Tuesday 10am to 12 noon.")
                % words
            )
        case Refusal.NO_SUCH_TIME:
            return _("“%(words)s” is not a time. Write it like 10am or 2.30pm.") % words
        case Refusal.MORNING_OR_AFTERNOON:
            return _("Is “%(words)s” in the morning or the afternoon? Add am or pm to each time.") % words
        case Refusal.ENDS_BEFORE_START:
            return _("“%(words)s” ends before it starts. Check both times, and add am or pm.") % words
        case Refusal.WHICH_WEEK:
            return _("Say which week of the month. For example: second Sunday of the month, 2pm.")
        case Refusal.EVERY_SECOND:
            return _(
                "Is that every other week, or once a month? "
                "Try “every other Tuesday” or “second Tuesday of the month”."
            )
        case Refusal.ONE_DAY_A_MONTH:
            return _(
                "Give one day, like: first Monday of the month. Then add another session for the other day."
            )
        case Refusal.NO_SUCH_DATE:
            return _("“%(words)s” is not a date. Write it like 5 December 2026.") % words
        case Refusal.OTHER_WEEKDAY:
            return _("“%(words)s” is a different day of the week. Check the date.") % words
        case Refusal.SEVERAL | Refusal.CLASH:
            return _("That is more than one session. Type one here, then add the others.")
        case _:
            return (
                _("We could not follow “%(words)s”. Try it like this: every Tuesday 10am to 12 noon.") % words
            )
