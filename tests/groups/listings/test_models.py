"""A group's words are drafted with its page; its rows keep their names."""

import pytest

from groups.listings.boundary import listings_of
from groups.models import GroupPage
from tests.factories import GroupPageFactory

pytestmark = pytest.mark.usefixtures("site_tree")


def shown(page):
    return listings_of([page.translation_key])[page.translation_key]


def test_a_draft_is_not_listed():
    page = GroupPageFactory(draft=True)
    assert listings_of([page.translation_key]) == {}
    assert GroupPage.objects.get(pk=page.pk).live is False


def test_a_published_group_is_listed_with_its_rows():
    page = GroupPageFactory(title="Knit and Natter")
    listing = shown(page)
    assert listing.name == "Knit and Natter"
    assert listing.sessions[0].place.postcode == "CM1 1QH"
