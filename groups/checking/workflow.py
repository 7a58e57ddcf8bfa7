"""Wagtail's workflow beneath: one step, in which a moderator looks."""

from django.contrib.auth.models import Group
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowPage, WorkflowTask

from groups.listings.models import GroupPage

NAME = "Moderators approval"
_MODERATORS = "Moderators"


def workflow_for(page: GroupPage) -> Workflow:
    """The workflow of this page; where staff set none, the one in which moderators approve."""
    return page.get_workflow() or ensure_workflow()


def ensure_workflow() -> Workflow:
    """Moderators approve everything below the root, unless staff choose otherwise. Safe to run again."""
    workflow, _created = Workflow.objects.get_or_create(name=NAME, active=True)
    if not workflow.workflow_tasks.exists():
        task, _created = GroupApprovalTask.objects.get_or_create(name=NAME, active=True)
        task.groups.add(Group.objects.get_or_create(name=_MODERATORS)[0])
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    root = Page.get_first_root_node()
    if not WorkflowPage.objects.filter(page=root).exists():
        WorkflowPage.objects.create(page=root, workflow=workflow)
    return workflow
