"""Who is told what, by e-mail: moderators that a draft waits, the group what came of it."""

from typing import Any

from wagtail.models import GroupApprovalTask, TaskState, WorkflowState

from groups.checking.reach import Reach
from groups.listings.models import GroupPage
from groups.mail.outbox import queue_mail
from groups.people.membership.queries import members_of
from groups.people.models import User


def draft_waits(page: GroupPage, state: TaskState) -> None:
    """To the moderators of this step whose work the group is."""
    task = state.task.specific
    if not isinstance(task, GroupApprovalTask):
        return
    people = User.objects.filter(is_active=True, groups__in=task.groups.all()).distinct()
    context = {"group": _name(page), "is_new": not page.live}
    for user in Reach.now().told_of(page.uid, people):
        queue_mail("checking_draft_waits", to=user.email, context=context)


def approved(page: GroupPage, state: WorkflowState) -> None:
    """To the people of the group."""
    _to_group(page, state, "checking_approved", {})


def change_asked(page: GroupPage, state: WorkflowState, reason: str) -> None:
    """To the people of the group, with the reason."""
    _to_group(page, state, "checking_change_asked", {"reason": reason, "is_live": page.live})


def _to_group(page: GroupPage, state: WorkflowState, template: str, context: dict[str, Any]) -> None:
    addresses = {member.user.email for member in members_of(page)}
    if not addresses and state.requested_by:
        addresses = {state.requested_by.email}
    for address in sorted(addresses):
        queue_mail(template, to=address, context={"group": _name(page), "uid": page.uid, **context})


def _name(page: GroupPage) -> str:
    return page.draft_title or page.title
