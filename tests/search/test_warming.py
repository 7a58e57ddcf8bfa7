"""A web process reads its index in a thread of its own, and says so where it cannot."""

import os

import pytest
from django.db import OperationalError

from search import engines, warming


@pytest.fixture(autouse=True)
def no_lasting_hook(monkeypatch):
    """A hook at forks cannot be taken away again."""
    monkeypatch.setattr(os, "register_at_fork", lambda **hooks: None)


@pytest.mark.django_db(transaction=True)
def test_what_a_search_needs_is_read(fresh_process):
    engine = engines.get("embedded")
    warming.begin().join()
    assert engine.columns.nbytes > 0
    assert engine.suggestions._names._seen >= 0


def test_a_database_that_does_not_answer(monkeypatch, caplog):
    def search(*_arguments):
        raise OperationalError("no such table")

    monkeypatch.setattr(type(engines.get("embedded")), "search", search)
    warming.begin().join()
    assert "could not be read yet" in caplog.text
