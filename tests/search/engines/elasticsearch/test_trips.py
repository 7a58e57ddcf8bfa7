"""How often a search goes to the server: a trip costs more than what most searches look for."""

import pytest

from search.engines.elasticsearch import keeping
from search.engines.elasticsearch.client import Deadline
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.query import DirectoryQuery
from tests.factories import GroupPageFactory
from tests.search.server import made_true

pytestmark = [pytest.mark.elasticsearch, pytest.mark.usefixtures("fresh_process", "site_tree")]


@pytest.fixture
def engine(server, db):
    made_true()
    engine = ElasticsearchEngine(seconds=60)
    GroupPageFactory(title="Zither Friends of Ongar")
    GroupPageFactory(title="Free Zither")
    engine.settle()
    return engine


@pytest.fixture
def trips(monkeypatch):
    """How many searches went with each trip."""
    made = []
    ask = Deadline.ask

    def counted(deadline, searches):
        made.append(len(searches))
        return ask(deadline, searches)

    monkeypatch.setattr(Deadline, "ask", counted)
    return made


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, 1),
        ({"cost": "free"}, 1),
        ({"text": "zither"}, 2),  # how good is the best match; then the page and all counts
        ({"text": "zither friends"}, 2),
        ({"text": "free zither"}, 3),  # the first as words, then as the name it is
    ],
)
def test_trips_of_a_search(engine, trips, query, expected):
    asked = DirectoryQuery(**query)
    engine.search(asked)  # how rare the words are is remembered from here on
    engine.memory.forget()
    trips.clear()
    engine.search(asked)
    assert len(trips) == expected


@pytest.mark.parametrize("text", ["zither", "zither friends", "free zither"])
def test_the_next_page_or_facet_of_a_text_takes_one_trip(engine, trips, text):
    engine.search(DirectoryQuery(text=text))
    trips.clear()
    engine.search(DirectoryQuery(text=text, page=2))
    engine.search(DirectoryQuery(text=text, cost="free"))
    assert len(trips) == 2


def test_a_match_that_came_makes_weak_ones_no_answer_at_once(engine):
    GroupPageFactory(title="Evening Hall", summary="Music.", description="There is a glockenspiel.")
    GroupPageFactory(title="Morning Hall", summary="Music.", description="There is an ocarina.")
    engine.settle()
    asked = DirectoryQuery(text="glockenspiel ocarina")
    assert engine.search(asked).total == 2
    best = GroupPageFactory(title="Glockenspiel Ocarina")
    _send()
    assert [card.listing.name for card in engine.search(asked).cards] == ["Glockenspiel Ocarina"]
    best.unpublish()
    _send()
    assert engine.search(asked).total == 2


def test_a_name_that_came_or_went_is_known_at_once(engine):
    asked = DirectoryQuery(text="free ocarina")
    GroupPageFactory(title="Ocarina Circle", cost_kind="free")
    engine.settle()
    assert engine.search(asked).understood.query.cost == "free"
    group = GroupPageFactory(title="Free Ocarina")
    _send()
    assert engine.search(asked).understood.query.cost == ""
    group.unpublish()
    _send()
    assert engine.search(asked).understood.query.cost == "free"


def _send():
    """Bring the index up to date; the engine keeps what it remembers."""
    keeping.drain()
    keeping.refresh()


def test_a_whole_name_is_looked_for_as_it_stands(engine):
    results = engine.search(DirectoryQuery(text="free zither"))
    assert results.cards[0].listing.name == "Free Zither"
    assert not results.understood.readings
