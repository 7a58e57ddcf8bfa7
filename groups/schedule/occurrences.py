"""From a rule and today's facts to dated meetings.

The calendar arithmetic is dateutil's; this module adds what happened to single dates. Instants are compared
in UTC: two London datetimes compare by the clock on the wall, which is wrong in the hour that repeats in
October.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice

from dateutil import rrule, tz

from groups.schedule.rules import LONDON, DateChange, Frequency, Occurrence, Rule, Span

HORIZON_DAYS = 400  # a year, and long enough to see next year's first date of a yearly pause
ASSUMED_LENGTH = timedelta(hours=1)  # of a meeting without a known end, to tell whether it is over
_WINDOW = timedelta(days=35)  # holds one date of any monthly rule, so that most searches need one window


def rule_dates(rule: Rule, first: date, last: date) -> list[date]:
    """The dates the rule alone produces from `first` to `last`, both included, in order. It ignores terms."""
    # A rule that counts no weeks has the days of any such rule, from where it begins to where it ends.
    counts = rule.interval > 1 or rule.frequency == Frequency.ONCE
    origin = rule.first_date if counts else None
    days = _dates(
        Rule(rule.frequency, rule.weekdays, rule.interval, rule.weeks_of_month, origin), first, last
    )
    begins = 0 if rule.first_date is None else bisect_left(days, rule.first_date)
    ends = len(days) if rule.until is None else bisect_right(days, rule.until)
    return list(days[begins:ends])


@lru_cache(maxsize=20_000)
def _dates(rule: Rule, first: date, last: date) -> tuple[date, ...]:
    """Of a rule without an end. Remembered: thousands of groups share a few rules, and calendar arithmetic is slow."""
    if rule.first_date is not None:
        first = max(first, rule.first_date)
    match rule.frequency:
        case Frequency.ONCE:
            return (
                (rule.first_date,) if rule.first_date is not None and first <= rule.first_date <= last else ()
            )
        case Frequency.ARRANGED:
            return ()
    if first > last or not rule.weekdays or (rule.interval > 1 and rule.first_date is None):
        return ()
    if rule.frequency == Frequency.WEEKLY:
        days = [rrule.weekdays[day] for day in rule.weekdays]
    else:
        days = [rrule.weekdays[day](week) for day in rule.weekdays for week in rule.weeks_of_month]
    if not days:
        return ()
    dates = rrule.rrule(
        rrule.WEEKLY if rule.frequency == Frequency.WEEKLY else rrule.MONTHLY,
        dtstart=datetime.combine(_anchor(rule, first), time()),
        interval=rule.interval,
        wkst=rrule.MO,
        byweekday=days,
        until=datetime.combine(last, time()),
    )
    return tuple(found.date() for found in dates if found.date() >= first)


def _anchor(rule: Rule, first: date) -> date:
    """The start of the last week or month of the rule's own count that begins on or before `first`."""
    origin = rule.first_date or first
    if rule.frequency == Frequency.WEEKLY:
        monday = origin - timedelta(days=origin.weekday())
        weeks = (first - monday).days // 7
        return monday + timedelta(weeks=weeks - weeks % rule.interval)
    months = (first.year - origin.year) * 12 + first.month - origin.month
    year, month = divmod(origin.year * 12 + origin.month - 1 + months - months % rule.interval, 12)
    return date(year, month + 1, 1)


@lru_cache(maxsize=20_000)
def wall_clock(day: date, at: time) -> datetime:
    """This time of this day in London: the first, if it comes twice; the next there is, if it never comes."""
    value = datetime.combine(day, at.replace(fold=0), LONDON)
    if tz.datetime_exists(value):
        return value
    value = value.replace(second=0, microsecond=0)
    while not tz.datetime_exists(value):
        value += timedelta(minutes=1)
    return value


def occurrences(
    rule: Rule,
    first: date,
    last: date,
    *,
    changes: Iterable[DateChange] = (),
    closures: Iterable[Span] = (),
    terms: Iterable[Span] = (),
) -> list[Occurrence]:
    """The meetings that take place, or would have, from `first` to `last` (both included), sorted by start.

    A cancelled date, or one inside a closure, comes back with `cancelled` and the reason. A moved date is
    found on its new date only, even if the rule does not produce the old one; a closure over the new date
    cancels it too, because a closed door is worse than a missed meeting. A cancelled date that the rule does
    not produce is ignored. Of two changes of one date the later in `changes` holds. `term_time_only` keeps
    the dates inside `terms`; without terms, every date. A rule by arrangement has no meetings.
    """
    if rule.frequency == Frequency.ARRANGED:
        return []
    changed = {change.date: change for change in changes}
    closures, terms = tuple(closures), tuple(terms)
    found = []
    for day in rule_dates(rule, first, last):
        if not in_term(rule, day, terms):
            continue
        change = changed.get(day)
        if change is None:
            found.append(_meeting(rule, day, closures))
        elif change.to_date is None:
            found.append(_meeting(rule, day, closures, cancelled_by=change))
    found += [
        _meeting(rule, change.to_date, closures, moved_by=change)
        for change in changed.values()
        if change.to_date is not None and first <= change.to_date <= last
    ]
    return sorted(found, key=_order)


def in_term(rule: Rule, day: date, terms: Iterable[Span]) -> bool:
    """Whether the rule's own wish about terms lets it meet on this day. With no terms known, it does."""
    spans = tuple(terms)
    return not rule.term_time_only or not spans or any(term.first <= day <= term.last for term in spans)


def _meeting(
    rule: Rule,
    day: date,
    closures: tuple[Span, ...],
    *,
    moved_by: DateChange | None = None,
    cancelled_by: DateChange | None = None,
) -> Occurrence:
    start, end = _times(rule, moved_by)
    change = moved_by or cancelled_by
    closure = next((span for span in closures if span.first <= day <= span.last), None)
    cancelled = cancelled_by is not None or closure is not None
    reason = change.reason if change else ""
    if closure and (moved_by or not reason):
        reason = closure.reason
    starts = wall_clock(day, start) if start is not None else None
    ends = None
    if start is not None and end is not None:
        ends = wall_clock(day if end > start else day + timedelta(days=1), end)
    return Occurrence(
        date=day,
        starts=starts,
        ends=ends,
        cancelled=cancelled,
        moved_from=moved_by.date if moved_by else None,
        place=moved_by.place if moved_by else "",
        reason=reason,
    )


def _times(rule: Rule, change: DateChange | None) -> tuple[time | None, time | None]:
    """Start and end on the wall. A changed start without a changed end keeps the usual length."""
    start, end = rule.start, rule.end
    if change is None or change.start is None:
        return start, (change.end if change and change.end is not None else end)
    if change.end is not None or start is None or end is None:
        return change.start, change.end
    some_day = date(2000, 1, 1)
    length = datetime.combine(some_day, end) - datetime.combine(some_day, start)
    return change.start, (datetime.combine(some_day, change.start) + length).time()


def _order(meeting: Occurrence) -> tuple[date, bool, datetime, date]:
    # A meeting without a time stands first on its day.
    instant = meeting.starts.astimezone(UTC) if meeting.starts else datetime.min.replace(tzinfo=UTC)
    return meeting.date, meeting.starts is not None, instant, meeting.moved_from or date.min


def over_at(meeting: Occurrence) -> datetime:
    """The instant (UTC) at which a meeting is over: its end, or its assumed end, or the end of its day."""
    if meeting.ends is not None:
        return meeting.ends.astimezone(UTC)
    if meeting.starts is not None:
        return meeting.starts.astimezone(UTC) + ASSUMED_LENGTH
    return wall_clock(meeting.date + timedelta(days=1), time()).astimezone(UTC)


def next_dates(
    rule: Rule,
    now: datetime,
    count: int = 4,
    *,
    changes: Iterable[DateChange] = (),
    closures: Iterable[Span] = (),
    terms: Iterable[Span] = (),
    with_cancelled: bool = False,
) -> list[Occurrence]:
    """The next `count` meetings, one in progress at `now` (aware) included; fewer if HORIZON_DAYS ends first.

    Cancelled ones are left out unless asked for. Raises ValueError where `now` has no zone.
    """
    if now.tzinfo is None:
        raise ValueError("next_dates needs a time with a zone")
    coming = _coming(rule, now, tuple(changes), tuple(closures), tuple(terms))
    return list(islice((meeting for meeting in coming if with_cancelled or not meeting.cancelled), count))


def next_occurrence(
    rule: Rule,
    now: datetime,
    *,
    changes: Iterable[DateChange] = (),
    closures: Iterable[Span] = (),
    terms: Iterable[Span] = (),
) -> Occurrence | None:
    """The first meeting, not cancelled, that is not over at `now` (aware); None within HORIZON_DAYS."""
    return next(iter(next_dates(rule, now, 1, changes=changes, closures=closures, terms=terms)), None)


def _coming(
    rule: Rule,
    now: datetime,
    changes: tuple[DateChange, ...],
    closures: tuple[Span, ...],
    terms: tuple[Span, ...],
) -> Iterator[Occurrence]:
    today = now.astimezone(LONDON).date()
    horizon = today + timedelta(days=HORIZON_DAYS)
    instant = now.astimezone(UTC)
    first = today - timedelta(days=1)  # last night's meeting may still be going on
    while first <= horizon:
        last = min(first + _WINDOW, horizon)
        for meeting in occurrences(rule, first, last, changes=changes, closures=closures, terms=terms):
            if over_at(meeting) > instant:
                yield meeting
        first = last + timedelta(days=1)
