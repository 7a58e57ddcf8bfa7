"""Day, time, place, mode and access must hold on one and the same session; and what the clock does to meetings."""

from datetime import date, time, timedelta

import pytest

from groups.schedule.rules import DateChange, Frequency, Rule, Span
from search.query import DirectoryQuery
from tests.search.listings import (
    CHELMSFORD,
    NOW,
    OAKLANDS,
    TODAY,
    arranged,
    at,
    at_miles,
    listing,
    once,
    remote,
    session,
)

FAR = at_miles(OAKLANDS, 20, name="Far Hall")
THURSDAY, FRIDAY, SATURDAY, SUNDAY = (TODAY + timedelta(days=days) for days in (1, 2, 3, 4))

# Two conditions, one session that meets both, and two sessions that meet one each.
PAIRS = {
    "day and place": (
        {"days": ("sat",), "place": CHELMSFORD, "radius": 5.0},
        session("sat"),
        [session("tue"), session("sat", place=FAR)],
    ),
    "day and time": (
        {"days": ("sat",), "times": ("evening",)},
        session("sat", 18, 20),
        [session("sat"), session("tue", 18, 20)],
    ),
    "day and mode": (
        {"days": ("sat",), "modes": ("online",)},
        remote(days="sat"),
        [remote(days="tue"), session("sat")],
    ),
    "day and access": (
        {"days": ("sat",), "access": ("step_free",)},
        session("sat", access=("step_free",)),
        [session("tue", access=("step_free",)), session("sat")],
    ),
    "day and when": (
        {"days": ("sat",), "when": "week"},
        session("sat"),
        [session("tue"), session(rule=Rule(Frequency.WEEKLY, (5,), first_date=TODAY + timedelta(days=30)))],
    ),
    "time and place": (
        {"times": ("evening",), "place": CHELMSFORD, "radius": 5.0},
        session("tue", 18, 20),
        [session("tue"), session("tue", 18, 20, place=FAR)],
    ),
    "time and mode": (
        {"times": ("evening",), "modes": ("telephone",)},
        remote("telephone", start=18, end=20),
        [remote("telephone"), session("tue", 18, 20)],
    ),
    "time and access": (
        {"times": ("evening",), "access": ("lift",)},
        session("tue", 18, 20, access=("lift",)),
        [session("tue", access=("lift",)), session("tue", 18, 20)],
    ),
    "time and when": (
        {"times": ("evening",), "when": "tomorrow"},
        session("thu", 18, 20),
        [session("thu"), session("fri", 18, 20)],
    ),
    "place and mode": (
        {"place": CHELMSFORD, "radius": 5.0, "modes": ("in_person",)},
        session(),
        [session(place=FAR), remote()],
    ),
    "place and access": (
        {"place": CHELMSFORD, "radius": 5.0, "access": ("step_free",)},
        session(access=("step_free",)),
        [session(), session(place=FAR, access=("step_free",))],
    ),
    "place and when": (
        {"place": CHELMSFORD, "radius": 5.0, "when": "tomorrow"},
        session("thu"),
        [session("fri"), session("thu", place=FAR)],
    ),
    "mode and access": (
        {"modes": ("in_person",), "access": ("captions",)},
        session(access=("captions",)),
        [session(), remote(access=("captions",))],
    ),
    "mode and when": (
        {"modes": ("online",), "when": "weekend"},
        remote(days="sun"),
        [remote(days="mon"), session("sun")],
    ),
    "access and when": (
        {"access": ("parking",), "when": "today"},
        session("wed", access=("parking",)),
        [session("wed"), session("thu", access=("parking",))],
    ),
    "two features of access": (
        {"access": ("parking", "lift")},
        session(access=("parking", "lift", "bsl")),
        [session(access=("parking",)), session(access=("lift",))],
    ),
    "all at once": (
        {
            "days": ("sat",),
            "times": ("evening",),
            "place": CHELMSFORD,
            "radius": 5.0,
            "modes": ("in_person",),
            "access": ("step_free",),
            "when": "weekend",
        },
        session("sat", 18, 20, access=("step_free",)),
        [
            session("sat", access=("step_free",)),
            session("sun", 18, 20, access=("step_free",)),
            session("sat", 18, 20),
        ],
    ),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_on_one_and_the_same_session(put, find, pair):
    query, fitting, others = PAIRS[pair]
    put(listing("Match", sessions=[fitting]), listing("Apart", sessions=others))
    results = find(**query)
    assert [card.listing.name for card in results.cards] == ["Match"]
    assert results.total == 1


def test_the_card_shows_the_session_that_satisfies(put, find):
    put(
        listing(
            "Two", sessions=[session("thu"), session("sat", 18, 20, place=at_miles(OAKLANDS, 1, name="Hut"))]
        )
    )
    card = find(days=("sat",)).cards[0]
    assert (card.occurrence.date, card.place.name) == (SATURDAY, "Hut")
    assert find().cards[0].occurrence.date == THURSDAY
    assert find(times=("evening",)).cards[0].session.rule.start == time(18)


def test_two_days_of_one_session_are_two_days(put, found):
    """Tuesdays and Saturdays, this weekend, on a Tuesday: no such meeting."""
    put(listing("Tue and Sat", sessions=[session("tue sat")]))
    assert found(when="weekend", days=("sat",)) == ["Tue and Sat"]
    assert found(when="weekend", days=("tue",)) == []


def test_any_of_the_days_and_times(put, found):
    put(
        listing("Mon", sessions=[session("mon")]),
        listing("Tue"),
        listing("Wed", sessions=[session("wed", 18, 19)]),
    )
    assert set(found(days=("mon", "wed"))) == {"Mon", "Wed"}
    assert set(found(times=("morning", "evening"))) == {"Mon", "Tue", "Wed"}


@pytest.mark.parametrize(
    ("start", "end", "parts"),
    [
        (9, 11, {"morning"}),
        (10, 12, {"morning"}),
        (12, 17, {"afternoon"}),
        (11, 13, {"morning", "afternoon"}),
        (10, 20, {"morning", "afternoon", "evening"}),
        (17, None, {"evening"}),
        (11, None, {"morning"}),
        (22, 2, {"evening"}),
        (None, None, set()),
    ],
)
def test_parts_of_the_day(put, found, start, end, parts):
    put(listing("It", sessions=[session("wed", start, end)]))
    assert {part for part in ("morning", "afternoon", "evening") if found(times=(part,))} == parts


class TestSpans:
    @pytest.mark.parametrize(
        ("when", "now", "expected"),
        [
            ("today", NOW, "wed"),
            ("tomorrow", NOW, "thu"),
            ("week", NOW, "mon tue wed thu fri sat sun"),
            ("weekend", NOW, "sat sun"),
            ("weekend", at(SATURDAY, 9), "sat sun"),
            ("weekend", at(SUNDAY, 9), "sun"),
            ("weekend", at(SUNDAY + timedelta(days=1), 9), "sat sun"),
            ("today", at(SUNDAY, 9), "sun"),
            ("tomorrow", at(SUNDAY, 9), "mon"),
            # clocks go forward on Sunday 28 March 2027 and back on Sunday 31 October
            ("today", at(date(2027, 3, 28), 0, 30), "sun"),
            ("tomorrow", at(date(2027, 3, 27), 23, 59), "sun"),
            ("weekend", at(date(2027, 3, 26), 23, 59), "sat sun"),
            ("today", at(date(2027, 3, 28), 9), "sun"),
            ("today", at(date(2027, 10, 31), 0, 30), "sun"),
            ("today", at(date(2027, 10, 31), 1, 30, fold=1), "sun"),
            ("tomorrow", at(date(2027, 10, 30), 23, 59), "sun"),
            ("weekend", at(date(2027, 10, 31), 9), "sun"),
        ],
    )
    def test_days_of_a_span(self, put, found, when, now, expected):
        put(
            *(
                listing(day, sessions=[session(day)])
                for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
            )
        )
        assert set(found(when=when, now=now)) == set(expected.split())

    def test_the_week_is_seven_days_from_today(self, put, found):
        put(*(listing(f"in {days}", sessions=[once(TODAY + timedelta(days=days))]) for days in (-1, 0, 6, 7)))
        assert set(found(when="week")) == {"in 0", "in 6"}

    @pytest.mark.parametrize(
        ("now", "names"),
        [
            (at(TODAY, 9), {"10 to 12", "no end", "no time", "late"}),
            (at(TODAY, 10), {"10 to 12", "no end", "no time", "late"}),
            (at(TODAY, 10, 59), {"10 to 12", "no end", "no time", "late"}),
            (at(TODAY, 11), {"10 to 12", "no time", "late"}),
            (at(TODAY, 11, 59), {"10 to 12", "no time", "late"}),
            (at(TODAY, 12), {"no time", "late"}),
            (at(TODAY, 23, 59), {"no time", "late"}),
        ],
    )
    def test_in_progress_counts_and_over_does_not(self, put, found, now, names):
        put(
            listing("10 to 12", sessions=[session("wed")]),
            listing("no end", sessions=[session("wed", 10, None)]),
            listing("no time", sessions=[session("wed", None, None)]),
            listing("late", sessions=[session("wed", 22, 2)]),
        )
        assert set(found(when="today", now=now)) == names

    def test_a_meeting_past_midnight_is_still_on(self, put, find):
        put(listing("Night Café", sessions=[session("wed", 22, 2)]))
        one_o_clock = at(THURSDAY, 1)
        assert find(now=one_o_clock).cards[0].occurrence.date == TODAY
        assert find(now=at(THURSDAY, 2)).cards[0].occurrence.date == TODAY + timedelta(days=7)

    def test_still_on_is_sooner_than_what_comes(self, put, found):
        put(
            listing("Breakfast", sessions=[session("thu", 7, 9)]),
            listing("Night", sessions=[session("wed", 22, 2)]),
        )
        assert found(sort="soonest", now=at(THURSDAY, 1)) == ["Night", "Breakfast"]
        assert found(sort="soonest", now=at(THURSDAY, 3)) == ["Breakfast", "Night"]

    @pytest.mark.parametrize("status", ["paused", "closed"])
    def test_a_group_that_does_not_run_meets_on_no_day(self, put, found, status):
        put(listing("Resting", sessions=[session("wed")], status=status, closed_on=TODAY), listing("Open"))
        assert found(when="today") == []
        assert set(found()) == {"Resting", "Open"}
        assert found(sort="soonest") == ["Open", "Resting"]

    def test_by_arrangement_meets_on_no_day(self, put, found):
        put(listing("Ring us", sessions=[arranged()]))
        assert found() == ["Ring us"]
        assert found(when="week") == found(days=("tue",)) == found(times=("morning",)) == []


class TestWhatHappensToDates:
    def test_a_cancelled_date(self, put, found, find):
        put(listing("Off", sessions=[session("thu", changes=(DateChange(THURSDAY),))]))
        assert found(when="tomorrow") == []
        assert find().cards[0].occurrence.date == THURSDAY + timedelta(days=7)
        assert found(days=("thu",)) == ["Off"]

    def test_moved_to_another_day_time_and_place(self, put, found, find):
        hut = at_miles(FAR, 0, name="Hut")
        hut = type(hut)("Hut", latitude=hut.latitude, longitude=hut.longitude, uid="hut")
        change = DateChange(THURSDAY, to_date=SATURDAY, start=time(18), end=time(19), place="hut")
        put(listing("Moved", sessions=[session("thu", changes=(change,), other_places=(hut,))]))
        near_hut = type(CHELMSFORD)(hut.latitude, hut.longitude, "Far", "", "", CHELMSFORD.kind, 2.0)
        assert found(when="tomorrow") == []
        assert found(when="weekend") == ["Moved"]
        assert found(when="weekend", times=("evening",)) == ["Moved"]
        assert found(when="weekend", times=("morning",)) == []
        assert found(when="weekend", place=near_hut, radius=2.0) == ["Moved"]
        assert found(when="weekend", place=CHELMSFORD, radius=5.0) == []
        assert found(when="weekend", days=("sat",)) == ["Moved"]
        assert found(when="weekend", days=("thu",)) == []
        assert find(when="weekend").cards[0].place.name == "Hut"
        assert find().cards[0].occurrence.date == SATURDAY

    def test_a_move_is_over_with_its_day(self, put, found, engine):
        hut = at_miles(FAR, 0, name="Hut")
        hut = type(hut)("Hut", latitude=hut.latitude, longitude=hut.longitude, uid="hut")
        change = DateChange(THURSDAY, to_date=SATURDAY, start=time(18), place="hut")
        put(listing("Moved", sessions=[session("thu", changes=(change,), other_places=(hut,))]))
        near_hut = type(CHELMSFORD)(hut.latitude, hut.longitude, "Far", "", "", CHELMSFORD.kind, 2.0)
        assert found(place=near_hut, radius=2.0) == ["Moved"]
        assert found(place=near_hut, radius=2.0, now=at(SUNDAY, 9)) == []
        assert found(place=CHELMSFORD, radius=5.0, now=at(SUNDAY, 9)) == ["Moved"]
        places = [DirectoryQuery(place=near_hut, radius=2.0), DirectoryQuery(place=CHELMSFORD, radius=5.0)]
        assert engine.count(places) == [1, 1]
        assert engine.count(places, now=at(SUNDAY, 9)) == [0, 1]

    def test_a_closure(self, put, found):
        closed = Span(TODAY, TODAY + timedelta(days=8))
        put(listing("Holidays", sessions=[session("wed fri", closures=(closed,))]))
        assert found(when="week") == []
        assert found(when="week", now=at(TODAY + timedelta(days=5), 9)) == ["Holidays"]

    def test_term_time(self, put, found):
        terms = (Span(date(2027, 1, 5), date(2027, 3, 26)), Span(date(2027, 4, 12), date(2027, 7, 20)))
        rule = Rule(Frequency.WEEKLY, (2,), start=time(10), end=time(12), term_time_only=True)
        put(listing("School Gate", sessions=[session(rule=rule, terms=terms)]))
        assert found(when="week") == ["School Gate"]
        assert found(when="week", now=at(date(2027, 3, 29), 9)) == []
        assert found(when="week", now=at(date(2027, 4, 12), 9)) == ["School Gate"]

    def test_a_course_that_ended(self, put, found):
        rule = Rule(Frequency.WEEKLY, (2,), start=time(10), until=TODAY - timedelta(days=7))
        put(listing("Course", sessions=[session(rule=rule)]))
        assert found() == ["Course"]
        assert found(days=("wed",)) == found(times=("morning",)) == found(when="week") == []

    def test_one_that_has_not_begun(self, put, found, find):
        rule = Rule(Frequency.WEEKLY, (2,), start=time(10), first_date=TODAY + timedelta(days=14))
        put(listing("Course", sessions=[session(rule=rule)]))
        assert found(when="week") == []
        assert found(days=("wed",)) == ["Course"]
        assert find().cards[0].occurrence.date == TODAY + timedelta(days=14)

    def test_one_offs(self, put, found):
        put(
            listing("Fair", sessions=[once(SATURDAY)]),
            listing("Past fair", sessions=[once(TODAY - timedelta(days=2))]),
        )
        assert found(when="weekend") == ["Fair"]
        assert found(days=("sat",)) == ["Fair"]
        assert found(days=("mon",)) == []
        assert found(sort="soonest") == ["Fair", "Past fair"]

    def test_every_second_week_and_monthly(self, put, found):
        fortnightly = Rule(Frequency.WEEKLY, (2,), interval=2, first_date=TODAY - timedelta(days=7))
        monthly = Rule(Frequency.MONTHLY, (2,), weeks_of_month=(2,))  # 10 March is the second Wednesday
        put(
            listing("Fortnightly", sessions=[session(rule=fortnightly)]),
            listing("Monthly", sessions=[session(rule=monthly)]),
        )
        assert found(when="today") == ["Monthly"]
        assert found(when="today", now=at(TODAY + timedelta(days=7), 9)) == ["Fortnightly"]

    @pytest.mark.parametrize("days_ahead", [60, 130, 260, 350])
    def test_far_ahead(self, put, found, days_ahead):
        day = TODAY + timedelta(days=days_ahead)
        put(listing("Fair", sessions=[once(day)]))
        assert found(when="today", now=at(day, 9)) == ["Fair"]
        assert found(when="today", now=at(day, 13)) == []
        assert found(when="tomorrow", now=at(day - timedelta(days=1), 9)) == ["Fair"]


class TestTheDistanceOnACard:
    """A group meets here on Saturdays and three miles away on Fridays. Friday comes first."""

    @pytest.fixture(autouse=True)
    def two_places(self, put):
        away = at_miles(OAKLANDS, 3, name="Away Hall")
        put(listing("Both", sessions=[session("sat"), session("fri", place=away)]))

    def card(self, find, **asked):
        [card] = find("", place=CHELMSFORD, radius=5.0, **asked).cards
        return card

    def test_is_that_of_the_place_it_shows(self, find):
        card = self.card(find)
        assert (card.occurrence.date, card.place.name) == (FRIDAY, "Away Hall")
        assert card.away == pytest.approx(3, abs=0.01)
        assert card.miles == pytest.approx(0)

    def test_is_the_nearest_where_results_are_sorted_by_it(self, find):
        card = self.card(find, sort="nearest")
        assert (card.occurrence.date, card.place.name) == (SATURDAY, "Oaklands Hall")
        assert card.away == pytest.approx(0)

    def test_is_of_a_meeting_on_the_day_asked_for(self, find):
        card = self.card(find, sort="nearest", days=("fri",))
        assert (card.occurrence.date, card.place.name) == (FRIDAY, "Away Hall")
        assert card.away == pytest.approx(3, abs=0.01)
