"""Changes that a search server has yet to hear of: noted in the transaction of the change, so that a crash loses none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Min, Q
from django.utils import timezone

from search.index.batches import in_batches
from search.index.models import IndexChange, IndexedListing

_LONGEST_WAIT = timedelta(hours=1)


def is_wanted() -> bool:
    """Whether a server is to be told of changes."""
    return bool(settings.WAYMARK_SEARCH_ENGINE == "elasticsearch")


def note_changes(versions: Mapping[UUID, int]) -> None:
    """The door's writer, in the caller's transaction: these listings changed."""
    note(versions)


def note(uids: Iterable[UUID]) -> None:
    """In the caller's transaction: the server is to hear of these listings."""
    if is_wanted():
        IndexChange.objects.bulk_create([IndexChange(uid=uid) for uid in uids], batch_size=500)


def note_vectors(pks: Iterable[int]) -> None:
    """In the transaction of their vectors: these listings are findable by meaning now."""
    if is_wanted():
        note(IndexedListing.objects.filter(pk__in=list(pks)).values_list("uid", flat=True))


@dataclass(frozen=True, slots=True)
class Due:
    """A listing to be sent, and the notes this settles."""

    uid: UUID
    notes: tuple[int, ...]


def due(most: int) -> list[Due]:
    """The next listings to send, the oldest note first; each once, however often it was noted."""
    now = timezone.now()
    rows = (
        IndexChange.objects.filter(Q(not_before=None) | Q(not_before__lte=now))
        .order_by("id")
        .values_list("id", "uid")[:most]
    )
    notes: dict[UUID, list[int]] = {}
    for note, uid in rows:
        notes.setdefault(uid, []).append(note)
    return [Due(uid, tuple(some)) for uid, some in notes.items()]


def settle(done: Iterable[Due]) -> None:
    """The server has these: their notes go. Those made meanwhile stay."""
    notes = [note for one in done for note in one.notes]
    for some in in_batches(notes, 400):
        IndexChange.objects.filter(pk__in=some).delete()


def put_off(one: Due, error: str) -> None:
    """The server refused this listing: it is tried again later, ever more rarely, and holds up no other."""
    for change in IndexChange.objects.filter(pk__in=one.notes):
        change.attempts = min(change.attempts + 1, 1000)
        change.not_before = timezone.now() + min(
            timedelta(seconds=2 ** min(change.attempts, 12)), _LONGEST_WAIT
        )
        change.error = error[:300]
        change.save(update_fields=["attempts", "not_before", "error"])


@dataclass(frozen=True, slots=True)
class Backlog:
    waiting: int
    oldest: datetime | None
    refused: int


def backlog() -> Backlog:
    """How much the server has yet to hear of, and since when."""
    found = IndexChange.objects.aggregate(
        waiting=Count("id"), oldest=Min("noted_at"), refused=Count("id", filter=Q(attempts__gt=0))
    )
    return Backlog(**found)
