"""Where: circles to the last bit, served areas, and groups that come to you."""

import random

import pytest

from groups.places.distance import miles_between
from search.query import DirectoryQuery
from tests.search.listings import (
    CHELMSFORD,
    OAKLANDS,
    SERVES_CHELMSFORD,
    SERVES_EVERYWHERE,
    arranged,
    at_miles,
    listing,
    remote,
    serves_radius,
    session,
    spot_at,
)

FAR = at_miles(OAKLANDS, 60.0, bearing=300)
IN_FAR = spot_at(FAR, district_code="E99999999")


def miles_to(place, spot=CHELMSFORD):
    return miles_between(spot.latitude, spot.longitude, place.latitude, place.longitude)


class TestCircles:
    def test_within_and_beyond(self, put, found):
        put(
            listing("Here"),
            listing("Near", sessions=[session(place=at_miles(OAKLANDS, 2.9))]),
            listing("Beyond", sessions=[session(place=at_miles(OAKLANDS, 3.1))]),
        )
        assert found(place=CHELMSFORD, radius=3.0, sort="nearest") == ["Here", "Near"]

    def test_a_place_brings_its_own_radius(self, put, found):
        put(*(listing(f"Near {n}", sessions=[session(place=at_miles(OAKLANDS, 4.9))]) for n in range(9)))
        put(listing("Beyond", sessions=[session(place=at_miles(OAKLANDS, 5.1))]))
        assert len(found(place=CHELMSFORD)) == 9
        assert "Beyond" not in found(place=CHELMSFORD)

    def test_a_radius_nobody_chose_gives_way_where_it_finds_nothing(self, put, found):
        put(listing("Beyond", sessions=[session(place=at_miles(OAKLANDS, 5.1))]))
        assert found(place=CHELMSFORD) == ["Beyond"]
        assert found(place=CHELMSFORD, radius=5.0) == []

    def test_the_edge_belongs_to_the_circle_to_the_last_bit(self, put, engine):
        """A radius of just the distance holds the place; one a millionth of an inch less does not."""
        chance = random.Random(3)
        places = [
            at_miles(OAKLANDS, chance.uniform(0.1, 40), bearing=chance.uniform(0, 360), name=f"Hall {number}")
            for number in range(60)
        ]
        put(*(listing(place.name, sessions=[session(place=place)]) for place in places))
        distances = sorted(map(miles_to, places))
        at_edge = engine.count([DirectoryQuery(place=CHELMSFORD, radius=miles) for miles in distances])
        inside = engine.count([DirectoryQuery(place=CHELMSFORD, radius=miles - 2e-11) for miles in distances])
        assert at_edge == list(range(1, 61))
        assert inside == list(range(60))

    def test_both_sides_of_greenwich_and_far_north(self, put, found):
        for latitude, longitude in ((51.48, 0.0), (60.15, -1.15), (49.9, -6.3)):
            middle = at_miles(OAKLANDS, 0)
            middle = type(middle)("Middle", latitude=latitude, longitude=longitude)
            put(
                *(
                    listing(
                        f"{latitude} {bearing}",
                        sessions=[session(place=at_miles(middle, 2.99, bearing=bearing))],
                    )
                    for bearing in (0, 90, 180, 270)
                ),
                listing("No", sessions=[session(place=at_miles(middle, 3.01, bearing=90))]),
            )
            assert len(found(place=spot_at(middle), radius=3.0)) == 4

    def test_miles_are_to_the_nearest_of_several_places(self, put, find):
        put(
            listing(
                "Two halls",
                sessions=[
                    session(place=at_miles(OAKLANDS, 4)),
                    session("sat", place=at_miles(OAKLANDS, 1.5)),
                ],
            )
        )
        (card,) = find(place=CHELMSFORD).cards
        assert card.miles == pytest.approx(1.5, abs=0.002)
        (card,) = find(place=CHELMSFORD, days=("tue",)).cards
        assert card.miles == pytest.approx(4, abs=0.002)

    def test_no_place_no_miles(self, put, find):
        put(listing("Here"))
        assert find().cards[0].miles is None
        assert not find().cards[0].serves

    def test_a_group_with_no_known_place_is_in_no_circle(self, put, found):
        put(listing("Nowhere", sessions=[session(place=None)]), listing("No sessions", sessions=[]))
        assert found(place=CHELMSFORD, radius=50.0) == []
        assert len(found()) == 2


class TestServedAreas:
    @pytest.mark.parametrize("mode", ["online", "telephone", "home"])
    @pytest.mark.parametrize(
        ("served", "here", "far"),
        [
            (serves_radius(5), True, False),
            (serves_radius(80), True, True),
            (SERVES_CHELMSFORD, True, False),
            (SERVES_EVERYWHERE, True, True),
        ],
        ids=["radius", "wide radius", "district", "country"],
    )
    def test_it_comes_to_those_it_serves(self, put, found, mode, served, here, far):
        put(listing("Comes", sessions=[remote(mode)], served=(served,)))
        assert found(place=CHELMSFORD, radius=1.0) == (["Comes"] if here else [])
        assert found(place=IN_FAR, radius=1.0) == (["Comes"] if far else [])

    @pytest.mark.parametrize(("mode", "comes"), [("online", True), ("telephone", True), ("home", False)])
    def test_one_that_names_no_area(self, put, found, mode, comes):
        """Anyone may ring or join online; nobody visits homes everywhere."""
        put(listing("Comes", sessions=[remote(mode)]))
        assert found(place=IN_FAR, radius=1.0) == (["Comes"] if comes else [])

    def test_the_edge_of_a_served_radius(self, put, found):
        put(listing("Comes", sessions=[remote("home")], served=(serves_radius(5),)))
        assert found(place=spot_at(at_miles(OAKLANDS, 4.99)), radius=1.0) == ["Comes"]
        assert found(place=spot_at(at_miles(OAKLANDS, 5.01)), radius=1.0) == []

    def test_where_it_meets_is_apart_from_whom_it_serves(self, put, find, found):
        """It serves the whole country but meets 60 miles away: nobody can be asked to travel there."""
        put(listing("Meets far away", sessions=[session(place=FAR)], served=(SERVES_EVERYWHERE,)))
        assert found(place=CHELMSFORD, radius=5.0) == []
        assert found(place=IN_FAR, radius=5.0) == ["Meets far away"]

    def test_it_may_do_both(self, put, find):
        put(listing("Both", sessions=[session(place=FAR), remote("home")], served=(SERVES_CHELMSFORD,)))
        (card,) = find(place=CHELMSFORD).cards
        assert card.serves
        assert card.miles is None
        (card,) = find(place=IN_FAR).cards
        assert not card.serves
        assert card.miles == pytest.approx(0, abs=0.001)

    def test_meeting_near_and_serving_too(self, put, find):
        put(listing("Both", sessions=[session(place=at_miles(OAKLANDS, 2)), remote()]))
        (card,) = find(place=CHELMSFORD).cards
        assert card.serves
        assert card.miles == pytest.approx(2, abs=0.002)

    def test_by_arrangement_at_home(self, put, found):
        put(listing("Visits", sessions=[arranged(mode="home", place=None)], served=(SERVES_CHELMSFORD,)))
        assert found(place=CHELMSFORD) == ["Visits"]
        assert found(place=CHELMSFORD, modes=("home",)) == ["Visits"]
        assert found(place=CHELMSFORD, modes=("in_person",)) == []

    def test_a_local_one_is_nicer_and_one_that_comes_beats_a_long_way(self, put, found):
        put(
            listing("Online", sessions=[remote()]),
            listing("Round the corner", sessions=[session(place=at_miles(OAKLANDS, 0.5))]),
            listing("Long way", sessions=[session(place=at_miles(OAKLANDS, 18))]),
        )
        assert found(place=CHELMSFORD, radius=20.0) == ["Round the corner", "Online", "Long way"]
