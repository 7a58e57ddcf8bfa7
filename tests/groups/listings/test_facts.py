"""What is true today lives beside the page: no draft moves it, and each change says who made it."""

from datetime import date, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from groups.listings.facts import cancel_date, close_between, move_date, undo
from groups.models import ClosureRecord, DateChangeRecord, FactHistory, GroupFacts
from tests.factories import GroupPageFactory, UserFactory, VenueFactory

pytestmark = pytest.mark.usefixtures("site_tree")

DAY = date(2026, 12, 1)


@pytest.fixture
def page():
    return GroupPageFactory()


@pytest.fixture
def facts(page):
    return GroupFacts.objects.for_group(page.translation_key)


def test_publishing_an_older_draft_moves_no_fact(page, facts, shown):
    older = page.save_revision()
    page.summary = "Newer."
    page.save_revision().publish()
    facts.confirm(by=None)
    facts.set_capacity("full", by=None, note="Ask again in May.")
    facts.close(by=None)
    before = shown(page)

    older.publish()

    after = shown(page)
    assert after.summary == "Tea, wool and talk."
    for name in (
        "confirmed_on",
        "confirmed_by",
        "capacity",
        "capacity_on",
        "capacity_note",
        "status",
        "closed_on",
    ):
        assert getattr(after, name) == getattr(before, name), name


def test_an_edit_does_not_confirm(page, shown):
    page.save_revision().publish()
    assert shown(page).confirmed_on is None


def test_facts_show_at_once_and_need_no_revision(page, facts, shown):
    revisions = page.revisions.count()
    facts.set_capacity("waiting_list", by=None)
    assert shown(page).capacity == "waiting_list"
    assert shown(page).capacity_on == timezone.localdate()
    assert page.revisions.count() == revisions


def test_each_change_says_who_and_what(page, facts):
    user = UserFactory()
    facts.set_capacity("full", by=user)
    entry = FactHistory.objects.get(fact="capacity")
    assert (entry.before, entry.after, entry.by) == ("unknown", "full", user)


def test_what_stays_the_same_is_no_history(facts):
    facts.change(by=None, status="open")
    assert not FactHistory.objects.exists()


def test_a_value_outside_its_choices_is_refused_and_not_kept(facts):
    with pytest.raises(ValidationError):
        facts.change(by=None, status="asleep")
    assert GroupFacts.objects.get(pk=facts.pk).status == "open"


class TestDates:
    def test_a_cancelled_date_shows_at_once(self, page, shown):
        session = page.sessions.get()
        cancel_date(page.translation_key, session.uid, DAY, by=None, reason="The hall is being painted.")
        (change,) = shown(page).sessions[0].changes
        assert (change.date, change.to_date, change.reason) == (DAY, None, "The hall is being painted.")

    def test_moving_a_date_twice_keeps_the_last(self, page, shown):
        session = page.sessions.get()
        venue = VenueFactory(name="The Library")
        cancel_date(page.translation_key, session.uid, DAY, by=None)
        later = DAY + timedelta(days=1)
        move_date(page.translation_key, session.uid, DAY, by=None, to_date=later, start=time(14), venue=venue)

        shown_session = shown(page).sessions[0]
        (change,) = shown_session.changes
        assert (change.to_date, change.start, change.place) == (later, time(14), str(venue.uid))
        assert [place.name for place in shown_session.other_places] == ["The Library"]

    def test_changes_follow_a_session_through_publication(self, page, shown):
        session = page.sessions.get()
        cancel_date(page.translation_key, session.uid, DAY, by=None)
        page.save_revision().publish()
        assert page.sessions.get().pk != session.pk or page.sessions.get().uid == session.uid
        assert len(shown(page).sessions[0].changes) == 1

    def test_a_closure_of_one_session_leaves_the_others(self, shown):
        from tests.factories import GroupSessionFactory

        page = GroupPageFactory(
            sessions=[GroupSessionFactory.build(label="A"), GroupSessionFactory.build(label="B")]
        )
        first = page.sessions.get(label="A")
        close_between(page.translation_key, DAY, DAY, by=None, session_uid=first.uid)
        closures = {session.label: len(session.closures) for session in shown(page).sessions}
        assert closures == {"A": 1, "B": 0}

    def test_a_closure_ends_after_it_starts(self, page):
        with pytest.raises(ValidationError):
            close_between(page.translation_key, DAY, DAY - timedelta(days=1), by=None)
        assert not ClosureRecord.objects.exists()

    def test_undo_takes_it_back(self, page, shown):
        record = cancel_date(page.translation_key, page.sessions.get().uid, DAY, by=None)
        undo(record, by=None)
        assert shown(page).sessions[0].changes == ()


def test_deleting_the_page_takes_its_facts_with_it(page, facts):
    cancel_date(page.translation_key, page.sessions.get().uid, DAY, by=None)
    close_between(page.translation_key, DAY, DAY, by=None)
    facts.set_capacity("full", by=None)
    page.delete()
    for model in (GroupFacts, FactHistory, DateChangeRecord, ClosureRecord):
        assert not model.objects.exists(), model
