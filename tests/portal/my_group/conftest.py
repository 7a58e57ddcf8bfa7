import pytest
from django.urls import reverse

from groups.editing.models import Trust
from groups.people.membership.models import Membership
from tests.factories import ContactFactory, GroupPageFactory, UserFactory


@pytest.fixture
def pat(db):
    return UserFactory(first_name="Pat")


@pytest.fixture
def group(site_tree, pat):
    """A published group that Pat leads; its safe changes are live at once."""
    group = GroupPageFactory(title="Riverside Knitters", contacts=[ContactFactory.build()])
    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    Trust.say(group.uid, True, by=None)
    return group


@pytest.fixture
def mine(client, pat):
    """Pat's browser."""
    client.force_login(pat)
    return client


@pytest.fixture
def at(group):
    """`at("step", "about")`: an address of this group."""
    return lambda name="", *args: reverse(f"my_group_{name}" if name else "my_group", args=[group.uid, *args])
