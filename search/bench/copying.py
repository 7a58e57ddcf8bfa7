"""A SQLite database of this project, copied row by row into this process's PostgreSQL: the same content by construction."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from psycopg import sql

from search.index import words

_WAGTAILS_OWN = (
    "wagtailsearch_indexentry"  # of another shape on each kind of database; `update_index` makes it
)
_WORDS_AT_ONCE = 5_000
Progress = Callable[[int, int], None]


def copy_from(path: Path, progress: Progress) -> None:
    """Put the rows of that database in place of this one's, in one transaction. progress: listings whose words are in."""
    source = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    with closing(source), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL TIME ZONE 'UTC'")  # as Django writes times into SQLite
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        tables = _tables()
        emptied = sql.SQL(", ").join(map(sql.Identifier, [*tables, words.TABLE]))
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(emptied))
        for table, columns in tables.items():
            names = sql.SQL(", ").join(map(sql.Identifier, columns))
            into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table), names)
            with cursor.copy(into) as copy:
                for row in source.execute(f"SELECT {', '.join(map(_quoted, columns))} FROM {_quoted(table)}"):  # noqa: S608
                    copy.write_row(row)
        _copy_words(source, cursor, progress)
        for statement in connection.ops.sequence_reset_sql(
            no_style(), apps.get_models(include_auto_created=True)
        ):
            cursor.execute(statement)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _tables() -> dict[str, list[str]]:
    """The columns of every table that a model describes, by its name."""
    models = apps.get_models(include_auto_created=True)
    tables = {
        model._meta.db_table: [str(field.column) for field in model._meta.local_concrete_fields]
        for model in models
        if model._meta.managed and not model._meta.proxy
    }
    return {table: columns for table, columns in tables.items() if table != _WAGTAILS_OWN}


def _copy_words(source: sqlite3.Connection, cursor, progress: Progress) -> None:
    """By the index's own writer. What is looked up by them is built once they are in, as after a restore."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s AND indexname NOT LIKE %s",
        [words.TABLE, "%_pkey"],
    )
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
    (total,) = source.execute(f"SELECT count(*) FROM {words.TABLE}_content").fetchone()  # noqa: S608
    for done, some in _batches(source.execute(f"SELECT rowid, lexemes FROM {words.TABLE}")):  # noqa: S608
        words.put((row_id, lexemes.split()) for row_id, lexemes in some)
        progress(done, total)
    for _name, definition in indexes:
        cursor.execute(definition)


def _batches(rows: sqlite3.Cursor) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """Some rows at a time, and how many came so far."""
    done = 0
    while some := rows.fetchmany(_WORDS_AT_ONCE):
        done += len(some)
        yield done, some


def _quoted(name: str) -> str:
    return f'"{name}"'
