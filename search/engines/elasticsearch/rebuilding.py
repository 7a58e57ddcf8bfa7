"""A whole new index beside the old one, swapped in when it is right; the old one is kept for a way back."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from elasticsearch import ApiError, TransportError

from groups.listings.changes import ListingVersion
from search.engines.elasticsearch import keeping
from search.engines.elasticsearch.client import UnavailableError, alias, client, said_by
from search.engines.elasticsearch.documents import writes_for
from search.engines.elasticsearch.mapping import is_current, mappings
from search.engines.elasticsearch.mapping import settings as index_settings
from search.index.batches import in_batches
from search.index.models import IndexedListing

BATCH = 500
_SAMPLE = 200
_SECONDS = 120
_MERGING_SECONDS = 3_600  # a million listings are two gigabytes to write again
logger = logging.getLogger(__name__)
Progress = Callable[[int, int], None]


def create() -> str:
    """A new, empty index of today's mapping; returns its name."""
    name = f"{alias()}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
    made = index_settings(settings.WAYMARK_ELASTICSEARCH_SHARDS, settings.WAYMARK_ELASTICSEARCH_REPLICAS)
    _server().indices.create(index=name, settings=made, mappings=mappings())
    return name


def rebuild(progress: Progress = lambda done, total: None) -> int:
    """Write every listing into a new index, catch up with what changed meanwhile, and swap. Returns how many are findable.

    Searches and the worker go on with the old index all the while.

    Raises:
        UnavailableError: the server failed, or the new index is not right; the old one stays.
    """
    try:
        name = create()
        try:
            _swap(name, _fill(name, progress))
        except BaseException:
            if name not in behind():
                _server().indices.delete(index=name, ignore_unavailable=True)
            raise
    except (ApiError, TransportError) as error:
        raise UnavailableError(f"The search server failed: {said_by(error)}") from error
    _drop_older(name)
    return int(_server().count(index=name)["count"])


def _fill(name: str, progress: Progress) -> int:
    """Returns the last version that is in for certain."""
    server = _server()
    seen = _last_version()
    uids = list(IndexedListing.objects.filter(gone=False).order_by("pk").values_list("uid", flat=True))
    server.indices.put_settings(index=name, settings={"refresh_interval": "-1"})
    done = 0
    # The next batch is read while the server takes the last one.
    with ThreadPoolExecutor(2) as pool:
        sending: list[Any] = []
        for some in in_batches(uids, BATCH):
            writes = writes_for(some)
            sending.append(pool.submit(keeping.send, writes, name))
            if len(sending) > 2:
                _finished(sending.pop(0))
            done += len(some)
            progress(done, len(uids))
        for one in sending:
            _finished(one)
    server.indices.put_settings(index=name, settings={"refresh_interval": "1s"})
    seen = catch_up(name, seen)
    server.options(request_timeout=_MERGING_SECONDS).indices.forcemerge(index=name, max_num_segments=1)
    server.indices.refresh(index=name)
    return seen


def _finished(sending: Any) -> None:
    refused = sending.result()
    if refused:
        uid, reason = next(iter(refused.items()))
        raise UnavailableError(f"The new index refused {len(refused)} listings, such as {uid}: {reason}")


def catch_up(name: str, seen: int) -> int:
    """Send what changed after version `seen`, until nothing more did; returns the last version sent."""
    while True:
        last = _last_version()
        changed = list(
            ListingVersion.objects.filter(version__gt=seen, version__lte=last).values_list("uid", flat=True)
        )
        for some in in_batches(changed, BATCH):
            keeping.send(writes_for(some), name)
        if last == seen or not changed:
            return last
        seen = last


def _last_version() -> int:
    return ListingVersion.objects.order_by("-version").values_list("version", flat=True).first() or 0


def _swap(name: str, seen: int) -> None:
    """Put the alias on the new index once it is right.

    What the worker sent to the old index after the last look at the new one is sent once more.
    """
    found = keeping.compare(name)
    if found.wrong and _still_wrong(name, found.wrong[:_SAMPLE]):
        raise UnavailableError(f"The new index lacks {len(found.wrong)} listings; the old one stays")
    actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": alias()}}]
    actions += [{"remove": {"index": old, "alias": alias()}} for old in behind()]
    _server().indices.update_aliases(actions=actions)
    catch_up(name, seen)
    keeping.refresh(name)
    keeping.mend(keeping.compare(name))  # a vector comes without a new version of its listing


def _still_wrong(name: str, uids: Sequence[UUID]) -> bool:
    """A listing that changed while the comparison was read is not wrong once it is sent again."""
    keeping.send(writes_for(uids), name, refresh=True)
    again = keeping.compare(name)
    return bool(set(again.wrong) & set(uids))


def roll_back() -> str:
    """Put the alias back on the index before, and bring that up to date; returns its name.

    Raises:
        UnavailableError: there is none, it was built for another mapping, or the server failed.
    """
    try:
        now = behind()
        older = [name for name in _numbered() if not now or name < min(now)]
        if not older:
            raise UnavailableError("There is no older index to go back to")
        name = older[-1]
        if not is_current(_server(), name):
            raise UnavailableError(
                "The older index was built by another version: rebuild_search_index makes a new one"
            )
        actions: list[dict[str, Any]] = [{"add": {"index": name, "alias": alias()}}]
        actions += [{"remove": {"index": one, "alias": alias()}} for one in now]
        _server().indices.update_aliases(actions=actions)
        keeping.mend(keeping.compare(name))
    except (ApiError, TransportError) as error:
        raise UnavailableError(f"The search server failed: {said_by(error)}") from error
    return name


def behind() -> list[str]:
    """The indexes behind the alias: one, or none before the first rebuild."""
    server = _server()
    return list(server.indices.get_alias(name=alias())) if server.indices.exists_alias(name=alias()) else []


def _numbered() -> list[str]:
    found = _server().indices.get(index=f"{alias()}-*", allow_no_indices=True, features=["aliases"])
    # Another site's alias may begin like this one's, and staff's own search has indexes beside.
    return sorted(name for name in found if name.removeprefix(f"{alias()}-").isdigit())


def _drop_older(name: str) -> None:
    """Keep the index before this one, for a way back; drop the rest."""
    for old in [one for one in _numbered() if one < name][:-1]:
        _server().indices.delete(index=old, ignore_unavailable=True)


def _server():
    return client().options(request_timeout=_SECONDS)
