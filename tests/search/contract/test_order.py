"""In which order: each sort, ties, freshness tiers, space, and what a listing's own state does to it."""

from datetime import timedelta

import msgspec
import pytest

from tests.search.listings import (
    CHELMSFORD,
    NOW,
    OAKLANDS,
    TODAY,
    at_miles,
    listing,
    months_ago,
    once,
    remote,
    session,
)


def on(days_ahead, hour=10):
    return [once(TODAY + timedelta(days=days_ahead), hour, hour + 1)]


class TestBestMatch:
    def test_a_better_match_before_a_nearer_one(self, put, found):
        put(
            listing("Zither Friends", sessions=[session(place=at_miles(OAKLANDS, 4))]),
            listing("Darts", summary="The zither is next door"),
        )
        assert found("zither", place=CHELMSFORD) == ["Zither Friends", "Darts"]

    @pytest.mark.usefixtures("shipped_words")
    def test_the_very_word_before_the_topic_it_belongs_to(self, put, found):
        put(
            listing("Cosy Corner", description="Tea and toast.\n\nBingo on Wednesdays."),
            listing("Chess Circle", activities=["games-and-hobbies"]),
            listing("Eyes Down", description="Bingo on Mondays.", organisation="Bingo Trust"),
            listing("Bowls", sessions=[session(place=msgspec.structs.replace(OAKLANDS, name="Bingo Hall"))]),
            *(listing(f"Society {number}") for number in range(20)),
        )
        assert found("bingo") == ["Eyes Down", "Cosy Corner", "Chess Circle"]
        # In a sentence one word says less of what is meant.
        assert found("somewhere friendly with a quiz and some bingo on")[0] == "Chess Circle"

    @pytest.mark.usefixtures("shipped_words")
    def test_a_word_left_over_from_a_phrase_says_nothing_by_itself(self, put, found):
        put(
            listing("Hello Circle", description="For people who have just moved here."),
            listing("Lapidary", description="New members always welcome."),
            *(listing(f"Society {number}") for number in range(20)),
        )
        assert found("new to the area")[0] == "Hello Circle"

    def test_of_equal_matches_the_nearer(self, put, found):
        put(
            *(
                listing(f"Zither {miles}", sessions=[session(place=at_miles(OAKLANDS, miles))])
                for miles in (3, 1, 2)
            )
        )
        assert found("zither", place=CHELMSFORD) == ["Zither 1", "Zither 2", "Zither 3"]

    def test_then_the_one_checked_lately(self, put, found):
        put(
            listing("Due", number=1, checked=months_ago(7)),
            listing("Checked", number=2),
            listing("Never", number=3, checked=None, first_published_on=TODAY),
        )
        assert found()[0] == "Checked"
        assert set(found()[1:]) == {"Due", "Never"}

    def test_overdue_comes_below_all_others_however_well_it_matches(self, put, found):
        put(
            listing("Zither Friends", number=1, checked=months_ago(13)),
            listing("Darts", number=2, summary="The zither is next door", capacity="full", capacity_on=TODAY),
        )
        assert found("zither") == ["Darts", "Zither Friends"]
        assert found("zither", place=CHELMSFORD) == ["Darts", "Zither Friends"]

    def test_but_not_where_its_whole_name_was_typed(self, put, found):
        put(
            listing("Friday Folk", description="Songs", checked=months_ago(13), status="paused"),
            listing("Singers", description="Folk songs on a Friday"),
            listing("Folk Songs for All", description="Songs every Friday"),
        )
        assert found("friday folk")[0] == "Friday Folk"
        assert found("songs")[-1] == "Friday Folk"

    @pytest.mark.parametrize(
        ("checked", "below"), [(months_ago(12), False), (months_ago(12, 1), True), (months_ago(6, 1), False)]
    )
    def test_overdue_is_over_twelve_months(self, put, found, checked, below):
        put(
            listing("Other", number=9, sessions=[session(place=at_miles(OAKLANDS, 4.9))], checked=None),
            listing("It", number=1, checked=checked),
        )
        assert (found(place=CHELMSFORD) == ["Other", "It"]) is below

    def test_the_tier_follows_the_clock_with_nothing_written_meanwhile(self, put, found):
        put(
            listing("Zither Friends", number=1, checked=months_ago(11)),
            listing("Darts", number=2, summary="The zither is next door"),
        )
        assert found("zither") == ["Zither Friends", "Darts"]
        assert found("zither", now=NOW + timedelta(days=32)) == ["Darts", "Zither Friends"]

    def test_a_source_may_be_overdue_too(self, put, found):
        put(
            listing("Old register", number=1, checked=None, source_date=months_ago(13)),
            listing("New register", number=2, checked=None, source_date=months_ago(2)),
        )
        assert found() == ["New register", "Old register"]

    def test_never_confirmed_ranks_as_due(self, put, find):
        put(
            listing("Never", number=1, checked=None, source_date=TODAY),
            listing("Due", number=2, checked=months_ago(7)),
        )
        never, due = find().cards
        assert never.score == due.score

    def test_space_before_unknown_before_full(self, put, found):
        put(
            listing("Full", number=1, capacity="full", capacity_on=TODAY),
            listing("Waiting list", number=2, capacity="waiting_list", capacity_on=TODAY),
            listing("Unknown", number=3),
            listing("Space", number=4, capacity="space", capacity_on=TODAY),
        )
        assert found() == ["Space", "Unknown", "Full", "Waiting list"]

    @pytest.mark.parametrize("state", ["full", "space"])
    def test_capacity_reads_unknown_after_thirty_days(self, put, find, state):
        put(
            listing("Unknown", number=1),
            listing("30", number=2, capacity=state, capacity_on=TODAY - timedelta(days=30)),
            listing("31", number=3, capacity=state, capacity_on=TODAY - timedelta(days=31)),
        )
        score = {card.listing.name: card.score for card in find().cards}
        assert score["31"] == score["Unknown"] != score["30"]

    @pytest.mark.parametrize("status", ["paused", "closed"])
    def test_one_that_runs_before_one_that_does_not(self, put, found, status):
        put(
            listing("Resting", number=1, status=status, closed_on=TODAY),
            listing("Open", number=2, checked=None),
        )
        assert found() == ["Open", "Resting"]

    def test_soonest_breaks_ties_then_the_public_id(self, put, found):
        put(
            listing("B", number=2, sessions=on(3)),
            listing("A", number=1, sessions=on(3)),
            listing("Soon", number=3, sessions=on(1)),
        )
        assert found() == ["Soon", "A", "B"]


class TestOtherSorts:
    def test_nearest(self, put, found):
        put(
            *(
                listing(f"{miles}", sessions=[session(place=at_miles(OAKLANDS, miles))])
                for miles in (3, 0.5, 4.5, 2)
            ),
            listing("Comes", sessions=[remote()]),
        )
        assert found(sort="nearest", place=CHELMSFORD) == ["0.5", "2", "3", "4.5", "Comes"]

    def test_nearest_without_a_place_still_answers(self, put, found):
        put(listing("A", number=1), listing("B", number=2))
        assert found(sort="nearest") == ["A", "B"]

    def test_soonest(self, put, found):
        put(
            listing("Later today", sessions=on(0, 15)),
            listing("Tomorrow early", sessions=on(1, 7)),
            listing("Now", sessions=on(0, 9)),
            listing("Never", sessions=[session(rule=None, days="wed", start=10)], status="paused"),
            listing("Next month", sessions=on(30)),
        )
        assert found(sort="soonest") == ["Now", "Later today", "Tomorrow early", "Next month", "Never"]

    def test_soonest_of_the_sessions_that_satisfy(self, put, found):
        put(
            listing("Thu and late Sat", sessions=[session("thu"), session("sat", 18, 19)]),
            listing("Early Sat", sessions=[session("sat", 9, 10)]),
        )
        assert found(sort="soonest") == ["Thu and late Sat", "Early Sat"]
        assert found(sort="soonest", days=("sat",)) == ["Early Sat", "Thu and late Sat"]

    def test_recently_checked(self, put, found):
        put(
            listing("March", checked=months_ago(0, 2)),
            listing("Source only", checked=None, source_date=TODAY),
            listing("January", checked=months_ago(2)),
            listing("Old", checked=months_ago(20)),
        )
        assert found(sort="checked") == ["March", "January", "Old", "Source only"]

    @pytest.mark.parametrize("sort", ["nearest", "soonest"])
    def test_overdue_is_only_labelled_there(self, put, found, sort):
        put(
            listing("Overdue", checked=months_ago(14), sessions=[session("thu")]),
            listing("Checked", sessions=[session("fri", place=at_miles(OAKLANDS, 1))]),
        )
        assert found(sort=sort, place=CHELMSFORD) == ["Overdue", "Checked"]

    @pytest.mark.parametrize("sort", ["best", "nearest", "soonest", "checked"])
    def test_ties_break_by_public_id(self, put, found, sort):
        numbers = list(range(1, 31))
        put(*(listing(f"{number:02}", number=number) for number in reversed(numbers)))
        pages = found(sort=sort, place=CHELMSFORD) + found(sort=sort, place=CHELMSFORD, page=2)
        assert pages == [f"{number:02}" for number in numbers]


class TestState:
    @pytest.mark.parametrize(
        ("closed_on", "shown"),
        [(TODAY, True), (months_ago(3), True), (months_ago(3, 1), False), (None, False)],
    )
    def test_closed_shows_for_three_months(self, put, find, closed_on, shown):
        put(listing("Closed", status="closed", closed_on=closed_on))
        assert find().total == int(shown)
        assert find("closed").total == int(shown)

    def test_paused_is_shown_without_a_next_meeting(self, put, find):
        put(listing("Resting", status="paused"))
        (card,) = find().cards
        assert card.occurrence is None


class TestFiltersOfAListing:
    """One that satisfies, one that does not; counts over many are in `test_mixed`."""

    @pytest.mark.parametrize(
        ("query", "yes", "no"),
        [
            ({"age": 65}, {"age_min": 50}, {"age_max": 64}),
            ({"age": 18}, {"age_min": 18, "age_max": 18}, {"age_min": 19}),
            ({"age": 0}, {"age_max": 4}, {"age_min": 1}),
            ({"age": 40}, {}, {"age_min": 41}),
            ({"gender": "women"}, {"gender": "women"}, {"gender": "men"}),
            ({"gender": "men"}, {"gender": "anyone"}, {"gender": "women"}),
            ({"cost": "free"}, {"cost_kind": "free"}, {"cost_kind": "donation"}),
            ({"cost": "low"}, {"cost_kind": "donation"}, {"cost_kind": "paid"}),
            ({"cost": "low"}, {"cost_kind": "free"}, {"cost_kind": "unknown"}),
            ({"languages": ("pl",)}, {"languages": ["pl", "en"]}, {"languages": ["en"]}),
            ({"needs": ("debt",)}, {"needs": ["debt"]}, {"needs": ["lonely"]}),
            ({"activities": ("craft", "art")}, {"activities": ["art"]}, {"activities": ["music"]}),
            ({"circumstances": ("carers",)}, {"circumstances": ["carers"]}, {"circumstances": []}),
            ({"joining": ("drop_in", "book")}, {"joining_kind": "book"}, {"joining_kind": "referral"}),
            ({"accepts_referrals": True}, {"accepts_referrals": "yes"}, {"accepts_referrals": "ask"}),
            ({"children_young_people": True}, {"children_young_people": True}, {}),
            ({"outdoors_nature": True}, {"outdoors_nature": True}, {}),
            ({"stage": "ready"}, {"stage": "quality"}, {"stage": "listed"}),
            ({"stage": "quality"}, {"stage": "quality"}, {"stage": "ready"}),
            (
                {"has_space": True},
                {"capacity": "space", "capacity_on": TODAY},
                {"capacity": "full", "capacity_on": TODAY},
            ),
            (
                {"has_space": True},
                {"capacity": "space", "capacity_on": TODAY - timedelta(days=30)},
                {"capacity": "space", "capacity_on": TODAY - timedelta(days=31)},
            ),
            ({"checked_months": 3}, {"checked": months_ago(3)}, {"checked": months_ago(3, 1)}),
            ({"checked_months": 1}, {"checked": TODAY}, {"checked": None, "source_date": TODAY}),
        ],
        ids=lambda values: ",".join(f"{name}={value}" for name, value in values.items()),
    )
    def test_satisfied_or_not(self, put, found, query, yes, no):
        put(listing("Yes", **yes), listing("No", **no))
        assert found(**query) == ["Yes"]

    def test_conditions_of_different_kinds_all_hold(self, put, found):
        put(
            listing("Both", cost_kind="free", activities=["craft"]),
            listing("Free", cost_kind="free"),
            listing("Craft", activities=["craft"]),
        )
        assert found(cost="free", activities=("craft",)) == ["Both"]
