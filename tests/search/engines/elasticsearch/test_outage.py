"""Whatever the search server does, visitors get their page, in time, and nothing is lost. docs/elasticsearch.md has the table.

Run with -s to see each fault's time.
"""

import time

import pytest
from django.core.management import CommandError, call_command

from search import engines
from search.engines.elasticsearch import client as way
from search.engines.elasticsearch import keeping, rebuilding
from search.engines.elasticsearch.client import SEARCH_SECONDS, UnavailableError
from search.engines.guarded import Breaker
from search.health import health
from search.index import outbox
from search.index.models import IndexChange
from search.query import DirectoryQuery
from tests.factories import GroupPageFactory
from tests.search.server import made_true

MOST_SECONDS = 1.5

pytestmark = [pytest.mark.elasticsearch, pytest.mark.usefixtures("fresh_process", "site_tree")]


@pytest.fixture
def site(proxy, guarded, db):
    """A site whose search server answers, through the proxy, for three groups."""
    for name in ("one", "two", "three"):
        GroupPageFactory(title=f"Zither {name}")
    made_true()
    IndexChange.objects.all().delete()
    assert guarded.search(DirectoryQuery(text="zither")).engine == "elasticsearch"
    # Both engines have read what they keep in memory.
    guarded.fallback.search(DirectoryQuery(text="zither"))
    return guarded


def away(proxy, site):
    proxy.close()


def failing(fault):
    def fail(proxy, site):
        proxy.fault = fault

    return fail


def without_alias(proxy, site):
    for name in rebuilding.behind():
        way.client().indices.delete_alias(index=name, name=way.alias())


def closed(proxy, site):
    way.client().indices.close(index=way.alias())


def red(proxy, site):
    """An index none of whose shards has a place to be."""
    without_alias(proxy, site)
    way.client().indices.create(
        index=f"{way.alias()}-red",
        aliases={way.alias(): {}},
        settings={"index.routing.allocation.require._name": "no-such-node", "number_of_replicas": 0},
        wait_for_active_shards=0,
        timeout="10ms",
    )


def of_another_kind(proxy, site):
    """Somebody else's index behind our name."""
    without_alias(proxy, site)
    way.client().indices.create(index=f"{way.alias()}-other", aliases={way.alias(): {}})


FAULTS = {
    "no server": away,
    "hangs": failing("hang"),
    "a byte now and then": failing("drip"),
    "cut off": failing("cut"),
    "not Elasticsearch": failing("garbage"),
    "error 500": failing("500"),
    "error 503": failing("503"),
    "overloaded (429)": failing("429"),
    "not allowed (401)": failing("401"),
    "alias missing": without_alias,
    "index closed": closed,
    "index red": red,
    "another mapping": of_another_kind,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_visitors_get_the_same_page_in_time(site, proxy, client, fault):
    well = site.fallback.search(DirectoryQuery(text="zither"))
    client.get("/search/?q=zither")  # templates are read once
    FAULTS[fault](proxy, site)
    site.server._seconds = SEARCH_SECONDS
    fastest = []
    # Three first visitors, each with others behind: a busy machine may hold up one, never all.
    for _attempt in range(3):
        site.breaker.close()
        times = []
        for _visitor in range(3):
            started = time.monotonic()
            answer = client.get("/search/?q=zither")
            times.append(time.monotonic() - started)
            assert answer.status_code == 200
            page = answer.content.decode()
            assert all(card.listing.name in page for card in well.cards)
        fastest.append(max(times))
        if fastest[-1] < MOST_SECONDS:
            break
    assert min(fastest) < MOST_SECONDS, f"{fault}: {fastest}"
    print(f"{fault}: {times[0]:.2f} s, then {max(times[1:]):.2f} s")  # noqa: T201 (for docs/elasticsearch.md)
    assert site.search(DirectoryQuery(text="zither")).engine == "embedded"
    assert client.get("/suggest/?q=zith").status_code == 200
    report = health()
    assert (report.chosen, report.answers, report.is_well) == ("elasticsearch", "embedded", False)
    assert report.reason
    assert client.get("/health/").json()["status"] == "degraded"


def test_only_the_first_of_many_waits(site, proxy):
    site.server._seconds = SEARCH_SECONDS
    proxy.fault = "hang"
    asked = proxy.asked
    for _visitor in range(20):
        assert site.search(DirectoryQuery(text="zither")).total == 3
    assert proxy.asked == asked + 1


def test_it_recovers_by_itself(site, proxy, monkeypatch):
    proxy.fault = "503"
    assert site.search(DirectoryQuery()).engine == "embedded"
    proxy.fault = ""
    assert site.search(DirectoryQuery()).engine == "embedded"  # left alone for a while
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)
    assert site.search(DirectoryQuery()).engine == "elasticsearch"
    assert not site.breaker.is_open
    assert health().is_well


def test_staff_see_a_banner(site, proxy, admin_client):
    assert "search server" not in admin_client.get("/admin/").content.decode()
    proxy.fault = "503"
    assert "The search server is not answering." in admin_client.get("/admin/").content.decode()


class TestChangesMeanwhile:
    @pytest.mark.parametrize(
        "fault", ["no server", "hangs", "error 503", "overloaded (429)", "alias missing"]
    )
    def test_they_wait_in_the_outbox(self, site, proxy, client, fault, monkeypatch):
        monkeypatch.setattr(keeping, "_BULK_SECONDS", 0.5)
        FAULTS[fault](proxy, site)
        GroupPageFactory(title="Zither new")
        waiting = outbox.backlog().waiting
        assert waiting
        with pytest.raises(UnavailableError):
            keeping.drain()
        with pytest.raises(CommandError, match="stay in the outbox"):
            call_command("search_worker", once=True)
        assert outbox.backlog().waiting == waiting
        assert outbox.backlog().refused == 0
        assert "Zither new" in client.get("/search/?q=zither").content.decode()

    def test_a_full_disk_makes_the_index_read_only(self, site, proxy):
        server = way.client()
        server.indices.put_settings(index=way.alias(), settings={"blocks.read_only_allow_delete": True})
        GroupPageFactory(title="Zither new")
        with pytest.raises(UnavailableError):
            keeping.drain()
        assert site.search(DirectoryQuery(text="zither")).engine == "elasticsearch"
        server.indices.put_settings(index=way.alias(), settings={"blocks.read_only_allow_delete": None})
        site.settle()
        assert site.search(DirectoryQuery(text="zither")).total == 4
        assert keeping.compare().wrong == []

    def test_the_worker_waits_longer_and_longer_and_goes_on(self, site, proxy, monkeypatch):
        GroupPageFactory(title="Zither new")
        proxy.fault = "503"
        waits = []

        def wait(seconds):
            waits.append(seconds)
            if len(waits) == 8:
                proxy.fault = ""

        monkeypatch.setattr(keeping.time, "sleep", wait)
        keeping.work(lambda: outbox.backlog().waiting == 0)
        assert waits[:8] == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0]
        keeping.refresh()
        assert engines.get("elasticsearch").search(DirectoryQuery(text="zither")).total >= 3
        assert keeping.compare().wrong == []


class TestTheBreaker:
    def test_one_try_at_a_time_and_ever_rarer(self, monkeypatch):
        now = 1000.0
        monkeypatch.setattr("search.engines.guarded.time.monotonic", lambda: now)
        breaker = Breaker()
        assert breaker.may_try()
        breaker.failed("away")
        pauses = []
        for _failure in range(6):
            start = now
            while not breaker.may_try():
                now += 1
            assert not breaker.may_try()
            pauses.append(now - start)
            breaker.failed("away")
        assert pauses == [5, 10, 20, 40, 60, 60]
        now += 60
        assert breaker.may_try()
        breaker.succeeded()
        assert breaker.may_try()
        assert not breaker.is_open
