"""Role × action."""

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.urls import reverse

from groups.admin.roles import ensure_roles
from groups.models import GroupFacts, GroupPage, SourceRecord
from tests.factories import GroupPageFactory, OrganisationFactory, SourceRecordFactory, UserFactory

ROLES = ("nobody", "Editors", "Moderators", "Location leads", "superuser")


@pytest.fixture(scope="module")
def site_tree(shared_site_tree):
    return shared_site_tree


@pytest.fixture(scope="module")
def stored_group(site_tree):
    ensure_roles()
    return GroupPageFactory(area_name="Moulsham", facts__location_visibility="area_only").pk


@pytest.fixture
def group(stored_group, db):
    return GroupPage.objects.get(pk=stored_group)


@pytest.fixture
def as_role(client):
    def sign_in(role):
        user = UserFactory(superuser=role == "superuser")
        if role not in ("nobody", "superuser"):
            user.groups.add(Group.objects.get(name=role))
        client.force_login(user)
        return client

    return sign_in


def outcome(response):
    """ "no" where it is refused, or sent back to the front door or to their own pages."""
    if response.status_code == 302:
        away = (reverse("wagtailadmin_home"), settings.LOGIN_REDIRECT_URL)
        return "no" if response.url in away or "login" in response.url else "yes"
    return "no" if response.status_code in (403, 404) else "yes"


MATRIX = {
    "see the list of groups": ("no", "yes", "yes", "yes", "yes"),
    "see today": ("no", "yes", "yes", "yes", "yes"),
    "confirm": ("no", "no", "yes", "yes", "yes"),
    "add a venue": ("no", "yes", "yes", "yes", "yes"),
    "delete an organisation": ("no", "no", "yes", "yes", "yes"),
    "add an activity": ("no", "no", "yes", "yes", "yes"),
    "merge tags": ("no", "no", "yes", "yes", "yes"),
    "see a report": ("no", "yes", "yes", "yes", "yes"),
    "see source records": ("no", "no", "yes", "yes", "yes"),
    "change a source record": ("no", "no", "no", "no", "no"),
    "loosen a place": ("no", "no", "no", "yes", "yes"),
}


def attempt(action, client, group):
    today = reverse("waymark_today", args=[group.uid])
    match action:
        case "see the list of groups":
            return outcome(client.get(reverse("waymark_groups:index")))
        case "see today":
            return outcome(client.get(today))
        case "confirm":
            return outcome(client.post(today, {"form": "confirm"}))
        case "add a venue":
            return outcome(client.get(reverse("wagtailsnippets_groups_venue:add")))
        case "delete an organisation":
            organisation = OrganisationFactory()
            return outcome(
                client.get(reverse("wagtailsnippets_groups_organisation:delete", args=[organisation.pk]))
            )
        case "add an activity":
            return outcome(client.get(reverse("wagtailsnippets_groups_activity:add")))
        case "merge tags":
            return outcome(client.get(reverse("wagtailsnippets_groups_grouptag:merge")))
        case "see a report":
            return outcome(client.get(reverse("waymark_report_checks")))
        case "see source records":
            return outcome(client.get(reverse("wagtailsnippets_groups_sourcerecord:list")))
        case "change a source record":
            record = SourceRecordFactory()
            return outcome(client.get(reverse("wagtailsnippets_groups_sourcerecord:edit", args=[record.pk])))
        case "loosen a place":
            client.post(today, {"form": "place", "place-visibility": "public"})
            return (
                "yes" if GroupFacts.objects.get(group_uid=group.uid).location_visibility == "public" else "no"
            )


@pytest.mark.parametrize("action", MATRIX)
@pytest.mark.parametrize("role", ROLES)
def test_role_and_action(role, action, as_role, group):
    assert attempt(action, as_role(role), group) == MATRIX[action][ROLES.index(role)]


def test_setting_up_twice_adds_nothing(group):
    ensure_roles()
    before = {
        group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()
    }
    ensure_roles()
    assert before == {
        group.name: set(group.permissions.values_list("pk", flat=True)) for group in Group.objects.all()
    }


def test_only_the_leads_hold_the_named_permission(group):
    ensure_roles()
    permission = Permission.objects.get(codename="loosen_location")
    assert list(permission.group_set.values_list("name", flat=True)) == ["Location leads"]


def test_a_source_record_can_be_read(group, as_role):
    record = SourceRecordFactory(values={"summary": "As imported."})
    answer = as_role("Moderators").get(
        reverse("wagtailsnippets_groups_sourcerecord:inspect", args=[record.pk])
    )
    assert "As imported." in answer.text
    assert SourceRecord.objects.count() == 1
