"""Over a mixed corpus: totals are what plain Python finds, counts are what choosing would find, pages neither skip nor repeat."""

import random
from datetime import timedelta

import pytest

from search.engine import FACETS
from search.query import _FIELD, DirectoryQuery
from tests.search.contract import oracle
from tests.search.contract.mixed import mixed_listings, mixed_query
from tests.search.listings import CHELMSFORD, NOW, TODAY, at

LISTINGS = mixed_listings()
NOWS = {
    "wednesday morning": NOW,
    "wednesday at 11": at(TODAY, 11),
    "past midnight": at(TODAY + timedelta(days=1), 0, 30),
    "sunday evening": at(TODAY + timedelta(days=4), 20),
    "when clocks go forward": at(TODAY.replace(day=28), 3, 30),
    "when clocks go back": at(TODAY.replace(month=10, day=31), 12),
}
INTEGERS = {"age", "checked"}
FLAGS = {"space", "referrals", "young", "outdoors"}


@pytest.fixture(scope="module", autouse=True)
def mixed(harness, module_rows):
    harness.put(LISTINGS)


def queries(seed: int, many: int) -> list[DirectoryQuery]:
    chance = random.Random(seed)
    return [mixed_query(chance) for _ in range(many)]


def with_value(query: DirectoryQuery, facet: str, value: str) -> DirectoryQuery:
    """The query with a facet value chosen: alone in its facet, but for access, whose features must all be there."""
    name = _FIELD.get(facet, facet)
    if facet in FLAGS:
        return query.with_(**{name: True})
    if facet in INTEGERS:
        return query.with_(**{name: int(value)})
    if not isinstance(getattr(query, name), tuple):
        return query.with_(**{name: value})
    return query.with_(**{name: (value,)})


@pytest.mark.parametrize("moment", NOWS)
def test_totals_are_right(engine, moment):
    now = NOWS[moment]
    asked = queries(11, 60)
    expected = [{one.name for one in LISTINGS if oracle.finds(one, query, now)} for query in asked]
    wrong = []
    for query, names, counted in zip(asked, expected, engine.count(asked, now=now), strict=True):
        results = engine.search(query, now=now)
        got = [card.listing.name for card in results.cards]
        if results.total > len(got):
            got = everything(engine, query, now)
        if not (set(got) == names and results.total == counted == len(got) == len(names)):
            wrong.append((query.to_querystring(), sorted(set(got) ^ names), results.total, counted))
    assert not wrong


def everything(engine, query, now) -> list[str]:
    found, page = [], 1
    while cards := engine.search(query.with_(page=page), now=now).cards:
        found += [card.listing.name for card in cards]
        page += 1
    return found


def test_miles_are_to_the_nearest_that_satisfies(engine):
    by_name = {one.name: one for one in LISTINGS}
    for query in queries(12, 40):
        query = query.with_(place=CHELMSFORD, radius=50.0)
        for card in engine.search(query, now=NOW).cards:
            expected = oracle.miles(by_name[card.listing.name], query, NOW)
            assert card.miles == (None if expected is None else pytest.approx(expected, abs=1e-6)), (
                query.to_querystring(),
                card.listing.name,
            )


@pytest.mark.parametrize("seed", range(3))
def test_counts_are_what_choosing_the_value_finds(engine, seed):
    wrong = []
    for query in queries(100 + seed, 15):
        for facet, values in engine.search(query, now=NOW).facets.items():
            chosen = query.chosen.get(facet, ())
            for item in values:
                if facet == "access" and chosen:
                    continue
                alone = with_value(query, facet, item.value)
                if engine.count([alone], now=NOW) != [item.count]:
                    wrong.append((query.to_querystring(), facet, item, engine.count([alone], now=NOW)))
                if item.count == 0 and item.value not in chosen:
                    wrong.append((query.to_querystring(), facet, item, "leads nowhere"))
                if item.chosen != (item.value in chosen):
                    wrong.append((query.to_querystring(), facet, item, "chosen"))
    assert not wrong


def test_no_value_that_leads_somewhere_is_left_out(engine):
    """Every value that one of the listings has, and that would find something, is counted."""
    options = {
        "day": ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        "time": ("morning", "afternoon", "evening"),
        "mode": ("in_person", "online", "telephone", "home"),
        "activity": ("walking", "craft", "singing", "debt_advice", "warm_space"),
        "when": ("today", "tomorrow", "week", "weekend"),
        "cost": ("free", "low", "paid", "donation"),
        "stage": ("listed", "ready", "quality"),
        "gender": ("women", "men"),
        "space": ("1",),
        "referrals": ("1",),
    }
    for query in queries(200, 15):
        facets = engine.search(query, now=NOW).facets
        for facet, values in options.items():
            for value in values:
                shown = {item.value: item.count for item in facets.get(facet, ())}
                assert shown.get(value, 0) == engine.count([with_value(query, facet, value)], now=NOW)[0], (
                    query.to_querystring(),
                    facet,
                    value,
                )


def test_facets_come_in_one_order_and_chosen_ones_stay(engine):
    query = DirectoryQuery(activities=("walking", "no_such"), cost="free", languages=("xx",))
    facets = engine.search(query, now=NOW).facets
    assert list(facets) == [facet for facet in FACETS if facet in facets]
    assert [(item.value, item.count) for item in facets["activity"] if item.value == "no_such"] == [
        ("no_such", 0)
    ]
    assert [(item.value, item.count, item.chosen) for item in facets["language"] if item.chosen] == [
        ("xx", 0, True)
    ]


def test_a_chosen_facet_does_not_filter_itself(engine):
    free = engine.search(DirectoryQuery(), now=NOW).facets["activity"]
    chosen = engine.search(DirectoryQuery(activities=("walking",)), now=NOW).facets["activity"]
    assert {item.value: item.count for item in free} == {item.value: item.count for item in chosen}


def test_features_of_access_all_filter_each_other(engine):
    """Access is "all of": a feature's count is of listings that have it besides those chosen."""
    one = next(item for item in engine.search(DirectoryQuery(), now=NOW).facets["access"])
    query = DirectoryQuery(access=(one.value,))
    assert engine.search(query, now=NOW).total == one.count


@pytest.mark.parametrize("sort", ["best", "nearest", "soonest", "checked"])
@pytest.mark.parametrize("place", [None, CHELMSFORD], ids=["anywhere", "near"])
def test_pages_neither_skip_nor_repeat(engine, sort, place):
    query = DirectoryQuery(sort=sort, place=place, radius=50.0 if place else None)
    total = engine.search(query, now=NOW).total
    names = everything(engine, query, NOW)
    assert len(names) == len(set(names)) == total > 20
    assert engine.search(query.with_(page=1), now=NOW).cards[0].listing.name == names[0]


@pytest.mark.parametrize("page", [5, 99, 500, 10_000])
def test_a_page_beyond_the_end_is_empty(engine, page):
    results = engine.search(DirectoryQuery(page=page), now=NOW)
    assert list(results.cards) == []
    assert results.total == engine.search(DirectoryQuery(), now=NOW).total


def test_a_wider_circle_never_finds_less(engine):
    radii = [0.1, 0.4, 0.5, 1.3, 1.30001, 2.6, 5.0, 7.7, 7.8, 15.3, 33.4, 200.0]
    counts = engine.count([DirectoryQuery(place=CHELMSFORD, radius=miles) for miles in radii], now=NOW)
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_the_answer_is_the_same_twice(engine):
    for query in queries(300, 10):
        first, second = engine.search(query, now=NOW), engine.search(query, now=NOW)
        assert [card.listing.uid for card in first.cards] == [card.listing.uid for card in second.cards]
        assert first.facets == second.facets
