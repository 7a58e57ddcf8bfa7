"""Words that set a filter or name a place are taken as such, shown as such, and can be taken back. Urgent help comes first."""

import pytest

from groups.places.gazetteer import resolve
from search.engine import HelpMessage
from tests.search.listings import CHELMSFORD, OAKLANDS, at_miles, listing, session

pytestmark = pytest.mark.usefixtures("shipped_words")


@pytest.fixture
def many(put):
    """A group that satisfies every filter a person may type, and one that satisfies none."""
    put(
        listing(
            "Yes",
            description="Choir",
            cost_kind="free",
            capacity="space",
            capacity_on=listing().confirmed_on.replace(year=2027, month=3, day=9),
            accepts_referrals="yes",
            joining_kind="drop_in",
            age_min=2,
            sessions=[
                session(
                    "wed thu sat sun", 18, 20, access=("step_free", "hearing_loop", "quiet_space", "parking")
                ),
                session("wed", None, None, mode="online", place=None),
                session("wed", 10, 11, mode="telephone", place=None),
            ],
        ),
        listing(
            "No",
            description="Choir",
            cost_kind="paid",
            age_min=121,
            joining_kind="referral",
            sessions=[session("mon", 13, 15)],
        ),
        *(
            listing(f"Bowls {chr(65 + number)}", description="On the green", sessions=[], age_min=121)
            for number in range(20)
        ),
    )


FILTERS = {
    "free": ("cost", "free"),
    "cheap": ("cost", "low"),
    "today": ("when", "today"),
    "tonight": ("times", ("evening",)),
    "tomorrow": ("when", "tomorrow"),
    "this weekend": ("when", "weekend"),
    "saturday": ("days", ("sat",)),
    "weekends": ("days", ("sat", "sun")),
    "evening": ("times", ("evening",)),
    "online": ("modes", ("online",)),
    "by phone": ("modes", ("telephone",)),
    "wheelchair": ("access", ("step_free",)),
    "no steps": ("access", ("step_free",)),
    "hearing loop": ("access", ("hearing_loop",)),
    "for teenagers": ("age", 16),
    "14 year old": ("age", 14),
    "over 60s": ("age", 60),
    "drop in": ("joining", ("drop_in",)),
    "has space": ("has_space", True),
}


@pytest.mark.parametrize("typed", FILTERS)
def test_a_filter_is_set_and_shown_as_such(many, find, typed):
    field, value = FILTERS[typed]
    results = find(f"choir {typed}")
    assert getattr(results.query, field) == value
    (reading,) = [reading for reading in results.understood.readings if reading.kind == "filter"]
    assert (bool(reading.label), reading.typed) == (True, typed)
    assert reading.key.startswith("filter:")
    assert [card.listing.name for card in results.cards] == ["Yes"]
    assert typed not in results.understood.words


@pytest.mark.parametrize("typed", FILTERS)
def test_a_filter_can_be_taken_back(many, find, typed):
    key = next(one.key for one in find(f"choir {typed}").understood.readings if one.kind == "filter")
    results = find(f"choir {typed}", ignored=(key,))
    field, value = FILTERS[typed]
    assert getattr(results.query, field) != value
    assert {card.listing.name for card in results.cards} == {"Yes", "No"}


@pytest.mark.parametrize(
    ("typed", "gender", "group"), [("women only", "women", "Women"), ("men only", "men", "Men")]
)
def test_women_and_men_only(put, find, typed, gender, group):
    put(listing("Women", gender="women"), listing("Men", gender="men"))
    results = find(typed)
    assert results.query.gender == gender
    assert group in [card.listing.name for card in results.cards]
    assert len(results.cards) == 1


def test_a_filter_alone_finds_all_that_satisfy_it(many, found):
    assert found("free") == ["Yes"]
    assert found("step free on saturday") == ["Yes"]


def test_near_me_is_shown_and_looked_up_nowhere(many, find):
    results = find("choir near me")
    assert "filter:near_me" in {reading.key for reading in results.understood.readings}
    assert "near" not in results.understood.words.split()
    assert {card.listing.name for card in results.cards} == {"Yes", "No"}


def test_what_was_chosen_on_the_form_stays(many, find):
    assert find("choir free", cost="low").query.cost == "low"
    assert find("choir saturday", days=("mon",)).query.days == ("mon",)


@pytest.mark.parametrize(
    "typed", ["gluten free cooking", "wheelchair basketball", "online safety", "sunday school", "set free"]
)
def test_words_that_only_look_like_a_filter(many, find, typed):
    results = find(typed)
    assert not [one for one in results.understood.readings if one.kind == "filter"], typed


def test_a_typed_filter_gives_way_where_it_leaves_nothing(put, find):
    put(
        listing("Zither Friends", cost_kind="paid"),
        *(listing(f"Bowls {n}", cost_kind="paid") for n in range(20)),
    )
    results = find("zither free")
    assert [card.listing.name for card in results.cards] == ["Zither Friends"]
    assert results.query.cost == ""


class TestPlaces:
    @pytest.fixture(autouse=True)
    def choirs(self, put, gazetteer):
        brighton = resolve("Brighton")
        there = at_miles(OAKLANDS, 0)
        there = type(there)(
            "Sea Hall", town="Brighton", latitude=brighton.latitude, longitude=brighton.longitude
        )
        put(
            listing("Here", description="Choir and walking"),
            listing("Brighton choir by the sea", description="Choir", sessions=[session(place=there)]),
        )

    @pytest.mark.parametrize(
        ("typed", "words"),
        [
            ("choir in chelmsford", "choir"),
            ("choir near CM1", "choir"),
            ("CM1 choir", "choir"),
            ("chelmsford choir", "choir"),
            ("choir cm1 1qh", "choir"),
            ("choir, Chelmsford", "choir"),
            ("Chelmsford", ""),
        ],
    )
    def test_a_place_at_either_end(self, find, typed, words):
        results = find(typed)
        assert results.understood.words == words
        assert results.query.place is not None
        assert [reading.kind for reading in results.understood.readings][:1] == ["place"]
        assert [card.listing.name for card in results.cards] == ["Here"]

    def test_it_can_be_taken_back(self, find):
        results = find("choir in chelmsford", ignored=("place",))
        assert results.query.place is None
        assert results.total == 2

    def test_the_place_box_wins(self, find):
        assert find("choir in brighton", place=CHELMSFORD).query.place == CHELMSFORD

    @pytest.mark.parametrize("typed", ["reading group", "sandwich lunch", "bath chairs", "rugby"])
    def test_everyday_words_are_no_place(self, find, typed):
        assert find(typed).query.place is None


class TestUrgentHelp:
    @pytest.mark.parametrize(
        "typed",
        ["i want to die", "suicidal", "my husband hits me", "need food today", "thinking of ending my life"],
    )
    def test_help_is_there_whatever_is_found(self, put, find, typed):
        put(listing("Bowls"))
        panels = find(typed).understood.help
        assert panels
        assert all(isinstance(panel, HelpMessage) and panel.heading and panel.lines for panel in panels)

    def test_exact_words_too(self, find):
        assert find("i want to die", exact=True).understood.help

    @pytest.mark.parametrize("typed", ["choir", "cost of living crisis", "killing time", "die cutting", ""])
    def test_not_where_nothing_is_urgent(self, put, find, typed):
        put(listing("Bowls"))
        assert not [panel for panel in find(typed).understood.help if len(panel.lines) > 1], typed


class TestFiltersGiveWay:
    """Where no group satisfies the filters that were typed, the words count, and it is said so."""

    def test_it_is_said_which_gave_way(self, many, find):
        results = find("choir step free tuesday")
        assert {card.listing.name for card in results.cards} == {"Yes", "No"}
        assert (results.query.days, results.query.access) == ((), ())
        assert [reading.typed for reading in results.understood.gave_way] == ["step free", "tuesday"]
        assert results.understood.words == "choir"

    def test_nothing_is_said_where_they_hold(self, many, find):
        assert find("choir saturday").understood.gave_way == ()
        assert find("choir").understood.gave_way == ()

    def test_nor_where_nothing_is_found_at_all(self, many, find):
        assert find("quidditch tuesday").understood.gave_way == ()
