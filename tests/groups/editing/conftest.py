import pytest

from groups.editing.differences import content_of, differences
from groups.editing.models import Trust
from groups.editing.saving import draft_of, save
from groups.models import GroupPage
from tests.factories import GroupPageFactory, UserFactory


@pytest.fixture
def pat(db):
    return UserFactory(first_name="Pat", last_name="Volunteer")


@pytest.fixture
def sam(db):
    return UserFactory(first_name="Sam", last_name="Volunteer")


@pytest.fixture
def moderator(db):
    return UserFactory(first_name="Mo", superuser=True)


@pytest.fixture
def group(site_tree):
    return GroupPageFactory(title="Riverside Knitters")


@pytest.fixture
def trusted(group):
    Trust.say(group.uid, True, by=None)
    return group


@pytest.fixture
def edit():
    """`edit(group, by, change)`: one person's edit of the latest version, or of `version`, made before others saved."""

    def edit(group, by, change, version=None):
        page = version or draft_of(GroupPage.objects.get(pk=group.pk))
        before = content_of(page)
        change(page)
        mine = content_of(page)
        return save(group.pk, differences(before, mine), mine, by=by)

    return edit
