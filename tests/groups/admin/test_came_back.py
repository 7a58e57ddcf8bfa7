"""Staff's list of pages whose people did not answer, and of those that nobody can be reminded of."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone

from groups.admin.roles import ensure_roles
from groups.models import GroupFacts, Membership
from groups.reviews.models import ReviewStep
from groups.reviews.taking import take_due_steps
from tests.factories import GroupPageFactory, UserFactory

pytestmark = pytest.mark.usefixtures("site_tree")
NOW = timezone.now()


def old(title, days, keeper=None, taken=()):
    """A group whose people have heard of the steps before."""
    began = NOW - timedelta(days=days)
    group = GroupPageFactory(title=title, facts__last_confirmed_at=began, facts__confirmed_by="group")
    if keeper:
        Membership.objects.create(user=keeper, group_uid=group.uid, role="lead", joined_at=began)
    for step in taken:
        ReviewStep.objects.create(
            group_uid=group.uid, began=timezone.localdate(began), step=step, at=NOW - timedelta(days=20)
        )
    return group


@pytest.fixture
def groups():
    """One that goes back to staff today, one that is taken down today, one that is fine."""
    back = old("Back", 410, keeper=UserFactory(first_name="Jean"), taken=["last"])
    down = old("Down", 600)
    old("Fine", 10)
    take_due_steps(limit=10)
    return {"back": back, "down": down}


def shown(client, report, **query):
    answer = client.get(reverse(f"waymark_report_{report}"), query)
    assert answer.status_code == 200
    return {row.title: row for row in answer.context["object_list"]}


def test_what_came_back_is_listed_and_counted(signed_in, groups):
    rows = shown(signed_in, "came-back")
    assert {title: row.step for title, row in rows.items()} == {"Back": "returned", "Down": "taken_down"}
    assert rows["Back"].kept_by == "Jean"
    assert set(shown(signed_in, "came-back", step="taken_down")) == {"Down"}
    page = signed_in.get(reverse("waymark_report_came-back")).text
    assert "not checked for 18 months (1)" in page
    home = signed_in.get(reverse("wagtailadmin_home")).text
    assert f"{reverse('waymark_report_came-back')}?step=returned" in home
    assert signed_in.get(reverse("waymark_report_came-back"), {"export": "csv"}).status_code == 200


def test_names_are_for_moderators(client, groups):
    """Editors write drafts; who kept which page is none of their business."""
    ensure_roles()
    editor = UserFactory()
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    assert shown(client, "came-back")["Back"].kept_by == ""


def test_what_is_settled_leaves_the_list(signed_in, groups):
    GroupFacts.objects.for_group(groups["back"].uid).confirm(by=None, kind="staff")
    groups["down"].refresh_from_db()
    groups["down"].get_latest_revision().publish()
    assert shown(signed_in, "came-back") == {}


def test_somebody_new_takes_it_off_the_list(signed_in, groups):
    Membership.objects.create(user=UserFactory(), group_uid=groups["back"].uid, role="lead")
    assert set(shown(signed_in, "came-back")) == {"Down"}


def test_those_that_nobody_keeps_are_staffs_to_ring(signed_in):
    old("Kept", 200, keeper=UserFactory())
    old("Nobody's", 200)
    assert set(shown(signed_in, "checks", kept="nobody")) == {"Nobody's"}
    assert set(shown(signed_in, "checks", kept="somebody")) == {"Kept"}
    home = signed_in.get(reverse("wagtailadmin_home")).text
    assert "Groups due a check that nobody keeps</a></td><td>1<" in home
