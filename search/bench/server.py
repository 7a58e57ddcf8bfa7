"""Elasticsearch beside the embedded engine, in the same run: WAYMARK_TEST_ELASTICSEARCH_URL. And a peer's query on it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from elasticsearch import helpers

from groups.listings.public import PublicListing
from search import engines
from search.bench.queries import Asked
from search.bench.timing import Times, median, percentiles, timed
from search.engines.elasticsearch import client as way
from search.engines.elasticsearch import rebuilding
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.index.models import IndexedListing
from search.meaning.model import OFF, model
from search.query import DirectoryQuery

URL = os.environ.get("WAYMARK_TEST_ELASTICSEARCH_URL", "")
_INDEX = "waymark-bench"
_PEER = "waymark-bench-peer"
_FINDABLE_TIMES = 10
Ways = dict[str, tuple[list[Callable[[], Any]], str | None]]


class Server:
    """A scratch index on that server, for as long as the measuring goes on."""

    def __init__(self) -> None:
        self._settings = override_settings(
            WAYMARK_ELASTICSEARCH={"hosts": [URL]}, WAYMARK_ELASTICSEARCH_INDEX=_INDEX
        )
        self._settings.enable()
        way.client.cache_clear()
        self.server = way.client().options(request_timeout=600)

    def close(self) -> None:
        for name in self.server.indices.get(index=f"{_INDEX}*", allow_no_indices=True):
            self.server.indices.delete(index=name)
        way.client.cache_clear()
        self._settings.disable()

    def fill(self) -> dict[str, Any]:
        """Index everything, as `rebuild_search_index` does; and the peer's fields in an index of theirs."""
        started = time.perf_counter()
        listings = rebuilding.rebuild()
        took = time.perf_counter() - started
        size = self.server.indices.stats(index=way.alias())["_all"]["primaries"]["store"]["size_in_bytes"]
        self._fill_peer()
        return {"seconds": round(took, 1), "listings": listings, "bytes": size}

    def _fill_peer(self) -> None:
        self.server.indices.delete(index=_PEER, ignore_unavailable=True)
        text = {"type": "text", "analyzer": "english"}
        fields = {"name": text, "description": text, "point": {"type": "geo_point"}}
        self.server.indices.create(
            index=_PEER, settings={"number_of_replicas": 0}, mappings={"properties": fields}
        )
        for _done in helpers.streaming_bulk(self.server, _peer_documents(), chunk_size=1_000):
            pass
        self.server.indices.forcemerge(index=_PEER, max_num_segments=1)
        self.server.indices.refresh(index=_PEER)

    def ways(self, asked: list[Asked]) -> Ways:
        engine = ElasticsearchEngine(seconds=30)
        client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "gzip"})

        def request(query: DirectoryQuery) -> Callable[[], Any]:
            address = f"/search/?{query.to_querystring()}"

            def ask() -> None:
                with override_settings(WAYMARK_SEARCH_ENGINE="elasticsearch"):
                    client.get(address)

            return ask

        def search(query: DirectoryQuery) -> Callable[[], Any]:
            return lambda: engine.search(query)

        engines.get.cache_clear()
        ways: Ways = {
            "Elasticsearch engine": ([search(one.query) for one in asked], OFF),
            "Elasticsearch request": ([request(one.query) for one in asked], OFF),
            "a peer's query, no facets": ([self._peer(one.query) for one in asked], OFF),
        }
        if model() is not None:
            ways["Elasticsearch engine with meaning"] = ([search(one.query) for one in asked], None)
        return ways

    def _peer(self, query: DirectoryQuery) -> Callable[[], Any]:
        """The shape that `search.md` gives."""
        must: list[dict[str, Any]] = []
        if query.text:
            match = {
                "query": query.text,
                "type": "most_fields",
                "fields": ["name^2", "description^1.5"],
                "fuzziness": "AUTO:4,7",
                "operator": "and",
            }
            must.append({"multi_match": match})
        asked: dict[str, Any] = {"bool": {"must": must or [{"match_all": {}}]}}
        if query.place and query.radius_miles:
            here = {"lat": query.place.latitude, "lon": query.place.longitude}
            asked["bool"]["filter"] = {"geo_distance": {"distance": f"{query.radius_miles}mi", "point": here}}
            near = {"gauss": {"point": {"origin": here, "scale": f"{query.radius_miles / 3}mi"}}}
            asked = {"function_score": {"query": asked, "functions": [near]}}
        return lambda: self.server.search(
            index=_PEER, query=asked, size=20, track_total_hits=True, source=False
        )

    def findable(self, publish: Callable[[str], None]) -> dict[str, float]:
        """From a publication to the first search that finds it, with the worker running in a process of its own."""
        environment = {
            **os.environ,
            "WAYMARK_SEARCH_ENGINE": "elasticsearch",
            "WAYMARK_ELASTICSEARCH_URL": URL,
            "WAYMARK_ELASTICSEARCH_INDEX": _INDEX,
        }
        worker = subprocess.Popen(  # noqa: S603 (our own command)
            [sys.executable, str(Path(settings.BASE_DIR) / "manage.py"), "search_worker"], env=environment
        )
        engine = ElasticsearchEngine(seconds=30)
        try:
            with override_settings(WAYMARK_SEARCH_ENGINE="elasticsearch"):
                times: list[Times] = []
                for number in range(_FINDABLE_TIMES + 2):
                    mark = f"zyzzyvas{number}"
                    publish(mark)
                    took = timed(partial(_wait_for, engine, mark))
                    if number >= 2:  # the first wait for the worker to start
                        times.append(took)
            return {**percentiles(times), "median": median(times)["wall"]}
        finally:
            worker.terminate()
            worker.wait(timeout=30)


def _wait_for(engine: ElasticsearchEngine, mark: str) -> None:
    until = time.monotonic() + 60
    while engine.search(DirectoryQuery(text=mark, exact=True)).total != 1:
        if time.monotonic() > until:
            raise RuntimeError("A page was published, but not found within a minute.")
        time.sleep(0.01)


def _peer_documents() -> Iterator[dict[str, Any]]:
    rows = IndexedListing.objects.filter(gone=False).values_list("uid", "document")
    for uid, document in rows.iterator(2_000):
        listing = PublicListing.from_json(document)
        points = [
            {"lat": place.latitude, "lon": place.longitude}
            for place in listing.places
            if place.latitude is not None
        ]
        said = f"{listing.summary} {listing.description}"
        yield {"_index": _PEER, "_id": str(uid), "name": listing.name, "description": said, "point": points}
