"""Whatever staff send is done whole, index included, or not at all."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from wagtail.models import GroupApprovalTask, Page, Workflow, WorkflowTask

from groups.listings import changes
from groups.models import GroupIndexPage, GroupPage, GroupTag
from tests.factories import GroupIndexPageFactory, GroupPageFactory, OrganisationFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def group(site_tree):
    page = GroupPageFactory(title="Old name")
    draft = page.get_latest_revision_as_object()
    draft.title = "New name"
    draft.save_revision()
    return page


@pytest.fixture
def heard(monkeypatch):
    """The listings that passed the door, one entry for each write."""
    calls = []
    monkeypatch.setattr(changes, "_writers", [lambda versions: calls.append(set(versions))])
    return calls


def workflow_waiting_for(page, staff):
    task = GroupApprovalTask.objects.create(name="Look")
    task.groups.add(Group.objects.get_or_create(name="Moderators")[0])
    workflow = Workflow.objects.create(name="Look")
    WorkflowTask.objects.create(workflow=workflow, task=task)
    workflow.start(page, staff)
    return page.current_workflow_task_state


def bulk(action, *pages):
    ids = "&".join(f"id={page.pk}" for page in pages)
    return reverse("wagtail_bulk_action", args=["wagtailcore", "page", action]) + f"?{ids}"


def state():
    """What must be as it was."""
    return list(
        GroupPage.objects.order_by("pk").values_list(
            "pk", "title", "live", "path", "url_path", "latest_revision", "live_revision", "slug"
        )
    )


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete"])
def test_bulk_actions(group, signed_in, broken_index, action):
    before = state()
    with pytest.raises(RuntimeError):
        signed_in.post(bulk(action, group), {"include_descendants": False})
    assert state() == before


@pytest.mark.parametrize("action", ["publish", "unpublish", "delete"])
def test_bulk_actions_reach_the_index_once(group, signed_in, heard, action):
    other = GroupPageFactory()
    heard.clear()
    signed_in.post(bulk(action, group, other), {"include_descendants": False})
    assert heard == [{group.uid, other.uid}]


def test_moving(group, signed_in, monkeypatch):
    there = GroupIndexPageFactory(title="Elsewhere", slug="elsewhere")
    before = state()
    url = reverse("wagtailadmin_pages:move_confirm", args=[group.pk, there.pk])
    monkeypatch.setattr(changes, "_writers", [_fail])
    with pytest.raises(RuntimeError):
        signed_in.post(url)
    assert state() == before


def _fail(versions):
    raise RuntimeError("The index is broken.")


def test_copying(group, signed_in, broken_index):
    before = state()
    parent = GroupIndexPage.objects.get()
    with pytest.raises(RuntimeError):
        signed_in.post(
            reverse("wagtailadmin_pages:copy", args=[group.pk]),
            {"new_title": "Copy", "new_slug": "copy", "new_parent_page": parent.pk, "publish_copies": "on"},
        )
    assert state() == before
    assert Page.find_problems() == ([], [], [], [], [])


def test_unpublishing(group, signed_in, broken_index):
    before = state()
    with pytest.raises(RuntimeError):
        signed_in.post(reverse("wagtailadmin_pages:unpublish", args=[group.pk]))
    assert state() == before


def test_approving_in_a_workflow(group, signed_in, staff, monkeypatch):
    task_state = workflow_waiting_for(group, staff)
    monkeypatch.setattr(changes, "_writers", [_fail])
    before = state()
    with pytest.raises(RuntimeError):
        signed_in.post(
            reverse("wagtailadmin_pages:workflow_action", args=[group.pk, "approve", task_state.pk]),
            {"comment": "Good"},
        )
    task_state.refresh_from_db()
    assert task_state.status == task_state.STATUS_IN_PROGRESS
    assert state() == before


def test_approving_publishes_and_reaches_the_index(group, signed_in, staff, heard):
    task_state = workflow_waiting_for(group, staff)
    heard.clear()
    signed_in.post(
        reverse("wagtailadmin_pages:workflow_action", args=[group.pk, "approve", task_state.pk]),
        {"comment": ""},
    )
    assert GroupPage.objects.get(pk=group.pk).title == "New name"
    assert heard == [{group.uid}]


def test_publishing_at_a_set_time(group, monkeypatch):
    page = GroupPage.objects.get(pk=group.pk).get_latest_revision_as_object()
    page.go_live_at = timezone.now() - timedelta(minutes=1)
    page.save_revision(approved_go_live_at=timezone.now() - timedelta(minutes=1))
    before = state()
    monkeypatch.setattr(changes, "_writers", [_fail])
    with pytest.raises(RuntimeError):
        call_command("publish_scheduled")
    assert state() == before
    monkeypatch.setattr(changes, "_writers", [])
    call_command("publish_scheduled")
    assert GroupPage.objects.get(pk=group.pk).title == "New name"


def test_expiring_at_a_set_time(group, heard):
    Page.objects.filter(pk=group.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    call_command("publish_scheduled")
    assert not GroupPage.objects.get(pk=group.pk).live
    assert heard == [{group.uid}]


def test_expiring_is_not_half_done(group, broken_index):
    Page.objects.filter(pk=group.pk).update(expire_at=timezone.now() - timedelta(minutes=1))
    before = state()
    with pytest.raises(RuntimeError):
        call_command("publish_scheduled")
    assert state() == before


def test_deleting_an_organisation(site_tree, signed_in, monkeypatch):
    organisation = OrganisationFactory()
    GroupPageFactory(organisation=organisation)
    monkeypatch.setattr(changes, "_writers", [_fail])
    with pytest.raises(RuntimeError):
        signed_in.post(reverse("wagtailsnippets_groups_organisation:delete", args=[organisation.pk]))
    organisation.refresh_from_db()
    assert organisation.groups.count() == 1


def test_merging_tags(site_tree, signed_in, monkeypatch):
    GroupPageFactory(tags=["tea"])
    GroupPageFactory(tags=["teas"])
    tags = {tag.name: tag.pk for tag in GroupTag.objects.all()}
    monkeypatch.setattr(changes, "_writers", [_fail])
    with pytest.raises(RuntimeError):
        signed_in.post(
            reverse("wagtailsnippets_groups_grouptag:merge"),
            {"tags": list(tags.values()), "keep": tags["tea"]},
        )
    assert set(GroupTag.objects.values_list("name", flat=True)) == {"tea", "teas"}


def test_reading_opens_no_transaction(group, signed_in, monkeypatch):
    def refused():
        raise AssertionError("A page that is only read must not lock the database.")

    monkeypatch.setattr("groups.admin.transactions.changes.together", refused)
    assert signed_in.get(reverse("wagtailadmin_pages:edit", args=[group.pk])).status_code == 200
