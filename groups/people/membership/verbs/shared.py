"""How a membership begins and ends, with its history, whatever led to it."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.utils import timezone

from groups.listings.facts import GroupFacts
from groups.organisations.models import Organisation
from groups.people.membership.models import Membership, MembershipHistory, Role, Scope, What
from groups.people.models import User


class Refused(ValidationError):  # noqa: N818 (said to people, not raised at them)
    """It cannot be done now. The message says what to do instead."""


def join(scope: Scope, user: User, role: str, *, by: User) -> Membership:
    """Make or renew a membership. A new lead makes the old one an editor. Nobody is demoted by joining again."""
    mine = Membership.objects.of(scope).filter(user=user).first()
    was = mine.role if mine and mine.is_active else None
    role = Role.LEAD if was == Role.LEAD else role
    if role == Role.LEAD:
        Membership.objects.active().leads().of(scope).exclude(user=user).update(role=Role.EDITOR)
    values = {"role": role, "is_active": True, "ended_at": None}
    if was is None:
        values["joined_at"] = timezone.now()
        note(scope, What.JOINED, by=by, person=user)
    if role == Role.LEAD and was != Role.LEAD:
        note(scope, What.LEADS, by=by, person=user)
    membership, _made = Membership.objects.update_or_create(user=user, **scope.values, defaults=values)
    _settle_claimed(scope, by=by)
    return membership


def end(membership: Membership, what: What, *, by: User | None) -> None:
    """Whoever calls holds the scope's lock. `what` says in the history how it ended."""
    membership.is_active = False
    membership.ended_at = timezone.now()
    membership.save(update_fields=["is_active", "ended_at"])
    note(membership.scope, what, by=by, person=membership.user)
    _settle_claimed(membership.scope, by=by)


def lock(scope: Scope) -> None:
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


def note(scope: Scope, what: What, *, by: User | None, person: User | None = None) -> None:
    """A line in the history of who keeps this page."""
    MembershipHistory.objects.create(**scope.values, what=what, by=by, person=person)


def people_of(memberships: Iterable[Membership]) -> list[User]:
    """Those of these members who can still sign in, as the database has them now."""
    rows = Membership.objects.filter(pk__in=[row.pk for row in memberships]).select_related("user")
    return [row.user for row in rows if row.user.is_active]


def context_of(scope: Scope, *, person: User) -> dict[str, object]:
    """What every letter about this page says. person: whom it is about."""
    return {"place": scope.name, "scope": scope, "person": person.name}
