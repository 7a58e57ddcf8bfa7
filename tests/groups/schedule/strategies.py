"""Rules, changes and closures for the property tests, over ten years, often near the changing hour."""

from datetime import date, time, timedelta

from hypothesis import strategies as st

from groups.schedule.rules import LAST, DateChange, Frequency, Rule, Span

FIRST_DAY, LAST_DAY = date(2020, 1, 1), date(2029, 12, 31)

days = st.dates(FIRST_DAY, LAST_DAY)
times = st.sampled_from(
    [
        time(0),
        time(0, 30),
        time(1),
        time(1, 30),
        time(1, 59),
        time(2),
        time(2, 30),
        time(10),
        time(12),
        time(19, 30),
    ]
) | st.times().map(lambda at: at.replace(second=0, microsecond=0))


@st.composite
def rules(draw: st.DrawFn, frequencies: tuple[Frequency, ...] = tuple(Frequency)) -> Rule:
    frequency = draw(st.sampled_from(frequencies))
    weekdays: tuple[int, ...] = ()
    weeks: tuple[int, ...] = ()
    if frequency == Frequency.WEEKLY:
        weekdays = tuple(sorted(draw(st.sets(st.integers(0, 6), min_size=1, max_size=4))))
    if frequency == Frequency.MONTHLY:
        weekdays = (draw(st.integers(0, 6)),)
        weeks = tuple(draw(st.sets(st.sampled_from([1, 2, 3, 4, 5, LAST]), min_size=1, max_size=3)))
    repeats = frequency in (Frequency.WEEKLY, Frequency.MONTHLY)
    first = draw(st.none() | days)
    start = draw(st.none() | times)
    return Rule(
        frequency,
        weekdays=weekdays,
        interval=draw(st.sampled_from([1, 2, 3])) if repeats else 1,
        weeks_of_month=weeks,
        first_date=first,
        until=draw(st.none() | st.integers(0, 900).map(lambda n: (first or FIRST_DAY) + timedelta(days=n)))
        if repeats
        else None,
        start=start,
        end=draw(st.none() | times) if start else None,
        term_time_only=draw(st.booleans()) if repeats else False,
    )


@st.composite
def days_of(draw: st.DrawFn, rule: Rule) -> date:
    """A day on which the rule is likely to have begun and not to have ended."""
    if rule.first_date is None:
        return draw(days)
    return rule.first_date + timedelta(days=draw(st.integers(-30, 700)))


@st.composite
def near(draw: st.DrawFn, middle: date, spread: int = 60) -> date:
    return middle + timedelta(days=draw(st.integers(-spread, spread)))


@st.composite
def change_lists(draw: st.DrawFn, middle: date) -> tuple[DateChange, ...]:
    made = st.builds(
        DateChange,
        date=near(middle),
        to_date=st.none() | near(middle),
        start=st.none() | times,
        end=st.none() | times,
        place=st.sampled_from(["", "library"]),
        reason=st.sampled_from(["", "Hall booked"]),
    )
    return tuple(draw(st.lists(made, max_size=4)))


@st.composite
def span_lists(draw: st.DrawFn, middle: date, longest: int = 40, most: int = 2) -> tuple[Span, ...]:
    spans = []
    for _ in range(draw(st.integers(0, most))):
        first = draw(near(middle))
        spans.append(Span(first, first + timedelta(days=draw(st.integers(0, longest))), "Holiday"))
    return tuple(spans)
