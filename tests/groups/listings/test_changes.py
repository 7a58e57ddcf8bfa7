"""The one door: whatever changes what the public finds passes it, once, in the transaction of the write."""

import contextlib

import pytest
from django.db import transaction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page, PageViewRestriction, Site

from groups.listings import changes
from groups.models import ChangeCounter, GroupFacts, GroupPage, ListingVersion, Venue, VenueAccess
from tests.factories import (
    ActivityFactory,
    CircumstanceFactory,
    GroupIndexPageFactory,
    GroupPageFactory,
    GroupSessionFactory,
    LanguageFactory,
    NeedFactory,
    OrganisationFactory,
    TermDatesFactory,
    UserFactory,
    VenueFactory,
)

pytestmark = pytest.mark.usefixtures("site_tree")


def version(page):
    return ListingVersion.objects.get(uid=page.translation_key).version


class TestThePage:
    def test_publishing_passes_once_and_after_the_rows(self, monkeypatch, shown):
        page = GroupPageFactory()
        seen = []
        monkeypatch.setattr(changes, "_writers", [lambda versions: seen.append(shown(page))])
        page.title = "New name"
        page.sessions = [GroupSessionFactory.build(label="Late", venue=VenueFactory())]
        page.save_revision().publish()

        assert [listing.name for listing in seen][-1] == "New name"
        assert [session.label for session in seen[-1].sessions] == ["Late"]
        assert len([listing for listing in seen if listing.name == "New name"]) == 1

    @pytest.mark.parametrize(
        "change",
        [
            lambda page: page.unpublish(),
            lambda page: page.delete(),
            lambda page: GroupPage.objects.filter(pk=page.pk).delete(),
            lambda page: Page.objects.get(pk=page.pk).delete(),
            lambda page: page.get_parent().delete(),
            lambda page: UnpublishPageAction(
                page.get_parent().specific, user=UserFactory(superuser=True), include_descendants=True
            ).execute(),
            lambda page: page.move(GroupIndexPageFactory(), pos="last-child"),
            lambda page: PageViewRestriction.objects.create(page=page, restriction_type="login"),
            lambda page: PageViewRestriction.objects.create(page=page.get_parent(), restriction_type="login"),
        ],
        ids=[
            "unpublish",
            "delete",
            "queryset delete",
            "delete as a plain page",
            "delete the parent",
            "unpublish the parent",
            "move",
            "restrict",
            "restrict the parent",
        ],
    )
    def test_its_place_in_the_tree_and_its_end(self, door, change):
        page = GroupPageFactory()
        door.clear()
        change(page)
        assert page.translation_key in door.uids

    def test_a_new_slug_of_the_parent_is_a_new_address(self, door, shown):
        page = GroupPageFactory()
        parent = page.get_parent().specific
        door.clear()
        parent.slug = "everyone"
        parent.save_revision().publish()
        assert page.translation_key in door.uids
        assert shown(page).path.startswith("/everyone/")

    def test_another_root_of_the_site_is_a_new_address(self, monkeypatch, shown):
        page = GroupPageFactory()
        seen = []
        monkeypatch.setattr(changes, "_writers", [lambda versions: seen.append(shown(page).path)])
        site = Site.objects.get(is_default_site=True)
        site.root_page = page.get_parent()
        site.save()
        assert seen == [f"/{page.slug}/"]

    def test_a_draft_shows_nothing_new(self, monkeypatch, shown):
        page = GroupPageFactory(title="Old name")
        seen = []
        monkeypatch.setattr(changes, "_writers", [lambda versions: seen.append(shown(page).name)])
        page.title = "New name"
        page.save_revision()
        assert seen == []  # and costs the index nothing
        page.draft_title = page.title = "Newer name"
        page.save(update_fields=["title", "draft_title"])
        assert seen == ["Newer name"]


class TestWhatGroupsShare:
    """One change to a shared thing passes each group that uses it, and no group gets a revision."""

    @pytest.mark.parametrize("verb", ["save", "delete", "delete in bulk"])
    @pytest.mark.parametrize(
        "kind", ["organisation", "venue", "activities", "suggested_needs", "circumstances", "languages"]
    )
    def test_saving_and_deleting_it_passes_them_all(self, door, kind, verb):
        shared, groups = self.used_by_two(kind)
        GroupPageFactory()
        revisions = [page.revisions.count() for page in groups]
        door.clear()
        if verb == "save":
            shared.save()
        elif verb == "delete":
            shared.delete()
        else:
            type(shared).objects.filter(pk=shared.pk).delete()
        assert set(door.uids) == {page.translation_key for page in groups}
        assert [page.revisions.count() for page in groups] == revisions

    @staticmethod
    def used_by_two(kind):
        if kind == "organisation":
            shared = OrganisationFactory()
            return shared, [GroupPageFactory(organisation=shared) for _ in range(2)]
        if kind == "venue":
            shared = VenueFactory()
            return shared, [
                GroupPageFactory(sessions=[GroupSessionFactory.build(venue=shared)]) for _ in range(2)
            ]
        factories = {
            "activities": ActivityFactory,
            "suggested_needs": NeedFactory,
            "circumstances": CircumstanceFactory,
            "languages": LanguageFactory,
        }
        shared = factories[kind]()
        return shared, [GroupPageFactory(**{kind: [shared]}) for _ in range(2)]

    def test_an_edited_venue_changes_the_listing(self, shown):
        page = GroupPageFactory()
        venue = page.sessions.get().venue
        venue.name = "The New Hall"
        venue.save()
        assert shown(page).sessions[0].place.name == "The New Hall"

    def test_an_access_answer_edited_with_its_venue_passes_after_it_is_written(self, monkeypatch, shown):
        page = GroupPageFactory()
        venue = Venue.objects.get(pk=page.sessions.get().venue_id)
        seen = []
        monkeypatch.setattr(changes, "_writers", [lambda versions: seen.append(shown(page))])
        venue.access_answers = [VenueAccess(feature="lift", answer="yes")]
        venue.save()
        assert [answer.feature for answer in seen[-1].access] == ["lift"]

    def test_new_terms_pass_the_groups_that_keep_them(self, door):
        page = GroupPageFactory(sessions=[GroupSessionFactory.build(term_time_only=True)])
        GroupPageFactory()
        door.clear()
        TermDatesFactory(first_day="2026-09-01", last_day="2026-10-20")
        assert door.uids == [page.translation_key]


class TestTheNumbers:
    def test_each_change_gets_the_next_number(self):
        one, two = GroupPageFactory(), GroupPageFactory()
        changes.listing_changed(one.translation_key)
        first = version(one)
        changes.listing_changed(two.translation_key)
        assert version(two) == first + 1
        assert ChangeCounter.objects.get(name=ChangeCounter.LISTINGS).value == first + 1

    def test_together_numbers_each_listing_once(self, door):
        one, two = GroupPageFactory(), GroupPageFactory()
        before = ChangeCounter.objects.get(name=ChangeCounter.LISTINGS).value
        door.clear()
        with changes.together():
            for page in (one, two, one):
                changes.listing_changed(page.translation_key)
            with changes.together():
                changes.listing_changed(two.translation_key)
            assert door.calls == []
        assert door.calls == [{one.translation_key: before + 1, two.translation_key: before + 2}]

    def test_a_rollback_leaves_the_version_and_the_index(self, door):
        page = GroupPageFactory()
        facts = GroupFacts.objects.for_group(page.translation_key)
        before = version(page)
        with transaction.atomic():
            facts.set_capacity("full", by=None)
            assert version(page) > before
            transaction.set_rollback(True)
        assert version(page) == before
        facts.refresh_from_db()
        assert facts.capacity == "unknown"

    def test_a_writer_that_fails_takes_the_write_back(self, monkeypatch):
        page = GroupPageFactory()
        page.title = "New name"
        revision = page.save_revision()

        def fails(versions):
            raise RuntimeError

        monkeypatch.setattr(changes, "_writers", [fails])
        with pytest.raises(RuntimeError):
            revision.publish()
        assert GroupPage.objects.get(pk=page.pk).title != "New name"

    def test_together_forgets_what_an_error_left(self, door):
        page = GroupPageFactory()
        door.clear()
        with contextlib.suppress(RuntimeError), changes.together():
            changes.listing_changed(page.translation_key)
            raise RuntimeError
        assert door.calls == []
        changes.listing_changed(page.translation_key)
        assert door.uids == [page.translation_key]


class TestTheVocabulary:
    def test_watchers_hear_which_phrases_came_and_went(self, monkeypatch):
        term = ActivityFactory(phrases="painting\nsketching")
        heard = []
        monkeypatch.setattr(changes, "_watchers", [heard.append])
        term.phrases = "painting\nwatercolour"
        term.save()
        term.delete()
        assert heard == [{"sketching", "watercolour"}, {"painting", "watercolour"}]

    def test_each_change_raises_the_counter(self):
        def counted():
            return ChangeCounter.objects.get(name=ChangeCounter.VOCABULARY).value

        term = ActivityFactory()
        before = counted()
        term.save()
        assert counted() > before
