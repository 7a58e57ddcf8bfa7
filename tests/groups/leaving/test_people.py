"""Somebody goes: nothing of them is left in the whole database; before, they can take all of it along."""

import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.log_actions import log

from groups.checking.history import history_of
from groups.editing.models import Trust
from groups.leaving.download import _HEADINGS
from groups.leaving.people import former_member
from groups.mail.models import QueuedMail
from groups.mail.outbox import queue_mail
from groups.models import GroupFacts, GroupPage, Membership, MembershipHistory, User
from groups.people.membership import verbs
from groups.people.membership.models import Scope
from groups.people.membership.queries import with_an_active_lead
from groups.people.signing_in.second_step import app_being_set_up, new_backup_codes
from groups.problems.verbs import report
from search.index.models import IndexedListing
from tests.factories import ContactFactory, GroupPageFactory, UserFactory
from tests.portal.my_group.test_pages import form_of
from tests.whole_database import traces

pytestmark = pytest.mark.usefixtures("site_tree")
ADDRESS, NAME = "petra@marrowfat.example", "Petra Marrowfat"
LOOK_FOR = "marrowfat"


@pytest.fixture
def petra():
    return UserFactory(email=ADDRESS, first_name=NAME)


@pytest.fixture
def group(petra):
    group = GroupPageFactory(
        title="Riverside Knitters", contacts=[ContactFactory.build(value="01245 496 000")]
    )
    Trust.say(group.uid, True, by=None)
    return group


@pytest.fixture
def sam():
    return UserFactory(email="sam@example.org", first_name="Sam")


def live_a_little(petra, sam, group, client):
    """Petra leaves traces by the real ways in: invited, changing the page, asking, reporting, named in e-mails."""
    Membership.objects.create(user=sam, group_uid=group.uid, role="editor")
    verbs.accept(verbs.invite(Scope.of_group(group), ADDRESS, by=sam, role="lead"), by=petra)
    Client().post("/sign-in/", {"email": ADDRESS})
    client.force_login(petra)
    contact = {"kind": "email", "value": ADDRESS, "label": "The organiser", "visibility": "public"}
    row = reverse("my_group_row", args=[group.uid, "contacts", "00000000-0000-0000-0000-000000000001"])
    assert client.post(row, contact).status_code == 302
    at = reverse("my_group_step", args=[group.uid, "safety"])
    assert (
        client.post(at, {**form_of(client.get(at)), "referral_how": f"Write to {ADDRESS}."}).status_code
        == 302
    )
    GroupPage.objects.get(pk=group.pk).get_latest_revision().publish()
    client.post(reverse("my_group_still_right", args=[group.uid]))
    client.post(
        reverse("my_group_today", args=[group.uid, "space"]),
        {"space-capacity": "full", "space-note": ADDRESS},
    )
    verbs.invite(Scope.of_group(group), "new@example.org", by=petra)
    verbs.claim(GroupPageFactory(), by=petra, evidence="Me.")
    report(GroupPageFactory(), kind="fact", words=f"Ask {ADDRESS}.", email=ADDRESS, now=timezone.now())
    client.post("/account/e-mail/", {"email": "petra2@marrowfat.example"})
    app_being_set_up(petra)
    log(group, "wagtail.rename", user=petra, data={"title": ADDRESS})
    log(petra, "wagtail.edit", data={"title": NAME})


def test_a_deleted_account_leaves_nothing(client, petra, sam, group):
    live_a_little(petra, sam, group, client)
    before = set(traces(LOOK_FOR))
    assert {
        "groups_user.email", "groups_user.first_name", "groups_contact.value", "groups_grouppage.referral_how",
        "groups_groupfacts.capacity_note", "groups_facthistory.after", "groups_invitation.email",
        "groups_signinrequest.email", "groups_queuedmail.to", "groups_queuedmail.subject", "groups_problem.email",
        "groups_problem.words", "wagtailcore_revision.content", "wagtailcore_pagelogentry.data",
        "wagtailcore_modellogentry.label", "django_session.session_data", "search_indexedlisting.document",
    } <= before  # fmt: skip
    answer = client.post("/account/delete/")
    assert answer.url == "/sign-in/?out=deleted"
    assert "Your account is deleted." in client.get(answer.url).text
    assert traces(LOOK_FOR) == {}
    assert client.get("/account/").status_code == 302

    page = GroupPage.objects.get(pk=group.pk)
    assert [row.value for row in page.contacts.all()] == ["01245 496 000"]
    assert page.get_latest_revision_as_object().contacts.count() == 1
    assert ADDRESS not in IndexedListing.objects.get(uid=group.uid).document
    done_by = {entry.who for entry in history_of(page)}
    assert "A former member" in done_by
    assert NAME not in done_by
    assert set(
        MembershipHistory.objects.filter(what="left").values_list("by__first_name", "person__first_name")
    ) == {("A former member", "A former member")}
    told = QueuedMail.objects.get(template="left")
    assert (told.to, told.subject) == (sam.email, "One of you has left Riverside Knitters")
    assert not GroupPage.objects.filter(with_an_active_lead(), pk=group.pk).exists()
    assert GroupFacts.objects.get(group_uid=group.uid).claimed


def test_whoever_deletes_it_and_many_at_once(petra, sam, group, client):
    live_a_little(petra, sam, group, client)
    User.objects.filter(pk__in=[petra.pk, sam.pk]).delete()
    assert traces("marrowfat|sam@example") == {}
    assert not GroupFacts.objects.get(group_uid=group.uid).claimed


def test_nobody_signs_in_as_a_former_member(client):
    client.post("/sign-in/", {"email": former_member().email})
    assert not former_member().is_active
    assert not former_member().has_usable_password()
    former_member().delete()


def test_whoever_runs_the_site_asks_another(client):
    boss = UserFactory(superuser=True)
    client.force_login(boss)
    assert client.post("/account/delete/").status_code == 409
    assert User.objects.filter(pk=boss.pk).exists()


def test_the_page_says_what_happens_to_each_group(client, petra, sam, group):
    Membership.objects.create(user=petra, group_uid=group.uid, role="lead")
    Membership.objects.create(user=sam, group_uid=group.uid, role="editor")
    alone = GroupPageFactory(title="Alone")
    Membership.objects.create(user=petra, group_uid=alone.uid, role="lead")
    client.force_login(petra)
    page = client.get("/account/delete/")
    assert {(row["name"], row["leads"], row["alone"]) for row in page.context["places"]} == {
        ("Riverside Knitters", True, False),
        ("Alone", False, True),
    }
    assert "Make somebody else the lead first" in page.text


# --- taking everything along ----------------------------------------------------------------------


def test_a_person_gets_everything_and_no_secret(client, petra, sam, group):
    live_a_little(petra, sam, group, client)
    new_backup_codes(petra)
    queue_mail("sign_in", to=ADDRESS, context={"secret": "opensesame", "code": "1234 5678"})
    answer = client.get("/account/download/")
    assert answer["Content-Disposition"] == 'attachment; filename="waymark-about-you.json"'
    told = json.loads(answer.content)
    assert told["Account"]["E-mail"] == ADDRESS
    assert told["Pages you keep or kept"][0]["Group"] == "Riverside Knitters"
    assert {str(heading) for heading in _HEADINGS.values()} - set(told) == {
        "What you proposed",
        "Changes of yours that our staff looked at later",
        "What you did about reported problems",
    }
    text = answer.text
    for secret in ("opensesame", "1234 5678", petra.password, app_being_set_up(petra).key):
        assert secret not in text
    assert "new@example.org" not in text
    assert sam.email not in text


@pytest.mark.parametrize("path", ["/account/delete/", "/account/download/", "/account/e-mail/"])
def test_it_asks_for_a_recent_sign_in(client, petra, path):
    client.force_login(petra)
    assert client.get(path).status_code == 200
    session = client.session
    session["waymark_signed_in_at"] -= 31 * 60
    session.save()
    answer = client.get(path)
    assert answer.url.startswith("/sign-in/?next=")
    assert "Do it once more" in client.get(answer.url).text
    assert client.post(path).status_code in (302, 405)
    assert User.objects.filter(pk=petra.pk).exists()
