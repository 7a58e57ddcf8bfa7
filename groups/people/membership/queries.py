"""Questions about who keeps what."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from groups.listings.models import GroupPage
from groups.people.membership.models import Membership, Role
from groups.people.models import User


def groups_of(user: User) -> QuerySet[GroupPage]:
    """Groups this person keeps, by a membership of the group or of its organisation; published or not."""
    held = Membership.objects.active().filter(user=user)
    return GroupPage.objects.filter(
        Q(translation_key__in=held.filter(group_uid__isnull=False).values("group_uid"))
        | Q(organisation__in=held.filter(organisation__isnull=False).values("organisation"))
    )


def members_of(group: GroupPage) -> QuerySet[Membership]:
    """Who keeps this group now, lead first, of the group itself before its organisation's."""
    rows = Membership.objects.active().covering(group).filter(user__is_active=True)
    return rows.select_related("user").order_by("-role", "organisation", "joined_at")


def moderators() -> QuerySet[User]:
    """Who checks pages, and is told what waits."""
    return User.objects.filter(is_active=True, groups__permissions__codename="moderate").distinct()


def with_an_active_lead() -> Q:
    """A condition on `GroupPage`: somebody who can still sign in leads the group or its organisation."""
    return _covered_by(Membership.objects.active().filter(role=Role.LEAD))


def kept_by_somebody() -> Q:
    """A condition on `GroupPage`: somebody who can still sign in keeps the group or its organisation."""
    return _covered_by(Membership.objects.active())


def _covered_by(memberships: QuerySet[Membership]) -> Q:
    rows: Any = memberships.filter(user__is_active=True)
    return Q(Exists(rows.filter(group_uid=OuterRef("translation_key")))) | Q(
        Exists(rows.filter(organisation=OuterRef("organisation")))
    )
