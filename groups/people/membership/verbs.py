"""What people do about who keeps a page. Each is one transaction, with its history and its e-mails.

Whether somebody may is asked before, by the view (`groups.people.permissions`). Whether it can be done is said here.
"""

from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.checking.reach import moderators_for
from groups.listings.choices import ContactKind
from groups.listings.facts import GroupFacts
from groups.listings.models import GroupPage
from groups.mail.outbox import queue_mail
from groups.organisations.models import Organisation
from groups.people.membership.models import (
    Claim,
    ClaimState,
    Invitation,
    Membership,
    MembershipHistory,
    Role,
    Scope,
    What,
)
from groups.people.models import User
from groups.people.verbs import change_name
from groups.throttle import Limit, may_try

MOST_PEOPLE = 20
"""Members and open invitations of one group or organisation together: more is a mistake or a nuisance."""
MOST_WAITING_CLAIMS = 5
"""Of one person: staff look at each by hand."""
INVITATIONS_OF_ONE_ACCOUNT = Limit("invitations of an account", 30, timedelta(days=1))


class Refused(ValidationError):  # noqa: N818 (said to people, not raised at them)
    """It cannot be done now. The message says what to do instead."""


# --- inviting ---------------------------------------------------------------------------------------


@transaction.atomic
def invite(scope: Scope, email: str, *, by: User, role: str = Role.EDITOR) -> Invitation:
    """Ask somebody by e-mail to keep the page too. Asking again sends the open invitation again.

    A lead's invitation hands the lead over when it is accepted.

    Raises:
        Refused: not an address, in already, too many people, or too many invitations today.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused(_("This is no e-mail address. It needs an @, as in name@group.org.")) from error
    _lock(scope)
    members = Membership.objects.active().of(scope)
    if members.filter(user__email=email).exists():
        raise Refused(_("%(email)s is one of you already.") % {"email": email})
    waiting = Invitation.objects.open().of(scope)
    open_one = waiting.filter(email=email).first()
    if open_one:
        open_one.role = role
        return _send_again(open_one, by=by)
    if members.count() + waiting.count() >= MOST_PEOPLE:
        raise Refused(_("That is enough people. Remove somebody or take an invitation back first."))
    invitation = Invitation.objects.create(**scope.values, email=email, role=role, invited_by=by)
    _note(scope, What.INVITED, by=by)
    _mail_invitation(invitation, by)
    return invitation


@transaction.atomic
def send_again(invitation: Invitation, *, by: User) -> Invitation:
    """Send it once more; it counts from today.

    Raises:
        Refused: it was accepted or taken back, or too many were sent today.
    """
    return _send_again(_still_open(invitation), by=by)


def _send_again(invitation: Invitation, *, by: User) -> Invitation:
    invitation.sent_at = timezone.now()
    invitation.invited_by = by
    invitation.save(update_fields=["sent_at", "invited_by", "role"])
    _note(invitation.scope, What.SENT_AGAIN, by=by)
    _mail_invitation(invitation, by)
    return invitation


@transaction.atomic
def take_back(invitation: Invitation, *, by: User) -> None:
    """The link in the e-mail stops working.

    Raises:
        Refused: it was accepted or taken back.
    """
    invitation = _still_open(invitation)
    invitation.taken_back_at = timezone.now()
    invitation.save(update_fields=["taken_back_at"])
    _note(invitation.scope, What.TOOK_BACK, by=by)


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Membership:
    """Join, with the role the invitation gives. The others are told.

    Raises:
        Refused: it is for another address, expired, used or taken back.
    """
    _lock(invitation.scope)
    invitation = _still_open(invitation)
    if invitation.email != by.email:
        raise Refused(_("This invitation is for another e-mail address. Sign in with that one."))
    if not invitation.is_valid:
        raise Refused(_("This invitation is too old. Ask for a new one."))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    others = _people(Membership.objects.active().of(invitation.scope).exclude(user=by))
    membership = _join(invitation.scope, by, invitation.role, by=by)
    for other in others:
        queue_mail("joined", to=other.email, context=_context(invitation.scope, person=by))
    return membership


@transaction.atomic
def accept_as(invitation: Invitation, *, by: User | None, name: str = "") -> User:
    """Join as `by`, or as somebody new whose address the invitation itself has proved. Returns who joined.

    Raises:
        Refused: as for `accept`; or nobody is signed in and the address has an account already.
    """
    if by is None:
        if User.objects.filter(email=invitation.email).exists():
            raise Refused(_("You have an account already. Sign in first."))
        by = User.objects.create_user(invitation.email)
    if name:
        change_name(by, name)
    accept(invitation, by=by)
    return by


def _still_open(invitation: Invitation) -> Invitation:
    current = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if current.accepted_at:
        raise Refused(_("This invitation was used already."))
    if current.taken_back_at:
        raise Refused(_("This invitation was taken back. Ask for a new one."))
    return current


def _mail_invitation(invitation: Invitation, by: User) -> None:
    if not may_try(INVITATIONS_OF_ONE_ACCOUNT, by.email):
        raise Refused(_("You have sent many invitations today. Go on tomorrow."))
    context = _context(invitation.scope, person=by)
    queue_mail("invitation", to=invitation.email, context={**context, "invitation": invitation})


# --- members ----------------------------------------------------------------------------------------


@transaction.atomic
def hand_over_lead(membership: Membership, *, by: User) -> None:
    """Make this member the lead. Who led before stays, as an editor. Both are told.

    Raises:
        Refused: the person is no member any more.
    """
    _lock(membership.scope)
    membership = _still_in(membership)
    before = _people(Membership.objects.active().leads().of(membership.scope).exclude(pk=membership.pk))
    _join(membership.scope, membership.user, Role.LEAD, by=by)
    for person in [membership.user, *before]:
        if person != by:
            queue_mail(
                "new_lead", to=person.email, context=_context(membership.scope, person=membership.user)
            )


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """End somebody's membership. They are told.

    Raises:
        Refused: they are out already, or it is your own: leave instead.
    """
    _lock(membership.scope)
    membership = _still_in(membership)
    if membership.user == by:
        raise Refused(_("This is you. Use “Leave” instead."))
    _end(membership, What.REMOVED, by=by)
    queue_mail("removed", to=membership.user.email, context=_context(membership.scope, person=by))


@transaction.atomic
def leave(membership: Membership) -> None:
    """End your own membership. The others are told.

    Raises:
        Refused: you lead and there are others: hand over first.
    """
    _lock(membership.scope)
    membership = _still_in(membership)
    others = _people(Membership.objects.active().of(membership.scope).exclude(pk=membership.pk))
    if membership.role == Role.LEAD and others:
        raise Refused(_("You are the lead. Make somebody else the lead first, then leave."))
    _end(membership, What.LEFT, by=membership.user)
    for other in others:
        queue_mail("left", to=other.email, context=_context(membership.scope, person=membership.user))


@transaction.atomic
def leave_everything(user: User) -> None:
    """End every membership of somebody whose account goes. The others are told, without the name."""
    for membership in Membership.objects.active().filter(user=user):
        _lock(membership.scope)
        _end(membership, What.LEFT, by=user)
        for other in _people(Membership.objects.active().of(membership.scope)):
            queue_mail(
                "left",
                to=other.email,
                context={**_context(membership.scope, person=user), "person": _("One of you")},
            )


@transaction.atomic
def end_all(scope: Scope, what: What = What.LEFT) -> list[User]:
    """Nobody keeps this page any more, by a membership of this scope. The history says `what`; whoever calls tells them why.

    Returns who kept it.
    """
    _lock(scope)
    memberships = list(Membership.objects.active().of(scope).select_related("user"))
    for membership in memberships:
        _end(membership, what, by=None)
    return _people(memberships)


@transaction.atomic
def lead_new(group: GroupPage, *, by: User) -> Membership:
    """Whoever starts a page leads it."""
    scope = Scope.of_group(group)
    _lock(scope)
    return _join(scope, by, Role.LEAD, by=by)


def _still_in(membership: Membership) -> Membership:
    current = Membership.objects.select_for_update().get(pk=membership.pk)
    if not current.is_active:
        raise Refused(_("This person is out already."))
    return current


def _join(scope: Scope, user: User, role: str, *, by: User) -> Membership:
    """Make or renew a membership. A new lead makes the old one an editor. Nobody is demoted by joining again."""
    mine = Membership.objects.of(scope).filter(user=user).first()
    was = mine.role if mine and mine.is_active else None
    role = Role.LEAD if was == Role.LEAD else role
    if role == Role.LEAD:
        Membership.objects.active().leads().of(scope).exclude(user=user).update(role=Role.EDITOR)
    values = {"role": role, "is_active": True, "ended_at": None}
    if was is None:
        values["joined_at"] = timezone.now()
        _note(scope, What.JOINED, by=by, person=user)
    if role == Role.LEAD and was != Role.LEAD:
        _note(scope, What.LEADS, by=by, person=user)
    membership, _made = Membership.objects.update_or_create(user=user, **scope.values, defaults=values)
    _settle_claimed(scope, by=by)
    return membership


def _end(membership: Membership, what: What, *, by: User | None) -> None:
    membership.is_active = False
    membership.ended_at = timezone.now()
    membership.save(update_fields=["is_active", "ended_at"])
    _note(membership.scope, what, by=by, person=membership.user)
    _settle_claimed(membership.scope, by=by)


# --- claims -----------------------------------------------------------------------------------------


@transaction.atomic
def claim(group: GroupPage, *, by: User, evidence: str) -> Claim:
    """Ask staff to let this person keep the page. Moderators are told.

    Raises:
        Refused: no evidence, in already, asked already, or asked for many pages.
    """
    evidence = " ".join(evidence.split())
    if not evidence:
        raise Refused(_("Tell us in one sentence how we can tell that you belong to the group."))
    scope = Scope.of_group(group)
    _lock(scope)
    if Membership.objects.active().covering(group).filter(user=by).exists():
        raise Refused(_("You keep this page already."))
    if Claim.objects.waiting().filter(user=by, group_uid=group.uid).exists():
        raise Refused(_("You have asked already. We will write to you soon."))
    if Claim.objects.waiting().filter(user=by).count() >= MOST_WAITING_CLAIMS:
        raise Refused(_("You have asked for several pages. Wait for our answer first."))
    made = Claim(group_uid=group.uid, user=by, evidence=evidence)
    made.clean_fields()
    made.save()
    _note(scope, What.CLAIMED, by=by, person=by)
    for moderator in moderators_for(group.uid):
        queue_mail("claim_made", to=moderator.email, context={**_context(scope, person=by), "claim": made})
    return made


@transaction.atomic
def approve_claim(claim: Claim, *, by: User) -> Membership:
    """Let the person keep the page: as lead where nobody leads the group. They and the other contacts are told.

    Recipients come from memberships; the listing's own e-mail address is told too, since a page nobody keeps has no
    other way to notice that a stranger took it.

    Raises:
        Refused: it was decided already, or the listing is gone.
    """
    claim = _still_waiting(claim)
    scope = claim.scope
    _lock(scope)
    group = scope.groups().first()
    if group is None:
        raise Refused(_("This listing is gone."))
    _decide(claim, ClaimState.APPROVED, by=by)
    others = {person.email for person in _people(Membership.objects.active().covering(group))}
    others |= {row.value.lower() for row in group.contacts.filter(kind=ContactKind.EMAIL)}
    led = Membership.objects.active().leads().covering(group).exists()
    membership = _join(scope, claim.user, Role.EDITOR if led else Role.LEAD, by=by)
    queue_mail("claim_approved", to=claim.user.email, context=_context(scope, person=by))
    for address in sorted(others - {claim.user.email}):
        queue_mail("claimed_by", to=address, context=_context(scope, person=claim.user))
    return membership


@transaction.atomic
def refuse_claim(claim: Claim, *, by: User, reason: str) -> None:
    """Say no, with a reason that is e-mailed.

    Raises:
        Refused: it was decided already, or no reason is given.
    """
    claim = _still_waiting(claim)
    if not reason.strip():
        raise Refused(_("Say why, so that the person knows what to do."))
    claim.reason = reason.strip()
    claim.clean_fields()
    _decide(claim, ClaimState.REFUSED, by=by)
    _note(claim.scope, What.REFUSED, by=by, person=claim.user)
    queue_mail(
        "claim_refused",
        to=claim.user.email,
        context={**_context(claim.scope, person=by), "reason": claim.reason},
    )


def _still_waiting(claim: Claim) -> Claim:
    current = Claim.objects.select_for_update().get(pk=claim.pk)
    if current.state != ClaimState.WAITING:
        raise Refused(_("Somebody decided this already."))
    return current


def _decide(claim: Claim, state: ClaimState, *, by: User) -> None:
    claim.state, claim.decided_by, claim.decided_at = state, by, timezone.now()
    claim.save(update_fields=["state", "decided_by", "decided_at", "reason"])


# --- shared -----------------------------------------------------------------------------------------


def _lock(scope: Scope) -> None:
    """One change at a time to the people of a group or organisation."""
    if scope.organisation_id:
        Organisation.objects.select_for_update().get(pk=scope.organisation_id)
    elif scope.group_uid:
        facts = GroupFacts.objects.for_group(scope.group_uid)
        GroupFacts.objects.select_for_update().get(pk=facts.pk)


def _settle_claimed(scope: Scope, *, by: User | None) -> None:
    """A group is kept by itself as long as anybody keeps it: imports then leave its words alone."""
    for group in scope.groups():
        kept = Membership.objects.active().covering(group).exists()
        facts = GroupFacts.objects.for_group(group.uid)
        if facts.claimed != kept:
            facts.change(by=by, claimed=kept)


def _note(scope: Scope, what: What, *, by: User | None, person: User | None = None) -> None:
    MembershipHistory.objects.create(**scope.values, what=what, by=by, person=person)


def _people(memberships: Iterable[Membership]) -> list[User]:
    rows = Membership.objects.filter(pk__in=[row.pk for row in memberships]).select_related("user")
    return [row.user for row in rows if row.user.is_active]


def _context(scope: Scope, *, person: User) -> dict[str, object]:
    return {"place": scope.name, "scope": scope, "person": person.name}
