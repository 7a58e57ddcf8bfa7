"""A group closes: said at once, taken back within three months, then every personal word is gone."""

import uuid
from datetime import timedelta
from io import BytesIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image as Picture
from wagtail.admin.models import FormState
from wagtail.images.models import Image
from wagtail.models import Comment, TaskState

from groups.checking.deciding import Decide
from groups.editing.models import Trust
from groups.editing.steps import STEPS
from groups.imports.fields import Shared
from groups.imports.listing import ImportedListing
from groups.imports.updating import plan_update
from groups.imports.whereabouts import Whereabouts
from groups.leaving.closed import EraseClosedGroup, closed_too_long
from groups.leaving.closing import CannotLeave, close_for_good, open_again
from groups.links.checking import keep_up_with_listings
from groups.listings.freshness import closed_shown_until
from groups.mail.models import QueuedMail
from groups.models import GroupFacts, GroupPage, GroupPhoto, Membership, SourceRecord
from groups.people.membership import verbs
from groups.people.membership.models import Scope
from groups.problems.verbs import report
from search.index.models import IndexedListing
from tests.factories import GroupPageFactory, OrganisationFactory, SourceRecordFactory, UserFactory
from tests.portal.my_group.test_pages import form_of
from tests.whole_database import traces

pytestmark = [
    pytest.mark.usefixtures("site_tree"),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]
MARKER = "marrowfat"
NAME, ADDRESS, PHONE = "Petra Marrowfat", "petra@marrowfat.example", "07700 900 123"
SAID = f"Ask {NAME}, {ADDRESS}, on 07700 900123."
LOOK_FOR = r"marrowfat|07700[^0-9]*900[^0-9]*123"


@pytest.fixture
def pat():
    return UserFactory(first_name="Pat")


@pytest.fixture
def group(pat):
    group = GroupPageFactory(
        title="Riverside Knitters", facts__location_visibility="area_only", area_name="Moulsham"
    )
    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    Trust.say(group.uid, True, by=None)
    return group


def facts_of(group):
    return GroupFacts.objects.get(group_uid=group.uid)


def in_months(months, facts):
    """A day on which the group has been closed for so many months, and one day."""
    return closed_shown_until(facts.closed_on) + timedelta(days=1 + 31 * (months - 3))


def erase(group):
    return EraseClosedGroup(group.uid, today=in_months(3, facts_of(group))).execute()


# --- closing, and taking it back ------------------------------------------------------------------


def test_two_presses_close_a_group_and_two_open_it(client, pat, group):
    sam = UserFactory(email="sam@example.org")
    Membership.objects.create(user=sam, group_uid=group.uid, role="editor")
    client.force_login(pat)
    address = reverse("my_group_closing", args=[group.uid])
    assert "Close Riverside Knitters for good?" in client.get(address).text
    answer = client.post(address, {"do": "close"}, follow=True)
    assert "The group is closed. You can open it again." in answer.text
    assert f"This group closed on {timezone.localdate():%-d %B %Y}" in answer.text
    (mail,) = QueuedMail.objects.filter(template="closed")
    assert mail.to == sam.email
    page = client.get(group.url).text
    assert "This group closed on" in page
    assert client.post(address, {"do": "open"}, follow=True).context["standing"].state == "live"
    assert facts_of(group).status == "open"
    assert QueuedMail.objects.get(template="opened_again").to == sam.email


def test_pressing_close_twice_tells_nobody_twice(pat, group):
    Membership.objects.create(user=UserFactory(), group_uid=group.uid, role="editor")
    close_for_good(group, by=pat)
    close_for_good(group, by=pat)
    assert QueuedMail.objects.filter(template="closed").count() == 1


def test_only_the_page_of_its_own_closes_a_group(client, pat, group):
    client.force_login(pat)
    running = reverse("my_group_today", args=[group.uid, "status"])
    assert client.post(running, {"status-status": "closed"}).status_code == 422
    close_for_good(group, by=pat)
    answer = client.post(running, {"status-status": "open"})
    assert answer.status_code == 422
    assert "Its lead can open it again" in answer.text
    assert facts_of(group).status == "closed"


def test_what_is_no_verb_is_not_found(client, pat, group):
    client.force_login(pat)
    assert client.post(reverse("my_group_closing", args=[group.uid]), {"do": "x"}).status_code == 404


# --- erasing --------------------------------------------------------------------------------------


def photo():
    made = BytesIO()
    Picture.new("RGB", (40, 30), "purple").save(made, "JPEG")
    made.seek(0)
    made.name = "IMG_1.jpg"
    return made


KEPT_AS_THEY_ARE = {"title", "organisation", "tags", "area_name", "when", "place", "miles", "venue"}
"""Asked in forms, and no words about people: the group's name, who runs it, tags, places that all know."""


def fill_every_form(client, group):
    """Somebody is named wherever a group can type words; each save makes one more version that names them."""
    for step in STEPS.values():
        at = reverse("my_group_step", args=[group.uid, step.slug]) if not step.is_for_rows else ""
        page = client.get(at) if at else None
        typed = {
            field.name: SAID
            for field in (page.context["fields"] if page else ())
            if field.kind in ("text", "sentence", "textarea")
            and not field.short
            and field.name not in KEPT_AS_THEY_ARE
        }
        if typed:
            assert client.post(at, {**form_of(page), **typed}).status_code == 302, step.slug
    row = lambda slug: reverse("my_group_row", args=[group.uid, slug, uuid.uuid4()])  # noqa: E731
    for kind, value in (("email", ADDRESS), ("phone", PHONE), ("website", "petra.marrowfat.example")):
        contact = {"kind": kind, "value": value, "label": NAME, "visibility": "organisers"}
        assert client.post(row("contacts"), contact).status_code == 302
    assert client.post(row("photos"), {"photo": photo(), "alt": f"{NAME} knits."}).status_code == 302
    session = reverse("my_group_row", args=[group.uid, "sessions", group.sessions.get().uid])
    home = {"place_name": f"{NAME}'s house", "place_address": "1 Marrowfat Lane", "label": f"At {NAME}'s"}
    assert client.post(session, {**form_of(client.get(session)), **home}).status_code == 302
    for name in ("space", "cancel", "move", "close"):
        at = reverse("my_group_today", args=[group.uid, name])
        page = client.get(at)
        data = {
            field.name: next(option.value for option in field.options if option.value)
            if field.options
            else SAID
            for field in page.context["fields"]
            if field.options or (field.kind in ("text", "sentence") and not field.short)
        }
        if name == "move":
            data["move-start"] = "11:00"
        assert client.post(at, data).status_code == 302, name


def test_no_personal_word_is_left_anywhere(client, pat, group):
    client.force_login(pat)
    fill_every_form(client, group)
    mo = UserFactory(superuser=True)
    state = TaskState.objects.get(status=TaskState.STATUS_IN_PROGRESS)
    group.refresh_from_db()
    Decide(state, group.latest_revision_id, mo).ask_for_a_change(f"Is {NAME} happy with this?")
    client.post(reverse("my_group_send", args=[group.uid]))
    Decide(state.workflow_state.task_states.latest("pk"), group.latest_revision_id, mo).approve()
    Trust.say(group.uid, False, by=mo)
    at = reverse("my_group_today", args=[group.uid, "space"])
    client.post(at, {"space-capacity": "full", "space-note": SAID})
    verbs.invite(Scope.of_group(group), "petra2@marrowfat.example", by=pat)
    verbs.claim(group, by=UserFactory(), evidence=SAID)
    report(group, kind="contact", words=SAID, email="petra3@marrowfat.example", now=timezone.now())
    SourceRecordFactory(
        group_uid=group.uid, values={"contacts": [["phone", PHONE, NAME]]}, url=f"https://{MARKER}.example"
    )
    Comment.objects.create(page=group, user=mo, text=SAID, contentpath="summary")
    FormState.objects.update_or_create_by_instance(
        GroupPage.objects.get(pk=group.pk),
        user=mo,
        defaults={"data": SAID, "last_updated_at": timezone.now()},
    )
    call_command("send_queued_mail")
    keep_up_with_listings()
    before = set(traces(LOOK_FOR))
    assert {
        "groups_contact.value", "groups_grouppage.referral_how", "groups_groupsession.place_name",
        "groups_proposal.values", "groups_seenlater.told", "groups_facthistory.after",
        "groups_invitation.email", "groups_problem.words", "groups_claim.evidence", "groups_sourcerecord.values",
        "wagtailcore_revision.content", "wagtailcore_taskstate.comment", "wagtailcore_comment.text",
        "wagtailadmin_formstate.data", "wagtailimages_image.title", "search_indexedlisting.document", "groups_website.url",
    } <= before  # fmt: skip
    close_for_good(group, by=pat)
    assert erase(group)
    assert traces(LOOK_FOR) == {}
    page = GroupPage.objects.get(pk=group.pk)
    assert (page.live, page.title, page.revisions.count()) == (False, "Riverside Knitters", 1)
    assert page.get_latest_revision_as_object().sessions.count() == 1
    assert not Image.objects.exists()
    assert IndexedListing.objects.get(uid=group.uid).gone
    assert not Membership.objects.active().filter(group_uid=group.uid).exists()
    assert Client().get(group.url).status_code == 404


def test_it_is_done_once_and_only_after_three_months(pat, group):
    close_for_good(group, by=pat)
    last_day = closed_shown_until(timezone.localdate())
    assert not closed_too_long(last_day).exists()
    assert not EraseClosedGroup(group.uid, today=last_day).execute()
    assert GroupPage.objects.get(pk=group.pk).live
    assert erase(group)
    assert not erase(group)
    with pytest.raises(CannotLeave, match="Write to us"):
        open_again(group, by=pat)


def test_a_day_long_past_erases_nothing_before_everybody_had_three_months(client, pat, group):
    """Staff type it; whoever keeps the group is told, and has time to say that it is wrong."""
    today = timezone.localdate()
    client.force_login(UserFactory(superuser=True))
    at = reverse("waymark_today", args=[group.uid])
    typed = {"form": "status", "status-status": "closed", "status-closed_on": today - timedelta(days=400)}
    assert client.post(at, typed).status_code == 302
    assert facts_of(group).closed_on == today - timedelta(days=400)
    assert QueuedMail.objects.get(template="closed").to == pat.email
    assert not EraseClosedGroup(group.uid, today=today).execute()
    assert not EraseClosedGroup(group.uid, today=closed_shown_until(today)).execute()
    assert EraseClosedGroup(group.uid, today=closed_shown_until(today) + timedelta(days=1)).execute()


def test_a_group_that_opened_meanwhile_is_left_alone(pat, group):
    close_for_good(group, by=pat)
    due = in_months(3, facts_of(group))
    open_again(group, by=pat)
    assert not EraseClosedGroup(group.uid, today=due).execute()


def test_one_that_closes_a_second_time_is_erased_a_second_time(pat, group):
    close_for_good(group, by=pat)
    assert erase(group)
    facts_of(group).reopen(by=None)
    facts_of(group).close(by=None, on=facts_of(group).erased_on + timedelta(days=1))
    assert erase(group)


def test_a_photo_that_another_group_shows_stays_and_so_does_its_organisation(client, pat, group):
    client.force_login(pat)
    at = reverse("my_group_row", args=[group.uid, "photos", uuid.uuid4()])
    client.post(at, {"photo": photo(), "alt": "Wool."})
    trust = OrganisationFactory(website="https://trust.example")
    GroupPage.objects.filter(pk=group.pk).update(organisation=trust)
    other = GroupPageFactory(organisation=trust)
    GroupPhoto.objects.create(page=other, image=Image.objects.get(), alt="Wool.", locale=other.locale)
    close_for_good(group, by=pat)
    assert erase(group)
    assert Image.objects.exists()
    trust.refresh_from_db()
    assert trust.website == "https://trust.example"


def test_an_import_does_not_bring_the_words_back(pat, group):
    record = SourceRecordFactory(group_uid=group.uid, values={"summary": "Ring Petra."})
    close_for_good(group, by=pat)
    assert erase(group)
    record.refresh_from_db()
    listing = ImportedListing(
        "1", "Riverside Knitters", {"summary": "Ring Petra again."}, "area_only", Whereabouts()
    )
    plan = plan_update(record, listing, Shared())
    assert plan.apply == {}
    assert SourceRecord.objects.get().values == plan.keep == {}
