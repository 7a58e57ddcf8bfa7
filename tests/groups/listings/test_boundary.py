"""What may leave the house: no output holds a place that must not be found; preview and bulk agree."""

import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from groups.listings.boundary import listing_of, listings_of
from groups.listings.facts import cancel_date, move_date
from groups.listings.public import Audience, PublicListing
from groups.models import GroupPage, VenueAccess
from tests.factories import (
    MARKER,
    ActivityFactory,
    CircumstanceFactory,
    ContactFactory,
    GroupAccessFactory,
    GroupIndexPageFactory,
    GroupPageFactory,
    GroupSessionFactory,
    LanguageFactory,
    NeedFactory,
    OrganisationFactory,
    ServedAreaFactory,
    SourceRecordFactory,
    TermDatesFactory,
    VenueFactory,
)

pytestmark = pytest.mark.usefixtures("site_tree")

DAY = date(2026, 12, 1)


def full_group(**kwargs):
    """A group with something in every part of a listing."""
    page = GroupPageFactory(
        organisation=OrganisationFactory(),
        activities=[ActivityFactory(), ActivityFactory()],
        suggested_activities=[ActivityFactory()],
        needs=[NeedFactory()],
        suggested_needs=[NeedFactory()],
        circumstances=[CircumstanceFactory(slug="older")],
        languages=[LanguageFactory(slug="en"), LanguageFactory(slug="pl")],
        tags=["wool", "tea"],
        cost_kind="paid",
        cost_amount=Decimal("2.50"),
        sessions=[
            GroupSessionFactory.build(
                venue=VenueFactory(access={"step_free": "yes"}), term_time_only=True, sort_order=0
            ),
            GroupSessionFactory.build(venue=VenueFactory(access={"lift": "no"}), sort_order=1),
            GroupSessionFactory.build(online=True, sort_order=2),
        ],
        served_areas=[ServedAreaFactory.build()],
        access_answers=[GroupAccessFactory.build()],
        contacts=[
            ContactFactory.build(value="01632 960001", sort_order=0),
            ContactFactory.build(value="01632 960002", visibility="link_workers", sort_order=1),
            ContactFactory.build(value="01632 960003", visibility="organisers", sort_order=2),
        ],
        full=True,
        confirmed=True,
        **kwargs,
    )
    SourceRecordFactory(group_uid=page.translation_key, source_date=DAY)
    first = page.sessions.order_by("sort_order").first()
    cancel_date(page.translation_key, first.uid, DAY, by=None)
    move_date(
        page.translation_key, first.uid, DAY + timedelta(days=7), by=None, to_date=DAY, venue=VenueFactory()
    )
    return page


@pytest.fixture
def page():
    TermDatesFactory(first_day=DAY, last_day=DAY)
    return full_group()


@pytest.mark.parametrize("audience", list(Audience))
def test_a_preview_equals_the_bulk_result_once_published(page, audience):
    live = GroupPage.objects.get(pk=page.pk)
    assert listing_of(live, audience) == listings_of([page.translation_key], audience)[page.translation_key]


@pytest.mark.parametrize("audience", list(Audience))
def test_a_preview_of_a_draft_equals_what_publishing_it_gives(page, audience):
    page.title = "New name"
    page.contacts = [ContactFactory.build(value="01632 960009"), *page.contacts.all()]
    page.activities = [ActivityFactory(slug="new_one"), *page.activities.all()]
    page.tags.add("new")
    draft = page.save_revision().as_object()
    preview = listing_of(draft, audience)

    page.get_latest_revision().publish()
    published = listings_of([page.translation_key], audience)[page.translation_key]
    assert preview.name == "New name"
    assert {**preview.to_data(), "updated_on": None} == {**published.to_data(), "updated_on": None}


@pytest.mark.parametrize("kind", ["area_only", "on_contact", "hidden"])
@pytest.mark.parametrize("audience", list(Audience))
class TestPlacesThatMustNotBeFound:
    @pytest.fixture
    def hidden_page(self, kind):
        page = GroupPageFactory(**{kind: True})
        session = page.sessions.get()
        VenueAccess.objects.create(venue=session.venue, feature="parking", answer="yes", detail=MARKER)
        move_date(
            page.translation_key,
            session.uid,
            DAY,
            by=None,
            to_date=DAY,
            venue=VenueFactory(name=f"{MARKER} 2"),
        )
        return page

    def test_stand_in_no_listing(self, hidden_page, kind, audience, shown):
        for listing in (shown(hidden_page, audience=audience), listing_of(hidden_page, audience)):
            told = json.dumps(listing.to_data())
            for secret in (MARKER, "CM2 9ZZ", "CM1 1QH", "Vicarage", "51.73575", "0.46958"):
                assert secret not in told, secret

    def test_leave_the_area_and_its_fixed_centre(self, hidden_page, kind, audience, shown):
        listing = shown(hidden_page, audience=audience)
        place = listing.sessions[0].place
        assert place.name == "Moulsham"
        assert (place.latitude, place.longitude) == (hidden_page.area_latitude, hidden_page.area_longitude)
        assert place.exact is False
        assert place.ask is (kind == "on_contact")
        assert listing.served[0].label == "Moulsham"


@pytest.mark.parametrize(
    ("audience", "values"),
    [(Audience.PUBLIC, ["01632 960001"]), (Audience.LINK_WORKERS, ["01632 960001", "01632 960002"])],
)
def test_each_audience_sees_its_contacts(page, shown, audience, values):
    assert [contact.value for contact in shown(page, audience=audience).contacts] == values


def test_a_listing_survives_the_way_through_json(page, shown):
    listing = shown(page)
    assert PublicListing.from_json(json.dumps(listing.to_data())) == listing


class TestAccess:
    def answers(self, listing):
        return {answer.feature: answer.answer for answer in listing.access}

    def test_the_group_wins_over_its_venue(self, shown):
        page = GroupPageFactory(
            sessions=[
                GroupSessionFactory.build(venue=VenueFactory(access={"step_free": "yes", "lift": "yes"}))
            ],
            access_answers=[GroupAccessFactory.build(feature="step_free", answer="no")],
        )
        assert self.answers(shown(page)) == {"step_free": "no", "lift": "yes"}
        assert shown(page).sessions[0].access == ("lift",)

    def test_not_known_never_overrides(self, shown):
        page = GroupPageFactory(
            sessions=[GroupSessionFactory.build(venue=VenueFactory(access={"step_free": "yes"}))],
            access_answers=[GroupAccessFactory.build(feature="step_free", answer="unknown")],
        )
        assert self.answers(shown(page)) == {"step_free": "yes"}

    def test_venues_that_differ_say_ask_us_and_each_session_its_own(self, shown):
        page = GroupPageFactory(
            sessions=[
                GroupSessionFactory.build(venue=VenueFactory(access={"step_free": "yes"}), sort_order=0),
                GroupSessionFactory.build(venue=VenueFactory(access={"step_free": "no"}), sort_order=1),
            ]
        )
        assert self.answers(shown(page)) == {"step_free": "ask"}
        assert [session.access for session in shown(page).sessions] == [("step_free",), ()]


class TestWhoIsListed:
    def test_an_unpublished_group_is_not(self, page, shown):
        page.unpublish()
        assert shown(page) is None

    def test_a_restricted_group_is_not(self, page, shown):
        PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login")
        assert shown(page) is None

    def test_a_moved_group_has_its_new_address(self, page, shown):
        assert shown(page).path.startswith("/groups/")
        page.move(GroupIndexPageFactory(slug="elsewhere"), pos="last-child")
        assert shown(page).path.startswith("/elsewhere/")


@pytest.mark.parametrize("audience", list(Audience))
def test_the_number_of_queries_does_not_grow(audience, django_assert_num_queries):
    TermDatesFactory(first_day=DAY, last_day=DAY)
    uids = [full_group().translation_key for _ in range(20)]
    listings_of(uids[:1], audience)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        assert len(listings_of(uids[:1], audience)) == 1
    with django_assert_num_queries(len(for_one)):
        assert len(listings_of(uids, audience)) == 20
