"""Keeping the index true to the database: the outbox sent in bulk, versions that no late write can beat, the comparison."""

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, Value, When
from django.utils import timezone
from elasticsearch import ApiError, TransportError

from search.engines.elasticsearch.client import UnavailableError, alias, client, said_by
from search.engines.elasticsearch.documents import Write, stale_before, version_of, writes_for
from search.engines.elasticsearch.mapping import is_current
from search.index import outbox, records
from search.index.batches import in_batches
from search.index.models import IndexChange, IndexedListing
from search.index.writer import write_again
from search.meaning.model import model

BATCH = 500
_BULK_SECONDS = 30
_CONFLICT = 409
_SMALL = 200  # so few changes are made findable at once, rather than within the second
_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 30.0
logger = logging.getLogger(__name__)


# --- writing ----------------------------------------------------------------------------------------


def send(writes: Sequence[Write], index: str, *, refresh: bool = False) -> dict[UUID, str]:
    """Write to an index in one trip; a newer version there wins. Returns what the server refused, with its reason.

    Raises:
        UnavailableError: the server is away, overloaded or read-only; nothing is known to be written.
    """
    if not writes:
        return {}
    operations: list[dict[str, Any]] = []
    for write in writes:
        kind = "delete" if write.document is None else "index"
        about = {"_id": str(write.uid), "version": write.version, "version_type": "external_gte"}
        operations.append({kind: about})
        if write.document is not None:
            operations.append(write.document)
    try:
        answer = (
            client()
            .options(request_timeout=_BULK_SECONDS)
            .bulk(index=index, operations=operations, refresh=refresh, require_alias=index == alias())
        )
    except (ApiError, TransportError) as error:
        raise UnavailableError(f"The search server took no changes: {said_by(error)}") from error
    refused: dict[UUID, str] = {}
    for write, item in zip(writes, answer["items"], strict=True):
        (result,) = item.values()
        if "error" not in result or result["status"] == _CONFLICT:
            continue  # a conflict: something newer is there already
        if result["status"] in (403, 404, 429, 503):
            # The index is closed to all writes: none of them is at fault.
            raise UnavailableError(f"The search server takes no changes: {result['error']['type']}")
        refused[write.uid] = f"{result['error']['type']}: {result['error'].get('reason', '')}"
    return refused


def refresh(index: str | None = None) -> None:
    """Make everything written findable now."""
    client().options(request_timeout=_BULK_SECONDS).indices.refresh(index=index or alias())


def drain() -> int:
    """Send what the outbox holds, in order; returns how many listings were sent.

    Raises:
        UnavailableError: the server takes no changes; they stay in the outbox.
    """
    sent = 0
    while some := outbox.due(BATCH):
        refused = send(writes_for([one.uid for one in some]), alias(), refresh=len(some) <= _SMALL)
        outbox.settle(one for one in some if one.uid not in refused)
        for one in some:
            if one.uid in refused:
                logger.error("The search server refused listing %s: %s", one.uid, refused[one.uid])
                outbox.put_off(one, refused[one.uid])
        sent += len(some)
    return sent


def work(stop: Callable[[], bool] = lambda: False) -> None:
    """Drain the outbox for ever; wait longer and longer while the server is away."""
    wait, laid_out_on = _WAIT_SECONDS, None
    while not stop():
        try:
            sent = drain()
            if laid_out_on != timezone.localdate():
                note_stale()
                laid_out_on = timezone.localdate()
        except UnavailableError as error:
            logger.warning("%s. Trying again in %.0f seconds", error, wait)
            time.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
            continue
        wait = _WAIT_SECONDS
        if not sent:
            time.sleep(_WAIT_SECONDS)


def note_stale() -> int:
    """Note the listings whose coming meetings were written long ago, so that they are written again.

    Raises:
        UnavailableError: the server does not answer.
    """
    before = stale_before(records.day_number(timezone.localdate()))
    old = {"range": {"laid_out": {"lt": before}}}
    uids = [UUID(hit["_id"]) for hit in _all_hits(alias(), old)]
    outbox.note(uids)
    return len(uids)


def _all_hits(index: str, query: dict[str, Any]) -> Iterator[dict[str, Any]]:
    server = client().options(request_timeout=_BULK_SECONDS)
    after: list[Any] | None = None
    while True:
        try:
            answer = server.search(
                index=index,
                query=query,
                size=5_000,
                sort=[{"uid": "asc"}],
                search_after=after,
                source=False,
                version=True,
                track_total_hits=False,
            )
        except (ApiError, TransportError) as error:
            raise UnavailableError(f"The search server does not answer: {said_by(error)}") from error
        hits = answer["hits"]["hits"]
        yield from hits
        if len(hits) < 5_000:
            return
        after = hits[-1]["sort"]


# --- comparing ----------------------------------------------------------------------------------------


@dataclass
class Comparison:
    """What differs between the database's rows and the server's index. outdated: the index was built for another mapping."""

    compared: int = 0
    missing: list[UUID] = field(default_factory=list)
    stray: list[UUID] = field(default_factory=list)
    stale: list[UUID] = field(default_factory=list)
    outdated: bool = False

    @property
    def wrong(self) -> list[UUID]:
        return [*self.missing, *self.stray, *self.stale]


def compare(index: str | None = None) -> Comparison:
    """Compare every listing's version with the index's. What the outbox still holds is not wrong, only on its way.

    Raises:
        UnavailableError: the server does not answer, or has no index.
    """
    index = index or alias()
    there = {UUID(hit["_id"]): hit["_version"] for hit in _all_hits(index, {"match_all": {}})}
    on_its_way = set(IndexChange.objects.values_list("uid", flat=True))
    opened = model()
    has_vector = Q(vector__model=opened.name) if opened else Q(pk__in=[])
    result = Comparison(outdated=not is_current(client().options(request_timeout=_BULK_SECONDS), index))
    wanted = {
        uid: version_of(version, has_vector)
        for uid, version, has_vector in IndexedListing.objects.filter(gone=False)
        .annotate(has_vector=Case(When(has_vector, then=Value(True)), default=Value(False)))
        .values_list("uid", "version", "has_vector")
    }
    result.compared = len(wanted)
    for uid, version in wanted.items():
        if uid in on_its_way:
            continue
        if uid not in there:
            result.missing.append(uid)
        elif there[uid] != version:
            result.stale.append(uid)
    result.stray = [uid for uid in there if uid not in wanted and uid not in on_its_way]
    return result


def mend(comparison: Comparison) -> None:
    """Send what differs again, under new numbers: whatever happened on the server counts as older.

    A stray the database never heard of is deleted at a version above all.
    """
    for uids in in_batches(comparison.wrong, BATCH):
        write_again(uids)
        writes = writes_for(uids)
        known = {write.uid for write in writes}
        strays = [Write(uid, _ABOVE_ALL, None) for uid in uids if uid not in known]
        refused = send([*writes, *strays], alias())
        for uid, reason in refused.items():
            logger.error("The search server refused listing %s: %s", uid, reason)
    refresh()


_ABOVE_ALL = 2**60
