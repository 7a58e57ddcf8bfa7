"""People who keep a page no longer (`domain.md`, "Retention": an organiser's contacts 30 days after leaving)."""

from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce
from django.utils import timezone
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from groups.leaving.notice import TOLD_BEFORE
from groups.leaving.people import former_member
from groups.leaving.words import erase_contact
from groups.mail.outbox import queue_mail
from groups.people.membership.models import Claim, Invitation, Membership, MembershipHistory
from groups.people.models import User

KEPT_FOR = timedelta(days=30)
TOLD = "waymark.tell_of_an_unused_account"
"""In the log: the owner was told that the account goes. It goes only after this stood so long."""


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
    """Accounts that keep no page, wait for none, work for nobody, were not used for 30 days, and were told a fortnight ago.

    One that staff closed stays.
    """
    kept = Membership.objects.filter(user=OuterRef("pk"))
    return _unused(now - KEPT_FOR).exclude(Exists(kept)).filter(_told(now - TOLD_BEFORE))


def to_tell(now: datetime) -> QuerySet[User]:
    """Accounts that go in a fortnight, whose owners do not know yet. Whoever just left a page is told in time, too."""
    kept = Membership.objects.active().filter(user=OuterRef("pk"))
    return _unused(now + TOLD_BEFORE - KEPT_FOR).exclude(Exists(kept)).exclude(_told(now))


def _unused(before: datetime) -> QuerySet[User]:
    invited = Invitation.objects.open().filter(email=OuterRef("email"), sent_at__gt=before)
    return (
        User.objects.filter(is_active=True, is_staff=False, is_superuser=False)
        .filter(groups=None, user_permissions=None, date_joined__lt=before)
        .filter(Q(last_login=None) | Q(last_login__lt=before))
        .exclude(Exists(Claim.objects.waiting().filter(user=OuterRef("pk"))))
        .exclude(Exists(invited))
        .order_by(F("last_login").asc(nulls_first=True), "pk")
    )


def _told(until: datetime) -> Exists:
    """Since the account was used last, until then."""
    return Exists(
        ModelLogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User),
            object_id=Cast(OuterRef("pk"), CharField()),
            action=TOLD,
            timestamp__lte=until,
            timestamp__gte=Coalesce(OuterRef("last_login"), OuterRef("date_joined")),
        )
    )


@transaction.atomic
def tell(user: User, now: datetime) -> bool:
    """The owner hears on which day the account goes."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not to_tell(now).filter(pk=user.pk).exists():
        return False
    log(user, TOLD, timestamp=now, title=f"{user.pk}")
    used = timezone.localdate(user.last_login or user.date_joined)
    goes = timezone.localdate(now + TOLD_BEFORE)
    queue_mail("account_goes", to=user.email, context={"used": used, "goes": goes})
    return True


@transaction.atomic
def forget_account(user: User, now: datetime) -> bool:
    if not unused_accounts(now).filter(pk=user.pk).exists():
        return False
    ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User), object_id=str(user.pk), action=TOLD
    ).delete()
    return bool(user.delete()[0])
