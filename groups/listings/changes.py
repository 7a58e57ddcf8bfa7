"""The one door to every index: `listing_changed`.

It runs in the transaction of the write. Each change raises a counter, a row under its own lock, so that commit order is
counter order; a listing's version is the counter's value at its last change. Writers (registered by `search`) are handed the
listings and read their live rows from the database themselves, never the instance of a signal.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import models, transaction

IndexWriter = Callable[[dict[UUID, int]], None]

_writers: list[IndexWriter] = []
_waiting: ContextVar[dict[UUID, None] | None] = ContextVar("waymark_waiting_changes", default=None)


class ChangeCounter(models.Model):
    """One row. Its value is the number of the last change to any listing."""

    THE_ONE = 1

    value = models.BigIntegerField(default=0)


class ListingVersion(models.Model):
    """The counter's value when a listing last changed. It outlives the listing, so that a late write never wins."""

    uid = models.UUIDField(primary_key=True)
    version = models.BigIntegerField(db_index=True)


def register_writer(writer: IndexWriter) -> None:
    """Have `writer({uid: version})` called at each change, in the transaction of the write."""
    if writer not in _writers:
        _writers.append(writer)


def listing_changed(*uids: UUID) -> None:
    """Bring every index up to date with these listings. Call it after the rows are written, in their transaction."""
    if not uids:
        return
    waiting = _waiting.get()
    if waiting is not None:
        waiting.update(dict.fromkeys(uids))
        return
    with transaction.atomic():
        _write(list(dict.fromkeys(uids)))


@contextmanager
def together() -> Iterator[None]:
    """Gather the changes made inside and pass them through the door once, at the end, in one transaction.

    It opens the transaction itself, so that a change and its index are never apart. Nested uses join the outermost.
    """
    if _waiting.get() is not None:
        yield
        return
    with transaction.atomic():
        gathered: dict[UUID, None] = {}
        token = _waiting.set(gathered)
        try:
            yield
        finally:
            _waiting.reset(token)
        if gathered:
            _write(list(gathered))


def _write(uids: list[UUID]) -> None:
    versions = _number(uids)
    for writer in _writers:
        writer(versions)


def _number(uids: Iterable[UUID]) -> dict[UUID, int]:
    """Give each listing the next number, under the counter's lock."""
    uids = list(uids)
    counter, _created = ChangeCounter.objects.select_for_update().get_or_create(pk=ChangeCounter.THE_ONE)
    versions = {uid: counter.value + step for step, uid in enumerate(uids, start=1)}
    ChangeCounter.objects.filter(pk=counter.pk).update(value=counter.value + len(uids))
    ListingVersion.objects.bulk_create(
        [ListingVersion(uid=uid, version=version) for uid, version in versions.items()],
        update_conflicts=True,
        unique_fields=["uid"],
        update_fields=["version"],
        batch_size=400,
    )
    return versions
