"""The moderators' side: the queue, proposals, letters, history."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.utils import timezone

from groups.checking.deciding import seen
from groups.checking.history import history_of
from groups.checking.proposals import decide, waiting_proposals
from groups.checking.queue import changed_in, likely_duplicates, unseen, waiting
from groups.editing.differences import content_of, differences
from groups.editing.models import Proposal, SeenLater, Trust
from groups.editing.saving import draft_of, save
from groups.editing.today import say_today, today_form
from groups.editing.venues import correct_venue
from groups.listings.privacy import hide_places
from groups.mail.outbox import queue_mail
from groups.models import GroupFacts, GroupPage, QueuedMail, Venue
from groups.people.membership.models import Membership
from tests.factories import (
    MARKER,
    ContactFactory,
    GroupPageFactory,
    GroupSessionFactory,
    UserFactory,
    VenueFactory,
)
from tests.groups.admin.test_privacy import traces


def edit(group, by, **values):
    page = draft_of(GroupPage.objects.get(pk=group.pk))
    before = content_of(page)
    for name, value in values.items():
        setattr(page, name, value)
    mine = content_of(page)
    return save(group.pk, differences(before, mine), mine, by=by)


@pytest.fixture
def pat(db):
    return UserFactory(first_name="Pat")


@pytest.fixture
def moderator(db):
    user = UserFactory(first_name="Mo")
    user.groups.add(Group.objects.get_or_create(name="Moderators")[0])
    return user


@pytest.fixture
def group(site_tree):
    return GroupPageFactory(title="Riverside Knitters")


def test_the_oldest_stands_first_whatever_was_changed_last(group, pat):
    other = GroupPageFactory(title="Second")
    edit(group, pat, summary="One.")
    edit(other, pat, summary="Two.")
    edit(group, pat, summary="Three.")
    assert [one.name for one in waiting()] == ["Riverside Knitters", "Second"]
    assert waiting()[0].who == "Pat"


def test_a_page_that_is_no_groups_is_not_in_the_queue(group, pat):
    from groups.checking.workflow import ensure_workflow

    home = group.get_parent().get_parent().specific
    home.save_revision(user=pat)
    ensure_workflow().start(home, pat)
    assert waiting() == []


def test_only_what_changed_is_told_before_and_after(group, pat):
    edit(group, pat, summary="Wool and words.")
    page = GroupPage.objects.get(pk=group.pk)
    (told,) = changed_in(page, draft_of(page))
    assert (told.label, told.before, told.after) == (
        "In one sentence",
        "Tea, wool and talk.",
        "Wool and words.",
    )


def test_of_a_new_page_everything_it_says_is_told(site_tree):
    page = GroupPageFactory(draft=True, contacts=[ContactFactory.build()])
    told = {one.label: one.after for one in changed_in(page, draft_of(page))}
    assert told["When you meet"].startswith("Every Tuesday, 10am to 12 noon\nOaklands Hall")
    assert told["Contacts"] == "Phone: 01632 960123\nWho may see it: Everyone"
    assert "Cost" not in told
    assert set(told) == {"Name of the group", "In one sentence", "When you meet", "Contacts"}


def test_a_likely_duplicate_is_shown_and_the_group_itself_is_not(group):
    twin = GroupPageFactory(
        title="The Riverside Knitters", sessions=[GroupSessionFactory.build(venue=VenueFactory())]
    )
    assert [like.known.name for like in likely_duplicates(twin)] == ["Riverside Knitters"]


def test_moderators_and_the_group_hear_by_e_mail_and_wagtail_stays_silent(group, pat, moderator, mailoutbox):
    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    edit(group, pat, summary="Wool and words.")
    assert QueuedMail.objects.get(template="checking_draft_waits").to == moderator.email
    assert "/checking/" in QueuedMail.objects.get(template="checking_draft_waits").text
    assert mailoutbox == []


def test_wagtail_writes_its_own_letters_about_every_other_page(group, pat, moderator, mailoutbox):
    from groups.checking.workflow import ensure_workflow

    home = group.get_parent().get_parent().specific
    home.save_revision(user=pat)
    ensure_workflow().start(home, pat)
    assert [moderator.email] in [mail.to for mail in mailoutbox]


def test_one_mail_a_moderator_a_draft_not_one_a_save(group, pat, moderator):
    edit(group, pat, summary="One.")
    edit(group, pat, summary="Two.")
    assert QueuedMail.objects.filter(template="checking_draft_waits").count() == 1


def test_what_went_live_is_seen_once(group, pat, moderator):
    Trust.say(group.uid, True, by=None)
    edit(group, pat, cost_note="Free tea")
    (row,) = unseen()
    assert seen([row.pk], by=moderator) == 1
    assert seen([row.pk], by=moderator) == 0
    assert not unseen()


# --- proposals ------------------------------------------------------------------------------------


def ask(group, by, name, **data):
    form = today_form(name, group, {f"{name}-{key}": value for key, value in data.items()}, by=by)
    assert form.is_valid(), form.errors
    return say_today(form)


def test_a_fact_of_a_group_not_trusted_is_taken_over_in_its_authors_name(group, pat, moderator):
    assert ask(group, pat, "space", capacity="full") is False
    (proposal,) = waiting_proposals()
    assert "Full" in proposal.told[0]["after"]
    decide(proposal.pk, take=True, by=moderator)
    assert GroupFacts.objects.get(group_uid=group.uid).capacity == "full"
    with pytest.raises(ValidationError, match="meanwhile"):
        decide(proposal.pk, take=True, by=moderator)


def test_a_proposal_that_is_left_changes_nothing(group, pat, moderator):
    ask(group, pat, "space", capacity="full")
    decide(waiting_proposals().get().pk, take=False, by=moderator)
    assert not waiting_proposals()
    assert not GroupFacts.objects.filter(capacity="full").exists()


def test_a_proposal_that_no_longer_fits_says_so(group, pat, moderator):
    proposal = Proposal.objects.create(
        group_uid=group.uid,
        kind="today",
        values={"form": "cancel", "data": {"cancel-which": "gone 2020-01-01"}},
        by=pat,
    )
    with pytest.raises(ValidationError, match="no longer fits"):
        decide(proposal.pk, take=True, by=moderator)
    assert waiting_proposals().exists()


def test_a_shared_place_is_corrected_by_staffs_word(group, pat, moderator):
    venue = group.sessions.get().venue
    GroupPageFactory(sessions=[GroupSessionFactory.build(venue=venue)])
    values = {
        "name": "New Hall",
        "address": "",
        "town": "Chelmsford",
        "postcode": "CM1 1QH",
        "getting_here": "",
    }
    assert correct_venue(venue, values, page=group, by=pat) is False
    assert Venue.objects.get(pk=venue.pk).name != "New Hall"
    decide(waiting_proposals().get().pk, take=True, by=moderator)
    assert Venue.objects.get(pk=venue.pk).name == "New Hall"


# --- history --------------------------------------------------------------------------------------


def test_the_history_names_who_did_what(group, pat, moderator):
    from groups.checking.deciding import Decide
    from groups.checking.queue import waiting_states

    edit(group, pat, summary="Wool and words.")
    state = waiting_states().get()
    Decide(state, state.revision_id, moderator).ask_for_a_change("Say more.")
    GroupFacts.objects.for_group(group.uid).set_capacity("full", by=pat)
    told = [(entry.who, entry.what, entry.details) for entry in history_of(group)]
    assert ("Pat", "Changed", "In one sentence") in told
    assert ("Mo", "Asked for a change", "Say more.") in told
    assert ("Pat", "Has it space?", "Full") in told


def test_a_safe_change_beside_a_draft_is_told_once(group, pat):
    Trust.say(group.uid, True, by=None)
    edit(group, pat, summary="Wool and words.")
    edit(group, pat, cost_note="Free tea")
    told = [(entry.what, entry.details) for entry in history_of(group)]
    assert told == [("Changed", "More about cost"), ("Changed", "In one sentence"), ("Made the page", "")]


def test_a_page_just_published_has_one_entry_and_the_latest_stand_first(group, pat):
    assert [entry.what for entry in history_of(group)] == ["Made the page"]
    edit(group, pat, summary="Wool and words.")
    times = [entry.at for entry in history_of(group)]
    assert times == sorted(times, reverse=True)
    assert times[0] > timezone.now() - timedelta(minutes=5)


# --- what is kept beside the page -----------------------------------------------------------------


def test_hiding_a_place_takes_it_from_what_moderators_see_and_from_letters(site_tree, pat):
    group = GroupPageFactory(area_only=True)
    told = [{"part": "sessions", "label": "When", "before": "", "after": f"Tuesdays, {MARKER}"}]
    SeenLater.objects.create(group_uid=group.uid, told=told, by=pat)
    values = {"data": {"reason": MARKER}}
    Proposal.objects.create(group_uid=group.uid, kind="today", told=told, values=values, by=pat)
    context = {"reason": f"Not {MARKER}.", "group": "G", "uid": group.uid, "is_live": True}
    queue_mail("checking_change_asked", to="pat@waymark.example", context=context)
    hide_places(group, by=UserFactory(superuser=True))
    assert traces() == {}


def test_what_is_kept_beside_a_page_goes_with_it(group, pat):
    Trust.say(group.uid, True, by=None)
    edit(group, pat, cost_note="Free tea")
    GroupPage.objects.get(pk=group.pk).delete()
    assert not Trust.objects.exists()
    assert not SeenLater.objects.exists()
