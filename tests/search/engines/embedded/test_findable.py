"""Findable at commit, gone at rollback and at unpublishing; few queries, whatever is shown."""

import pytest
from django.db import transaction

from groups.listings.changes import ListingVersion, listing_changed
from search import engines
from search.index import words
from search.index.models import IndexedListing
from search.index.writer import check, rebuild, write_listings
from search.query import DirectoryQuery
from tests.factories import GroupPageFactory, GroupSessionFactory, VenueFactory
from tests.search.contract.conftest import EmbeddedHarness
from tests.search.listings import CHELMSFORD, listing

pytestmark = pytest.mark.usefixtures("fresh_process")


@pytest.fixture
def engine(db, settings):
    settings.WAYMARK_MEANING_MODEL = "none"
    return engines.get("embedded")


def found(engine, text=""):
    return {card.listing.name for card in engine.search(DirectoryQuery(text=text)).cards}


@pytest.mark.usefixtures("site_tree")
class TestAtCommit:
    def test_published_then_edited_then_unpublished(self, engine):
        page = GroupPageFactory(title="Zither Friends")
        assert found(engine, "zither") == {"Zither Friends"}
        page.title = "Marimba Friends"
        page.save_revision()
        assert found(engine, "zither") == {"Zither Friends"}
        page.latest_revision.publish()
        assert found(engine, "marimba") == {"Marimba Friends"}
        assert found(engine, "zither") == set()
        page.refresh_from_db()
        page.unpublish()
        assert found(engine) == set()
        page.save_revision().publish()
        assert found(engine) == {"Marimba Friends"}
        page.delete()
        assert found(engine) == set()

    def test_nothing_is_left_of_what_was_rolled_back(self, engine):
        GroupPageFactory(title="There before")
        before = found(engine)
        with transaction.atomic():
            GroupPageFactory(title="Never was")
            assert "Never was" in found(engine)
            transaction.set_rollback(True)
        assert found(engine) == before == {"There before"}
        assert found(engine, "never was") == set()
        assert check().wrong == []

    def test_today_s_facts_and_shared_things(self, engine):
        venue = VenueFactory(name="Kettlewick Hall")
        GroupPageFactory(title="It", sessions=[GroupSessionFactory.build(venue=venue)])
        assert found(engine, "kettlewick") == {"It"}
        venue.name = "Quillmere Hall"
        venue.save()
        assert found(engine, "kettlewick") == set()
        assert found(engine, "quillmere") == {"It"}


@pytest.mark.usefixtures("site_tree")
class TestTheCheck:
    def test_it_says_what_is_wrong_and_mends_it(self, engine):
        pages = [GroupPageFactory(title=f"Zither {number}") for number in range(5)]
        assert check().wrong == []
        rows = [IndexedListing.objects.get(uid=page.translation_key) for page in pages]
        words.remove([rows[0].pk])
        IndexedListing.objects.filter(pk=rows[1].pk).delete()
        words.remove([rows[1].pk])
        IndexedListing.objects.filter(pk=rows[2].pk).update(document=rows[3].document)
        stray = listing("Stray", number=1)
        EmbeddedHarness().put([stray])
        said = check()
        assert said.missing == [pages[1].translation_key]
        assert said.stray == [stray.uid]
        assert set(said.stale) == {pages[0].translation_key, pages[2].translation_key}
        check(mend=True)
        assert check().wrong == []
        engine.forget()
        assert found(engine, "zither") == {page.title for page in pages}

    def test_a_rebuild_keeps_everything_findable(self, engine):
        GroupPageFactory(title="Zither Friends")
        seen = []
        rebuild(lambda done, total: seen.append((done, total, found(engine, "zither"))))
        assert seen == [(1, 1, {"Zither Friends"})]
        assert check().wrong == []

    def test_a_version_never_goes_back(self, engine):
        page = GroupPageFactory(title="New name")
        uid, version = page.translation_key, ListingVersion.objects.get(uid=page.translation_key).version
        write_listings([(uid, version - 1, listing("Old name"))])
        write_listings([(uid, version, None)])
        assert found(engine) == {"New name"}
        assert IndexedListing.objects.get(uid=uid).version == version


class TestQueries:
    @pytest.mark.parametrize(
        "text", ["", "zither", "free zither near chelmsford", "zithre", "zither friends 7"]
    )
    def test_few_and_none_per_card(self, engine, gazetteer, django_assert_max_num_queries, text):
        EmbeddedHarness().put([listing("Zither", cost_kind="free")])
        query = DirectoryQuery(text=text, place=CHELMSFORD)
        engine.search(query)
        with django_assert_max_num_queries(12) as one:
            assert len(engine.search(query).cards) <= 1
        EmbeddedHarness().put([listing(f"Zither friends {n}", cost_kind="free") for n in range(40)])
        engine.search(query)
        with django_assert_max_num_queries(12) as many:
            results = engine.search(query)
        assert results.total >= 1
        assert len(many) <= len(one) + 1

    @pytest.mark.usefixtures("site_tree")
    def test_few_for_the_index_when_a_group_is_saved(self, django_assert_max_num_queries):
        page = GroupPageFactory(full=True)
        with django_assert_max_num_queries(30):
            listing_changed(page.translation_key)

    def test_after_an_edit_too(self, engine, django_assert_max_num_queries):
        EmbeddedHarness().put([listing("Zither")])
        engine.search(DirectoryQuery(text="zither"))
        EmbeddedHarness().put([listing(f"Zither {n}") for n in range(30)])
        with django_assert_max_num_queries(12):
            assert engine.search(DirectoryQuery(text="zither")).total == 31
