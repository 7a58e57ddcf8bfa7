"""Sessions as an iCalendar file (RFC 5545) that phones and desktops can follow.

A repeating session is one RRULE, with an EXDATE for each date outside term or inside a closure, and its own
entry for each date that is moved, cancelled, or not as long on the wall as on the clock because the hour
changes during it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, vRecur

from groups.schedule.occurrences import HORIZON_DAYS, in_term, occurrences, rule_dates, wall_clock
from groups.schedule.rules import LONDON, DateChange, Frequency, Occurrence, Rule, Span

_PRODUCT = "-//Waymark//Sessions//EN"
# Right from 1996 on (Directive 2000/84/EC and the one before it), while the rule of March and October holds.
_LONDON_TIME = """BEGIN:VTIMEZONE
TZID:Europe/London
BEGIN:DAYLIGHT
DTSTART:19960331T010000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:BST
TZOFFSETFROM:+0000
TZOFFSETTO:+0100
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T020000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:GMT
TZOFFSETFROM:+0100
TZOFFSETTO:+0000
END:STANDARD
END:VTIMEZONE
"""
_DAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class CalendarEvent:
    """One session for a calendar. All texts are what the public may read.

    uid: stable, and unique in the world. place: the usual one. other_places: texts for the place keys of
    `changes`; a key without a text shows no place at all, rather than the usual one. dtstamp: aware, when the
    session was last changed; a rule without `first_date` begins on that day.
    """

    uid: str
    rule: Rule
    title: str
    dtstamp: datetime
    changes: tuple[DateChange, ...] = ()
    closures: tuple[Span, ...] = ()
    terms: tuple[Span, ...] = ()
    place: str = ""
    other_places: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    description: str = ""


def calendar(name: str, events: Iterable[CalendarEvent]) -> bytes:
    """The file, with the definition of London's time. Sessions by arrangement have no entry.

    A closure longer than HORIZON_DAYS leaves out that many days from its start.
    """
    result = Calendar()
    result.add("prodid", _PRODUCT)
    result.add("version", "2.0")
    result.add("name", name)
    result.add("x-wr-calname", name)
    result.add_component(Timezone.from_ical(_LONDON_TIME))
    for event in events:
        for component in _components(event):
            result.add_component(component)
    return bytes(result.to_ical())


def _components(event: CalendarEvent) -> Iterator[Event]:
    if event.rule.frequency == Frequency.ARRANGED:
        return
    changes = {change.date: change for change in event.changes}
    series = _series(event, changes)
    if series:
        yield _series_component(event, series)
        slots = series.own_entries
    else:
        slots = set(_only_date(event.rule))
    beside = {day for day, change in changes.items() if change.to_date and day not in slots}
    for slot in sorted(slots | beside):
        change = changes.get(slot)
        moved = bool(change and change.to_date)
        day = change.to_date if change and change.to_date else slot
        for meeting in occurrences(
            event.rule, day, day, changes=event.changes, closures=event.closures, terms=event.terms
        ):
            if meeting.moved_from == (slot if moved else None):
                yield _entry(event, meeting, slot, series)


def _only_date(rule: Rule) -> tuple[date, ...]:
    return (rule.first_date,) if rule.frequency == Frequency.ONCE and rule.first_date else ()


@dataclass(frozen=True, slots=True)
class _Series:
    """The RRULE of a repeating session, from `first` to `until`.

    own_entries: dates told apart from the rule. left_out: dates that it must not produce.
    """

    first: date
    until: date | None
    own_entries: set[date]
    left_out: set[date]


def _series(event: CalendarEvent, changes: Mapping[date, DateChange]) -> _Series | None:
    rule = event.rule
    if rule.frequency not in (Frequency.WEEKLY, Frequency.MONTHLY):
        return None
    ends = [rule.until] if rule.until else []
    if rule.term_time_only and event.terms:
        ends.append(max(term.last for term in event.terms))
    until = min(ends, default=None)
    begins = rule.first_date or event.dtstamp.astimezone(LONDON).date()
    horizon = max(begins, event.dtstamp.date()) + timedelta(days=HORIZON_DAYS * rule.interval)
    first = next(iter(rule_dates(rule, begins, min(until or horizon, horizon))), None)
    if first is None:
        return None

    def dates(start: date, end: date) -> list[date]:
        return rule_dates(rule, max(first, start), min(until, end) if until else end)

    closed = {
        day
        for closure in event.closures
        for day in dates(
            closure.first, min(closure.last, max(first, closure.first) + timedelta(days=HORIZON_DAYS))
        )
    }
    out_of_term = (
        {day for day in dates(first, until) if not in_term(rule, day, event.terms)} if until else set()
    )
    changed = {day for day in changes if dates(day, day) and (changes[day].to_date or day not in out_of_term)}
    left_out = (closed | out_of_term) - changed
    odd = {day for day in dates(first, horizon) if _is_odd(rule, day)}
    return _Series(first, until, changed | (odd - left_out), left_out)


def _is_odd(rule: Rule, day: date) -> bool:
    """Whether the hour changes at this meeting, so that its start or its length is not the rule's."""
    if rule.start is None:
        return False
    end = rule.end or rule.start
    starts = wall_clock(day, rule.start)
    ends = wall_clock(day if end >= rule.start else day + timedelta(days=1), end)
    if rule.end == rule.start:
        ends = wall_clock(day + timedelta(days=1), end)
    return starts.time() != rule.start or starts.utcoffset() != ends.utcoffset()


def _series_component(event: CalendarEvent, series: _Series) -> Event:
    rule = event.rule
    result = _described(event)
    result.add("dtstart", _slot(rule, series.first))
    if rule.start is not None and rule.end is not None:
        result.add("duration", _length(rule.start, rule.end))
    result.add("rrule", _recurrence(rule, series.until))
    if series.left_out:
        slots = [_slot(rule, day) for day in sorted(series.left_out)]
        result.add("exdate", slots, parameters={"VALUE": "DATE"} if rule.start is None else {})
    return result


def _recurrence(rule: Rule, until: date | None) -> vRecur:
    days = [_DAY_CODES[day] for day in sorted(rule.weekdays)]
    if rule.frequency == Frequency.MONTHLY:
        days = [f"{week}{day}" for day in days for week in rule.weeks_of_month]
    recurrence = vRecur(freq=rule.frequency.upper(), interval=rule.interval, byday=days, wkst="MO")
    if until:
        end_of_day = datetime.combine(until, time(23, 59, 59), LONDON).astimezone(UTC)
        recurrence["UNTIL"] = until if rule.start is None else end_of_day
    return recurrence


def _length(start: time, end: time) -> timedelta:
    some_day = date(2000, 1, 1)
    length = datetime.combine(some_day, end) - datetime.combine(some_day, start)
    return length if length > timedelta() else length + timedelta(days=1)


def _slot(rule: Rule, day: date) -> date | datetime:
    return day if rule.start is None else datetime.combine(day, rule.start, LONDON)


def _described(event: CalendarEvent) -> Event:
    result = Event()
    result.add("uid", event.uid)
    result.add("dtstamp", event.dtstamp.astimezone(UTC))
    result.add("summary", event.title)
    if event.place:
        result.add("location", event.place)
    if event.url:
        result.add("url", event.url)
    if event.description:
        result.add("description", event.description)
    return result


def _entry(event: CalendarEvent, meeting: Occurrence, slot: date, series: _Series | None) -> Event:
    """One meeting on its own: in place of a date of the series, or beside it with a uid of its own."""
    result = _described(event)
    if series and slot in series.own_entries:
        result.add("recurrence-id", _slot(event.rule, slot))
    elif slot not in _only_date(event.rule):
        result["uid"] = f"{event.uid}-{slot:%Y%m%d}"
    if meeting.place:
        result.pop("location", None)
        if event.other_places.get(meeting.place):
            result.add("location", event.other_places[meeting.place])
    if meeting.starts is None:
        result.add("dtstart", meeting.date)
    else:
        result.add("dtstart", meeting.starts)
        if meeting.ends and meeting.ends.astimezone(UTC) > meeting.starts.astimezone(UTC):
            result.add("dtend", meeting.ends)
    if meeting.cancelled:
        result.add("status", "CANCELLED")
    return result
