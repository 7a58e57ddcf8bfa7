"""A group's words are drafted with its page; its rows keep their names; references may go."""

from datetime import time

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from groups.listings.models import session_problems
from groups.models import GroupPage, GroupSession
from tests.factories import (
    ActivityFactory,
    ContactFactory,
    GroupAccessFactory,
    GroupPageFactory,
    GroupSessionFactory,
    NeedFactory,
    OrganisationFactory,
    ServedAreaFactory,
)

pytestmark = pytest.mark.usefixtures("site_tree")


def test_a_page_never_published_is_not_listed(shown):
    assert shown(GroupPageFactory(draft=True)) is None


def test_a_draft_changes_nothing_the_public_finds(shown):
    page = GroupPageFactory(
        title="Knit and Natter",
        contacts=[ContactFactory.build(value="01632 960001")],
        activities=[ActivityFactory(slug="craft")],
        tags=["wool"],
    )
    before = shown(page)

    page.title, page.summary = "Crochet only", "No needles."
    page.contacts = [ContactFactory.build(value="01632 960002")]
    page.activities = [ActivityFactory(slug="art")]
    page.tags.set(["paint"])
    page.sessions.all()[0].start = time(7)
    page.save_revision()

    assert shown(page) == before


def test_publishing_the_draft_shows_it(shown):
    page = GroupPageFactory(
        title="Knit and Natter", activities=[ActivityFactory(slug="craft")], tags=["wool"]
    )
    page.title = "Crochet only"
    page.contacts = [ContactFactory.build(value="01632 960002")]
    page.activities = [ActivityFactory(slug="art")]
    page.tags.set(["paint"])
    page.save_revision().publish()

    listing = shown(page)
    assert listing.name == "Crochet only"
    assert [contact.value for contact in listing.contacts] == ["01632 960002"]
    assert [topic.slug for topic in listing.activities] == ["art"]
    assert listing.tags == ("paint",)


def test_saving_a_draft_leaves_the_live_links_alone():
    """A plain ManyToManyField would write a draft's terms to the live page."""
    craft, art = ActivityFactory(slug="craft"), ActivityFactory(slug="art")
    page = GroupPageFactory(activities=[craft], needs=[NeedFactory(slug="lonely")])
    page.activities = [art]
    page.needs = []
    page.save_revision()

    live = GroupPage.objects.get(pk=page.pk)
    assert [*live.activities.all()] == [craft]
    assert [need.slug for need in live.needs.all()] == ["lonely"]


class TestRowsKeepTheirNames:
    @pytest.fixture
    def page(self):
        return GroupPageFactory(
            contacts=[ContactFactory.build()],
            access_answers=[GroupAccessFactory.build()],
            served_areas=[ServedAreaFactory.build()],
        )

    @staticmethod
    def uids(page):
        return {
            name: {row.uid for row in getattr(page, name).all()}
            for name in ("sessions", "contacts", "access_answers", "served_areas")
        }

    def test_through_draft_and_publication(self, page):
        before = self.uids(page)
        page.save_revision().publish()
        page.get_latest_revision_as_object().save_revision().publish()
        assert self.uids(GroupPage.objects.get(pk=page.pk)) == before
        assert all(before.values())

    def test_through_a_copy(self, page):
        copy = page.copy(update_attrs={"slug": "another"})
        assert self.uids(GroupPage.objects.get(pk=copy.pk)) == self.uids(page)
        assert copy.translation_key != page.translation_key

    def test_after_publishing_an_older_draft(self, page):
        older = page.save_revision()
        before = self.uids(page)
        page.sessions = [*page.sessions.all(), GroupSessionFactory.build(label="Second")]
        page.save_revision().publish()
        older.publish()
        assert self.uids(GroupPage.objects.get(pk=page.pk)) == before


class TestWhatIsDeletedElsewhere:
    """Only a draft refers to it, or the live page does: neither may stop the draft from opening."""

    def test_an_organisation_goes_from_page_and_drafts(self, shown):
        organisation = OrganisationFactory(name="Kettle Street")
        page = GroupPageFactory(organisation=organisation)
        page.save_revision()
        organisation.delete()

        assert shown(page).organisation == ""
        assert GroupPage.objects.get(pk=page.pk).get_latest_revision_as_object().organisation is None

    def test_a_venue_goes_and_the_session_stays(self, shown):
        page = GroupPageFactory()
        page.sessions.get().venue.delete()

        assert shown(page).sessions[0].place is None
        draft = GroupPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        assert draft.sessions.all()[0].venue_id is None

    def test_a_term_goes_from_page_and_drafts(self, shown):
        craft, art = ActivityFactory(slug="craft"), ActivityFactory(slug="art")
        page = GroupPageFactory(activities=[craft, art])
        page.save_revision()
        craft.delete()

        assert [topic.slug for topic in shown(page).activities] == ["art"]
        draft = GroupPage.objects.get(pk=page.pk).get_latest_revision_as_object()
        assert [term.slug for term in draft.activities.all()] == ["art"]


class TestRefusals:
    def test_the_youngest_is_not_above_the_oldest(self):
        with pytest.raises(ValidationError) as refused:
            GroupPage(title="A", slug="a", age_min=60, age_max=18).clean()
        assert "age_max" in refused.value.message_dict

    def test_the_database_says_so_too(self):
        page = GroupPageFactory()
        with pytest.raises(IntegrityError), transaction.atomic():
            GroupPage.objects.filter(pk=page.pk).update(age_min=60, age_max=18)

    @pytest.mark.parametrize(
        ("session", "field"),
        [
            ({"frequency": "weekly", "weekdays": []}, "weekdays"),
            ({"frequency": "monthly", "weekdays": ["mon", "tue"], "weeks_of_month": ["1"]}, "weekdays"),
            ({"frequency": "monthly", "weekdays": ["mon"]}, "weeks_of_month"),
            ({"frequency": "once", "weekdays": []}, "first_date"),
            ({"frequency": "weekly", "weekdays": ["mon"], "interval": 2}, "first_date"),
            ({"frequency": "weekly", "weekdays": ["mon"], "start": None, "end": time(12)}, "start"),
        ],
    )
    def test_a_session_that_cannot_be_read_says_what_to_do(self, session, field):
        assert list(session_problems(GroupSession(**session))) == [field]

    def test_a_whole_session_is_fine(self):
        assert session_problems(GroupSessionFactory.build()) == {}
