"""The plain words of a listing's facts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from groups.listings.public import PublicTopic
from groups.schedule.rules import LONDON, Occurrence
from portal import words
from tests.portal.listings import listing, place, session


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"cost_kind": "free"}, "Free"),
        ({"cost_kind": "paid", "cost_amount": Decimal("3.00")}, "£3"),
        ({"cost_kind": "paid", "cost_amount": Decimal("2.5"), "cost_note": "Tea included."}, "£2.50 (Tea included)"),
        ({"cost_kind": "paid"}, "There is a charge"),
        ({"cost_kind": "donation"}, "Pay what you can"),
        ({"cost_kind": "unknown"}, ""),
        ({"cost_kind": "unknown", "cost_note": "Ask Pat."}, "Ask Pat."),
    ],
)  # fmt: skip
def test_cost(facts, said):
    assert words.cost_words(listing(**facts)) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (None, None, ""),
        (13, 19, "13 to 19 year olds"),
        (50, None, "ages 50 and over"),
        (50, 120, "ages 50 and over"),
        (None, 5, "ages 5 and under"),
        (0, 5, "ages 5 and under"),
    ],
)
def test_ages(low, high, said):
    assert words.ages_words(low, high) == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({}, "Anyone"),
        ({"gender": "women"}, "Women"),
        ({"gender": "men", "age_min": 18}, "Men, ages 18 and over"),
        ({"age_min": 18}, "Ages 18 and over"),
        ({"circumstances": (PublicTopic("a", "carers"), PublicTopic("b", "LGBTQ+ people"))}, "Carers and LGBTQ+ people"),
        ({"gender": "women", "circumstances": (PublicTopic("a", "carers"),)}, "Women, carers"),
        ({"circumstances": (PublicTopic("a", "carers", suggested=True),)}, "Anyone"),
    ],
)  # fmt: skip
def test_who_it_is_for(facts, said):
    assert words.who_words(listing(**facts)) == said


@pytest.mark.parametrize(
    ("miles", "said"),
    [
        (None, ""),
        (0.0, "under half a mile away"),
        (0.49, "under half a mile away"),
        (0.5, "0.5 miles away"),
        (0.98, "1 mile away"),
        (1.24, "1.2 miles away"),
        (2.0, "2 miles away"),
        (9.96, "10 miles away"),
        (13.7, "14 miles away"),
    ],
)
def test_miles(miles, said):
    assert words.miles_words(miles) == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"confirmed_by": "group"}, "Checked by the group on 3 November 2026"),
        ({"confirmed_by": "staff"}, "Checked by our staff on 3 November 2026"),
        ({"confirmed_on": None}, "Not checked by the group yet"),
        (
            {"confirmed_on": None, "source_name": "the council’s list", "source_date": date(2025, 6, 3)},
            "From the council’s list, 3 June 2025. Not checked by the group yet",
        ),
        ({"confirmed_on": None, "source_name": "A list"}, "From A list. Not checked by the group yet"),
    ],
)
def test_who_checked_it_and_when(facts, said):
    assert words.checked_words(listing(**facts)) == said


@pytest.mark.parametrize(
    ("features", "said"),
    [
        ((), ""),
        (("lift",), "Lift"),
        (("bsl", "step_free"), "Step-free all the way in, British Sign Language"),
        (("step_free", "lift", "parking", "hearing_loop", "bsl"), "Step-free all the way in, lift, parking close by and 2 more"),
    ],
)  # fmt: skip
def test_access_names_the_first_features_and_counts_the_rest(features, said):
    assert words.access_words(features) == said


def test_capacity_is_unknown_after_thirty_days():
    full = listing(capacity="full", capacity_on=date(2026, 10, 1))
    assert words.capacity_words(full, date(2026, 10, 31)) == "Full"
    assert words.capacity_words(full, date(2026, 11, 1)) == ""


@pytest.mark.parametrize(
    ("status", "said"), [("open", ""), ("paused", "Taking a break"), ("closed", "Closed for good")]
)
def test_status(status, said):
    assert words.status_words(listing(status=status)) == said


def test_joining_is_left_out_where_nobody_has_said():
    assert words.join_words(listing(joining_kind="drop_in")) == "Just turn up"
    assert words.join_words(listing(joining_kind="unknown")) == ""


def test_where_is_the_place_or_the_way_of_meeting():
    assert words.where_words(session(), place()) == "Oaklands Hall, Chelmsford"
    assert words.where_words(session(mode="online"), None) == "Online"
    assert words.where_words(session(), None) == ""
    assert words.place_words(place(name="Chelmsford")) == "Chelmsford"


def test_a_meeting_is_told_in_local_time():
    starts = datetime(2026, 7, 7, 9, tzinfo=UTC).astimezone(LONDON)
    ends = datetime(2026, 7, 7, 11, tzinfo=UTC).astimezone(LONDON)
    meeting = Occurrence(date(2026, 7, 7), starts, ends)
    assert words.occurrence_words(meeting, date(2026, 7, 1)) == "Tuesday 7 July, 10am to 12 noon"
    assert words.occurrence_words(Occurrence(date(2026, 7, 7), None, None), date(2026, 7, 7)) == "Today"


class TestOnPaper:
    """What is printed is read on another day."""

    meeting = Occurrence(date(2026, 7, 7), datetime(2026, 7, 7, 10), datetime(2026, 7, 7, 12))

    @pytest.mark.parametrize(("today", "said"), [(7, "Today"), (6, "Tomorrow")])
    def test_today_and_tomorrow_have_their_date(self, today, said):
        assert words.occurrence_on_page(self.meeting, date(2026, 7, today)) == (
            f'<span class="no-print">{said}</span><span class="print-only">Tuesday 7 July</span>, 10am to 12 noon'
        )

    @pytest.mark.parametrize("today", [date(2026, 7, 8), date(2026, 7, 5)])
    def test_other_days_are_said_once(self, today):
        assert words.occurrence_on_page(self.meeting, today) == words.occurrence_words(self.meeting, today)

    def test_a_day_without_a_time(self):
        at = Occurrence(date(2026, 7, 7), None, None)
        assert words.occurrence_on_page(at, date(2026, 7, 1)) == "Tuesday 7 July"
