"""Who keeps a page: seen, invited, taken back, removed, handed over, left; claimed and joined."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, unquote, urlsplit
from uuid import uuid4

import pytest
from django.contrib.auth import get_user
from django.test import Client
from django.utils import timezone

from groups.models import Claim, Invitation, Membership, QueuedMail, User
from groups.people.membership import verbs
from groups.people.membership.models import Role, Scope
from tests.factories import GroupPageFactory, OrganisationFactory, UserFactory
from tests.portal.helpers import assert_no_models, assert_sound

pytestmark = pytest.mark.usefixtures("site_tree")


@pytest.fixture
def group():
    return GroupPageFactory(title="Knit Club")


@pytest.fixture
def scope(group):
    return Scope.of_group(group)


def member(scope, role, name):
    person = UserFactory(first_name=name)
    return Membership.objects.create(user=person, role=role, **scope.values)


@pytest.fixture
def lead(scope):
    return member(scope, Role.LEAD, "Jean")


@pytest.fixture
def editor(scope):
    return member(scope, Role.EDITOR, "Omar")


@pytest.fixture
def here(group):
    return f"/my-group/people/group/{group.uid}/"


@pytest.fixture
def as_lead(client, lead):
    client.force_login(lead.user)
    return client


@pytest.fixture
def as_editor(client, editor):
    client.force_login(editor.user)
    return client


def test_the_lead_sees_everyone_and_what_to_do(
    as_lead, here, editor, scope, lead, django_assert_max_num_queries
):
    for n in range(4):
        member(scope, Role.EDITOR, f"Helper {n}")
        verbs.invite(scope, f"sam{n}@example.org", by=lead.user)
    as_lead.get(here)
    with django_assert_max_num_queries(20):
        answer = as_lead.get(here)
    text = assert_sound(answer)
    assert_no_models(answer.context)
    for words in (
        "Who keeps Knit Club",
        "Jean",
        "Omar",
        "sam0@example.org",
        "Invite somebody",
        "Invited somebody",
    ):
        assert words in text
    assert f"/remove/{editor.uid}/" in text
    assert f"/remove/{lead.uid}/" not in text
    assert editor.user.email not in text


def test_an_editor_sees_everyone_but_manages_nobody(as_editor, here, lead, scope):
    verbs.invite(scope, "sam@example.org", by=lead.user)
    text = as_editor.get(here).text
    assert "Jean" in text
    assert "Invite somebody" not in text
    assert "sam@example.org" not in text
    assert as_editor.post(here, {"email": "x@example.org"}).status_code == 403
    for do in ("remove", "hand_over"):
        assert as_editor.post(f"{here}{do}/{lead.uid}/").status_code == 403
    invitation = Invitation.objects.get()
    assert as_editor.post(f"{here}invitation/{invitation.uid}/", {"do": "take_back"}).status_code == 403
    assert lead.user.memberships.get().is_active


def test_inviting_keeps_what_was_typed_when_it_is_wrong(as_lead, here, editor):
    answer = as_lead.post(here, {"email": editor.user.email})
    assert_sound(answer, 422)
    assert "one of you already" in answer.text
    assert f'value="{editor.user.email}"' in answer.text
    answer = as_lead.post(here, {"email": "sam@example.org"}, follow=True)
    assert "on its way" in answer.text


def test_an_invitation_is_sent_again_and_taken_back(as_lead, here, scope, lead):
    url = f"{here}invitation/{verbs.invite(scope, 'sam@example.org', by=lead.user).uid}/"
    assert "on its way again" in as_lead.post(url, {"do": "send_again"}, follow=True).text
    assert "taken back" in as_lead.post(url, {"do": "take_back"}, follow=True).text
    again = as_lead.post(url, {"do": "take_back"})
    assert_sound(again, 409)
    assert as_lead.post(url, {"do": "fly"}).status_code == 404
    assert as_lead.get(url).status_code == 405


def test_handing_over_and_leaving(as_lead, here, lead, editor):
    leave = f"{here}leave/{lead.uid}/"
    assert "Leave Knit Club?" in assert_sound(as_lead.get(leave))
    assert "Make somebody else the lead first" in assert_sound(as_lead.post(leave), 409)
    hand = f"{here}hand_over/{editor.uid}/"
    assert "Make Omar the lead?" in assert_sound(as_lead.get(hand))
    assert as_lead.post(hand).url == f"{here}?done=hand_over"
    editor.refresh_from_db()
    assert editor.role == Role.LEAD
    assert as_lead.post(leave).url == "/my-group/"
    assert as_lead.get(here).status_code == 403
    assert list(QueuedMail.objects.values_list("template", flat=True)) == ["new_lead", "left"]


def test_looking_changes_nothing(as_lead, here, editor):
    as_lead.get(f"{here}remove/{editor.uid}/")
    editor.refresh_from_db()
    assert editor.is_active
    as_lead.post(f"{here}remove/{editor.uid}/")
    editor.refresh_from_db()
    assert not editor.is_active


def test_nobody_leaves_for_somebody_else(as_lead, here, editor):
    assert as_lead.post(f"{here}leave/{editor.uid}/").status_code == 403


def test_a_lead_reaches_no_other_groups_people(as_lead, here, group):
    other = GroupPageFactory()
    theirs = member(Scope.of_group(other), Role.EDITOR, "Ann")
    invitation = verbs.invite(Scope.of_group(other), "sam@example.org", by=theirs.user)
    assert as_lead.get(f"/my-group/people/group/{other.uid}/").status_code == 403
    # Their ids under our own address:
    assert as_lead.post(f"{here}remove/{theirs.uid}/").status_code == 404
    assert as_lead.post(f"{here}invitation/{invitation.uid}/", {"do": "take_back"}).status_code == 404


@pytest.mark.parametrize("path", ["group/{}/", "organisation/{}/", "planet/{}/", "group/{}/fly/{}/"])
def test_what_is_not_there(as_lead, path):
    assert as_lead.get("/my-group/people/" + path.format(uuid4(), uuid4())).status_code == 404


def test_people_of_an_organisation_show_on_its_groups_and_are_managed_on_its_own_page(client):
    body = OrganisationFactory(name="Kettle Street")
    group = GroupPageFactory(organisation=body)
    boss = member(Scope(organisation_id=body.pk), Role.LEAD, "Ada")
    client.force_login(boss.user)
    on_group = client.get(f"/my-group/people/group/{group.uid}/").text
    assert "for all of Kettle Street" in on_group
    assert f"/leave/{boss.uid}/" not in on_group
    assert f"/leave/{boss.uid}/" in client.get(f"/my-group/people/organisation/{body.uid}/").text
    client.post(f"/my-group/people/organisation/{body.uid}/", {"email": "sam@example.org"})
    assert Invitation.objects.get().organisation == body


# --- accepting --------------------------------------------------------------------------------------


@pytest.fixture
def invitation(scope, lead):
    return verbs.invite(scope, "sam@example.org", by=lead.user)


def key_in_mail():
    return unquote(re.search(r"key=(\S+)", QueuedMail.objects.get(template="invitation").text)[1])


def test_the_key_is_in_the_e_mail_alone(as_lead, here, invitation):
    """Whoever invites could otherwise make an account in somebody else's name."""
    page = as_lead.get(here).text
    assert str(invitation.uid) in page
    assert key_in_mail() not in page
    assert Client().get("/invitation/", {"key": invitation.uid}).status_code == 410
    assert Client().post("/invitation/", {"key": f"{invitation.uid}:guess", "name": "Eve"}).status_code == 410
    assert not User.objects.filter(email="sam@example.org").exists()


def test_somebody_new_joins_by_one_press(client, invitation):
    key = key_in_mail()
    for _look in range(2):
        text = assert_sound(client.get("/invitation/", {"key": key}))
    assert "Jean asks you" in text
    assert not User.objects.filter(email="sam@example.org").exists()
    assert "Type your name" in assert_sound(client.post("/invitation/", {"key": key, "name": ""}), 422)
    assert client.post("/invitation/", {"key": key, "name": "Sam"}).url == "/my-group/"
    assert get_user(client).name == "Sam"
    assert Membership.objects.filter(user__email="sam@example.org", is_active=True).exists()
    assert "used already" in Client().get("/invitation/", {"key": key}).text


def test_whoever_has_an_account_signs_in_first(client, invitation):
    sam = UserFactory(email="sam@example.org", first_name="Sam")
    key = key_in_mail()
    answer = client.get("/invitation/", {"key": key})
    back = parse_qs(urlsplit(answer.url).query)["next"][0]
    assert parse_qs(urlsplit(back).query)["key"] == [key]
    assert client.post("/invitation/", {"key": key, "name": "Not Sam"}).url == "/sign-in/"
    assert not Membership.objects.filter(user=sam).exists()
    client.force_login(sam)
    assert "Yes, I will help" in client.get("/invitation/", {"key": key}).text
    assert client.post("/invitation/", {"key": key}).url == "/my-group/"
    assert Membership.objects.get(user=sam).role == Role.EDITOR


def test_somebody_else_who_is_signed_in_does_not_join(client, invitation):
    other = UserFactory(first_name="Eve")
    client.force_login(other)
    key = key_in_mail()
    assert "You are signed in as" in assert_sound(client.get("/invitation/", {"key": key}))
    client.post("/invitation/", {"key": key, "name": "Eve"})
    assert not Membership.objects.filter(user=other).exists()


@pytest.mark.parametrize(
    "change", [{"taken_back_at": timezone.now()}, {"sent_at": timezone.now() - timedelta(days=15)}]
)
def test_invitations_that_no_longer_work(client, invitation, change):
    Invitation.objects.update(**change)
    for answer in (
        client.get("/invitation/", {"key": invitation.key}),
        client.post("/invitation/", {"key": invitation.key}),
    ):
        assert "Ask for a new one" in assert_sound(answer, 410)
    assert not User.objects.filter(email="sam@example.org").exists()


@pytest.mark.parametrize("key", ["", "x", "é\x00", "6f7c2f0e-3b43-4e35-9f5e-0f6f2d9b3f11"])
def test_invitations_that_never_were(client, key):
    assert_sound(client.get("/invitation/", {"key": key}), 410)


# --- claiming ---------------------------------------------------------------------------------------


def test_a_listing_is_claimed_from_its_page(client, group):
    url = f"/claim/{group.uid}/"
    assert url in client.get(group.url).text
    assert client.get(url).url == f"/sign-in/?next=%2Fclaim%2F{group.uid}%2F"
    person = UserFactory()
    client.force_login(person)
    answer = client.get(url)
    assert_sound(answer)
    assert_no_models(answer.context)
    long = "x" * 301
    wrong = client.post(url, {"evidence": long})
    assert long in assert_sound(wrong, 422)
    assert "Thank you" in client.post(url, {"evidence": "I am the secretary."}, follow=True).text
    assert Claim.objects.get().user == person
    assert "asked already" in client.post(url, {"evidence": "Really."}).text


def test_a_page_nobody_can_see_is_not_claimed(client):
    client.force_login(UserFactory())
    assert client.get(f"/claim/{GroupPageFactory(draft=True).uid}/").status_code == 404
    assert client.get(f"/claim/{uuid4()}/").status_code == 404
