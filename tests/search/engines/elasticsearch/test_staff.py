"""Staff's own search in the admin, put on the real server: it finds, follows changes, and never stands in staff's way."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page

from groups.admin.roles import ensure_roles
from groups.imports.admin_indexes import Behind
from groups.models import GroupPage
from search import staff
from search.engines.elasticsearch import client as way
from search.engines.elasticsearch import rebuilding
from search.engines.guarded import Breaker
from tests.factories import GroupPageFactory, UserFactory

pytestmark = [
    pytest.mark.elasticsearch,
    pytest.mark.usefixtures("site_tree"),
    # Wagtail leaves it open after making a thumbnail.
    pytest.mark.filterwarnings("ignore:.*SpooledTemporaryFile:pytest.PytestUnraisableExceptionWarning"),
]


@pytest.fixture
def site(proxy, settings, monkeypatch):
    """A site whose staff search on the server, through the proxy; no index yet."""
    settings.WAGTAILSEARCH_BACKENDS = {
        "default": {"BACKEND": "search.staff"},
        "database": {"BACKEND": "wagtail.search.backends.database"},
    }
    monkeypatch.setattr(staff, "_breaker", Breaker())
    return proxy


@pytest.fixture
def group(site):
    page = GroupPageFactory(title="Zither Friends")
    Image.objects.create(title="Zither on a table", file=get_test_image_file())
    Document.objects.create(title="Zither songs", file="songs.pdf")
    call_command("wagtail_update_index", verbosity=0)
    return page


@pytest.fixture(params=["Editors", "Moderators", "superuser"])
def someone(request, client, group):
    user = UserFactory(superuser=request.param == "superuser")
    if not user.is_superuser:
        ensure_roles()
        user.groups.add(Group.objects.get(name=request.param))
    client.force_login(user)
    return client


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def rename(page: GroupPage, title: str) -> None:
    page.title = title
    page.save_revision().publish()


def found(words: str, among=None) -> list[str]:
    return [page.title for page in (among or Page.objects).search(words)]


def found_on_server(words: str) -> list[str]:
    """What the server itself gives now."""
    way.client().indices.refresh(index=f"{way.alias()}-admin-*")
    assert not staff._breaker.is_open
    titles = found(words)
    assert not staff._breaker.is_open
    return titles


SEARCHES = {
    "wagtailadmin_pages:search": "Zither Friends",
    "wagtailadmin_choose_page_search": "Zither Friends",
    "wagtailimages:index": "Zither on a table",
    "wagtaildocs:index": "Zither songs",
}
FAULTS = ["hang", "cut", "garbage", "500", "503", "401", "429"]


def each_search_finds(client) -> None:
    for name, title in SEARCHES.items():
        response = client.get(reverse(name), {"q": "zither"})
        assert (response.status_code, title in response.text) == (200, True), name


class TestFinding:
    def test_each_role_finds_pages_pictures_and_documents(self, site, someone):
        asked = site.asked
        each_search_finds(someone)
        assert site.asked >= asked + len(SEARCHES)
        assert not staff._breaker.is_open

    def test_a_new_title_an_unpublishing_and_an_end_are_followed(self, group, commit):
        with commit():
            rename(group, "Marimba Friends")
        assert (found_on_server("zither"), found_on_server("marimba")) == ([], ["Marimba Friends"])
        group.refresh_from_db()
        with commit():
            group.unpublish()
        assert found_on_server("marimba") == ["Marimba Friends"]
        assert found("marimba", Page.objects.live()) == []
        with commit():
            group.delete()
        assert found_on_server("marimba") == []

    def test_what_is_rolled_back_never_reaches_the_server(self, group, commit):
        with commit(), transaction.atomic():
            rename(group, "Marimba Friends")
            transaction.set_rollback(True)
        assert found_on_server("zither") == ["Zither Friends"]

    def test_an_import_tells_it_a_batch_at_a_time(self, site, group, commit):
        behind = Behind()
        for number in range(3):
            behind.add(GroupPageFactory(title=f"Marimba {number}").pk)
        asked = site.asked
        with commit():
            behind.catch_up()
        assert site.asked == asked + 1
        assert sorted(found_on_server("marimba")) == ["Marimba 0", "Marimba 1", "Marimba 2"]

    def test_making_the_visitors_index_leaves_this_and_other_sites_alone(self, group):
        neighbour = f"{way.alias()}-1-20260101000000000000"
        way.client().indices.create(index=neighbour)
        for _ in range(3):
            rebuilding.rebuild()
        assert way.client().indices.exists(index=neighbour)
        assert found_on_server("zither") == ["Zither Friends"]


class TestAnOutage:
    @pytest.mark.parametrize("fault", FAULTS)
    def test_the_database_answers_and_saving_goes_on(self, site, group, commit, client, caplog, fault):
        client.force_login(UserFactory(superuser=True))
        site.fault = fault
        each_search_finds(client)
        assert staff._breaker.is_open
        with commit():
            rename(group, "Marimba Friends")
        assert found("marimba") == ["Marimba Friends"]
        assert "wagtail_update_index" in caplog.text
        assert "arimba" not in caplog.text

    def test_nobody_there(self, site, someone, commit, group):
        site.close()
        each_search_finds(someone)
        with commit():
            group.delete()
        assert found("zither") == []

    def test_before_the_index_is_first_made_the_database_answers(self, site, commit):
        """A server makes an index of what it is sent, if it may: then staff would find the last page saved and no other."""
        with commit():
            for title in ("Zither Friends", "Zither Foes"):
                GroupPageFactory(title=title)
        assert sorted(found("zither")) == ["Zither Foes", "Zither Friends"]
        assert not way.client().indices.exists(index=f"{way.alias()}-admin-wagtailcore_page")
