"""Staff's worklists: groups nobody leads, claims to decide, e-mails not sent."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from groups.admin.roles import ensure_roles
from groups.mail.models import State
from groups.mail.outbox import queue_mail
from groups.models import Invitation, Membership, QueuedMail, User
from groups.people.membership import verbs
from tests.factories import ContactFactory, GroupPageFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("site_tree")


@pytest.fixture
def moderator(client):
    ensure_roles()
    person = UserFactory(first_name="Max")
    person.groups.add(Group.objects.get(name="Moderators"))
    client.force_login(person)
    return person


def shown(client, report):
    answer = client.get(reverse(f"waymark_report_{report}"))
    assert answer.status_code == 200
    return list(answer.context["object_list"])


def test_groups_without_an_active_lead(client, moderator, django_assert_max_num_queries):
    led, bare, left = (GroupPageFactory(title=title) for title in ("Led", "Bare", "Left"))
    with_helper = GroupPageFactory(title="Helped")
    body = OrganisationFactory()
    GroupPageFactory(title="Of a led organisation", organisation=body)
    GroupPageFactory(title="Draft", draft=True)
    GroupPageFactory(title="Closed", closed=True)
    gone = UserFactory(is_active=False)
    Membership.objects.create(user=UserFactory(), role="lead", group_uid=led.uid)
    Membership.objects.create(user=UserFactory(), role="lead", organisation=body)
    Membership.objects.create(user=UserFactory(), role="lead", group_uid=left.uid, is_active=False)
    Membership.objects.create(user=UserFactory(), role="editor", group_uid=with_helper.uid)
    Membership.objects.create(user=gone, role="lead", group_uid=bare.uid)
    assert [group.title for group in shown(client, "leaderless")] == ["Helped", "Bare", "Left"]
    page = client.get(reverse("waymark_report_leaderless")).text
    assert f"/my-group/people/group/{bare.uid}/" in page
    with django_assert_max_num_queries(40):
        shown(client, "leaderless")


def test_staff_invite_a_lead_where_there_is_none(client, moderator):
    group = GroupPageFactory()
    client.post(f"/my-group/people/group/{group.uid}/", {"email": "sam@example.org"})
    assert Invitation.objects.get().role == "lead"
    Membership.objects.create(user=UserFactory(), role="lead", group_uid=group.uid)
    client.post(f"/my-group/people/group/{group.uid}/", {"email": "pat@example.org"})
    assert Invitation.objects.get(email="pat@example.org").role == "editor"


def test_moderators_are_told_of_a_claim(moderator):
    UserFactory()
    made = verbs.claim(GroupPageFactory(), by=UserFactory(), evidence="I help.")
    told = QueuedMail.objects.get(template="claim_made")
    assert told.to == moderator.email
    assert reverse("waymark_claim", args=[made.uid]) in told.text


@pytest.fixture
def claim():
    group = GroupPageFactory(title="Knit Club", contacts=[ContactFactory.build(value="01632 960999")])
    return verbs.claim(group, by=UserFactory(first_name="Sam"), evidence="I am the secretary.")


def test_a_claim_is_read_and_approved(client, moderator, claim):
    assert shown(client, "claims") == [claim]
    url = reverse("waymark_claim", args=[claim.uid])
    page = client.get(url).text
    for words in ("Knit Club", "I am the secretary.", "01632 960999", claim.user.email):
        assert words in page
    assert client.post(url, {"approve": "1"}).status_code == 302
    assert Membership.objects.get(user=claim.user).role == "lead"
    assert shown(client, "claims") == []
    assert "Approved" in client.get(url).text
    assert "decided this already" in client.post(url, {"approve": "1"}).text


def test_a_refusal_needs_a_reason_and_keeps_what_was_typed(client, moderator, claim):
    url = reverse("waymark_claim", args=[claim.uid])
    assert "Say why" in client.post(url, {"reason": " "}).text
    assert client.post(url, {"reason": "a\x00b"}).status_code == 422
    long = "x" * 301
    answer = client.post(url, {"reason": long})
    assert (answer.status_code, long in answer.text) == (422, True)
    claim.refresh_from_db()
    assert claim.state == "waiting"
    client.post(url, {"reason": "Please ring us."})
    claim.refresh_from_db()
    assert (claim.state, claim.reason, claim.decided_by) == ("refused", "Please ring us.", moderator)


def test_a_claim_of_a_listing_that_is_gone(client, moderator, claim):
    claim.scope.groups().get().delete()
    url = reverse("waymark_claim", args=[claim.uid])
    assert "This listing is gone" in client.get(url).text
    assert client.post(url, {"approve": "1"}).status_code == 422
    assert "(gone)" in client.get(reverse("waymark_report_claims")).text


def test_an_e_mail_that_was_perhaps_not_sent_is_sent_again(client, moderator):
    mail = queue_mail("sign_in", to="sam@example.org", context={"secret": "a", "code": "b"})
    assert shown(client, "unsent") == []
    QueuedMail.objects.update(state=State.UNSURE, attempts=3)
    assert "sam@example.org" in client.get(reverse("waymark_report_unsent")).text
    assert client.post(reverse("waymark_send_again", args=[mail.pk])).status_code == 302
    mail.refresh_from_db()
    assert (mail.state, mail.attempts) == (State.WAITING, 0)
    assert client.post(reverse("waymark_send_again", args=[mail.pk])).status_code == 404


def test_editors_decide_nothing(client, claim):
    ensure_roles()
    editor = UserFactory()
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    url = reverse("waymark_claim", args=[claim.uid])
    home = reverse("wagtailadmin_home")
    for answer in (
        client.get(url),
        client.post(url, {"approve": "1"}),
        client.get(reverse("waymark_report_claims")),
    ):
        assert (answer.status_code, answer.url) == (302, home)
    assert User.objects.get(pk=claim.user_id).memberships.count() == 0
