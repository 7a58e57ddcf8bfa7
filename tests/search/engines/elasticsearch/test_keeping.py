"""Nothing is lost: notes in the transaction of the change, versions that no late write beats, and a death at any step."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from groups.listings.changes import renumber
from search.engines.elasticsearch import client as way
from search.engines.elasticsearch import keeping, mapping, rebuilding
from search.engines.elasticsearch.client import UnavailableError
from search.engines.elasticsearch.documents import Write, writes_for
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.engines.embedded.engine import EmbeddedEngine
from search.index import outbox
from search.index.models import IndexChange, IndexedListing
from search.index.writer import write_listings
from search.query import DirectoryQuery
from tests.factories import GroupPageFactory, GroupSessionFactory, VenueFactory
from tests.search.engines.conftest import Child
from tests.search.engines.elasticsearch.child import KILLS
from tests.search.listings import CHELMSFORD, OAKLANDS, at_miles, listing, session
from tests.search.server import made_true

pytestmark = [pytest.mark.elasticsearch, pytest.mark.usefixtures("fresh_process")]


@pytest.fixture
def engine(server, db):
    made_true()
    return ElasticsearchEngine(seconds=60)


def found(engine, text=""):
    return {card.listing.name for card in engine.search(DirectoryQuery(text=text)).cards}


def indexed(uid: UUID) -> dict:
    return way.client().get(index=way.alias(), id=str(uid)).body


@pytest.mark.usefixtures("site_tree")
class TestTheOutbox:
    def test_each_change_is_noted_and_sent(self, engine):
        page = GroupPageFactory(title="Zither Friends")
        assert {note.uid for note in IndexChange.objects.all()} == {page.translation_key}
        assert found(engine, "zither") == set()
        engine.settle()
        assert found(engine, "zither") == {"Zither Friends"}
        assert not IndexChange.objects.exists()
        page.title = "Marimba Friends"
        page.save_revision().publish()
        engine.settle()
        assert (found(engine, "zither"), found(engine, "marimba")) == (set(), {"Marimba Friends"})
        page.refresh_from_db()
        page.unpublish()
        engine.settle()
        assert found(engine) == set()
        page.save_revision().publish()
        engine.settle()
        page.delete()
        engine.settle()
        assert found(engine) == set()
        assert keeping.compare().wrong == []

    def test_venues_and_the_vocabulary_too(self, engine):
        venue = VenueFactory(name="Kettlewick Hall")
        GroupPageFactory(title="It", sessions=[GroupSessionFactory.build(venue=venue)])
        venue.name = "Quillmere Hall"
        venue.save()
        engine.settle()
        assert (found(engine, "kettlewick"), found(engine, "quillmere")) == (set(), {"It"})

    def test_nothing_is_noted_of_what_was_rolled_back(self, engine):
        with transaction.atomic():
            GroupPageFactory(title="Never was")
            assert IndexChange.objects.exists()
            transaction.set_rollback(True)
        assert not IndexChange.objects.exists()

    def test_what_went_meanwhile_is_not_shown_before_the_server_knows(self, engine):
        page = GroupPageFactory(title="Zither Friends")
        engine.settle()
        page.unpublish()
        assert found(engine, "zither") == set()

    def test_one_listing_that_is_refused_holds_up_no_other(self, engine, monkeypatch):
        bad, good = GroupPageFactory(title="Bad"), GroupPageFactory(title="Good")

        def with_a_field_too_many(uids):
            return [
                Write(
                    write.uid,
                    write.version,
                    {**write.document, "no_such_field": 1}
                    if write.uid == bad.translation_key
                    else write.document,
                )
                for write in writes_for(uids)
            ]

        with monkeypatch.context() as patch:
            patch.setattr(keeping, "writes_for", with_a_field_too_many)
            engine.settle()
        assert found(engine) == {"Good"}
        notes = IndexChange.objects.all()
        assert {(note.uid, note.attempts) for note in notes} == {(bad.translation_key, 1)}
        assert "strict_dynamic_mapping_exception" in notes[0].error
        assert outbox.backlog().refused == len(notes)
        assert keeping.drain() == 0  # not before its time
        IndexChange.objects.update(not_before=timezone.now() - timedelta(seconds=1))
        engine.settle()
        assert found(engine) == {"Good", "Bad"}
        assert good.translation_key != bad.translation_key

    def test_a_late_write_never_wins(self, engine):
        page = GroupPageFactory(title="Old name")
        (late,) = writes_for([page.translation_key])
        page.title = "New name"
        page.save_revision().publish()
        engine.settle()
        assert keeping.send([late], way.alias(), refresh=True) == {}
        assert indexed(page.translation_key)["_source"]["name"] == "new name"
        page.refresh_from_db()
        page.unpublish()
        engine.settle()
        assert keeping.send([late], way.alias(), refresh=True) == {}
        assert keeping.compare().wrong == []
        assert way.client().count(index=way.alias())["count"] == 0

    def test_the_embedded_site_notes_nothing(self, db, settings):
        settings.WAYMARK_SEARCH_ENGINE = "embedded"
        GroupPageFactory(title="It")
        assert not IndexChange.objects.exists()


@pytest.mark.usefixtures("site_tree")
class TestComparing:
    def test_it_says_what_is_wrong_and_mends_it(self, engine, capsys):
        pages = [GroupPageFactory(title=f"Zither {number}") for number in range(3)]
        engine.settle()
        uids = [page.translation_key for page in pages]
        stray = UUID(int=7)
        server = way.client()
        server.delete(index=way.alias(), id=str(uids[0]))
        document = indexed(uids[1])["_source"]
        server.index(index=way.alias(), id=str(stray), document={**document, "uid": str(stray)}, refresh=True)
        GroupPageFactory(title="On its way")
        said = keeping.compare()
        assert (said.missing, said.stray, said.stale) == ([uids[0]], [stray], [])
        with pytest.raises(CommandError, match="not right"):
            call_command("check_search_index")
        waiting = outbox.backlog().waiting
        assert f"{waiting} on their way" in capsys.readouterr().out
        call_command("check_search_index", mend=True)
        keeping.drain()
        assert keeping.compare().wrong == []

    def test_meetings_laid_out_long_ago_are_written_again(self, engine):
        page = GroupPageFactory(title="It")
        engine.settle()
        assert keeping.note_stale() == 0
        server = way.client()
        server.update(index=way.alias(), id=str(page.translation_key), doc={"laid_out": 1}, refresh=True)
        assert keeping.note_stale() == 1
        # The version stays, and the server's own count of it went up by the update.
        assert IndexChange.objects.get().uid == page.translation_key

    def test_an_index_with_vectors_serves_a_site_without_a_model(self, engine, monkeypatch):
        server = way.client()
        meta = {"_meta": {"waymark": mapping.fingerprint(True)}}
        server.indices.put_mapping(index=way.alias(), body=meta)
        assert mapping.is_current(server, way.alias())
        monkeypatch.setattr(mapping, "model", object)
        assert mapping.is_current(server, way.alias())
        server.indices.put_mapping(index=way.alias(), body={"_meta": {"waymark": mapping.fingerprint(False)}})
        assert not mapping.is_current(server, way.alias())

    def test_an_index_of_another_kind_is_noticed(self, engine, monkeypatch):
        monkeypatch.setattr(mapping, "fingerprint", lambda with_vectors: "another")
        with pytest.raises(UnavailableError, match="rebuild_search_index"):
            ElasticsearchEngine(seconds=60).search(DirectoryQuery())
        with pytest.raises(CommandError, match="rebuild_search_index"):
            call_command("check_search_index")

    def test_a_process_of_yesterday_never_reads_an_index_of_today(self, engine, monkeypatch):
        GroupPageFactory(title="Zither")
        engine.settle()
        assert found(engine) == {"Zither"}
        with monkeypatch.context() as deployed:
            deployed.setattr(mapping, "fingerprint", lambda with_vectors: "of_today")
            rebuilding.rebuild()
        for ask in (
            lambda: engine.search(DirectoryQuery()),
            lambda: engine.search(DirectoryQuery(text="zither")),
            lambda: engine.search(DirectoryQuery(text="marimba")),
            lambda: engine.count([DirectoryQuery(cost="free")]),
            lambda: engine.suggest("zith"),
        ):
            with pytest.raises(UnavailableError):
                ask()


class TestCards:
    """The index is a second behind; what the database says now is what is shown."""

    @pytest.fixture
    def find(self, engine):
        group = listing("Zither", sessions=[session(), session(place=at_miles(OAKLANDS, 2))])
        self.write(group)
        made_true()

        def find():
            return engine.search(DirectoryQuery(place=CHELMSFORD, radius=3.0)).cards

        return group, find

    def write(self, group):
        (version,) = renumber([group.uid]).values()
        write_listings([(group.uid, version, group)])

    def test_what_did_not_change_is_shown_as_it_was_judged(self, find):
        _group, find = find
        (card,) = find()
        (expected,) = EmbeddedEngine().search(DirectoryQuery(place=CHELMSFORD, radius=3.0)).cards
        assert card.miles == pytest.approx(expected.miles, abs=1e-9)
        assert card.score == pytest.approx(expected.score, abs=1e-6)
        assert replace(card, miles=0, score=0) == replace(expected, miles=0, score=0)

    def test_what_moved_is_measured_again(self, find):
        group, find = find
        (before,) = find()
        self.write(msgspec.structs.replace(group, sessions=[session(place=at_miles(OAKLANDS, 1))]))
        (card,) = find()
        assert card.miles == card.away != before.miles
        assert card.place == at_miles(OAKLANDS, 1)

    def test_what_moved_out_of_reach_is_left_out(self, find):
        group, find = find
        assert len(find()) == 1
        self.write(msgspec.structs.replace(group, sessions=[session(place=at_miles(OAKLANDS, 30))]))
        assert find() == []


@pytest.mark.usefixtures("site_tree")
class TestRebuilding:
    def test_searches_and_changes_go_on_meanwhile(self, engine, monkeypatch):
        for number in range(3):
            GroupPageFactory(title=f"Zither {number}")
        engine.settle()
        before = rebuilding.behind()
        catch_up = rebuilding.catch_up
        seen = []

        def with_a_visitor_and_a_volunteer(name, since):
            seen.append(found(engine, "zither"))
            if len(seen) == 1:
                GroupPageFactory(title="Zither new")
                keeping.drain()  # the worker tells the old index
            return catch_up(name, since)

        monkeypatch.setattr(rebuilding, "catch_up", with_a_visitor_and_a_volunteer)
        progress = []
        assert rebuilding.rebuild(lambda done, total: progress.append((done, total))) == 4
        assert progress == [(3, 3)]
        assert all({"Zither 0", "Zither 1", "Zither 2"} <= names for names in seen)
        assert rebuilding.behind() != before
        assert found(engine, "zither") == {"Zither 0", "Zither 1", "Zither 2", "Zither new"}
        assert keeping.compare().wrong == []

    def test_the_old_one_is_kept_for_a_way_back(self, engine, capsys):
        GroupPageFactory(title="Zither")
        engine.settle()
        (old,) = rebuilding.behind()
        rebuilding.rebuild()
        (new,) = rebuilding.behind()
        GroupPageFactory(title="Marimba")
        engine.settle()
        call_command("roll_back_search_index")
        assert rebuilding.behind() == [old]
        assert found(engine) == {"Zither", "Marimba"}
        assert new > old
        rebuilding.rebuild()
        rebuilding.rebuild()
        assert len(way.client().indices.get(index=f"{way.alias()}-*")) == 2

    def test_there_is_no_way_back_to_an_index_of_another_version(self, engine):
        GroupPageFactory(title="Zither")
        engine.settle()
        (old,) = rebuilding.behind()
        rebuilding.rebuild()
        new = rebuilding.behind()
        way.client().indices.put_mapping(index=old, meta={"waymark": "of yesterday"})
        with pytest.raises(UnavailableError, match="another version"):
            rebuilding.roll_back()
        assert rebuilding.behind() == new

    def test_one_that_does_not_come_right_is_not_swapped_in(self, engine, monkeypatch):
        GroupPageFactory(title="Zither")
        engine.settle()
        before = rebuilding.behind()
        monkeypatch.setattr(rebuilding, "writes_for", lambda uids: [])
        with pytest.raises(UnavailableError, match="the old one stays"):
            rebuilding.rebuild()
        assert rebuilding.behind() == before
        assert list(way.client().indices.get(index=f"{way.alias()}-*")) == before
        assert IndexedListing.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_killed_at_any_step(server_environment):
    """Between each two steps of a save, of the worker and of a rebuild: what is left converges, and nothing is lost."""
    it = Child(server_environment, "tests.search.engines.elasticsearch.child")
    try:
        assert it.ask("rebuild") == "3"
        steps = {
            "save": ("note",),
            "drain": ("read", "send", "settle"),
            "rebuild": ("create", "fill", "read for a new index", "send", "swap", "drop"),
        }
        assert {point for points in steps.values() for point in points} == set(KILLS)
        name, other = "Zither one", "Zither changed"
        for action, points in steps.items():
            for point in points:
                for when in ("before", "after"):
                    case = (action, point, when)
                    if action == "drain":
                        assert it.ask(f"rename\t{name}\t{other}") == "done"
                        name, other = other, name
                    outcome = it.ask(f"killed\t{action}\t{point}\t{when}")
                    assert outcome == "killed", case
                    assert it.ask("drain").endswith("sent"), case
                    assert it.ask("state") == "0 wrong, 0 waiting", case
                    assert (
                        it.ask("find\tzither") == f"{', '.join(sorted([name, 'Zither three', 'Zither two']))}"
                    ), case
    finally:
        it.end()
