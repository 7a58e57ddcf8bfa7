"""A process's columns hold what the rows hold, however it came by them and however old they are."""

import random
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone
from msgspec.structs import replace

from groups.listings.changes import renumber
from search import engines
from search.engines.embedded.columns import ColumnStore, View
from search.index import records
from search.index.writer import write_listings
from search.query import DirectoryQuery
from tests.search.contract.mixed import mixed_listings
from tests.search.listings import NOW, listing, once, session

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_process")]


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """clock(days): the clock stands so many days after `NOW`."""

    def clock(days: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: NOW + timedelta(days=days))

    clock(0)
    return clock


def write(*listings, gone=()):
    uids = [*(one.uid for one in listings), *(one.uid for one in gone)]
    versions = renumber(uids)
    write_listings(
        [(one.uid, versions[one.uid], one) for one in listings]
        + [(one.uid, versions[one.uid], None) for one in gone]
    )


def held(view: View) -> dict:
    """What a view says of each listing that is alive, by id."""
    return {int(view.ids[position]): _held_at(view, int(position)) for position in np.flatnonzero(view.alive)}


def _held_at(view: View, position: int) -> tuple:
    sessions = np.flatnonzero(view.owner == position)
    names = {number: code for code, number in view.districts.items()}
    mine = view.serves_district["owner"] == position
    around = view.serves_radius[view.serves_radius["owner"] == position]
    return (
        {name: int(values[position]) for name, values in view.facts.items()},
        {
            key
            for key, bit in view.facet_bits.items()
            if int(view.facets[position, bit // 64]) >> (bit % 64) & 1
        },
        int(view.facets[position, -1]),
        [
            (
                *(
                    int(getattr(view, name)[row])
                    for name in ("latitude", "longitude", "bits", "start", "end")
                ),
                *view.patterns[view.pattern[row]].tolist(),
                *(row in getattr(view, name) for name in ("moved", "placeless", "anywhere")),
            )
            for row in sessions
        ],
        position in view.serves_country,
        sorted(names[number] for number in view.serves_district["district"][mine].tolist()),
        sorted(zip(*(around[name].tolist() for name in ("latitude", "longitude", "miles")), strict=True)),
    )


def fresh() -> View:
    return ColumnStore().current()


def test_catching_up_is_reading_everything():
    chance = random.Random(5)
    store, there = ColumnStore(), {}
    pool = mixed_listings(80)
    for step in range(40):
        new = chance.sample(pool, chance.randint(0, 4))
        gone = chance.sample(sorted(there, key=str), min(len(there), chance.randint(0, 2)))
        new = [replace(one, summary=f"Step {step}", age_min=step) for one in new if one.uid not in gone]
        write(*new, gone=[there.pop(uid) for uid in gone])
        there |= {one.uid: one for one in new}
        if chance.random() < 0.7:
            view = store.current()
            assert held(view) == held(fresh())
            assert len(held(view)) == len(there)


def test_a_view_handed_out_stays_as_it_was():
    store = ColumnStore()
    one = listing("One")
    write(one, listing("Other"))
    before = store.current()
    was = held(before)
    write(replace(one, age_min=50), gone=[])
    assert held(store.current()) != was
    assert held(before) == was


def test_many_dead_positions_are_swept():
    store = ColumnStore()
    one = listing("One")
    for age in range(3):
        write(replace(one, age_min=age))
        store.current()
    assert store.current().size >= 3
    store.forget()
    assert store.current().size == 1


@pytest.mark.parametrize("days", [1, 63, 64, 65, 128, 300, 447, 448, 900])
def test_rows_written_long_ago_still_say_when(clock, days):
    write(listing("Weekly"), listing("Fair", sessions=[once((NOW + timedelta(days=days)).date())]))
    clock(days)
    names = [card.listing.name for card in engines.get("embedded").search(DirectoryQuery(when="today")).cards]
    assert "Fair" in names
    week = engines.get("embedded").search(DirectoryQuery(when="week"))
    assert "Weekly" in [card.listing.name for card in week.cards]


def test_the_first_day_moves_on_with_the_calendar(clock):
    """Columns are laid on a grid of 64 days: on the day it moves, a process reads them anew."""
    store = ColumnStore()
    write(*mixed_listings(30))
    today = records.day_number(NOW.date())
    to_the_next = records.base_day(today) + 65 - today
    for days in (to_the_next - 1, to_the_next, to_the_next + 1):
        clock(days)
        view = store.current()
        assert view.base == records.base_day(today + days)
        assert held(view) == held(fresh())


def test_yesterday_is_always_held():
    for day in range(8000, 8200):
        assert records.base_day(day) < day
        assert records.base_day(day) + records.OCCURRENCE_DAYS > day + 380


def test_more_facet_values_than_a_word_has_bits():
    store = ColumnStore()
    write(listing("One", activities=["a_1"]))
    store.current()
    write(listing("Many", activities=[f"b_{number}" for number in range(200)]))
    assert held(store.current()) == held(fresh())
    counts = engines.get("embedded").search(DirectoryQuery()).facets["activity"]
    assert len(counts) == 201


def test_a_change_of_the_session_is_a_change():
    store = ColumnStore()
    one = listing("One")
    write(one)
    store.current()
    write(replace(one, sessions=(session("sat"), session("sun"))))
    assert held(store.current()) == held(fresh())
    assert len(next(iter(held(store.current()).values()))[3]) == 2
