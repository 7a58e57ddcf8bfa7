from datetime import UTC, date, datetime, time, timedelta

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from groups.schedule.calendars import CalendarEvent, calendar
from groups.schedule.occurrences import occurrences
from groups.schedule.rules import LONDON, DateChange, Frequency, Rule, Span
from tests.groups.schedule.strategies import change_lists, days, rules, span_lists

STAMP = datetime(2026, 11, 1, 9, tzinfo=UTC)
TUESDAYS = Rule(Frequency.WEEKLY, (1,), first_date=date(2026, 11, 3), start=time(10), end=time(12))


def event(rule: Rule = TUESDAYS, **facts) -> CalendarEvent:
    return CalendarEvent(
        **{"uid": "tea@waymark.example", "rule": rule, "title": "Tea", "dtstamp": STAMP} | facts
    )


def read_back(source: CalendarEvent, first: date, last: date) -> list[tuple]:
    parsed = Calendar.from_ical(calendar("Tea", [source]))
    found = recurring_ical_events.of(parsed).between(first, last + timedelta(days=1))
    return sorted(
        _seen(entry.start, entry.end, entry.get("STATUS") == "CANCELLED")
        for entry in found
        if first <= _day(entry.start) <= last
    )


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _seen(start: date, end: date | None, cancelled: bool) -> tuple:
    if not isinstance(start, datetime):
        return str(start), "", cancelled
    assert start.tzinfo is not None, "no floating time"
    assert str(start.tzinfo) == "Europe/London"
    ends = (end or start).astimezone(UTC)
    return str(start.astimezone(UTC)), str(ends), cancelled


def ours(source: CalendarEvent, first: date, last: date) -> list[tuple]:
    facts = {"changes": source.changes, "closures": source.closures, "terms": source.terms}
    changed = {change.date for change in source.changes}
    return sorted(
        _seen(meeting.starts or meeting.date, meeting.ends, meeting.cancelled)
        for meeting in occurrences(source.rule, first, last, **facts)
        # A date that only a closure cancels is left out of the calendar, not shown as cancelled.
        if not meeting.cancelled
        or meeting.moved_from
        or meeting.date in changed
        or source.rule.frequency == Frequency.ONCE
    )


@settings(deadline=None, max_examples=120)
@given(data=st.data(), rule=rules(), begins=days)
def test_read_back_it_yields_our_meetings(data, rule, begins):
    begins = rule.first_date or begins
    middle = begins + timedelta(days=data.draw(st.integers(0, 200)))
    source = event(
        rule,
        dtstamp=datetime.combine(begins, time(9), UTC),
        changes=data.draw(change_lists(middle)),
        closures=data.draw(span_lists(middle)),
        terms=data.draw(span_lists(middle, longest=120, most=3)),
    )
    first, last = begins, begins + timedelta(days=395)
    assert read_back(source, first, last) == ours(source, first, last)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Frequency.WEEKLY, (6,), start=time(1, 30), end=time(3)),
        Rule(Frequency.WEEKLY, (6,), start=time(1, 30)),
        Rule(Frequency.WEEKLY, (5, 6), start=time(22), end=time(6)),
        Rule(Frequency.WEEKLY, (6,), start=time(1), end=time(1)),
        Rule(Frequency.MONTHLY, (6,), 1, (-1,), start=time(0, 30), end=time(1, 30)),
        Rule(Frequency.WEEKLY, (1, 3), 2, first_date=date(2026, 2, 5), start=time(10), end=time(12)),
        Rule(Frequency.MONTHLY, (0,), 3, (5, -1), first_date=date(2026, 1, 31), start=time(10)),
        Rule(Frequency.WEEKLY, (0,), until=date(2026, 6, 1)),
        Rule(Frequency.WEEKLY, (0,), until=date(2026, 6, 1), start=time(23, 30), end=time(1)),
    ],
    ids=str,
)
def test_a_year_with_both_changes_of_the_hour(rule):
    source = event(rule, dtstamp=datetime(2026, 1, 1, 9, tzinfo=UTC))
    first, last = rule.first_date or date(2026, 1, 1), date(2026, 12, 31)
    expected = ours(source, first, last)
    assert read_back(source, first, last) == expected
    assert expected


def components(source: CalendarEvent) -> list:
    return Calendar.from_ical(calendar("Tea", [source])).walk("VEVENT")


def test_the_series_repeats_in_london_time():
    text = calendar(
        "Tea and talk", [event(place="Hall", url="https://tea.example.org/", description="Hello")]
    )
    assert b"DTSTART;TZID=Europe/London:20261103T100000" in text
    assert b"RRULE:FREQ=WEEKLY" in text
    assert b"TZID:Europe/London" in text
    assert b"X-WR-CALNAME:Tea and talk" in text
    (series,) = components(event(place="Hall", url="https://tea.example.org/", description="Hello"))
    assert (series["SUMMARY"], series["LOCATION"], series["DESCRIPTION"]) == ("Tea", "Hall", "Hello")
    assert series["URL"] == "https://tea.example.org/"
    assert series["DTSTAMP"].dt == STAMP


def test_its_own_definition_of_london_time_is_right():
    zone = Calendar.from_ical(calendar("Tea", [])).walk("VTIMEZONE")[0].to_tz()
    for day in (
        date(2026, 3, 28),
        date(2026, 3, 29),
        date(2026, 10, 24),
        date(2026, 10, 25),
        date(2035, 7, 1),
    ):
        noon = datetime.combine(day, time(12))
        assert noon.replace(tzinfo=zone).utcoffset() == noon.replace(tzinfo=LONDON).utcoffset()


def test_moved_replaces_its_date_and_shows_the_other_place():
    change = DateChange(date(2026, 11, 10), date(2026, 11, 12), start=time(14), place="library")
    _, moved = components(event(place="Hall", changes=(change,), other_places={"library": "The library"}))
    assert moved["UID"] == "tea@waymark.example"
    assert moved["RECURRENCE-ID"].dt == datetime(2026, 11, 10, 10, tzinfo=LONDON)
    assert moved["DTSTART"].dt == datetime(2026, 11, 12, 14, tzinfo=LONDON)
    assert moved["DTEND"].dt == datetime(2026, 11, 12, 16, tzinfo=LONDON)
    assert moved["LOCATION"] == "The library"


def test_a_place_without_a_public_text_is_left_out():
    change = DateChange(date(2026, 11, 10), date(2026, 11, 10), place="secret")
    _, moved = components(event(place="Hall", changes=(change,)))
    assert "LOCATION" not in moved


def test_moved_from_beside_the_rule_has_a_uid_of_its_own():
    change = DateChange(date(2026, 11, 11), date(2026, 11, 12))
    _, moved = components(event(changes=(change,)))
    assert moved["UID"] == "tea@waymark.example-20261111"
    assert "RECURRENCE-ID" not in moved


def test_cancelled_says_so():
    _, cancelled = components(event(changes=(DateChange(date(2026, 11, 10)),)))
    assert cancelled["STATUS"] == "CANCELLED"
    assert cancelled["RECURRENCE-ID"].dt == datetime(2026, 11, 10, 10, tzinfo=LONDON)


def test_closures_are_left_out():
    (series,) = components(event(closures=(Span(date(2026, 12, 20), date(2027, 1, 2)),)))
    assert [skipped.dt.date() for skipped in series["EXDATE"].dts] == [date(2026, 12, 22), date(2026, 12, 29)]


def test_a_date_moved_out_of_a_closure_is_not_left_out_as_well():
    """Some calendars drop an entry whose date is also in EXDATE."""
    christmas = Span(date(2026, 12, 20), date(2027, 1, 2))
    change = DateChange(date(2026, 12, 22), date(2026, 12, 18))
    series, moved = components(event(changes=(change,), closures=(christmas,)))
    assert [skipped.dt.date() for skipped in series["EXDATE"].dts] == [date(2026, 12, 29)]
    assert moved["DTSTART"].dt.date() == date(2026, 12, 18)


def test_terms_end_the_series_and_leave_out_the_holidays():
    terms = (Span(date(2026, 11, 1), date(2026, 12, 18)), Span(date(2027, 1, 4), date(2027, 3, 25)))
    rule = Rule(Frequency.WEEKLY, (1,), first_date=date(2026, 11, 3), term_time_only=True)
    (series,) = components(event(rule, terms=terms))
    assert [skipped.dt for skipped in series["EXDATE"].dts] == [date(2026, 12, 22), date(2026, 12, 29)]
    assert series["RRULE"]["UNTIL"] == [date(2027, 3, 25)]


def test_without_a_time_it_is_a_whole_day():
    (series,) = components(event(Rule(Frequency.WEEKLY, (1,), first_date=date(2026, 11, 3))))
    assert series["DTSTART"].dt == date(2026, 11, 3)


@pytest.mark.parametrize(
    "rule",
    [
        Rule(Frequency.ARRANGED),
        Rule(Frequency.ONCE),
        Rule(Frequency.WEEKLY, (1,), 2),
        Rule(Frequency.MONTHLY, (1,), 1, (1,), first_date=date(2026, 11, 4), until=date(2026, 11, 30)),
    ],
    ids=str,
)
def test_nothing_to_show_has_no_entry(rule):
    assert components(event(rule)) == []


def test_one_date_moved_is_the_same_entry_on_another_day():
    rule = Rule(Frequency.ONCE, first_date=date(2026, 12, 5), start=time(14), end=time(16))
    (entry,) = components(event(rule, changes=(DateChange(date(2026, 12, 5), date(2026, 12, 6)),)))
    assert entry["UID"] == "tea@waymark.example"
    assert entry["DTSTART"].dt == datetime(2026, 12, 6, 14, tzinfo=LONDON)
    assert "RRULE" not in entry
