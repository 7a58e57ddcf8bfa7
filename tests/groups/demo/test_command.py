"""The demo loads whole, twice is as good as once, and it never touches a site that is no demo."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from wagtail.models import Page, Revision, Site

from groups.demo import content, listings
from groups.demo.content import lasting_id
from groups.listings import changes
from groups.listings.boundary import listing_of, listings_of
from groups.models import (
    AreaSettings,
    DateChangeRecord,
    GroupIndexPage,
    GroupPage,
    GuidePage,
    HomePage,
    Organisation,
    Venue,
)
from tests.conftest import uproot

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module", autouse=True)
def a_demo_site(module_rows, gazetteer):
    """A demo site, with only the groups that show something special, so that the test is quick."""
    few = [row for row in content.all_of("groups") if _is_special(row)]
    real = content.all_of
    with override_settings(WAYMARK_DEMO=True), pytest.MonkeyPatch.context() as patch:
        patch.setattr(changes, "_writers", [])
        patch.setattr(listings, "all_of", lambda kind: few if kind == "groups" else real(kind))
        uproot()
        load()
        yield


def _is_special(row):
    return any(key in row for key in ("cancelled", "moved", "closures", "visibility", "status"))


def load():
    call_command("demo", verbosity=0)


def counted():
    models = (Page, Revision, Organisation, Venue, DateChangeRecord)
    return {model.__name__: model.objects.count() for model in models}


def test_it_refuses_a_site_that_is_no_demo(settings):
    settings.WAYMARK_DEMO = False
    HomePage.objects.get().delete()
    with pytest.raises(CommandError, match="WAYMARK_DEMO"):
        load()
    assert not HomePage.objects.exists()


def test_it_loads_and_the_second_time_changes_nothing():
    before = counted()
    assert before["Venue"] >= 60
    load()
    assert counted() == before

    site = Site.objects.get(is_default_site=True)
    assert isinstance(site.root_page.specific, HomePage)
    assert site.root_page.specific.topics.count() > 8
    assert GroupIndexPage.objects.get().get_url() == "/groups/"
    assert GuidePage.objects.live().count() == 4
    assert AreaSettings.for_site(site).help_phone.startswith("0808 157 0")


def test_what_was_loaded_is_what_wagtail_would_have_published():
    page = GroupPage.objects.get(translation_key=lasting_id("group", "chelm-linden-line"))
    assert page.live
    assert not page.has_unpublished_changes
    assert page.live_revision_id == page.latest_revision_id
    listing = listings_of([page.translation_key])[page.translation_key]
    assert listing == listing_of(page)
    assert listing == listing_of(page.get_latest_revision_as_object())
    assert listing.location_visibility == "hidden"
    for session in page.sessions.all():
        assert (session.venue, session.place_name, session.place_address) == (None, "", "")


def test_dates_count_from_the_first_day_for_ever():
    """Loaded again a month later, what is missing joins what is there, at the same dates."""
    index = GroupIndexPage.objects.get()
    month_ago = timezone.now() - timedelta(days=30)
    GroupIndexPage.objects.filter(pk=index.pk).update(first_published_at=month_ago)
    GroupPage.objects.get(slug="brig-basin-supper").delete()
    load()
    again = GroupPage.objects.get(slug="brig-basin-supper")
    listing = listings_of([again.translation_key])[again.translation_key]
    assert listing.closed_on == timezone.localtime(month_ago).date() - timedelta(days=20)
