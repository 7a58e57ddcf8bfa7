"""The rows of `IndexedListing`, many at a time and past the ORM: every save and search waits for them, a rebuild writes all."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from search.index.batches import in_batches
from search.index.models import IndexedListing

_TABLE = IndexedListing._meta.db_table
_UID = IndexedListing._meta.get_field("uid")
_MOST_IN_ONE_STATEMENT = 400


class Values(NamedTuple):
    """What a row says of a listing, as `IndexedListing` explains it; as it stands here, of one that is gone."""

    version: int
    gone: bool = True
    name: str = ""
    document: str = ""
    facts: bytes = b""
    sessions: bytes = b""
    served: bytes = b""
    facets: bytes = b""


def standing(uids: Iterable[UUID]) -> dict[UUID, tuple[int, int]]:
    """The id and the version of each of these listings that has a row."""
    found = {}
    with connection.cursor() as cursor:
        asked = {_adapted(uid): uid for uid in uids}
        for some in in_batches(list(asked), _MOST_IN_ONE_STATEMENT):
            places = ",".join(["%s"] * len(some))
            cursor.execute(f"SELECT uid, id, version FROM {_TABLE} WHERE uid IN ({places})", some)  # noqa: S608
            found.update({asked[uid]: (pk, version) for uid, pk, version in cursor.fetchall()})
    return found


def said_of(ids: Iterable[int], *columns: str) -> dict[int, tuple[Any, ...]]:
    """These columns of the listings of these ids, a few hundred at most, without those that are gone."""
    return {pk: tuple(said) for pk, *said in _said("id", list(ids), columns)}


def said_by_uid(uids: Iterable[UUID], *columns: str) -> dict[UUID, tuple[Any, ...]]:
    """The id and these columns of the listings of these public ids, a few hundred at most, without those that are gone."""
    asked = {_adapted(uid): uid for uid in uids}
    return {asked[uid]: tuple(said) for uid, *said in _said("uid", list(asked), ("id", *columns))}


def _said(by: str, values: Sequence[Any], columns: Sequence[str]) -> list[tuple[Any, ...]]:
    """What a column says, then others, of the listings that have one of these values in it and are not gone."""
    if not values:
        return []
    places = ",".join(["%s"] * len(values))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {by},{','.join(columns)} FROM {_TABLE} WHERE {by} IN ({places}) AND NOT gone",  # noqa: S608
            values,
        )
        return list(cursor.fetchall())


def insert(rows: Sequence[tuple[UUID, Values]]) -> dict[UUID, int]:
    """Write rows that are not there yet. Returns their ids."""
    if not rows:
        return {}
    columns = ("uid", *Values._fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {_TABLE} ({','.join(columns)}) VALUES ({','.join(['%s'] * len(columns))})",  # noqa: S608
            [(_adapted(uid), *values) for uid, values in rows],
        )
    return {uid: pk for uid, (pk, _version) in standing(uid for uid, _values in rows).items()}


def update(rows: Sequence[tuple[int, Values]]) -> None:
    """Write rows again, by their ids."""
    columns = ",".join(f"{name} = %s" for name in Values._fields)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {_TABLE} SET {columns} WHERE id = %s",  # noqa: S608
            [(*values, pk) for pk, values in rows],
        )


def _adapted(uid: UUID) -> UUID | str:
    """As this database holds it."""
    return _UID.get_db_prep_value(uid, connection)
