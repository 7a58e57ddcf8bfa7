"""A second implementation of the rules: day by day, by counting, with neither dateutil nor zoneinfo.

It is slow and plain on purpose, and knows British summer time by the law's own words: from one o'clock (UTC)
on the last Sunday of March to one o'clock on the last Sunday of October.
"""

from datetime import UTC, date, datetime, time, timedelta

from groups.schedule.rules import LAST, DateChange, Frequency, Rule, Span

Meeting = tuple[date, datetime | None, datetime | None, bool, date | None, str, str]


def last_sunday(year: int, month: int) -> date:
    day = date(year, month, 31)
    while day.weekday() != 6:
        day -= timedelta(days=1)
    return day


def london_to_utc(day: date, at: time) -> datetime:
    spring, autumn = last_sunday(day.year, 3), last_sunday(day.year, 10)
    if day == spring and at.hour == 1:
        at = time(2)
    summer = (spring < day < autumn) or (day == spring and at.hour >= 1) or (day == autumn and at.hour < 2)
    return datetime.combine(day, at, UTC) - timedelta(hours=1 if summer else 0)


def monday_of(day: date) -> date:
    while day.weekday() != 0:
        day -= timedelta(days=1)
    return day


def falls_on(rule: Rule, day: date) -> bool:
    if (rule.first_date and day < rule.first_date) or (rule.until and day > rule.until):
        return False
    if rule.frequency == Frequency.ONCE:
        return day == rule.first_date
    if rule.frequency == Frequency.ARRANGED or day.weekday() not in rule.weekdays:
        return False
    if rule.interval > 1 and rule.first_date is None:
        return False
    origin = rule.first_date or day
    if rule.frequency == Frequency.WEEKLY:
        return ((monday_of(day) - monday_of(origin)).days // 7) % rule.interval == 0
    if ((day.year - origin.year) * 12 + day.month - origin.month) % rule.interval:
        return False
    nth = 1 + sum(1 for back in range(1, 5) if (day - timedelta(days=7 * back)).month == day.month)
    is_last = (day + timedelta(days=7)).month != day.month
    return nth in rule.weeks_of_month or (is_last and LAST in rule.weeks_of_month)


def _one(
    rule: Rule, day: date, closures: tuple[Span, ...], change: DateChange | None, moved: bool, cancelled: bool
) -> Meeting:
    start, end = rule.start, rule.end
    if moved and change:
        if change.start and not change.end and start and end:
            minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
            at = (change.start.hour * 60 + change.start.minute + minutes) % 1440
            start, end = change.start, time(at // 60, at % 60)
        elif change.start:
            start, end = change.start, change.end
        else:
            end = change.end or end
    reason = change.reason if change else ""
    for closure in closures:
        if closure.first <= day <= closure.last:
            if moved or not reason:
                reason = closure.reason
            cancelled = True
            break
    starts = ends = None
    if start:
        starts = london_to_utc(day, start)
        if end:
            ends = london_to_utc(day if end > start else day + timedelta(days=1), end)
    return (
        day,
        starts,
        ends,
        cancelled,
        change.date if moved and change else None,
        (change.place if moved and change else ""),
        reason,
    )


def meetings(
    rule: Rule,
    first: date,
    last: date,
    changes: tuple[DateChange, ...] = (),
    closures: tuple[Span, ...] = (),
    terms: tuple[Span, ...] = (),
) -> list[Meeting]:
    if rule.frequency == Frequency.ARRANGED:
        return []
    found = []
    day = first
    while day <= last:
        here = [change for change in changes if change.date == day]
        change = here[-1] if here else None
        in_term = not rule.term_time_only or not terms or any(t.first <= day <= t.last for t in terms)
        if falls_on(rule, day) and in_term and not (change and change.to_date):
            found.append(_one(rule, day, closures, change, moved=False, cancelled=change is not None))
        day += timedelta(days=1)
    for index, change in enumerate(changes):
        superseded = any(later.date == change.date for later in changes[index + 1 :])
        if change.to_date and first <= change.to_date <= last and not superseded:
            found.append(_one(rule, change.to_date, closures, change, moved=True, cancelled=False))
    return found
