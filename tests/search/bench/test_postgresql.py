"""The bench's databases on a PostgreSQL server: what SQLite's hold, asked in a process of its own; nobody else's are touched."""

import sqlite3
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from search.bench import corpus, postgresql
from search.bench.elsewhere import Elsewhere
from search.index import words
from search.index.models import IndexedListing
from tests.factories import GroupPageFactory
from tests.services import absent_server

pytestmark = pytest.mark.postgresql


@pytest.fixture
def name():
    """Of a database that is nobody's, and gone after the test."""
    if not postgresql.URL:
        absent_server("WAYMARK_TEST_POSTGRESQL_URL")
    name = f"test_{uuid4().hex[:12]}"
    yield name
    on_server(f'DROP DATABASE IF EXISTS "{postgresql.database(name)}" WITH (FORCE)')


@pytest.fixture
def corpus_of_three(name, transactional_db, vocabulary, site_tree):
    """The name of a corpus on SQLite that holds three groups."""
    if connection.vendor != "sqlite":
        pytest.skip("A corpus is made on SQLite")
    for title in ("Zither one", "Zither two", "Yodelling"):
        GroupPageFactory(title=title)
    path = corpus.database(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    connection.ensure_connection()
    with closing(sqlite3.connect(path)) as copy:
        connection.connection.backup(copy)
    corpus.write_stamp(path)
    yield name
    corpus.remove(path)


def on_server(statement: str) -> None:
    with psycopg.connect(postgresql.URL, autocommit=True) as there:
        there.execute(statement)


def in_database(name: str, query: str) -> list[tuple]:
    with psycopg.connect(postgresql.environment(name)["WAYMARK_DATABASE_URL"]) as there:
        return there.execute(query).fetchall()


def test_a_database_without_our_stamp_is_left_alone(name):
    on_server(f'CREATE DATABASE "{postgresql.database(name)}"')
    with pytest.raises(postgresql.NotOursError, match=postgresql.database(name)):
        postgresql.make(name)
    assert in_database(name, "SELECT 1") == [(1,)]


def test_a_database_of_ours_is_made_anew(name):
    assert postgresql.stamp_of(name) == {}
    postgresql.make(name)
    postgresql.write_stamp(name, copied="here's one")
    assert postgresql.stamp_of(name) == {"copied": "here's one"}
    postgresql.make(name)
    assert postgresql.stamp_of(name) == {}


@pytest.mark.long
def test_it_holds_what_sqlite_holds_and_is_asked_in_a_process_of_its_own(corpus_of_three):
    name = corpus_of_three
    postgresql.ensure(name)
    assert in_database(
        name, "SELECT uid, version, name, facts, facets FROM search_indexedlisting ORDER BY id"
    ) == [
        (row.uid, row.version, row.name, row.facts, row.facets)
        for row in IndexedListing.objects.order_by("id")
    ]
    of_zither = "SELECT count(*) FROM search_words WHERE lexemes @@ 'n_zither'::tsquery"
    assert in_database(name, of_zither) == [(len(words.postings(["n_zither"])["n_zither"]),)] == [(2,)]

    there = Elsewhere(name)
    try:
        assert len(there.call("addresses")) > 170
        assert there.call("ask", "engine", 0)["wall"] > 0
        edits = [there.call("edit", turn) for turn in range(4)]
        assert there.call("write", 0)["wall"] > 0
        there.call("end_edits")
    finally:
        there.close()
    assert {part for edit in edits for part in edit} == {
        "without",
        "added",
        "search after",
        "suggestion after",
    }
    # What was written for the clock alone is gone.
    assert in_database(name, "SELECT count(*) FROM search_indexedlisting") == [(3,)]

    # It is not filled again: the revisions of those edits are still there.
    revisions = in_database(name, "SELECT count(*) FROM wagtailcore_revision")
    postgresql.ensure(name)
    assert in_database(name, "SELECT count(*) FROM wagtailcore_revision") == revisions > [(4,)]
