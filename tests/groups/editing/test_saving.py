"""Saving: what goes live, what waits, and that neither undoes the other."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from wagtail.models import TaskState, WorkflowState

from groups.checking.deciding import Decide
from groups.checking.queue import waiting_states
from groups.editing import saving
from groups.editing.differences import content_of, differences
from groups.editing.models import CheckingSettings, SeenLater, Trust
from groups.editing.saving import SomebodyElseSaved, draft_of, is_unsent, save, send, throw_away
from groups.models import GroupPage, QueuedMail
from tests.factories import ContactFactory, GroupPageFactory, GroupSessionFactory


def set_to(**values):
    def change(page):
        for name, value in values.items():
            setattr(page, name, value)

    return change


def live(group):
    return GroupPage.objects.get(pk=group.pk)


def approve(group, by):
    state = waiting_states().get()
    Decide(state, state.revision_id, by).approve()


def test_a_safe_change_of_a_trusted_group_is_live_at_once_and_shown_afterwards(trusted, edit, pat):
    saved = edit(trusted, pat, set_to(cost_note="First cup free"))
    assert (saved.live, saved.waits) == (True, False)
    assert live(trusted).cost_note == "First cup free"
    assert not live(trusted).has_unpublished_changes
    seen = SeenLater.objects.get(group_uid=trusted.uid)
    assert [(told["label"], told["after"]) for told in seen.told] == [("More about cost", "First cup free")]
    assert seen.by == pat


def test_a_risky_change_waits_and_the_live_page_stays(trusted, edit, pat):
    saved = edit(trusted, pat, set_to(summary="Wool and words."))
    assert (saved.live, saved.waits) == (False, True)
    assert live(trusted).summary == "Tea, wool and talk."
    assert live(trusted).live
    assert waiting_states().get().revision_id == live(trusted).latest_revision_id


def test_nothing_of_a_group_that_is_not_trusted_goes_live_by_itself(group, edit, pat):
    assert edit(group, pat, set_to(cost_note="Free tea")).waits
    assert live(group).cost_note == ""


def test_a_safe_and_a_risky_change_in_one_save_part(trusted, edit, pat):
    saved = edit(trusted, pat, set_to(cost_note="Free tea", title="Riverside Crochet"))
    assert (saved.live, saved.waits) == (True, True)
    assert (live(trusted).cost_note, live(trusted).title) == ("Free tea", "Riverside Knitters")
    draft = draft_of(live(trusted))
    assert (draft.cost_note, draft.title) == ("Free tea", "Riverside Crochet")


def test_a_safe_change_while_a_draft_waits_is_kept_when_the_draft_is_approved(
    trusted, edit, pat, sam, moderator
):
    edit(trusted, pat, set_to(summary="Wool and words."))
    assert edit(trusted, sam, set_to(cost_note="Free tea")).live
    assert waiting_states().get().revision_id == live(trusted).latest_revision_id
    approve(trusted, moderator)
    page = live(trusted)
    assert (page.summary, page.cost_note) == ("Wool and words.", "Free tea")
    assert not page.has_unpublished_changes


def test_a_safe_change_after_the_approval_keeps_what_was_approved(trusted, edit, pat, moderator):
    edit(trusted, pat, set_to(summary="Wool and words."))
    approve(trusted, moderator)
    edit(trusted, pat, set_to(cost_note="Free tea"))
    page = live(trusted)
    assert (page.summary, page.cost_note) == ("Wool and words.", "Free tea")
    assert not page.has_unpublished_changes


def test_a_session_added_while_a_draft_waits_is_live_once_and_stays_once(trusted, edit, pat, sam, moderator):
    edit(trusted, pat, set_to(summary="Wool and words."))
    edit(trusted, sam, lambda page: page.sessions.add(GroupSessionFactory.build(weekdays=["fri"])))
    assert live(trusted).sessions.count() == 2
    approve(trusted, moderator)
    assert sorted(tuple(row.weekdays) for row in live(trusted).sessions.all()) == [("fri",), ("tue",)]


def test_a_session_changed_before_its_group_was_trusted_goes_live_whole(group, edit, pat):
    edit(
        group, pat, lambda page: page.sessions.add(GroupSessionFactory.build(weekdays=["fri"], label="Late"))
    )
    Trust.say(group.uid, True, by=None)

    def rename(page):
        row = next(row for row in page.sessions.all() if row.label == "Late")
        row.label = "Later"

    edit(group, pat, rename)
    assert sorted(row.label for row in live(group).sessions.all()) == ["", "Later"]


def test_two_people_changing_different_fields_lose_nothing(group, edit, pat, sam):
    opened_by_both = live(group)
    edit(group, pat, set_to(summary="Pat's words."), draft_of(opened_by_both))
    edit(group, sam, set_to(description="Sam's words."), draft_of(opened_by_both))
    draft = draft_of(live(group))
    assert (draft.summary, draft.description) == ("Pat's words.", "Sam's words.")


def test_two_people_changing_one_field_are_told_both_and_nothing_is_saved(group, edit, pat, sam):
    opened_by_both = live(group)
    edit(group, pat, set_to(summary="Pat's words."), draft_of(opened_by_both))
    latest = live(group).latest_revision_id
    with pytest.raises(SomebodyElseSaved) as refused:
        edit(group, sam, set_to(summary="Sam's words.", description="More."), draft_of(opened_by_both))
    (clash,) = refused.value.clashes
    assert (clash.change.part, clash.theirs, clash.change.after) == (
        "summary",
        "Pat's words.",
        "Sam's words.",
    )
    assert refused.value.merged["description"] == "More."
    assert refused.value.latest == live(group).latest_revision_id == latest


def test_the_same_change_twice_is_saved_once(group, edit, pat):
    opened = live(group)
    edit(group, pat, set_to(summary="Twice pressed."), draft_of(opened))
    revisions = group.revisions.count()
    edit(group, pat, set_to(summary="Twice pressed."), draft_of(opened))
    assert group.revisions.count() == revisions


def test_a_new_link_in_safe_words_waits(trusted, edit, pat):
    assert edit(trusted, pat, set_to(getting_there="See www.cheap-pills.example")).waits
    assert live(trusted).getting_there == ""


def test_which_part_is_safe_is_staffs_setting(trusted, edit, pat):
    site = trusted.get_site()
    CheckingSettings.objects.update_or_create(site=site, defaults={"safe_parts": ("summary",)})
    assert edit(trusted, pat, set_to(summary="Wool and words.", cost_note="Free tea")).live
    assert (live(trusted).summary, live(trusted).cost_note) == ("Wool and words.", "")


def test_a_new_page_waits_until_it_is_sent_and_earns_trust_by_its_approval(site_tree, edit, pat, moderator):
    group = GroupPageFactory(draft=True)
    assert edit(group, pat, set_to(summary="Wool and words.")).unsent
    with pytest.raises(ValidationError, match="reach you"):
        send(group.pk, by=pat)
    edit(group, pat, lambda page: page.contacts.add(ContactFactory.build()))
    send(group.pk, by=pat)
    send(group.pk, by=pat)
    assert not live(group).live
    assert not Trust.holds_for(group.uid)
    approve(group, moderator)
    assert live(group).live
    assert Trust.holds_for(group.uid)


def test_what_staff_said_about_trust_stays_when_a_draft_is_approved(group, edit, pat, moderator):
    Trust.say(group.uid, False, by=moderator)
    edit(group, pat, set_to(summary="Wool and words."))
    approve(group, moderator)
    assert not Trust.holds_for(group.uid)


def test_a_draft_that_came_back_waits_until_it_is_sent_again(group, edit, pat, moderator):
    edit(group, pat, set_to(summary="Wool!!!"))
    state = waiting_states().get()
    Decide(state, state.revision_id, moderator).ask_for_a_change("Fewer marks, please.")
    assert is_unsent(live(group))
    assert edit(group, pat, set_to(summary="Wool.")).unsent
    assert not waiting_states().exists()
    edit(group, pat, lambda page: page.contacts.add(ContactFactory.build()))
    send(group.pk, by=pat)
    approve(group, moderator)
    assert live(group).summary == "Wool."
    assert {mail.template for mail in QueuedMail.objects.all()} >= {
        "checking_change_asked",
        "checking_approved",
    }
    assert "Fewer marks, please." in QueuedMail.objects.get(template="checking_change_asked").text


def test_a_moderator_never_approves_what_they_did_not_see(group, edit, pat, moderator):
    edit(group, pat, set_to(summary="Wool."))
    state = waiting_states().get()
    looked_at = state.revision_id
    edit(group, pat, set_to(summary="Pills."))
    with pytest.raises(ValidationError, match="Look again"):
        Decide(state, looked_at, moderator).approve()
    assert live(group).summary == "Tea, wool and talk."


def test_two_moderators_decide_once(group, edit, pat, moderator):
    edit(group, pat, set_to(summary="Wool."))
    state = waiting_states().get()
    Decide(state, state.revision_id, moderator).approve()
    with pytest.raises(ValidationError, match="meanwhile"):
        Decide(TaskState.objects.get(pk=state.pk), state.revision_id, moderator).ask_for_a_change("No.")


def test_throwing_a_change_away_goes_back_to_the_live_page(group, edit, pat):
    edit(group, pat, set_to(summary="Wool."))
    throw_away(group.pk, by=pat)
    assert draft_of(live(group)).summary == "Tea, wool and talk."
    assert not live(group).has_unpublished_changes
    assert not WorkflowState.objects.active().exists()


def test_a_page_that_staff_locked_says_so(group, edit, pat):
    GroupPage.objects.filter(pk=group.pk).update(locked=True)
    with pytest.raises(ValidationError, match="locked"):
        edit(group, pat, set_to(summary="Wool."))


def test_a_save_that_fails_leaves_nothing_half_done(trusted, edit, pat, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(saving, "tell", fail)
    with pytest.raises(RuntimeError):
        edit(trusted, pat, set_to(cost_note="Free tea", summary="Wool."))
    assert live(trusted).cost_note == ""
    assert trusted.revisions.count() == 1


def test_changes_that_make_no_sense_together_are_refused(trusted, edit, pat, sam):
    opened = live(trusted)
    edit(trusted, pat, set_to(age_min=50), draft_of(opened))
    with pytest.raises(ValidationError):
        edit(trusted, sam, set_to(age_max=30), draft_of(opened))


def test_saving_nothing_writes_nothing(group, pat):
    assert not save(group.pk, [], {}, by=pat).live
    assert group.revisions.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_save_is_one_transaction(trusted, pat):
    page = draft_of(live(trusted))
    before = content_of(page)
    page.cost_note, page.summary = "Free tea", "Wool."
    mine = content_of(page)
    with CaptureQueriesContext(connection) as queries:
        save(trusted.pk, differences(before, mine), mine, by=pat)
    said = [query["sql"].split()[0].upper() for query in queries]
    assert (said.count("BEGIN"), said.count("COMMIT")) == (1, 1)
    assert not {"INSERT", "UPDATE", "DELETE"} & {*said[: said.index("BEGIN")], *said[said.index("COMMIT") :]}
