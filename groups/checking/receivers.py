"""Wagtail's workflow says what happened; for a group's page we tell people in our own words, not in the admin's.

Wagtail connects its own letters under names of its own (`dispatch_uid`), and the first receiver of a name is the one that
counts. `connect` runs before Wagtail's, takes those names, and leaves every page that is not a group's to Wagtail.
"""

from typing import Any

from wagtail.admin import signal_handlers as wagtails
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from groups.checking import letters
from groups.editing.models import Trust
from groups.listings.models import GroupPage


def _group(state: WorkflowState) -> GroupPage | None:
    page = state.content_object
    specific = page.specific if page else None
    return specific if isinstance(specific, GroupPage) else None


def _task_submitted(sender: Any, instance: TaskState, **kwargs: Any) -> None:
    if page := _group(instance.workflow_state):
        letters.draft_waits(page, instance)
    else:
        wagtails.task_submission_email_notifier(sender=sender, instance=instance, **kwargs)


def _workflow_submitted(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    if not _group(instance):
        wagtails.workflow_submission_email_notifier(sender=sender, instance=instance, **kwargs)


def _workflow_rejected(sender: Any, instance: WorkflowState, **kwargs: Any) -> None:
    if page := _group(instance):
        task = instance.current_task_state
        letters.change_asked(page, instance, task.comment if task else "")
    else:
        wagtails.workflow_rejection_email_notifier(sender=sender, instance=instance, **kwargs)


def _workflow_approved(sender: Any, instance: WorkflowState, user: Any = None, **kwargs: Any) -> None:
    if page := _group(instance):
        Trust.earned(page.uid, by=user)
        letters.approved(page, instance)
    else:
        wagtails.workflow_approval_email_notifier(sender=sender, instance=instance, user=user, **kwargs)


def connect() -> None:
    task_submitted.connect(
        _task_submitted, sender=TaskState, dispatch_uid="group_approval_task_submitted_email_notification"
    )
    for signal, receiver, name in (
        (workflow_submitted, _workflow_submitted, "submitted"),
        (workflow_rejected, _workflow_rejected, "rejected"),
        (workflow_approved, _workflow_approved, "approved"),
    ):
        signal.connect(
            receiver, sender=WorkflowState, dispatch_uid=f"workflow_state_{name}_email_notification"
        )
