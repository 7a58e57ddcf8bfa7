"""The table of permissions, role by role."""

import pytest
from django.contrib.auth.models import AnonymousUser, Group

from groups.admin.roles import ensure_roles
from groups.models import GroupPage, Membership
from groups.people.permissions import ACTIONS, As, may, needs_second_factor, what_they_are
from tests.factories import GroupPageFactory, OrganisationFactory, UserFactory

pytestmark = pytest.mark.usefixtures("site_tree")


@pytest.fixture(scope="module")
def stored_group(shared_site_tree):
    ensure_roles()
    return GroupPageFactory(organisation=OrganisationFactory()).pk


@pytest.fixture
def group(stored_group, db):
    return GroupPage.objects.get(pk=stored_group)


def person(role, group):
    """Somebody who is this to the group."""
    if role == "visitor":
        return AnonymousUser()
    if role == "admin":
        return UserFactory(superuser=True)
    user = UserFactory()
    staff = {"link worker": "Link workers", "supporter": "Supporters", "moderator": "Moderators"}
    if role in staff:
        user.groups.add(Group.objects.get(name=staff[role]))
    memberships = {
        "editor": {"group_uid": group.uid, "role": "editor"},
        "lead": {"group_uid": group.uid, "role": "lead"},
        "lead of the organisation": {"organisation": group.organisation, "role": "lead"},
        "former member": {"group_uid": group.uid, "role": "lead", "is_active": False},
        "other group's lead": {"group_uid": GroupPageFactory().uid, "role": "lead"},
        "other organisation's lead": {"organisation": OrganisationFactory(), "role": "lead"},
    }
    if role in memberships:
        Membership.objects.create(user=user, **memberships[role])
    return user


VISITORS = {"report_problem"}
NOBODYS = VISITORS | {"have_account", "claim", "start_page"}
EDITS = NOBODYS | {"edit_group", "change_today", "see_people"}
MATRIX = {
    "visitor": VISITORS,
    "signed in": NOBODYS,
    "former member": NOBODYS,
    "other group's lead": NOBODYS,
    "other organisation's lead": NOBODYS,
    "link worker": NOBODYS | {"stamp_calls"},
    "supporter": NOBODYS,
    "editor": EDITS | {"leave"},
    "lead": EDITS | {"leave", "manage_people", "close_group"},
    "lead of the organisation": EDITS | {"leave", "manage_people", "close_group"},
    "moderator": EDITS | {"manage_people", "close_group", "moderate", "stamp_calls"},
    "admin": EDITS | {"manage_people", "close_group", "moderate", "stamp_calls"},
}


@pytest.mark.parametrize("role", MATRIX)
def test_role_and_action(role, group):
    somebody = person(role, group)
    assert {action for action in ACTIONS if may(somebody, action, group)} == MATRIX[role]


def test_every_action_is_in_the_matrix():
    assert set().union(*MATRIX.values()) == set(ACTIONS)


def test_an_action_nobody_knows_is_a_mistake(group):
    with pytest.raises(KeyError):
        may(AnonymousUser(), "fly", group)


def test_a_closed_account_is_a_visitor(group):
    assert what_they_are(UserFactory(superuser=True, is_active=False), group) == {As.VISITOR}


def test_keeping_a_group_is_not_keeping_its_organisation(group):
    assert not may(person("lead", group), "see_people", group.organisation)
    assert may(person("lead of the organisation", group), "manage_people", group.organisation)


@pytest.mark.parametrize("role", MATRIX)
def test_who_needs_a_second_factor(role, group):
    expected = role in {"link worker", "supporter", "moderator", "admin"}
    assert needs_second_factor(person(role, group)) == expected


def test_asking_takes_few_queries(group, django_assert_max_num_queries):
    somebody = person("editor", group)
    with django_assert_max_num_queries(3):
        assert may(somebody, "edit_group", group)
    with django_assert_max_num_queries(1):
        assert not may(somebody, "manage_people", group)
