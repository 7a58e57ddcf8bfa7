"""Who leads, who is removed, who leaves."""

from django.db import transaction
from django.utils.translation import gettext as _

from groups.listings.models import GroupPage
from groups.mail.outbox import queue_mail
from groups.people.membership.models import Membership, Role, Scope, What
from groups.people.membership.verbs.shared import Refused, context_of, end, join, lock, people_of
from groups.people.models import User


@transaction.atomic
def hand_over_lead(membership: Membership, *, by: User) -> None:
    """Make this member the lead. Who led before stays, as an editor. Both are told.

    Raises:
        Refused: the person is no member any more.
    """
    lock(membership.scope)
    membership = _still_in(membership)
    before = people_of(Membership.objects.active().leads().of(membership.scope).exclude(pk=membership.pk))
    join(membership.scope, membership.user, Role.LEAD, by=by)
    for person in [membership.user, *before]:
        if person != by:
            queue_mail(
                "new_lead", to=person.email, context=context_of(membership.scope, person=membership.user)
            )


@transaction.atomic
def remove(membership: Membership, *, by: User) -> None:
    """End somebody's membership. They are told.

    Raises:
        Refused: they are out already, or it is your own: leave instead.
    """
    lock(membership.scope)
    membership = _still_in(membership)
    if membership.user == by:
        raise Refused(_("This is you. Use “Leave” instead."))
    end(membership, What.REMOVED, by=by)
    queue_mail("removed", to=membership.user.email, context=context_of(membership.scope, person=by))


@transaction.atomic
def leave(membership: Membership) -> None:
    """End your own membership. The others are told.

    Raises:
        Refused: you lead and there are others: hand over first.
    """
    lock(membership.scope)
    membership = _still_in(membership)
    others = people_of(Membership.objects.active().of(membership.scope).exclude(pk=membership.pk))
    if membership.role == Role.LEAD and others:
        raise Refused(_("You are the lead. Make somebody else the lead first, then leave."))
    end(membership, What.LEFT, by=membership.user)
    for other in others:
        queue_mail("left", to=other.email, context=context_of(membership.scope, person=membership.user))


@transaction.atomic
def leave_everything(user: User) -> None:
    """End every membership of somebody whose account goes. The others are told, without the name."""
    for membership in Membership.objects.active().filter(user=user):
        lock(membership.scope)
        end(membership, What.LEFT, by=user)
        for other in people_of(Membership.objects.active().of(membership.scope)):
            queue_mail(
                "left",
                to=other.email,
                context={**context_of(membership.scope, person=user), "person": _("One of you")},
            )


@transaction.atomic
def end_all(scope: Scope, what: What = What.LEFT) -> list[User]:
    """Nobody keeps this page any more, by a membership of this scope. The history says `what`; whoever calls tells them why.

    Returns who kept it.
    """
    lock(scope)
    memberships = list(Membership.objects.active().of(scope).select_related("user"))
    for membership in memberships:
        end(membership, what, by=None)
    return people_of(memberships)


@transaction.atomic
def lead_new(group: GroupPage, *, by: User) -> Membership:
    """Whoever starts a page leads it."""
    scope = Scope.of_group(group)
    lock(scope)
    return join(scope, by, Role.LEAD, by=by)


def _still_in(membership: Membership) -> Membership:
    current = Membership.objects.select_for_update().get(pk=membership.pk)
    if not current.is_active:
        raise Refused(_("This person is out already."))
    return current
