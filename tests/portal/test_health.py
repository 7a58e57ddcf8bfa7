"""What a monitor is told."""

import pytest
from django.db import DatabaseError, connection

from portal.health import views
from search.health import SearchHealth

pytestmark = pytest.mark.django_db


def test_all_is_well(client):
    answer = client.get("/health/")
    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "search": {"chosen": "embedded", "answers": "embedded", "waiting": 0, "late": False, "refused": 0},
    }
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("trouble", [{"answers": "embedded"}, {"is_late": True}, {"refused": 1}])
def test_visitors_are_served_but_something_is_wrong(client, monkeypatch, trouble):
    values = {
        "chosen": "elasticsearch",
        "answers": "elasticsearch",
        "reason": "host 10.0.0.7 is away",
        **trouble,
    }
    monkeypatch.setattr(views, "search_health", lambda: SearchHealth(**values))
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert "10.0.0.7" not in answer.content.decode()


def test_without_a_database(client, monkeypatch):
    def away():
        raise DatabaseError

    monkeypatch.setattr(connection, "ensure_connection", away)
    answer = client.get("/health/")
    assert (answer.status_code, answer.json()) == (503, {"status": "down"})


def test_it_is_only_read(client):
    assert client.post("/health/").status_code == 405
