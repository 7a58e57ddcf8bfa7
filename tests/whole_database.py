"""Looking for words in every column of every table: what was erased must be nowhere."""

import re

from django.contrib.sessions.models import Session
from django.db import connection

_TOKENS = ("_fts", "_data", "_idx", "_docsize", "_config")
"""Parts of SQLite's full-text tables that hold an index's own tokens; its content stands in tables read here."""


def traces(pattern: str) -> dict[str, str]:
    """{table.column: a value in which the pattern is found}, letters of any case. Sessions are unpacked first."""
    wanted = re.compile(pattern, re.IGNORECASE)
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table.endswith(_TOKENS):
                continue
            columns = [
                column.name for column in connection.introspection.get_table_description(cursor, table)
            ]
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                for column, value in zip(columns, row, strict=True):
                    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
                    if wanted.search(text):
                        found[f"{table}.{column}"] = text
    for session in Session.objects.all():
        if wanted.search(str(session.get_decoded())):
            found["django_session.session_data"] = str(session.get_decoded())
    return found
