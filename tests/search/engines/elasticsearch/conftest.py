"""A site that searches with a real server, through a way that breaks on demand."""

import os

import pytest

from search import engines
from search.engines.elasticsearch import client as way
from search.engines.guarded import GuardedEngine
from tests.search.engines.elasticsearch.proxy import Proxy
from tests.search.server import URL, drop_indexes, search_server


@pytest.fixture
def server(settings):
    """An alias of the test's own, and no index yet."""
    settings.WAYMARK_MEANING_MODEL = "none"
    with search_server():
        yield


@pytest.fixture
def proxy(server, settings):
    """The same, through a proxy: set `proxy.fault`."""
    proxy = Proxy(URL)
    straight = way.client()
    way.client.cache_clear()
    settings.WAYMARK_ELASTICSEARCH = {"hosts": [proxy.url]}
    yield proxy
    proxy.close()
    way.client().close()
    way.client.cache_clear()
    settings.WAYMARK_ELASTICSEARCH = {"hosts": [URL]}
    straight.close()


@pytest.fixture
def guarded():
    """The engine that visitors meet, with a breaker of its own; more patient than in earnest, for the machine may be busy."""
    engines.get.cache_clear()
    engine = engines.get("elasticsearch")
    assert isinstance(engine, GuardedEngine)
    engine.server._seconds = 30
    yield engine
    engines.get.cache_clear()


@pytest.fixture
def server_environment(shared_database):
    """For processes of such a site."""
    index = f"test-{os.urandom(6).hex()}"
    environment = {
        **shared_database,
        "WAYMARK_SEARCH_ENGINE": "elasticsearch",
        "WAYMARK_ELASTICSEARCH_URL": URL,
        "WAYMARK_ELASTICSEARCH_INDEX": index,
    }
    with search_server(WAYMARK_ELASTICSEARCH_INDEX=index):
        yield environment
        drop_indexes()
