"""Ways in and on: suggestions, more like this, near here, wider links."""

import pytest

from search.query import DirectoryQuery
from search.wider import FEW, ways_on
from tests.search.listings import CHELMSFORD, OAKLANDS, at_miles, listing, months_ago, remote, session

pytestmark = pytest.mark.usefixtures("shipped_words")


class TestSuggestions:
    def test_of_every_kind(self, put, engine):
        put(listing("Walthamstow Walkers"))
        kinds = {suggestion.kind for suggestion in engine.suggest("wal", limit=12)}
        assert kinds == {"activity", "group", "place"}
        assert "need" in {suggestion.kind for suggestion in engine.suggest("lonel")}

    def test_activities_first_and_by_their_name(self, engine):
        first = engine.suggest("walk")[0]
        assert first.kind == "activity"
        assert first.text.lower().startswith("walk")

    @pytest.mark.parametrize("typed", ["kettlewick", "kettlew", "friends of kett", "KETTLEWICK"])
    def test_a_group_by_any_of_its_words(self, put, engine, typed):
        put(listing("Friends of Kettlewick"))
        groups = [one for one in engine.suggest(typed) if one.kind == "group"]
        assert [(one.text, one.path) for one in groups] == [
            ("Friends of Kettlewick", "/groups/friends-of-kettlewick/")
        ]

    def test_places(self, engine):
        assert "Chelmsford" in [one.text for one in engine.suggest("chelmsf") if one.kind == "place"]

    @pytest.mark.parametrize("typed", ["", " ", "a", "!!", "zzzzqqq", '"', "*" * 400])
    def test_nothing_to_say(self, engine, typed):
        assert engine.suggest(typed) == []

    def test_at_most_as_many_as_asked(self, put, engine):
        put(*(listing(f"Wanderers {number}") for number in range(20)))
        assert len(engine.suggest("wa", limit=3)) == 3
        assert len(engine.suggest("wa")) <= 8

    def test_each_once(self, engine):
        found = [(one.kind, one.text) for one in engine.suggest("craft", limit=20)]
        assert len(found) == len(set(found))

    def test_a_new_name_is_suggested_and_a_closed_group_is_not(self, put, engine):
        put(listing("Kettlewick One", number=1))
        assert [one.text for one in engine.suggest("kettle") if one.kind == "group"] == ["Kettlewick One"]
        put(listing("Renamed", number=1), listing("Kettlewick Two"))
        assert [one.text for one in engine.suggest("kettle") if one.kind == "group"] == ["Kettlewick Two"]


class TestNeighbours:
    def test_more_like_it_shares_topics_and_the_nearer_come_first(self, put, engine):
        it = listing("It", activities=["craft"])
        put(
            it,
            listing("Same far", activities=["craft"], sessions=[session(place=at_miles(OAKLANDS, 8))]),
            listing("Same near", activities=["craft"], sessions=[session(place=at_miles(OAKLANDS, 1))]),
            listing("Other", activities=["debt_advice"]),
            listing(
                "Same, a county away", activities=["craft"], sessions=[session(place=at_miles(OAKLANDS, 90))]
            ),
        )
        assert [card.listing.name for card in engine.more_like(it.uid)] == ["Same near", "Same far"]

    def test_near_it(self, put, engine):
        it = listing("It")
        put(
            it,
            listing("Next door", sessions=[session(place=at_miles(OAKLANDS, 0.1))]),
            listing("A mile", sessions=[session(place=at_miles(OAKLANDS, 1))]),
            listing("Miles away", sessions=[session(place=at_miles(OAKLANDS, 4))]),
            listing("Online", sessions=[remote()]),
        )
        assert [card.listing.name for card in engine.near(it.uid)] == ["Next door", "A mile"]
        assert len(engine.near(it.uid, limit=1)) == 1

    def test_of_one_that_is_nowhere(self, put, engine):
        nowhere = listing("Nowhere", sessions=[remote()])
        assert engine.near(nowhere.uid) == engine.more_like(nowhere.uid) == []
        put(nowhere, listing("Here"))
        assert engine.near(nowhere.uid) == []
        assert engine.more_like(nowhere.uid) == []

    def test_listings_as_the_index_holds_them(self, put, engine):
        one, other = listing("One", checked=months_ago(3)), listing("Other")
        put(one)
        assert engine.listings([one.uid, other.uid]) == {one.uid: one}


class TestWiderWays:
    @pytest.fixture(autouse=True)
    def few(self, put):
        put(
            listing("Here", activities=["craft"], cost_kind="free"),
            listing("Paid", activities=["craft"], cost_kind="paid"),
            listing("Ten", activities=["craft"], sessions=[session(place=at_miles(OAKLANDS, 9))]),
            listing("Forty", activities=["craft"], sessions=[session(place=at_miles(OAKLANDS, 40))]),
            listing("Edinburgh", activities=["craft"], sessions=[session(place=at_miles(OAKLANDS, 350))]),
            listing("Online", activities=["craft"], sessions=[remote()]),
            listing("Walk", activities=["walking"]),
        )

    def test_each_count_is_true_and_leads_on(self, engine):
        for query in (
            DirectoryQuery(activities=("craft",), place=CHELMSFORD, radius=1.0, cost="free"),
            DirectoryQuery(text="craft", place=CHELMSFORD, radius=1.0, days=("sun",)),
            DirectoryQuery(text="nothing at all xyzzy", place=CHELMSFORD),
            DirectoryQuery(days=("sun",), modes=("in_person",)),
        ):
            results = engine.search(query)
            ways = ways_on(engine, results)
            assert ways
            for way in ways:
                assert way.count == engine.search(way.query).total > 0
                assert way.kind == "online" or way.count > results.total

    def test_the_nearest_circles_that_add_something(self, engine):
        query = DirectoryQuery(activities=("craft",), place=CHELMSFORD, radius=1.0, modes=("in_person",))
        ways = [way for way in ways_on(engine, engine.search(query)) if way.kind == "radius"]
        assert [(way.query.radius, way.count) for way in ways] == [(10.0, 3), (50.0, 4)]

    def test_without_one_filter(self, engine):
        query = DirectoryQuery(activities=("craft",), cost="free")
        ways = {way.kind: way for way in ways_on(engine, engine.search(query))}
        assert ways["facet"].count > 1

    def test_none_where_there_is_plenty(self, put, engine):
        put(*(listing(f"More {number}") for number in range(FEW + 1)))
        assert ways_on(engine, engine.search(DirectoryQuery())) == []


def test_count_is_what_search_finds(put, engine):
    put(listing("Art", activities=["art"]), listing("Walk"), listing("Craft", description="art and craft"))
    queries = [
        DirectoryQuery(text=text) for text in ("art", "walk", "nothing xyzzy", "", "free art", "gardning")
    ]
    assert engine.count(queries) == [engine.search(query).total for query in queries]
    assert engine.count([]) == []
