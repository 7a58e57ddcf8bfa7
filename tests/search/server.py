"""A real search server for tests: WAYMARK_TEST_ELASTICSEARCH_URL. Each process has indexes of its own there."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import uuid4

from django.test import override_settings

from search.engines.elasticsearch import client as way
from search.engines.elasticsearch import keeping, rebuilding
from search.engines.elasticsearch.documents import writes_for
from search.index.models import IndexedListing
from tests.services import absent_server

URL = os.environ.get("WAYMARK_TEST_ELASTICSEARCH_URL", "")


@contextmanager
def search_server(**options) -> Iterator[None]:
    """The settings of a site that searches with Elasticsearch; its indexes go at the end.

    Skips where there is no server; where CI is set, that fails.
    """
    if not URL:
        absent_server("WAYMARK_TEST_ELASTICSEARCH_URL")
    wanted = {
        "WAYMARK_SEARCH_ENGINE": "elasticsearch",
        "WAYMARK_ELASTICSEARCH": {"hosts": [URL]},
        "WAYMARK_ELASTICSEARCH_INDEX": f"test-{uuid4().hex[:12]}",
    }
    with override_settings(**{**wanted, **options}):
        way.client.cache_clear()
        try:
            yield
        finally:
            drop_indexes()
            way.client().close()
            way.client.cache_clear()


def drop_indexes() -> None:
    server = way.client().options(request_timeout=30)
    found = server.indices.get(index=f"{way.alias()}-*", allow_no_indices=True, expand_wildcards="all")
    for name in found:
        server.indices.delete(index=name)


def made_true() -> None:
    """The index behind the alias holds what the database holds now, and nothing else.

    What a rolled back test wrote is deleted; where it overwrote something, all is made anew, for a version never goes back.
    """
    server = way.client().options(request_timeout=30)
    if server.indices.exists_alias(name=way.alias()):
        found = keeping.compare()
        strays = [str(uid) for uid in found.stray]
        if strays:
            server.delete_by_query(index=way.alias(), query={"ids": {"values": strays}}, refresh=True)
        if not found.missing and not found.stale:
            return
    drop_indexes()
    name = rebuilding.create()
    server.indices.put_alias(index=name, name=way.alias())
    uids = list(IndexedListing.objects.values_list("uid", flat=True))
    assert keeping.send(writes_for(uids), way.alias(), refresh=True) == {}
