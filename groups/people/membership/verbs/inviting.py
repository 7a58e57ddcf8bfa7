"""Asking somebody by e-mail to keep a page too, and what becomes of it."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from groups.mail.outbox import queue_mail
from groups.people.membership.models import Invitation, Membership, Role, Scope, What
from groups.people.membership.verbs.shared import Refused, context_of, join, lock, note, people_of
from groups.people.models import User
from groups.people.verbs import change_name
from groups.throttle import Limit, may_try

MOST_PEOPLE = 20
"""Members and open invitations of one group or organisation together: more is a mistake or a nuisance."""
INVITATIONS_OF_ONE_ACCOUNT = Limit("invitations of an account", 30, timedelta(days=1))


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
    lock(scope)
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
    note(scope, What.INVITED, by=by)
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
    note(invitation.scope, What.SENT_AGAIN, by=by)
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
    note(invitation.scope, What.TOOK_BACK, by=by)


@transaction.atomic
def accept(invitation: Invitation, *, by: User) -> Membership:
    """Join, with the role the invitation gives. The others are told.

    Raises:
        Refused: it is for another address, expired, used or taken back.
    """
    lock(invitation.scope)
    invitation = _still_open(invitation)
    if invitation.email != by.email:
        raise Refused(_("This invitation is for another e-mail address. Sign in with that one."))
    if not invitation.is_valid:
        raise Refused(_("This invitation is too old. Ask for a new one."))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    others = people_of(Membership.objects.active().of(invitation.scope).exclude(user=by))
    membership = join(invitation.scope, by, invitation.role, by=by)
    for other in others:
        queue_mail("joined", to=other.email, context=context_of(invitation.scope, person=by))
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
    context = context_of(invitation.scope, person=by)
    queue_mail("invitation", to=invitation.email, context={**context, "invitation": invitation})
