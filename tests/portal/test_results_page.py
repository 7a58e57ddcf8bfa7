"""The results page as values: what it says, and where its links lead."""

from datetime import date
from urllib.parse import parse_qs, urlsplit

import pytest

from groups.places.spots import Kind, Spot
from groups.vocabulary.lexicon import Lexicon, Meaning
from portal.results.filters import filters_of
from portal.results.heading import heading
from portal.results.labels import miles_label, value_label
from portal.results.map import map_data
from portal.results.page import address, pages_of, results_page
from search.engine import FacetValue, Reading, Results, Understood, Wider
from search.query import DirectoryQuery, ParsedQuery
from tests.portal.listings import area, card, listing, session

LS6 = Spot(53.82, -1.57, "LS6", "Leeds", "E08000035", Kind.OUTWARD, 5.0)
TERMS = Lexicon(
    labels={
        Meaning("activity", "art"): "Art groups",
        Meaning("need", "benefits_advice"): "Benefits advice",
        Meaning("circumstance", "lgbtq"): "LGBTQ+ people",
    }
)


def results(query: DirectoryQuery, total: int = 34, cards=(), facets=None, readings=(), words="") -> Results:
    return Results(Understood(query, words or query.text, tuple(readings)), total, cards, facets or {})


def page_of(query: DirectoryQuery, errors=None, suggestions=(), ways=(), on_map=False, **changes):
    parsed = ParsedQuery(query, errors or {}, suggestions)
    return results_page(parsed, results(query, **changes), list(ways), TERMS, on_map=on_map)


@pytest.mark.parametrize(
    ("query", "total", "said"),
    [
        (DirectoryQuery(text="art", place=LS6), 34, "34 groups for art within 5 miles of LS6"),
        (DirectoryQuery(text="art", place=LS6, radius=1.0), 1, "1 group for art within 1 mile of LS6"),
        (DirectoryQuery(place=LS6, radius=2.5), 1200, "1,200 groups within 2.5 miles of LS6"),
        (DirectoryQuery(activities=("art",)), 3, "3 groups for art groups"),
        (DirectoryQuery(circumstances=("lgbtq",)), 3, "3 groups for LGBTQ+ people"),
        (DirectoryQuery(), 163, "163 groups"),
        (DirectoryQuery(text="zzz"), 0, "No groups found for zzz"),
        (DirectoryQuery(text="a " * 90), 0, "No groups found for " + ("a " * 30)[:59].rstrip() + "…"),
    ],
)
def test_the_heading_says_what_was_found_and_where(query, total, said):
    assert heading(results(query, total), TERMS) == said


def test_filters_that_no_group_satisfies_are_named_and_not_claimed():
    monday = Reading("filter", "filter:monday", "monday", "Monday")
    given = Understood(DirectoryQuery(text="choir monday"), "choir", gave_way=(monday,))
    page = results_page(ParsedQuery(given.query), Results(given, 8, (), {}), [], TERMS, on_map=False)
    assert page.heading == "8 groups for choir"
    assert page.gave_way == "Nothing found for Monday. Here are groups for the rest of your search."
    assert page_of(DirectoryQuery(text="choir")).gave_way == ""


def test_addresses_give_the_query_again_and_land_on_the_results():
    query = DirectoryQuery(text="knit & natter", cost="free", page=2)
    assert address(query) == "/search/?q=knit+%26+natter&cost=free&page=2#results"
    assert address(DirectoryQuery()) == "/search/#results"
    assert address(DirectoryQuery(), on_map=True) == "/search/?map=1#results"


def test_chosen_filters_and_those_read_from_words_each_have_their_way_back():
    query = DirectoryQuery(text="free art in LS6", access=("step_free",))
    readings = [
        Reading("filter", "filter:free", "free", "Free", facet="cost", value="free"),
        Reading("place", "place:ls6", "in LS6", "LS6"),
    ]
    page = page_of(query, readings=readings)
    assert [chip.label for chip in page.chips] == ["Step-free all the way in", "Free", "Near LS6"]
    without_access, without_free, without_place = (parse_qs(urlsplit(chip.href).query) for chip in page.chips)
    assert "access" not in without_access
    assert without_free["not"] == ["filter:free"]
    assert without_free["access"] == ["step_free"]
    assert without_place["not"] == ["place:ls6"]


def test_everything_chosen_goes_at_once():
    query = DirectoryQuery(text="art", cost="free", access=("step_free",), place_text="LS6", place=LS6)
    assert page_of(query).clear == "/search/?q=art&near=LS6#results"
    assert page_of(DirectoryQuery(cost="free")).clear == ""


def test_a_topic_read_from_words_can_be_taken_back():
    readings = [Reading("need", "need:benefits_advice", "pip", "Benefits advice", slug="benefits_advice")]
    told = page_of(DirectoryQuery(text="pip"), readings=readings).told
    assert told[0].words == "Showing groups for Benefits advice."
    assert told[0].back.label == "Search for exactly “pip” instead"
    assert parse_qs(urlsplit(told[0].back.href).query)["exact"] == ["1"]
    back = page_of(DirectoryQuery(text="pip", exact=True)).told
    assert "exact" not in parse_qs(urlsplit(back[0].back.href).query)


def test_a_mended_spelling_is_told():
    readings = [Reading("spelling", "spelling:gardning", "gardning", "gardening")]
    told = page_of(DirectoryQuery(text="gardning"), readings=readings).told
    assert told[0].words == "Showing results for “gardening”."
    assert parse_qs(urlsplit(told[0].back.href).query)["not"] == ["spelling:gardning"]


def test_pages_know_their_neighbours():
    page = page_of(DirectoryQuery(text="art", page=2), total=45)
    assert (page.page, page.pages, page.first_number) == (2, 3, 21)
    assert page.previous == "/search/?q=art#results"
    assert page.next == "/search/?q=art&page=3#results"
    last = page_of(DirectoryQuery(text="art", page=3), total=45)
    assert last.next == ""
    assert (pages_of(0), pages_of(20), pages_of(21)) == (1, 1, 2)


def test_nearest_is_offered_with_a_place_only():
    labels = [link.label for link in page_of(DirectoryQuery(text="art")).sorts]
    assert "Nearest" not in labels
    near = page_of(DirectoryQuery(text="art", place=LS6, place_text="LS6", sort="nearest")).sorts
    assert [link.label for link in near if link.current] == ["Nearest"]


def test_places_of_the_same_name_keep_the_rest_of_the_query():
    page = page_of(DirectoryQuery(text="art", place_text="Newport", cost="free"), suggestions=(LS6,))
    assert parse_qs(urlsplit(page.places[0].href).query) == {"q": ["art"], "near": ["LS6"], "cost": ["free"]}


def test_ways_on_are_true_and_never_empty():
    query = DirectoryQuery(text="art", cost="free", place=LS6, place_text="LS6")
    ways = [
        Wider("radius", query.with_(radius=10.0), 7),
        Wider("facet", query.with_(cost=""), 3),
        Wider("anywhere", query.with_(place=None, place_text=""), 0),
    ]
    shown = page_of(query, total=0, ways=ways).ways
    assert [(way.label, way.count) for way in shown] == [("Look within 10 miles", 7), ("Leave out: Free", 3)]


# --- filters --------------------------------------------------------------------------------------

FACETS = {
    "cost": (FacetValue("free", 12), FacetValue("low", 15)),
    "access": (FacetValue("step_free", 9), FacetValue("lift", 2)),
    "activity": tuple(FacetValue(f"a{number}", number) for number in range(1, 13)),
}


def test_the_commonest_filters_stand_open_and_the_rest_are_counted():
    query = DirectoryQuery(cost="free", access=("step_free", "lift"), age=70)
    shown = filters_of(query, results(query, facets=FACETS), TERMS)
    assert [item.name for item in shown.opened] == ["cost"]
    assert shown.step_free.chosen
    assert [option.value for box in shown.boxes if box.name == "access" for option in box.options] == ["lift"]
    assert shown.more_chosen == 2  # the lift, and the age


def test_a_long_list_shows_its_most_common_and_whatever_is_chosen():
    query = DirectoryQuery(activities=("a1",))
    box = next(
        item
        for item in filters_of(query, results(query, facets=FACETS), TERMS).boxes
        if item.name == "activity"
    )
    assert box.options[0].value == "a1"
    assert [option.value for option in box.options[1:]] == ["a12", "a11", "a10", "a9", "a8", "a7", "a6"]


def test_a_chosen_filter_that_leads_nowhere_can_still_be_turned_off():
    query = DirectoryQuery(modes=("online",))
    box = filters_of(query, results(query, facets={}), TERMS).boxes[0]
    assert [(option.value, option.count, option.chosen) for option in box.options] == [("online", 0, True)]


def test_distance_is_asked_with_a_place_only():
    assert not any(
        item.name == "miles" for item in filters_of(DirectoryQuery(), results(DirectoryQuery()), TERMS).opened
    )
    query = DirectoryQuery(place=LS6, radius=7.0)
    options = filters_of(query, results(query), TERMS).opened[0].options
    assert [option.label for option in options if option.chosen] == ["7 miles"]


@pytest.mark.parametrize(
    ("facet", "value", "said"),
    [
        ("activity", "art", "Art groups"),
        ("activity", "no_such", "no such"),
        ("day", "tue", "Tuesday"),
        ("age", "70", "For someone aged 70"),
        ("checked", "6", "Checked in the last 6 months"),
        ("mode", "home", "At your home"),
        ("mode", "<b>", "<b>"),
        ("cost", "low", "Free or pay what you can"),
    ],
)
def test_facet_values_have_plain_words(facet, value, said):
    assert value_label(facet, value, TERMS) == said


def test_miles():
    assert (miles_label(1.0), miles_label(2.5), miles_label(10.0)) == ("1 mile", "2.5 miles", "10 miles")


# --- map ------------------------------------------------------------------------------------------


def test_pins_share_a_place_and_keep_the_numbers_of_the_list():
    cards = [card(listing(name="One")), card(listing(name="Two")), card(listing(name="Three", sessions=()))]
    data = map_data(cards, 21, DirectoryQuery(place=LS6))
    assert [pin["groups"] for pin in data["pins"]] == [[[21, "One"], [22, "Two"]]]
    assert data["from"] == {"at": [53.82, -1.57], "label": "LS6"}


def test_an_area_is_no_pin():
    soft = listing(location_visibility="area_only", sessions=(session(place=area()),))
    pin = map_data([card(soft)], 1, DirectoryQuery())["pins"][0]
    assert pin["exact"] is False
    assert pin["place"] == "Moulsham"


def test_a_closed_group_has_a_card_and_a_page(settings):
    settings.WAYMARK_TILE_URL = ""
    gone = listing(status="closed", closed_on=date(2026, 11, 1))
    assert map_data([card(gone)], 1, DirectoryQuery())["tiles"]["url"] == ""


def test_words_that_became_the_place_are_not_said_again():
    query = DirectoryQuery(text="within 3 miles of LS6", place=LS6, radius=3.0)
    readings = [Reading("place", "place", "LS6", "LS6")]
    found = Results(Understood(query, "", tuple(readings)), 4)
    assert heading(found, TERMS) == "4 groups within 3 miles of LS6"


def test_what_was_denied_is_told_and_can_be_taken_back():
    readings = [Reading("denied", "denied", "no dogs", "no dogs")]
    (told,) = page_of(DirectoryQuery(text="walk no dogs"), readings=readings).told
    assert "“no dogs”" in told.words
    assert parse_qs(urlsplit(told.back.href).query)["not"] == ["denied"]


def test_near_me_asks_where_that_is():
    readings = [Reading("filter", "filter:near_me", "near me", "")]
    page = page_of(DirectoryQuery(text="choir near me"), readings=readings)
    assert [told.back.href for told in page.told] == ["#near"]
    assert not page.chips
    assert not page_of(DirectoryQuery(text="choir near me", place=LS6), readings=readings).told
