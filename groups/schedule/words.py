"""Plain words for rules, dates and times, in one style: "Every Tuesday, 10am to 12 noon".

Sentences are whole translatable templates, so that Welsh can order their parts its own way.
"""

from datetime import date, time, timedelta

from django.utils.dates import MONTHS, WEEKDAYS
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from groups.remembering import remembered
from groups.schedule.rules import LAST, Frequency, Rule

_WEEKS_OF_MONTH = {
    1: gettext_lazy("first"),
    2: gettext_lazy("second"),
    3: gettext_lazy("third"),
    4: gettext_lazy("fourth"),
    5: gettext_lazy("fifth"),
    LAST: gettext_lazy("last"),
}
_SHORTEST_RUN = 3  # "Monday to Wednesday", but "Monday and Tuesday"


def describe(rule: Rule) -> str:
    """The rule in plain words: days, then times, then "in term time"; not its first and last dates."""
    if rule.frequency == Frequency.ARRANGED:
        return _("By arrangement")
    parts = [_when(rule), describe_time(rule.start, rule.end)]
    if rule.term_time_only:
        parts.append(_("in term time"))
    words = ", ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def _when(rule: Rule) -> str:
    match rule.frequency:
        case Frequency.ONCE:
            return long_date(rule.first_date, year=True) if rule.first_date else _("Date to be set")
        case Frequency.MONTHLY:
            return _monthly(rule)
        case _:
            return _weekly(rule)


def _weekly(rule: Rule) -> str:
    days = sorted(set(rule.weekdays))
    if rule.interval == 1:
        if len(days) == 7:
            return _("every day")
        if _is_run(days):
            return _days(days)
        return _("every %(days)s") % {"days": _days(days)}
    if rule.interval == 2 and len(days) == 1:
        return _("every other %(day)s") % {"day": _days(days)}
    if rule.interval == 2:
        return _("every other week on %(days)s") % {"days": _days(days)}
    return _("every %(count)s weeks on %(days)s") % {"count": rule.interval, "days": _days(days)}


def _monthly(rule: Rule) -> str:
    weeks = sorted(set(rule.weeks_of_month), key=lambda week: (week == LAST, week))
    which = {
        "weeks": get_text_list([str(_WEEKS_OF_MONTH[week]) for week in weeks], _("and")),
        "day": _days(sorted(set(rule.weekdays))),
        "count": rule.interval,
    }
    if rule.interval == 1:
        return _("%(weeks)s %(day)s of the month") % which
    if rule.interval == 2:
        return _("%(weeks)s %(day)s of every other month") % which
    return _("%(weeks)s %(day)s, every %(count)s months") % which


def _is_run(days: list[int]) -> bool:
    return len(days) >= _SHORTEST_RUN and days[-1] - days[0] == len(days) - 1


def _days(days: list[int]) -> str:
    names = [str(WEEKDAYS[day]) for day in days]
    if _is_run(days):
        return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
    return get_text_list(names, _("and"))


@remembered
def describe_date(day: date, today: date) -> str:
    """ "Today", "Tomorrow" or "Tuesday 24 November"; the year only where it is not this year's."""
    if day == today:
        return _("Today")
    if day == today + timedelta(days=1):
        return _("Tomorrow")
    return long_date(day, year=day.year != today.year)


def long_date(day: date, *, year: bool) -> str:
    """ "Tuesday 24 November", with the year or without."""
    parts = {
        "weekday": WEEKDAYS[day.weekday()],
        "day": day.day,
        "month": MONTHS[day.month],
        "year": day.year,
    }
    if year:
        return _("%(weekday)s %(day)s %(month)s %(year)s") % parts
    return _("%(weekday)s %(day)s %(month)s") % parts


@remembered
def describe_time(start: time | None, end: time | None) -> str:
    """ "10am to 12 noon", or "2pm" where the end is not known; empty without a start."""
    if start is None:
        return ""
    if end is None:
        return _clock(start)
    times = {"start": _clock(start), "end": _clock(end)}
    if end == start:
        return _("%(start)s to %(end)s the next day") % times
    return _("%(start)s to %(end)s") % times


def _clock(at: time) -> str:
    if (at.hour, at.minute) == (12, 0):
        return _("12 noon")
    if (at.hour, at.minute) == (0, 0):
        return _("midnight")
    clock = {"clock": f"{at.hour % 12 or 12}" + (f".{at.minute:02}" if at.minute else "")}
    return _("%(clock)sam") % clock if at.hour < 12 else _("%(clock)spm") % clock
