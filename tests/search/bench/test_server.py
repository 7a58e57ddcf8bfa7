"""The bench's indexes on a search server: gone after a run, or kept and used again while they hold the same listings."""

from uuid import uuid4

import pytest

from groups.listings.models import GroupPage
from search.bench.asker import publish
from search.bench.queries import Asked
from search.bench.server import URL, Server
from search.engines.elasticsearch import rebuilding
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.query import DirectoryQuery
from tests.factories import GroupPageFactory
from tests.services import absent_server

pytestmark = pytest.mark.elasticsearch


@pytest.fixture
def opened(db, site_tree, settings):
    """opened(corpus, keep): a server that holds two groups; its indexes go at the end."""
    if not URL:
        absent_server("WAYMARK_TEST_ELASTICSEARCH_URL")
    settings.WAYMARK_MEANING_MODEL = "none"
    for title in ("Zither", "Yodelling"):
        GroupPageFactory(title=title)
    name = f"test-{uuid4().hex[:12]}"
    yield lambda corpus, keep: Server(name, {"made_of": corpus}, keep)
    Server(name, {}, keep=False).close()


def found(text: str) -> int:
    return ElasticsearchEngine(seconds=30).search(DirectoryQuery(text=text, exact=True)).total


def test_a_kept_index_is_used_again_and_told_what_was_published_since(opened):
    server = opened("this", True)
    took, index = server.fill(), rebuilding.behind()
    assert took["listings"] == 2
    server.close()

    publish(GroupPage.objects.get(title="Zither").pk, "zyzzyva")
    server = opened("this", True)
    assert server.fill() == took
    assert rebuilding.behind() == index
    assert found("zyzzyva") == 1
    server.close()

    server = opened("other", True)
    server.fill()
    assert rebuilding.behind() != index
    server.close()


def test_an_index_that_is_not_kept_is_gone(opened):
    server = opened("this", False)
    server.fill()
    assert found("zither") == 1
    asked = [Asked("text", DirectoryQuery(text="zither"))]
    ways = server.ways(asked)
    assert ways.keys() == {"engine, Elasticsearch", "request, Elasticsearch", "a peer's query, no facets"}
    assert all(ask(0)["wall"] > 0 for ask in ways.values())
    assert server.unanswered == 0
    server.close()
    server = opened("this", True)
    assert rebuilding.behind() == []
    server.close()
