"""The list of groups: columns, filters, search, and a steady number of queries."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from groups.listings.boundary import listings_of
from groups.listings.freshness import Freshness
from groups.models import GroupPage
from tests.factories import (
    ActivityFactory,
    GroupPageFactory,
    GroupSessionFactory,
    OrganisationFactory,
    SourceRecordFactory,
    VenueFactory,
)


@pytest.fixture
def found(signed_in):
    """found(status_now="paused"): titles the list shows."""

    def found(**query):
        answer = signed_in.get(reverse("waymark_groups:index"), query)
        assert answer.status_code == 200
        return {group.title for group in answer.context["object_list"]}

    return found


def ago(days):
    return timezone.now() - timedelta(days=days)


def test_columns(site_tree, signed_in):
    GroupPageFactory(
        title="Kettle Club",
        organisation=OrganisationFactory(name="Kettle Street"),
        activities=[ActivityFactory(label="Tea and talk")],
        facts__status="paused",
        facts__last_confirmed_at=ago(3),
    )
    page = signed_in.get(reverse("waymark_groups:index")).text
    for words in ("Kettle Club", "Kettle Street", "Tea and talk", "Taking a break", "Checked", "/today/"):
        assert words in page


def test_filters(site_tree, found):
    activity = ActivityFactory(label="Choirs")
    organisation = OrganisationFactory()
    GroupPageFactory(title="Choir", activities=[activity])
    GroupPageFactory(title="Run by", organisation=organisation)
    GroupPageFactory(title="Paused", facts__status="paused")
    GroupPageFactory(title="Closed to", facts__location_visibility="area_only", area_name="Moulsham")
    GroupPageFactory(title="Draft", draft=True)
    hove = VenueFactory(district="Brighton and Hove")
    GroupPageFactory(title="Hove", sessions=[GroupSessionFactory.build(venue=hove)])
    newer = GroupPageFactory(title="Newer")
    newer.save_revision()
    assert found(activities=activity.pk) == {"Choir"}
    assert found(organisation=organisation.pk) == {"Run by"}
    assert found(status_now="paused") == {"Paused"}
    assert found(visibility_now="area_only") == {"Closed to"}
    assert found(area="Moulsham") == {"Closed to"}
    assert found(area="Brighton and Hove") == {"Hove"}
    assert found(live="draft") == {"Draft"}
    assert "Draft" not in found(live="live")
    assert found(live="changes") == {"Newer"}


@pytest.mark.parametrize("query", ["kettle", "ttle clu", "club kettle"])
def test_search_finds_parts_of_titles(site_tree, found, query):
    GroupPageFactory(title="Kettle Club")
    GroupPageFactory(title="Other Club")
    assert found(q=query) == {"Kettle Club"}


@pytest.mark.parametrize("ordering", ["title", "-confirmed_at", "status_now", "organisation__name", "live"])
def test_searching_and_sorting_together(site_tree, found, ordering):
    GroupPageFactory(title="Kettle Club")
    assert found(q="kettle", ordering=ordering) == {"Kettle Club"}


@pytest.fixture
def checks(site_tree):
    """Groups in each state of their clock."""
    GroupPageFactory(title="fresh", facts__last_confirmed_at=ago(20))
    GroupPageFactory(title="due", facts__last_confirmed_at=ago(250))
    GroupPageFactory(title="overdue", facts__last_confirmed_at=ago(380))
    GroupPageFactory(title="ancient", facts__last_confirmed_at=ago(600))
    GroupPageFactory(title="new")
    source = GroupPageFactory(title="old source")
    SourceRecordFactory(group_uid=source.uid, source_date=ago(800).date())
    SourceRecordFactory(group_uid=source.uid, source_date=ago(700).date())
    both = GroupPageFactory(title="confirmed since", facts__last_confirmed_at=ago(10))
    SourceRecordFactory(group_uid=both.uid, source_date=ago(700).date())


def test_the_filter_says_what_the_public_page_says(checks, found):
    for state in Freshness:
        listed = listings_of(GroupPage.objects.values_list("translation_key", flat=True))
        assert found(check=state.value) == {
            listing.name for listing in listed.values() if listing.freshness() == state
        }
    assert found(check="never") == {"new", "old source"}


def test_the_number_of_queries_is_steady(site_tree, signed_in):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as context:
            signed_in.get(reverse("waymark_groups:index"))
        return len(context)

    for _group in range(2):
        GroupPageFactory(activities=[ActivityFactory()], organisation=OrganisationFactory())
    queries()
    few = queries()
    for _group in range(6):
        GroupPageFactory(
            activities=[ActivityFactory(), ActivityFactory()], organisation=OrganisationFactory()
        )
    assert queries() == few
