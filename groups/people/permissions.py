"""Who may do what. One table; views, templates and verbs ask `may`, never a role.

Moderators, link workers and supporters hold a named permission through Wagtail's groups (`groups.admin.roles`).
"""

from enum import StrEnum
from typing import Any

from groups.people.membership.models import Membership, Role


class As(StrEnum):
    """What a person is to a group. Another group's lead is, to this one, only signed in."""

    VISITOR = "visitor"
    SIGNED_IN = "signed in"
    FORMER_MEMBER = "former member"
    EDITOR = "editor"
    LEAD = "lead"
    LINK_WORKER = "link worker"
    SUPPORTER = "supporter"
    MODERATOR = "moderator"
    ADMIN = "admin"


_STAFF = {As.MODERATOR, As.ADMIN}
_KEEPERS = {As.EDITOR, As.LEAD, *_STAFF}

ACTIONS: dict[str, set[As]] = {
    "report_problem": {As.VISITOR},
    "have_account": {As.SIGNED_IN},
    "edit_group": _KEEPERS,
    "change_today": _KEEPERS,
    "see_people": _KEEPERS,
    "manage_people": {As.LEAD, *_STAFF},
    "close_group": {As.LEAD, *_STAFF},
    "leave": {As.EDITOR, As.LEAD},
    "claim": {As.SIGNED_IN},
    "start_page": {As.SIGNED_IN},
    "stamp_calls": {As.LINK_WORKER, *_STAFF},
    "moderate": _STAFF,
}

_BY_PERMISSION = {
    "groups.see_for_link_workers": As.LINK_WORKER,
    "groups.support_groups": As.SUPPORTER,
    "groups.moderate": As.MODERATOR,
}
ADMIN_ACCESS = "wagtailadmin.access_admin"


def may(user: Any, action: str, about: Any = None) -> bool:
    """Whether this person may do it, to this group or organisation where the action is about one.

    user: a `User` or Django's `AnonymousUser`. about: a `GroupPage`, an `Organisation`, or None.

    Raises:
        KeyError: no such action.
    """
    return bool(ACTIONS[action] & what_they_are(user, about))


def what_they_are(user: Any, about: Any = None) -> set[As]:
    """Everything this person is, to the group or organisation."""
    roles = {As.VISITOR}
    if not user.is_authenticated or not user.is_active:
        return roles
    roles.add(As.SIGNED_IN)
    if user.is_superuser:
        roles.add(As.ADMIN)
    else:
        held = user.get_all_permissions()
        roles |= {role for name, role in _BY_PERMISSION.items() if name in held}
    if about is not None:
        roles |= _by_membership(user, about)
    return roles


def _by_membership(user: Any, about: Any) -> set[As]:
    rows = Membership.objects.filter(user=user).covering(about)
    found = list(rows.values_list("is_active", "role"))
    roles = {As.LEAD if role == Role.LEAD else As.EDITOR for is_active, role in found if is_active}
    return roles or ({As.FORMER_MEMBER} if found else set())


def needs_second_factor(user: Any) -> bool:
    """Staff, moderators and link workers: whoever sees or changes more than groups of their own (issue 6, "Accounts")."""
    if not user.is_authenticated:
        return False
    if user.is_superuser or user.is_staff:
        return True
    held = user.get_all_permissions()
    return ADMIN_ACCESS in held or any(name in held for name in _BY_PERMISSION)
