"""Scratch databases on a PostgreSQL server: WAYMARK_TEST_POSTGRESQL_URL. One for each size, holding what SQLite's holds.

They are kept, and used again while their stamp is that of the SQLite database they were copied from. The stamp is the
database's comment: one that bears none was not made here, and is left alone.
"""

import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from groups.listings.changes import ListingVersion
from search.bench import corpus
from search.index import words
from search.index.models import Facet, IndexedListing, ListingVector, SpellingWord

URL = os.environ.get("WAYMARK_TEST_POSTGRESQL_URL", "")
_MARK = "Waymark's bench: "
_INDEX = (
    *(model._meta.db_table for model in (IndexedListing, Facet, SpellingWord, ListingVersion)),
    words.TABLE,
)
_VECTORS = (ListingVector._meta.db_table,)


class NotOursError(Exception):
    """A database of that name stands on the server, and no bench made it."""


def database(name: str | int) -> str:
    return f"waymark_bench_{name}"


def environment(name: str | int, server: str = URL) -> dict[str, str]:
    """Of a process that works on that database."""
    return {"WAYMARK_DATABASE_URL": urlsplit(server)._replace(path=f"/{database(name)}").geturl()}


def ensure(size: str | int) -> None:
    """Have the database of that size: the rows of SQLite's, copied where they are not there yet.

    Raises:
        NotOursError: something else bears its name.
    """
    stamp = corpus.stamp_of(corpus.database(size))
    if stamp_of(size).get("copied") == stamp:
        return
    make(size)
    corpus.run_in(environment(size), "migrate", "--verbosity=0")
    corpus.run_in(environment(size), "bench_search", f"--fill={size}")
    corpus.run_in(environment(size), "update_index", "--verbosity=0")
    write_stamp(size, copied=stamp, index_bytes=_bytes(size, _INDEX), vector_bytes=_bytes(size, _VECTORS))


def _bytes(size: str | int, tables: Sequence[str]) -> int:
    """What these tables take with all that belongs to them."""
    with psycopg.connect(environment(size)["WAYMARK_DATABASE_URL"]) as there:
        asked = "SELECT sum(pg_total_relation_size(name::regclass))::bigint FROM unnest(%s::text[]) AS name"
        (found,) = there.execute(asked, [list(tables)]).fetchone() or (0,)
    return int(found)


def make(name: str | int, server: str = URL) -> None:
    """Make the database, empty, in place of one that was made here before.

    Raises:
        NotOursError: something else bears its name.
    """
    stamp_of(name, server)
    with psycopg.connect(server, autocommit=True) as there:
        there.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database(name))))
        there.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(database(name))))
    write_stamp(name, server)


def stamp_of(name: str | int, server: str = URL) -> dict[str, Any]:
    """What the stamp of a database says; empty without the database.

    Raises:
        NotOursError: it stands there without a stamp.
    """
    with psycopg.connect(server, autocommit=True) as there:
        found = there.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [database(name)],
        ).fetchone()
    if found is None:
        return {}
    comment = found[0] or ""
    if not comment.startswith(_MARK):
        raise NotOursError(
            f"The database {database(name)} was not made by a bench. Drop it, if nobody needs it."
        )
    stamp: dict[str, Any] = json.loads(comment.removeprefix(_MARK))
    return stamp


def write_stamp(name: str | int, server: str = URL, **figures: Any) -> None:
    with psycopg.connect(server, autocommit=True) as there:
        there.execute(
            sql.SQL("COMMENT ON DATABASE {} IS {}").format(
                sql.Identifier(database(name)), sql.Literal(_MARK + json.dumps(figures))
            )
        )
