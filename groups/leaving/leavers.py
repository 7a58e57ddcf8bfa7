"""People who keep a page no longer (`domain.md`, "Retention": an organiser's contacts 30 days after leaving)."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet

from groups.leaving.people import former_member
from groups.leaving.words import erase_contact
from groups.people.membership.models import Claim, Invitation, Membership, MembershipHistory
from groups.people.models import User

KEPT_FOR = timedelta(days=30)


def ended_memberships(now: datetime) -> QuerySet[Membership]:
    return Membership.objects.ended().filter(ended_at__lt=now - KEPT_FOR).order_by("ended_at", "pk")


@transaction.atomic
def forget_membership(membership: Membership, now: datetime) -> bool:
    """The person is off the page: their address among its contacts, and their name in the history of who keeps it."""
    if not ended_memberships(now).select_for_update().filter(pk=membership.pk).exists():
        return False
    user, scope = membership.user, membership.scope
    keep_by_another_way = [
        page.pk
        for page in scope.groups()
        if Membership.objects.active().covering(page).filter(user=user).exists()
    ]
    erase_contact(user.email, scope.groups().exclude(pk__in=keep_by_another_way))
    history = MembershipHistory.objects.of(scope)
    history.filter(by=user).update(by=former_member())
    history.filter(person=user).update(person=former_member())
    membership.delete()
    return True


def unused_accounts(now: datetime) -> QuerySet[User]:
    """Accounts that keep no page, wait for none, work for nobody, and were not used for 30 days. One that staff closed stays."""
    before = now - KEPT_FOR
    mine = {"user": OuterRef("pk")}
    invited = Invitation.objects.open().filter(email=OuterRef("email"), sent_at__gt=before)
    return (
        User.objects.filter(is_active=True, is_staff=False, is_superuser=False)
        .filter(groups=None, user_permissions=None, date_joined__lt=before)
        .filter(Q(last_login=None) | Q(last_login__lt=before))
        .exclude(Exists(Membership.objects.filter(**mine)))
        .exclude(Exists(Claim.objects.waiting().filter(**mine)))
        .exclude(Exists(invited))
        .order_by(F("last_login").asc(nulls_first=True), "pk")
    )


@transaction.atomic
def forget_account(user: User, now: datetime) -> bool:
    if not unused_accounts(now).filter(pk=user.pk).exists():
        return False
    return bool(user.delete()[0])
