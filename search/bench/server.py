"""Elasticsearch beside the embedded engine, in the same run: WAYMARK_TEST_ELASTICSEARCH_URL. And a peer's query on it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from elasticsearch import Elasticsearch, helpers

from groups.listings.models import GroupPage
from groups.listings.public import PublicListing
from search import engines
from search.bench.queries import Asked
from search.bench.timing import Times, meaning, median, percentiles, timed
from search.engines.elasticsearch import client as way
from search.engines.elasticsearch import keeping, rebuilding
from search.engines.elasticsearch.documents import writes_for
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.elasticsearch.mapping import is_current
from search.engines.guarded import GuardedEngine
from search.index.models import IndexedListing
from search.meaning.model import model
from search.query import DirectoryQuery

URL = os.environ.get("WAYMARK_TEST_ELASTICSEARCH_URL", "")
_FINDABLE_TIMES = 10
Way = Callable[[int], Times]


class Server:
    """Two scratch indexes on that server, ours and one for the peer's query: for one run, or kept for the next.

    corpus: the stamp of the listings that they hold. The peer's index is made last and bears it, with what filling took.
    """

    def __init__(self, size: str | int, corpus: dict[str, Any], keep: bool) -> None:
        self._name = f"waymark-bench-{size}"
        self._peer_name = f"{self._name}-peer"
        self._corpus, self._keep = corpus, keep
        self.unanswered = 0  # requests that the database answered instead
        self._settings = override_settings(
            WAYMARK_ELASTICSEARCH={"hosts": [URL]}, WAYMARK_ELASTICSEARCH_INDEX=self._name
        )
        self._settings.enable()
        way.client.cache_clear()
        self.server = way.client().options(request_timeout=3_600)

    def close(self) -> None:
        if not self._keep:
            self._drop()
        way.client().close()
        way.client.cache_clear()
        self._settings.disable()

    def _drop(self) -> None:
        for name in self.server.indices.get(index=f"{self._name}-*", allow_no_indices=True):
            self.server.indices.delete(index=name)

    def fill(self) -> dict[str, Any]:
        """Index everything, as `rebuild_search_index` does; and the peer's fields in an index of theirs. Returns what it took."""
        if self._keep and (took := self._kept()):
            # A run publishes pages, and the index hears of some of them only.
            keeping.send(
                writes_for(list(GroupPage.objects.values_list("translation_key", flat=True))), way.alias()
            )
            keeping.refresh()
            return took
        self._drop()
        started = time.perf_counter()
        listings = rebuilding.rebuild()
        seconds = time.perf_counter() - started
        size = self.server.indices.stats(index=way.alias())["_all"]["primaries"]["store"]["size_in_bytes"]
        took = {"seconds": round(seconds, 1), "listings": listings, "bytes": size}
        self._fill_peer(took)
        return took

    def _kept(self) -> dict[str, Any]:
        """What filling took, if the indexes of the run before are there and hold the same; else empty."""
        if not self.server.indices.exists(index=self._peer_name) or not rebuilding.behind():
            return {}
        (peer,) = self.server.indices.get_mapping(index=self._peer_name).values()
        stamp = peer["mappings"].get("_meta", {})
        is_same = stamp.get("corpus") == self._corpus and is_current(self.server, way.alias())
        took: dict[str, Any] = stamp["took"] if is_same else {}
        return took

    def _fill_peer(self, took: dict[str, Any]) -> None:
        text = {"type": "text", "analyzer": "english"}
        fields = {"name": text, "description": text, "point": {"type": "geo_point"}}
        self.server.indices.create(
            index=self._peer_name,
            settings={"number_of_replicas": 0, "refresh_interval": "-1"},
            mappings={"properties": fields},
        )
        for _done in helpers.streaming_bulk(
            self.server, _peer_documents(), chunk_size=1_000, index=self._peer_name
        ):
            pass
        self.server.indices.forcemerge(index=self._peer_name, max_num_segments=1)
        self.server.indices.refresh(index=self._peer_name)
        self.server.indices.put_mapping(index=self._peer_name, meta={"corpus": self._corpus, "took": took})

    def ways(self, asked: list[Asked]) -> dict[str, Way]:
        """What asks the query of a number, by the name of the way."""
        engine = ElasticsearchEngine(seconds=30)
        client = Client(SERVER_NAME="localhost", headers={"accept-encoding": "gzip"})

        breaker = cast(GuardedEngine, engines.get("elasticsearch")).breaker

        def request(number: int, on: bool) -> Times:
            query = asked[number].query
            with meaning(on, query.text), override_settings(WAYMARK_SEARCH_ENGINE="elasticsearch"):
                took = timed(partial(client.get, f"/search/?{query.to_querystring()}"))
            if breaker.is_open:
                self.unanswered += 1
                breaker.close()
            return took

        def search(number: int, on: bool) -> Times:
            with meaning(on, asked[number].query.text):
                return timed(partial(engine.search, asked[number].query))

        ways: dict[str, Way] = {
            "a peer's query, no facets": lambda number: timed(self._peer(asked[number].query))
        }
        for end, on in (("", False), (" with meaning", True)) if model() else (("", False),):
            ways[f"engine{end}, Elasticsearch"] = partial(search, on=on)
            ways[f"request{end}, Elasticsearch"] = partial(request, on=on)
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
            index=self._peer_name, query=asked, size=20, track_total_hits=True, source=False
        )

    def findable(self, publish: Callable[[str], None]) -> dict[str, float]:
        """From a publication to the first search that finds it, with the worker running in a process of its own."""
        environment = {
            **os.environ,
            "WAYMARK_SEARCH_ENGINE": "elasticsearch",
            "WAYMARK_ELASTICSEARCH_URL": URL,
            "WAYMARK_ELASTICSEARCH_INDEX": self._name,
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
        yield {"_id": str(uid), "name": listing.name, "description": said, "point": points}


def version() -> str:
    """Of the server."""
    with Elasticsearch(URL) as server:
        return str(server.info()["version"]["number"])
