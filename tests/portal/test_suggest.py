"""Suggestions while typing, and the place a visitor stands at."""

import pytest

from search import engines
from search.engine import Suggestion
from tests.portal.fakes import FakeEngine


@pytest.fixture
def engine(monkeypatch):
    engine = FakeEngine()
    engine.suggest = lambda prefix, limit=8: [Suggestion("group", f"<b>{prefix}", "group", "/groups/x/")]
    monkeypatch.setattr(engines, "current", lambda: engine)


def test_suggestions_are_data(client, engine):
    response = client.get("/suggest/", {"q": "  knit\0  and "})
    assert response.json() == {
        "suggestions": [{"kind": "group", "text": "<b>knit and", "detail": "group", "path": "/groups/x/"}]
    }
    assert response["Content-Type"] == "application/json"
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("typed", ["", " ", "k"])
def test_one_letter_is_too_little(client, engine, typed):
    assert client.get("/suggest/", {"q": typed}).json() == {"suggestions": []}


@pytest.mark.usefixtures("gazetteer")
def test_where_a_visitor_stands(client):
    response = client.post("/place-at/", {"latitude": "51.73575", "longitude": "0.46958"})
    assert "Chelmsford" in response.json()["place"]
    assert "no-store" in response["Cache-Control"]


@pytest.mark.usefixtures("gazetteer")
@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("", ""),
        ("north", "east"),
        ("nan", "nan"),
        ("inf", "0"),
        ("1e400", "0"),
        ("91", "0"),
        ("0", "-30"),
        ("\0", "x"),
    ],
)
def test_a_position_that_is_none_is_said(client, latitude, longitude):
    response = client.post("/place-at/", {"latitude": latitude, "longitude": longitude})
    assert response.status_code == 400
    assert "postcode or a town" in response.json()["error"]


def test_a_position_never_stands_in_an_address(client):
    assert client.get("/place-at/?latitude=51.7&longitude=0.4").status_code == 405
