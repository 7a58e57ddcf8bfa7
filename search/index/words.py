"""Words in the database's own full text: FTS5 on SQLite, a tsvector with a GIN index on PostgreSQL.

Both hold the lexemes that `search.index.document` made, and answer the same question: which listings hold this lexeme?
Written in the transaction of the listing, so that words are findable at commit.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from django.db import connection

Rows = Iterable[tuple[int, Sequence[str]]]

TABLE = "search_words"
_CREATE = {
    # detail=none: lexemes carry their field, so positions and columns need not be kept.
    "sqlite": [
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5(lexemes, detail=none, columnsize=0, tokenize=\"unicode61 tokenchars '_'\")"
    ],
    "postgresql": [
        f"CREATE TABLE {TABLE} (rowid bigint PRIMARY KEY, lexemes tsvector NOT NULL)",
        f"CREATE INDEX {TABLE}_lexemes ON {TABLE} USING gin (lexemes) WITH (fastupdate = off)",
    ],
}
_MOST_IN_ONE_STATEMENT = 400
LONGEST_LEXEME = 200
"""Letters of a lexeme. PostgreSQL takes no query for one of 2,047 bytes, and keeps a longer one wrongly without a word."""


def create(apps, schema_editor) -> None:
    """For the migration: the table of this database's kind."""
    for statement in _CREATE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor) -> None:
    schema_editor.execute(f"DROP TABLE IF EXISTS {TABLE}")


def put(rows: Rows) -> None:
    """Write the lexemes of listings that have none yet (see `remove`)."""
    value = "%s" if connection.vendor == "sqlite" else "array_to_tsvector(string_to_array(%s, ' '))"
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (rowid, lexemes) VALUES (%s, {value})",  # noqa: S608
            [(row_id, _text(lexemes)) for row_id, lexemes in rows],
        )


def _text(lexemes: Sequence[str]) -> str:
    text = " ".join(lexemes)
    if len(text) <= LONGEST_LEXEME or max(map(len, lexemes)) <= LONGEST_LEXEME:
        return text
    return " ".join(lexeme[:LONGEST_LEXEME] for lexeme in lexemes)


def remove(row_ids: Sequence[int]) -> None:
    with connection.cursor() as cursor:
        for start in range(0, len(row_ids), _MOST_IN_ONE_STATEMENT):
            some = [int(row_id) for row_id in row_ids[start : start + _MOST_IN_ONE_STATEMENT]]
            cursor.execute(f"DELETE FROM {TABLE} WHERE rowid IN ({','.join(['%s'] * len(some))})", some)  # noqa: S608


def empty() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")  # noqa: S608


def tidy() -> None:
    """Merge what many writes left apart, so that each word is looked up in one place. After a rebuild: it takes seconds."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')")  # noqa: S608


def postings(lexemes: Sequence[str]) -> dict[str, np.ndarray]:
    """The ids of the listings that hold each lexeme (int64, in no order), in one statement for many lexemes."""
    found = dict.fromkeys(lexemes, np.empty(0, np.int64))
    for start in range(0, len(lexemes), _MOST_IN_ONE_STATEMENT):
        some = list(lexemes[start : start + _MOST_IN_ONE_STATEMENT])
        if connection.vendor == "sqlite":
            one = f"SELECT %s, group_concat(rowid) FROM {TABLE} WHERE {TABLE} MATCH %s"  # noqa: S608
            parameters = [
                value
                for place, lexeme in enumerate(some)
                for value in (place, f'"{lexeme[:LONGEST_LEXEME]}"')
            ]
        else:
            one = f"SELECT %s::int, string_agg(rowid::text, ',') FROM {TABLE} WHERE lexemes @@ %s::tsquery"  # noqa: S608
            parameters = [
                value
                for place, lexeme in enumerate(some)
                for value in (place, f"'{lexeme[:LONGEST_LEXEME]}'")
            ]
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join([one] * len(some)), parameters)
            for place, ids in cursor.fetchall():
                if ids:
                    found[some[int(place)]] = np.fromstring(ids, np.int64, sep=",")
    return found


def lexemes_of(row_ids: Sequence[int]) -> dict[int, list[str]]:
    """The lexemes of each listing that has words."""
    found: dict[int, list[str]] = {}
    value = "lexemes" if connection.vendor == "sqlite" else "array_to_string(tsvector_to_array(lexemes), ' ')"
    for start in range(0, len(row_ids), _MOST_IN_ONE_STATEMENT):
        some = [int(row_id) for row_id in row_ids[start : start + _MOST_IN_ONE_STATEMENT]]
        places = ",".join(["%s"] * len(some))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT rowid, {value} FROM {TABLE} WHERE rowid IN ({places})", some)  # noqa: S608
            found |= {row_id: lexemes.split() for row_id, lexemes in cursor.fetchall()}
    return found


def row_ids() -> set[int]:
    """The ids of all listings that have words."""
    source = f"{TABLE}_content" if connection.vendor == "sqlite" else TABLE
    column = "id" if connection.vendor == "sqlite" else "rowid"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM {source}")  # noqa: S608
        return {row_id for (row_id,) in cursor.fetchall()}
