"""How often a search goes to the server: a trip costs more than what most searches look for."""

import pytest

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
    engine.search(asked)
    trips.clear()
    engine.search(asked)  # how rare the words are is remembered
    assert len(trips) == expected


def test_a_whole_name_is_looked_for_as_it_stands(engine):
    results = engine.search(DirectoryQuery(text="free zither"))
    assert results.cards[0].listing.name == "Free Zither"
    assert not results.understood.readings
