"""The one door to every index: `listing_changed`.

It runs in the transaction of the write. Each change raises a counter, a row under its own lock, so that commit order is
counter order; a listing's version is the counter's value at its last change. Writers (registered by `search`) are handed the
listings and read their live rows from the database themselves, never the instance of a signal.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from uuid import UUID

from django.db import connection, models, transaction

IndexWriter = Callable[[dict[UUID, int]], None]
VocabularyWatcher = Callable[[set[str]], None]
Eraser = Callable[[UUID, set[str]], None]

_writers: list[IndexWriter] = []
_watchers: list[VocabularyWatcher] = []
_erasers: list[Eraser] = []
_waiting: ContextVar[dict[UUID, None] | None] = ContextVar("waymark_waiting_changes", default=None)


class ChangeCounter(models.Model):
    """A row for each kind of change; its value is the number of the last one."""

    LISTINGS = "listings"
    VOCABULARY = "vocabulary"
    VECTORS = "vectors"
    PHRASES = "phrases"  # vectors of the vocabulary's phrases
    SITE = "site"

    name = models.CharField(primary_key=True, max_length=20)
    value = models.BigIntegerField(default=0)

    @classmethod
    def values_now(cls) -> dict[str, int]:
        """Every counter's value, in one short query; 0 for one that never moved.

        Read past the ORM: every search and every page asks, and putting the query together costs eight times the query.
        """
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, value FROM groups_changecounter")
            return {
                **dict.fromkeys((cls.LISTINGS, cls.VOCABULARY, cls.VECTORS, cls.PHRASES, cls.SITE), 0),
                **dict(cursor.fetchall()),
            }

    @classmethod
    def raise_by(cls, name: str, steps: int) -> int:
        """Raise a counter in the caller's transaction, which holds its lock from then on, and return its new value."""
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO groups_changecounter (name, value) VALUES (%s, %s)"
                " ON CONFLICT (name) DO UPDATE SET value = groups_changecounter.value + excluded.value",
                [name, steps],
            )
            cursor.execute("SELECT value FROM groups_changecounter WHERE name = %s", [name])
            return cursor.fetchone()[0]


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
    last = ChangeCounter.raise_by(ChangeCounter.LISTINGS, len(uids))
    versions = {uid: last - len(uids) + step for step, uid in enumerate(uids, start=1)}
    adapt = ListingVersion._meta.pk.get_db_prep_value
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO groups_listingversion (uid, version) VALUES (%s, %s)"
            " ON CONFLICT (uid) DO UPDATE SET version = excluded.version",
            [(adapt(uid, connection), version) for uid, version in versions.items()],
        )
    return versions


def register_vocabulary_watcher(watcher: VocabularyWatcher) -> None:
    """Have `watcher(phrases)` called when phrases came or went, in the transaction of the change."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def vocabulary_changed(phrases: set[str]) -> None:
    """Staff changed what words mean: every process reads the vocabulary anew; `phrases` came or went."""
    with transaction.atomic():
        ChangeCounter.raise_by(ChangeCounter.VOCABULARY, 1)
        for watcher in _watchers:
            watcher(phrases)


def site_changed() -> None:
    """Staff changed what every page says of the site: every process reads it anew."""
    with transaction.atomic():
        ChangeCounter.raise_by(ChangeCounter.SITE, 1)


def register_eraser(eraser: Eraser) -> None:
    """Have `eraser(uid, texts)` called when texts of a listing must leave every index, in that transaction."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def erase_texts(uid: UUID, texts: set[str]) -> None:
    """What these texts say of a listing must stay in no index, not even as single words."""
    for eraser in _erasers:
        eraser(uid, texts)


def renumber(uids: Iterable[UUID]) -> dict[UUID, int]:
    """Give listings new numbers without a change of theirs: an index is being written again."""
    with transaction.atomic():
        return _number(uids)


# --- many changes in one sitting --------------------------------------------------------------------

Progress = Callable[[int, int], None]
Finisher = Callable[[Progress], object]

_finishers: list[Finisher] = []
_many: ContextVar[bool] = ContextVar("waymark_many_changes", default=False)


def register_finisher(finisher: Finisher) -> None:
    """Have `finisher(progress)` called after many changes (an import): for what follows a listing's commit."""
    if finisher not in _finishers:
        _finishers.append(finisher)


def many_are_coming() -> bool:
    """Whether what follows a commit may wait for the end of the sitting."""
    return _many.get()


@contextmanager
def many_at_once(progress: Progress = lambda done, total: None) -> Iterator[None]:
    """Changes made inside are findable at once as ever; what follows their commits is done once, at the end."""
    token = _many.set(True)
    try:
        yield
    finally:
        _many.reset(token)
    for finisher in _finishers:
        finisher(progress)
