import pytest
from django.urls import reverse

from groups.editing.models import Trust
from groups.listings.models import GroupPage
from groups.people.membership.models import Membership
from groups.people.models import User
from tests.factories import ContactFactory, GroupPageFactory, UserFactory


@pytest.fixture
def site_tree(shared_site_tree, db):
    return shared_site_tree


@pytest.fixture(scope="module")
def stored_group(shared_site_tree):
    """A published group that Pat leads; its safe changes are live at once. Its primary key, and Pat's."""
    pat = UserFactory(first_name="Pat")
    group = GroupPageFactory(title="Riverside Knitters", contacts=[ContactFactory.build()])
    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    Trust.say(group.uid, True, by=None)
    return group.pk, pat.pk


@pytest.fixture
def pat(stored_group, db):
    return User.objects.get(pk=stored_group[1])


@pytest.fixture
def group(stored_group, db):
    return GroupPage.objects.get(pk=stored_group[0])


@pytest.fixture
def mine(client, pat):
    """Pat's browser."""
    client.force_login(pat)
    return client


@pytest.fixture
def at(group):
    """`at("step", "about")`: an address of this group."""
    return lambda name="", *args: reverse(f"my_group_{name}" if name else "my_group", args=[group.uid, *args])
