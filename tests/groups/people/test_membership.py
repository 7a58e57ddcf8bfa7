"""Inviting, joining, handing over, leaving, claiming: each whole, told, and remembered."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from groups.models import Claim, GroupFacts, Invitation, Membership, MembershipHistory, QueuedMail, User
from groups.people.membership import verbs
from groups.people.membership.models import Role, Scope
from groups.people.membership.queries import groups_of, members_of, with_an_active_lead
from groups.people.membership.verbs import claiming, inviting
from groups.throttle import Limit
from tests.factories import ContactFactory, GroupPageFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("site_tree")


@pytest.fixture
def group():
    return GroupPageFactory(title="Knit Club")


@pytest.fixture
def scope(group):
    return Scope.of_group(group)


@pytest.fixture
def lead(scope):
    person = UserFactory(first_name="Jean")
    Membership.objects.create(user=person, role=Role.LEAD, **scope.values)
    return person


@pytest.fixture
def editor(scope):
    person = UserFactory(first_name="Omar")
    Membership.objects.create(user=person, role=Role.EDITOR, **scope.values)
    return person


def membership_of(person):
    return Membership.objects.get(user=person)


def mails(template):
    return sorted(QueuedMail.objects.filter(template=template).values_list("to", flat=True))


def happened():
    return list(MembershipHistory.objects.order_by("pk").values_list("what", flat=True))


# --- inviting ---------------------------------------------------------------------------------------


def test_an_invitation_is_mailed_and_accepted_once(scope, group, lead):
    invitation = verbs.invite(scope, " Sam@Example.org ", by=lead)
    assert mails("invitation") == ["sam@example.org"]
    assert quote(invitation.key) in QueuedMail.objects.get().text
    sam = UserFactory(email="sam@example.org")
    membership = verbs.accept(invitation, by=sam)
    assert (membership.role, membership.is_active) == (Role.EDITOR, True)
    assert [row.user for row in members_of(group)] == [lead, sam]
    assert list(groups_of(sam)) == [group]
    assert mails("joined") == [lead.email]
    with pytest.raises(verbs.Refused, match="used already"):
        verbs.accept(invitation, by=sam)
    assert happened() == ["invited", "joined"]


def test_it_expires_and_can_be_sent_again(scope, lead):
    invitation = verbs.invite(scope, "sam@example.org", by=lead)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=14, minutes=1))
    sam = UserFactory(email="sam@example.org")
    with pytest.raises(verbs.Refused, match="too old"):
        verbs.accept(invitation, by=sam)
    assert not Membership.objects.filter(user=sam).exists()
    verbs.send_again(invitation, by=lead)
    assert len(mails("invitation")) == 2
    assert verbs.accept(invitation, by=sam).is_active


def test_inviting_twice_sends_the_same_one_again(scope, lead):
    first = verbs.invite(scope, "sam@example.org", by=lead)
    assert verbs.invite(scope, "SAM@example.org", by=lead) == first
    assert Invitation.objects.count() == 1


def test_taken_back_is_taken_back(scope, lead):
    invitation = verbs.invite(scope, "sam@example.org", by=lead)
    verbs.take_back(invitation, by=lead)
    for verb in (verbs.accept, verbs.send_again, verbs.take_back):
        with pytest.raises(verbs.Refused, match="taken back"):
            verb(invitation, by=UserFactory(email="sam@example.org") if verb is verbs.accept else lead)


@pytest.mark.parametrize(
    ("email", "words"), [("sam", "no e-mail address"), ("", "no e-mail"), ("@", "no e-mail")]
)
def test_what_is_no_address(scope, lead, email, words):
    with pytest.raises(verbs.Refused, match=words):
        verbs.invite(scope, email, by=lead)
    assert not Invitation.objects.exists()


def test_who_is_in_already_is_not_invited(scope, lead, editor):
    with pytest.raises(verbs.Refused, match="one of you already"):
        verbs.invite(scope, editor.email.upper(), by=lead)


def test_another_address_cannot_accept(scope, lead):
    invitation = verbs.invite(scope, "sam@example.org", by=lead)
    with pytest.raises(verbs.Refused, match="another e-mail address"):
        verbs.accept(invitation, by=UserFactory())


def test_there_is_an_end_to_inviting(scope, lead, monkeypatch):
    monkeypatch.setattr(inviting, "MOST_PEOPLE", 2)
    verbs.invite(scope, "one@example.org", by=lead)
    with pytest.raises(verbs.Refused, match="enough people"):
        verbs.invite(scope, "two@example.org", by=lead)


def test_nobody_floods_an_address_with_invitations(scope, lead, monkeypatch):
    monkeypatch.setattr(inviting, "INVITATIONS_OF_ONE_ACCOUNT", Limit("invitations", 2))
    invitation = verbs.invite(scope, "sam@example.org", by=lead)
    verbs.send_again(invitation, by=lead)
    with pytest.raises(verbs.Refused, match="tomorrow"):
        verbs.send_again(invitation, by=lead)
    with pytest.raises(verbs.Refused, match="tomorrow"):
        verbs.invite(scope, "pat@example.org", by=lead)
    assert len(mails("invitation")) == 2
    assert Invitation.objects.count() == 1


def test_accepting_a_leads_invitation_hands_over(scope, lead):
    invitation = verbs.invite(scope, "sam@example.org", by=lead, role=Role.LEAD)
    sam = UserFactory(email="sam@example.org")
    verbs.accept(invitation, by=sam)
    assert (membership_of(sam).role, membership_of(lead).role) == (Role.LEAD, Role.EDITOR)


def test_a_lead_who_accepts_as_editor_stays_lead(scope, lead):
    Membership.objects.update(is_active=False)
    invitation = verbs.invite(scope, lead.email, by=UserFactory())
    Membership.objects.update(is_active=True)
    verbs.accept(invitation, by=lead)
    assert membership_of(lead).role == Role.LEAD


def test_somebody_new_gets_an_account_by_accepting(scope, lead):
    invitation = verbs.invite(scope, "sam@example.org", by=lead)
    sam = verbs.accept_as(invitation, by=None, name="Sam Okafor")
    assert (sam.email, sam.name, sam.has_usable_password()) == ("sam@example.org", "Sam Okafor", False)


def test_an_account_is_never_opened_by_an_invitation(scope, lead):
    invitation = verbs.invite(scope, "sam@example.org", by=lead)
    UserFactory(email="sam@example.org")
    with pytest.raises(verbs.Refused, match="Sign in first"):
        verbs.accept_as(invitation, by=None)
    assert not invitation.accepted_at


# --- handing over, removing, leaving ----------------------------------------------------------------


def test_the_lead_hands_over_and_stays(scope, lead, editor):
    verbs.hand_over_lead(membership_of(editor), by=lead)
    assert (membership_of(editor).role, membership_of(lead).role) == (Role.LEAD, Role.EDITOR)
    assert mails("new_lead") == [editor.email]
    assert happened() == ["leads"]


def test_staff_hand_over_and_both_are_told(scope, lead, editor):
    verbs.hand_over_lead(membership_of(editor), by=UserFactory())
    assert mails("new_lead") == sorted([editor.email, lead.email])


def test_removed_people_keep_their_row_and_lose_the_group(scope, group, lead, editor):
    verbs.remove(membership_of(editor), by=lead)
    row = membership_of(editor)
    assert not row.is_active
    assert row.ended_at
    assert not groups_of(editor).exists()
    assert mails("removed") == [editor.email]
    with pytest.raises(verbs.Refused, match="out already"):
        verbs.remove(row, by=lead)
    with pytest.raises(verbs.Refused, match="Leave"):
        verbs.remove(membership_of(lead), by=lead)


def test_who_comes_back_has_the_same_row(scope, lead, editor):
    verbs.leave(membership_of(editor))
    again = verbs.accept(verbs.invite(scope, editor.email, by=lead), by=editor)
    assert again.is_active
    assert again.ended_at is None
    assert Membership.objects.filter(user=editor).count() == 1


def test_a_lead_hands_over_before_leaving(scope, lead, editor):
    with pytest.raises(verbs.Refused, match="Make somebody else the lead"):
        verbs.leave(membership_of(lead))
    verbs.hand_over_lead(membership_of(editor), by=lead)
    verbs.leave(membership_of(lead))
    assert mails("left") == [editor.email]


def test_the_last_one_may_leave_and_the_group_is_nobodys(scope, group, lead):
    GroupFacts.objects.update_or_create(group_uid=group.uid, defaults={"claimed": True})
    verbs.leave(membership_of(lead))
    assert not GroupFacts.objects.get(group_uid=group.uid).claimed
    assert not type(group).objects.filter(with_an_active_lead(), pk=group.pk).exists()


# --- organisations ----------------------------------------------------------------------------------


def test_a_membership_of_an_organisation_is_of_all_its_groups():
    body = OrganisationFactory()
    groups = {GroupPageFactory(organisation=body).pk, GroupPageFactory(organisation=body).pk}
    GroupPageFactory()
    scope = Scope(organisation_id=body.pk)
    person = UserFactory(email="sam@example.org")
    verbs.accept(verbs.invite(scope, person.email, by=UserFactory(), role=Role.LEAD), by=person)
    assert {page.pk for page in groups_of(person)} == groups
    assert GroupFacts.objects.filter(claimed=True).count() == 2
    assert {page.pk for page in GroupPageFactory._meta.model.objects.filter(with_an_active_lead())} == groups


def test_a_lead_who_cannot_sign_in_is_no_active_lead(group, lead):
    pages = type(group).objects.filter(with_an_active_lead())
    assert list(pages.all()) == [group]
    User.objects.filter(pk=lead.pk).update(is_active=False)
    assert not pages.all().exists()


@pytest.mark.parametrize("both", [True, False])
def test_the_database_wants_exactly_one_of_group_and_organisation(group, both):
    values = {"group_uid": group.uid, "organisation": OrganisationFactory()} if both else {}
    for model, extra in ((Membership, {"user": UserFactory()}), (Invitation, {"email": "a@example.org"})):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.create(role=Role.EDITOR, **extra, **values)


def test_the_database_knows_one_lead_only(scope, lead):
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=UserFactory(), role=Role.LEAD, **scope.values)


# --- claims -----------------------------------------------------------------------------------------


@pytest.fixture
def orphan():
    return GroupPageFactory(contacts=[ContactFactory.build(kind="email", value="Club@example.org")])


def test_a_claim_is_approved_and_the_others_are_told(orphan):
    person, staff = UserFactory(), UserFactory()
    claim = verbs.claim(orphan, by=person, evidence="  I am the  secretary. ")
    assert claim.evidence == "I am the secretary."
    assert not groups_of(person).exists()
    verbs.approve_claim(claim, by=staff)
    assert membership_of(person).role == Role.LEAD
    assert GroupFacts.objects.get(group_uid=orphan.uid).claimed
    assert mails("claim_approved") == [person.email]
    assert mails("claimed_by") == ["club@example.org"]
    with pytest.raises(verbs.Refused, match="decided this already"):
        verbs.refuse_claim(claim, by=staff, reason="No.")
    assert happened() == ["claimed", "joined", "leads"]


def test_who_claims_a_led_group_becomes_an_editor(group, lead):
    claim = verbs.claim(group, by=UserFactory(), evidence="I help out.")
    assert verbs.approve_claim(claim, by=UserFactory()).role == Role.EDITOR
    assert mails("claimed_by") == [lead.email]


def test_a_refused_claim_says_why_and_may_be_made_again(orphan):
    person, staff = UserFactory(), UserFactory()
    claim = verbs.claim(orphan, by=person, evidence="I like it.")
    with pytest.raises(verbs.Refused, match="Say why"):
        verbs.refuse_claim(claim, by=staff, reason=" ")
    verbs.refuse_claim(claim, by=staff, reason="Please name somebody we can ring.")
    assert "somebody we can ring" in QueuedMail.objects.get(template="claim_refused").text
    assert not Membership.objects.exists()
    assert verbs.claim(orphan, by=person, evidence="Ring Pat.").state == "waiting"


def test_a_claim_that_makes_no_sense(orphan, group, lead):
    person = UserFactory()
    with pytest.raises(verbs.Refused, match="one sentence"):
        verbs.claim(orphan, by=person, evidence="  ")
    with pytest.raises(verbs.Refused, match="keep this page already"):
        verbs.claim(group, by=lead, evidence="Me.")
    verbs.claim(orphan, by=person, evidence="Me.")
    with pytest.raises(verbs.Refused, match="asked already"):
        verbs.claim(orphan, by=person, evidence="Me again.")
    assert Claim.objects.count() == 1


def test_nobody_claims_the_whole_directory(monkeypatch):
    monkeypatch.setattr(claiming, "MOST_WAITING_CLAIMS", 1)
    person = UserFactory()
    verbs.claim(GroupPageFactory(), by=person, evidence="Me.")
    with pytest.raises(verbs.Refused, match="Wait for our answer"):
        verbs.claim(GroupPageFactory(), by=person, evidence="Me too.")


def test_nothing_is_half_done(scope, lead, monkeypatch):
    """The e-mail cannot be queued: then nobody was invited either."""

    def broken(*args, **kwargs):
        raise RuntimeError("The outbox is broken.")

    monkeypatch.setattr(inviting, "queue_mail", broken)
    with pytest.raises(RuntimeError):
        verbs.invite(scope, "sam@example.org", by=lead)
    assert not Invitation.objects.exists()
    assert happened() == []
