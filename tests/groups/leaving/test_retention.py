"""What is too old goes, what is not stays, one rule after the other; running the command twice does it once."""

import os
import time
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from dateutil.relativedelta import relativedelta
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.utils import timezone
from PIL import Image as Picture
from wagtail.admin.models import FormState
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry, PageLogEntry, Revision, WorkflowState

from groups.admin.roles import ensure_roles
from groups.editing.differences import content_of, differences
from groups.editing.models import Proposal, SeenLater, Trust
from groups.editing.photos import keep_photo
from groups.editing.saving import draft_of, save
from groups.leaving.people import former_member
from groups.leaving.retention import RULES
from groups.listings.facts import cancel_date, close_between
from groups.mail.models import State
from groups.mail.rendering import link
from groups.models import (
    Claim,
    ClosureRecord,
    Contact,
    DateChangeRecord,
    FactHistory,
    GroupFacts,
    GroupPage,
    Invitation,
    Membership,
    MembershipHistory,
    QueuedMail,
    SignInRequest,
    User,
)
from groups.people.membership import verbs
from groups.people.membership.models import Scope
from groups.people.signing_in.verbs import ask
from search.index.models import IndexedListing
from tests.factories import ContactFactory, GroupPageFactory, UserFactory
from tests.whole_database import traces

pytestmark = [
    pytest.mark.usefixtures("site_tree"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]


@pytest.fixture(autouse=True)
def a_folder_of_its_own(settings, tmp_path):
    """Pictures that other tests left behind are not this one's to find."""
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def group():
    return GroupPageFactory(
        title="Riverside Knitters", contacts=[ContactFactory.build(value="01245 496 000")]
    )


@pytest.fixture
def pat(group):
    pat = UserFactory(first_name="Pat")
    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    return pat


def months_after(start, months):
    """The first day from which so many months back is `start`: of 31 August it is 1 March, not 28 February."""
    then = start + relativedelta(months=months)
    while then - relativedelta(months=months) < start:
        then += timedelta(days=1)
    return then


def after(*, months=0, days=0):
    """A moment so long after now, and a little more."""
    return months_after(timezone.now(), months) + timedelta(days=days, minutes=5)


def keep_to(now):
    return {str(rule.name): done for rule in RULES if (done := rule.keep_to(now, 100))}


DRAFTS_TOLD = "Told that what they did not finish goes in two weeks"
ACCOUNTS_TOLD = "Told that their account goes in two weeks"


def told(template):
    """[(address, text)] of its e-mails."""
    return list(QueuedMail.objects.filter(template=template).order_by("to").values_list("to", "text"))


def change(group, by, **values):
    page = GroupPage.objects.get(pk=group.pk)
    before = content_of(draft_of(page))
    mine = {**before, **values}
    return save(page.pk, differences(before, mine), mine, by=by)


# --- drafts ---------------------------------------------------------------------------------------


def test_changes_that_nobody_finished_go_and_the_page_stays_as_it_is(pat, group):
    Trust.say(group.uid, True, by=None)
    change(group, pat, description="Half a sentence of Petra Marrowfat")
    WorkflowState.objects.get().cancel(user=pat)
    change(group, pat, cost_note="Tea is free.")
    kept = {row.pk for row in Revision.objects.all() if "Marrowfat" not in str(row.content)}
    almost = timezone.now() + relativedelta(months=6) - timedelta(days=1)
    assert keep_to(after(months=6) - timedelta(days=14)) == {DRAFTS_TOLD: 1}
    assert keep_to(almost) == {}
    assert keep_to(after(months=6))["Changes that nobody finished for six months"] == 1
    page = GroupPage.objects.get(pk=group.pk)
    assert (page.live, page.has_unpublished_changes, page.cost_note) == (True, False, "Tea is free.")
    assert "wagtailcore_revision.content" not in traces("marrowfat")
    assert kept <= set(Revision.objects.values_list("pk", flat=True))
    assert keep_to(after(months=6)) == {}


def test_abandoned_words_go_where_the_log_no_longer_says_what_was_published(pat, group):
    Trust.say(group.uid, True, by=None)
    change(group, pat, description="Half a sentence of Petra Marrowfat")
    WorkflowState.objects.get().cancel(user=pat)
    change(group, pat, cost_note="Tea is free.")
    PageLogEntry.objects.filter(action="wagtail.publish").delete()
    keep_to(after(months=5, days=25))
    keep_to(after(months=6, days=14))
    assert "wagtailcore_revision.content" not in traces("marrowfat")
    assert GroupPage.objects.get(pk=group.pk).live_revision.content["cost_note"] == "Tea is free."


def test_changes_that_a_moderator_is_asked_about_stay(pat, group):
    ensure_roles()
    change(group, pat, description="Please look at this.")
    assert WorkflowState.objects.filter(status="in_progress").exists()
    assert DRAFTS_TOLD not in keep_to(after(months=7))
    keep_to(after(months=8))
    assert draft_of(GroupPage.objects.get(pk=group.pk)).description == "Please look at this."


def test_a_page_that_nobody_finished_goes_with_its_people(pat):
    draft = GroupPageFactory(
        draft=True, title="Marrowfat", contacts=[ContactFactory.build(label="Petra Marrowfat")]
    )
    verbs.invite(Scope.of_group(draft), "petra@marrowfat.example", by=pat)
    QueuedMail.objects.all().delete()
    Membership.objects.create(user=pat, group_uid=draft.uid, role="lead")
    assert DRAFTS_TOLD not in keep_to(after(months=5))
    assert keep_to(after(months=6) - timedelta(days=14))[DRAFTS_TOLD] == 1
    assert keep_to(after(months=6))["Pages that nobody finished for six months"] == 1
    QueuedMail.objects.all().delete()
    assert traces("marrowfat") == {}
    assert not Membership.objects.filter(group_uid=draft.uid).exists()


def test_whoever_keeps_a_page_hears_on_which_day_the_draft_goes(pat, group):
    sam = UserFactory(email="sam@example.org")
    Membership.objects.create(user=sam, group_uid=group.uid, role="editor")
    Membership.objects.create(user=UserFactory(), group_uid=group.uid, role="editor", is_active=False)
    change(group, pat, description="Half a sentence.")
    WorkflowState.objects.get().cancel(user=pat)
    now = after(months=6) - timedelta(days=14)
    assert DRAFTS_TOLD not in keep_to(now - timedelta(days=1))
    assert [keep_to(now)[DRAFTS_TOLD], keep_to(now)] == [1, {}]
    assert [to for to, _text in told("draft_goes")] == sorted([pat.email, sam.email])
    day = timezone.localdate(now + timedelta(days=14))
    text = told("draft_goes")[0][1]
    assert f"From {day.day} {day:%B %Y} on we throw it away. The page itself stays" in text
    assert link("my_group", group.uid) in text


def test_no_draft_goes_without_a_fortnights_warning(pat, group):
    change(group, pat, description="Half a sentence.")
    WorkflowState.objects.get().cancel(user=pat)
    late = after(months=9)
    assert keep_to(late) == {DRAFTS_TOLD: 1}
    assert keep_to(late + timedelta(days=13)) == {}
    assert keep_to(late + timedelta(days=14)) == {"Changes that nobody finished for six months": 1}


def test_a_draft_that_is_touched_again_has_its_time_anew(pat, group):
    change(group, pat, description="Half a sentence.")
    WorkflowState.objects.get().cancel(user=pat)
    assert keep_to(after(months=6) - timedelta(days=14))[DRAFTS_TOLD] == 1
    touched = after(months=6) - timedelta(days=3)
    GroupPage.objects.filter(pk=group.pk).update(latest_revision_created_at=touched)
    assert keep_to(after(months=7)) == {}
    assert keep_to(months_after(touched, 6) - timedelta(days=13)) == {DRAFTS_TOLD: 1}
    assert len(told("draft_goes")) == 2


def test_a_page_that_was_taken_down_is_no_draft(group):
    group.unpublish()
    keep_to(after(months=30))
    keep_to(after(months=31))
    assert GroupPage.objects.filter(pk=group.pk).exists()


# --- people ---------------------------------------------------------------------------------------


@pytest.fixture
def petra(pat, group):
    """Kept the page with Pat, and left."""
    petra = UserFactory(email="petra@marrowfat.example", first_name="Petra Marrowfat")
    verbs.accept(verbs.invite(Scope.of_group(group), petra.email, by=pat), by=petra)
    Contact.objects.create(page=group, kind="email", value="Petra@marrowfat.example", locale=group.locale)
    GroupPage.objects.get(pk=group.pk).save_revision().publish()
    verbs.leave(Membership.objects.get(user=petra))
    return petra


def test_somebody_who_left_is_off_the_page_after_30_days(petra, pat, group):
    assert keep_to(after(days=16))[ACCOUNTS_TOLD] == 1
    assert "People off a page for 30 days" not in keep_to(timezone.now() + timedelta(days=29))
    done = keep_to(after(days=30))
    assert done["People off a page for 30 days"] == 1
    assert [row.value for row in GroupPage.objects.get(pk=group.pk).contacts.all()] == ["01245 496 000"]
    assert "marrowfat" not in IndexedListing.objects.get(uid=group.uid).document.lower()
    assert not MembershipHistory.objects.filter(person=petra).exists()
    assert MembershipHistory.objects.filter(person=former_member(), what="left").count() == 1
    assert Membership.objects.filter(user=pat).exists()
    # and their account, which kept nothing else
    assert done["Accounts without a page, not used for 30 days"] == 1
    assert traces("marrowfat") == {}


def test_one_who_keeps_the_page_by_another_way_stays_on_it(petra, group):
    group.organisation = None
    again = Membership.objects.get(user=petra)
    verbs.accept(verbs.invite(Scope.of_group(group), petra.email, by=UserFactory()), by=petra)
    again.refresh_from_db()
    assert again.is_active
    keep_to(after(days=16))
    keep_to(after(days=31))
    assert Contact.objects.filter(value__iexact=petra.email).exists()
    assert User.objects.filter(pk=petra.pk).exists()


def test_accounts_with_a_reason_stay(pat, group):
    ensure_roles()
    claimant, worker, boss, closed, invited = (UserFactory() for _person in range(5))
    verbs.claim(GroupPageFactory(), by=claimant, evidence="Me.")
    worker.groups.add(Group.objects.get(name="Link workers"))
    User.objects.filter(pk=boss.pk).update(is_superuser=True)
    User.objects.filter(pk=closed.pk).update(is_active=False)
    now = after(days=30)
    invitation = verbs.invite(Scope.of_group(group), invited.email, by=pat)
    Invitation.objects.filter(pk=invitation.pk).update(sent_at=now - timedelta(days=1))
    recent, unused = UserFactory(last_login=now - timedelta(days=29)), UserFactory()
    keep_to(now - timedelta(days=14))
    assert [to for to, _text in told("account_goes")] == [unused.email]
    keep_to(now)
    here = set(User.objects.values_list("pk", flat=True))
    assert {one.pk for one in (claimant, worker, boss, closed, invited, recent, pat)} <= here
    assert unused.pk not in here


def test_no_account_goes_without_a_fortnights_warning_and_signing_in_keeps_it():
    one, other = UserFactory(email="a@example.org"), UserFactory(email="b@example.org")
    late = after(days=50)
    assert keep_to(late) == {ACCOUNTS_TOLD: 2}
    to, text = told("account_goes")[0]
    day = timezone.localdate(late + timedelta(days=14))
    assert to == one.email
    assert f"from {day.day} {day:%B %Y} on" in text
    assert link("sign_in") in text
    assert keep_to(late + timedelta(days=13)) == {}
    User.objects.filter(pk=other.pk).update(last_login=late + timedelta(days=2))
    done = keep_to(late + timedelta(days=14))
    assert done == {"Accounts without a page, not used for 30 days": 1}
    assert list(User.objects.filter(email__endswith="@example.org")) == [other]
    assert keep_to(late + timedelta(days=18, minutes=5))[ACCOUNTS_TOLD] == 1


# --- rows that only grow old ----------------------------------------------------------------------


def test_the_audit_log_is_kept_for_two_years(pat, group):
    now = timezone.now()
    day = timezone.localdate()
    facts = GroupFacts.objects.for_group(group.uid)
    facts.set_capacity("full", by=pat)
    cancel_date(group.uid, group.sessions.get().uid, day, by=pat)
    close_between(group.uid, day, day, by=pat)
    log(pat, "wagtail.edit")
    log(group, "wagtail.edit")
    claim = verbs.claim(GroupPageFactory(), by=pat, evidence="Me.")
    verbs.refuse_claim(claim, by=pat, reason="No.")
    SeenLater.objects.create(group_uid=group.uid, seen_at=now)
    Proposal.objects.create(group_uid=group.uid, kind="today", values={}, decided_at=now)
    change(group, pat, description="More words.")
    WorkflowState.objects.get().cancel(user=pat)
    GroupPage.objects.get(pk=group.pk).get_latest_revision().publish()
    for version in range(3):
        page = GroupPage.objects.get(pk=group.pk)
        page.description = f"{version}"
        page.save_revision().publish()
    logs = (
        PageLogEntry, ModelLogEntry, MembershipHistory, FactHistory, DateChangeRecord, ClosureRecord, Claim,
        SeenLater, Proposal, WorkflowState,
    )  # fmt: skip
    before = {model: model.objects.count() for model in logs}
    assert all(before.values()), before
    for months in (0, 23):
        keep_to(now + relativedelta(months=months))
        counts = {model: model.objects.count() for model in logs if model is not MembershipHistory}
        assert counts == {model: count for model, count in before.items() if model in counts}
    old = after(months=24, days=1)
    keep_to(old)
    assert {model: model.objects.count() for model in logs} == dict.fromkeys(logs, 0)
    page = GroupPage.objects.get(pk=group.pk)
    assert list(page.revisions.all()) == [page.latest_revision]
    assert page.latest_revision == page.live_revision
    assert page.description == "2"


def test_a_version_that_waits_stays_however_old(pat, group):
    ensure_roles()
    change(group, pat, description="Look.")
    state = WorkflowState.objects.get()
    timed = GroupPage.objects.get(pk=group.pk).save_revision()
    Revision.objects.filter(pk=timed.pk).update(approved_go_live_at=timezone.now())
    waiting = state.current_task_state.revision
    keep_to(after(months=30))
    page = GroupPage.objects.get(pk=group.pk)
    assert {waiting.pk, timed.pk, page.live_revision_id, page.latest_revision_id} <= set(
        page.revisions.values_list("pk", flat=True)
    )


def test_mail_sign_ins_sessions_and_invitations(pat, group):
    Client().post("/sign-in/", {"email": "new@example.org"})
    accepted = verbs.invite(Scope.of_group(group), "a@example.org", by=pat)
    Invitation.objects.filter(pk=accepted.pk).update(accepted_at=timezone.now())
    verbs.take_back(verbs.invite(Scope.of_group(group), "b@example.org", by=pat), by=pat)
    verbs.invite(Scope.of_group(group), "c@example.org", by=pat)
    FormState.objects.create(
        content_type_id=1,
        object_id="",
        parent_object_id="",
        data="x",
        user=pat,
        last_updated_at=timezone.now(),
    )
    QueuedMail.objects.exclude(to="c@example.org").update(state=State.SENT)
    keep_to(timezone.now() + timedelta(hours=23))
    assert SignInRequest.objects.exists()
    keep_to(after(days=1))
    assert not SignInRequest.objects.exists()
    assert Session.objects.exists()
    keep_to(after(days=30))
    assert not Session.objects.exists()
    assert [row.email for row in Invitation.objects.all()] == ["c@example.org"]
    assert [row.to for row in QueuedMail.objects.all()] == ["c@example.org"]
    keep_to(after(days=44))
    assert not Invitation.objects.exists()
    assert FormState.objects.exists()
    keep_to(after(months=6))
    assert not FormState.objects.exists()


# --- files ----------------------------------------------------------------------------------------


def jpeg():
    made = BytesIO()
    Picture.new("RGB", (40, 30), "purple").save(made, "JPEG")
    return made.getvalue()


def test_a_photo_whose_transaction_was_undone_leaves_no_file_for_long(pat):
    kept = keep_photo(jpeg(), title="Wool", by=pat)
    kept.get_rendition("width-20")
    with transaction.atomic():
        lost = keep_photo(jpeg(), title="Wool", by=pat).file.name
        transaction.set_rollback(True)
    assert default_storage.exists(lost)
    keep_to(timezone.now() + timedelta(hours=23))
    assert default_storage.exists(lost)
    long_ago = time.time() - 25 * 3600
    for name in (lost, kept.file.name, kept.renditions.get().file.name):
        os.utime(default_storage.path(name), (long_ago, long_ago))
    keep_to(timezone.now())
    assert not default_storage.exists(lost)
    assert default_storage.exists(kept.file.name)
    assert default_storage.exists(kept.renditions.get().file.name)


# --- the command ----------------------------------------------------------------------------------


def test_a_dry_run_only_counts_and_the_limit_holds(pat):
    for _request in range(3):
        ask("new@example.org")
    SignInRequest.objects.update(asked_at=timezone.now() - timedelta(days=2))
    said = StringIO()
    call_command("forget_old", dry_run=True, stdout=said)
    assert "Sign-ins asked for a day ago: 3\n" in said.getvalue()
    assert "Nothing was changed." in said.getvalue()
    assert SignInRequest.objects.count() == 3
    said = StringIO()
    call_command("forget_old", limit=2, stdout=said)
    assert "Sign-ins asked for a day ago: 2\n" in said.getvalue()
    call_command("forget_old", stdout=said)
    assert not SignInRequest.objects.exists()


def test_one_that_cannot_go_keeps_no_other(monkeypatch, caplog):
    stuck = GroupPageFactory(draft=True)
    GroupPageFactory(draft=True)
    delete = GroupPage.delete

    def refuse(page, *args, **kwargs):
        if page.pk == stuck.pk:
            raise RuntimeError("stuck")
        return delete(page, *args, **kwargs)

    monkeypatch.setattr(GroupPage, "delete", refuse)
    keep_to(after(months=5, days=20))
    keep_to(after(months=6, days=5))
    assert set(GroupPage.objects.values_list("pk", flat=True)) == {stuck.pk}
    assert f"groups.GroupPage {stuck.pk} could not be forgotten" in caplog.text
