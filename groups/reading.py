"""Rows by a column, past the ORM's query building: for the dozen reads that every save of a listing waits for.

Putting one query together takes the ORM ten times as long as the database takes to answer it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)
_MOST_IN_ONE_STATEMENT = 400


@dataclass(frozen=True, slots=True)
class _Reading:
    """select: up to the keys; then `order`. converters: by the place of a value, what the database's kind needs."""

    select: str
    order: str
    names: tuple[str, ...]
    converters: tuple[tuple[int, tuple[Callable, ...], Any], ...]


def rows_by(model: type[Row], name: str, keys: Iterable[Any]) -> dict[Any, list[Row]]:
    """The rows whose field of that name is one of the keys, by its value, each list in the model's own order.

    Only for models that are ordered by fields of their own.
    """
    column: Any = model._meta.get_field(name)
    reading = _reading(model, column, connection.vendor)
    asked = [column.get_db_prep_value(key, connection) for key in keys]
    found: dict[Any, list[Row]] = defaultdict(list)
    with connection.cursor() as cursor:
        for start in range(0, len(asked), _MOST_IN_ONE_STATEMENT):
            some = asked[start : start + _MOST_IN_ONE_STATEMENT]
            cursor.execute(f"{reading.select} ({','.join(['%s'] * len(some))}){reading.order}", some)
            for values in map(list, cursor.fetchall()):
                for place, converters, expression in reading.converters:
                    for convert in converters:
                        values[place] = convert(values[place], expression, connection)
                row = model.from_db(connection.alias, reading.names, values)
                found[getattr(row, column.attname)].append(row)
    return found


@cache
def _reading(model: type[Model], column: Any, _vendor: str) -> _Reading:
    fields = model._meta.concrete_fields
    ordering: Any = model._meta.ordering
    tables = "".join(
        f" JOIN {_quoted(parent._meta.pk)[0]} ON {'.'.join(_quoted(link))} = {'.'.join(_quoted(parent._meta.pk))}"
        for parent, link in model._meta.parents.items()
    )
    order = [
        f"{'.'.join(_quoted(model._meta.get_field(name.lstrip('-'))))}{' DESC' if name.startswith('-') else ''}"
        for name in ordering
    ]
    expressions = [field.get_col(field.model._meta.db_table) for field in fields]
    converters = [
        (*connection.ops.get_db_converters(expression), *expression.get_db_converters(connection))
        for expression in expressions
    ]
    return _Reading(
        select=f"SELECT {','.join('.'.join(_quoted(field)) for field in fields)}"  # noqa: S608
        f" FROM {connection.ops.quote_name(model._meta.db_table)}{tables} WHERE {'.'.join(_quoted(column))} IN",
        order=f" ORDER BY {','.join(order)}" if order else "",
        names=tuple(field.attname for field in fields),
        converters=tuple(
            (place, found, expression)
            for place, (found, expression) in enumerate(zip(converters, expressions, strict=True))
            if found
        ),
    )


def _quoted(field: Any) -> tuple[str, str]:
    quote = connection.ops.quote_name
    return quote(field.model._meta.db_table), quote(field.column)
