"""The days that rules meet on, remembered: thousands of groups share a few rules, and calendar arithmetic is slow."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice

from groups.listings.public import PublicSession
from groups.schedule.occurrences import HORIZON_DAYS, in_term, over_at, rule_dates, wall_clock
from groups.schedule.rules import LONDON, Occurrence, Rule, Span

MOST_COMING = 8  # meetings of a session that a search looks at
_WINDOW = timedelta(days=35)  # holds one date of any monthly rule, so that most look no further


def usual_days(rule: Rule, terms: tuple[Span, ...], first: date, last: date) -> tuple[date, ...]:
    """The days from `first` to `last`, both included, on which a rule meets in term while nothing is changed."""
    days = rule_dates(rule, first, last)
    return tuple(day for day in days if in_term(rule, day, terms)) if rule.term_time_only else tuple(days)


def coming_days(session: PublicSession, now: datetime) -> tuple[date, ...]:
    """The next days of a session's meetings that are not over at `now`, as `PublicSession.next_dates` finds them; at most 8.

    Only for a session without changes and closures.
    """
    rule, terms = session.rule, session.terms if session.rule.term_time_only else ()
    today = now.astimezone(LONDON).date()
    days = _days_from_yesterday(rule, terms, today)
    over = 0
    # Only what began yesterday or begins today can be over.
    while over < len(days) and days[over] <= today and over_at(meeting_on(rule, days[over])) <= now:
        over += 1
    return days[over : over + MOST_COMING]


@lru_cache(maxsize=20_000)
def _days_from_yesterday(rule: Rule, terms: tuple[Span, ...], today: date) -> tuple[date, ...]:
    """As many as are wanted, and the two that may be over."""
    return tuple(islice(_coming(rule, terms, today), MOST_COMING + 2))


def _coming(rule: Rule, terms: tuple[Span, ...], today: date) -> Iterator[date]:
    first, horizon = today - timedelta(days=1), today + timedelta(days=HORIZON_DAYS)
    while first <= horizon:
        last = min(first + _WINDOW, horizon)
        yield from usual_days(rule, terms, first, last)
        first = last + timedelta(days=1)


@lru_cache(maxsize=20_000)
def meeting_on(rule: Rule, day: date) -> Occurrence:
    """The meeting of a rule on one of its days, when nothing is changed."""
    starts = ends = None
    if rule.start is not None:
        starts = wall_clock(day, rule.start)
        if rule.end is not None:
            ends = wall_clock(day if rule.end > rule.start else day + timedelta(days=1), rule.end)
    return Occurrence(date=day, starts=starts, ends=ends)
