"""What every page says of the site is read once, and anew when staff change it."""

import pytest
from wagtail.models import Site

from groups.content.models import AreaSettings, GuideIndexPage
from portal.site import site_values
from tests.factories import GroupIndexPageFactory, GuideIndexPageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def area(site_tree):
    area = AreaSettings.for_site(Site.objects.get())
    area.site_name, area.help_phone = "Round the Corner", "0808 157 0101"
    area.save()
    return area


def test_a_second_request_asks_only_whether_anything_changed(area, rf, django_assert_num_queries):
    assert site_values(rf.get("/")).name == "Round the Corner"
    with django_assert_num_queries(1):
        assert site_values(rf.get("/")).help_phone == "0808 157 0101"


def test_one_request_asks_once(area, rf, django_assert_num_queries):
    request = rf.get("/")
    site_values(request)
    with django_assert_num_queries(0):
        site_values(request)


def test_what_staff_change_is_there_at_the_next_request(area, rf):
    site_values(rf.get("/"))
    area.site_name = "Over the Road"
    area.save()
    assert site_values(rf.get("/")).name == "Over the Road"


def test_each_host_has_its_own(area, rf, settings):
    settings.ALLOWED_HOSTS = ["*"]
    other = Site.objects.create(hostname="leeds.example", root_page=Site.objects.get().root_page)
    AreaSettings.objects.create(site=other, site_name="Leeds Way")
    for _again in range(2):
        assert site_values(rf.get("/", HTTP_HOST="leeds.example")).name == "Leeds Way"
        assert site_values(rf.get("/", HTTP_HOST="testserver")).name == "Round the Corner"


def test_guides_come_and_go(area, rf):
    assert site_values(rf.get("/")).guides == ""
    root = Site.objects.get().root_page
    guides = GuideIndexPageFactory(parent=root, slug="guides")
    assert site_values(rf.get("/")).guides == "/guides/"
    guides.move(GroupIndexPageFactory(), pos="last-child")
    assert site_values(rf.get("/")).guides.endswith("/guides/")
    assert site_values(rf.get("/")).guides != "/guides/"
    GuideIndexPage.objects.get().unpublish()
    assert site_values(rf.get("/")).guides == ""
