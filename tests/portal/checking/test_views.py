"""The moderators' pages."""

import pytest
from django.urls import reverse

from groups.editing.models import Proposal, SeenLater, Trust
from groups.editing.saving import draft_of
from groups.models import GroupPage
from tests.factories import GroupPageFactory, UserFactory
from tests.groups.checking.test_checking import edit


@pytest.fixture
def group(site_tree):
    return GroupPageFactory(title="Riverside Knitters")


@pytest.fixture
def mo(client):
    client.force_login(UserFactory(first_name="Mo", superuser=True))
    return client


@pytest.fixture
def waits(group):
    edit(group, UserFactory(first_name="Pat"), summary="Wool and words.")
    return reverse("checking_group", args=[group.uid])


def pressed(page, **changes):
    return {"state": page.context["state"], "revision": page.context["revision"], **changes}


def test_only_moderators_come_in(client, group):
    addresses = [reverse("checking"), reverse("checking_group", args=[group.uid])]
    for address in addresses:
        assert client.get(address)["Location"].startswith(reverse("sign_in"))
    client.force_login(UserFactory())
    for address in addresses:
        assert client.get(address).status_code == 403


def test_approving_publishes_what_was_looked_at(mo, waits, group):
    queue = mo.get(reverse("checking"))
    assert [one.name for one in queue.context["waiting"]] == ["Riverside Knitters"]
    page = mo.get(waits)
    assert "Wool and words." in page.content.decode()
    assert "done=approved" in mo.post(waits, pressed(page, do="approve"))["Location"]
    assert GroupPage.objects.get(pk=group.pk).summary == "Wool and words."
    assert mo.get(reverse("checking")).context["waiting"] == []


def test_a_version_that_moved_is_looked_at_again(mo, waits, group):
    page = mo.get(waits)
    edit(group, UserFactory(), summary="Pills.")
    answer = mo.post(waits, pressed(page, do="approve"))
    assert answer.status_code == 422
    assert "Look again" in answer.content.decode()
    assert GroupPage.objects.get(pk=group.pk).summary == "Tea, wool and talk."


def test_asking_for_a_change_needs_a_reason_and_keeps_the_live_page(mo, waits, group):
    page = mo.get(waits)
    assert mo.post(waits, pressed(page, do="ask", reason=" ")).status_code == 422
    assert "done=asked" in mo.post(waits, pressed(page, do="ask", reason="Say more."))["Location"]
    page = GroupPage.objects.get(pk=group.pk)
    assert (page.live, page.summary, draft_of(page).summary) == (
        True,
        "Tea, wool and talk.",
        "Wool and words.",
    )


@pytest.mark.parametrize(
    "typed",
    [{}, {"do": "approve"}, {"do": "approve", "state": "x"}, {"do": "ask", "state": "9" * 30}, {"do": "?"}],
)
def test_an_odd_press_says_what_to_do(mo, waits, typed):
    assert mo.post(waits, typed).status_code == 422


def test_trust_is_staffs_to_give_and_take(mo, group):
    address = reverse("checking_group", args=[group.uid])
    mo.post(address, {"do": "trust"})
    assert Trust.holds_for(group.uid)
    mo.post(address, {"do": "no_trust"})
    assert not Trust.holds_for(group.uid)


def test_what_went_live_and_what_was_asked_for_are_on_the_page(mo, group):
    later = SeenLater.objects.create(
        group_uid=group.uid, told=[{"label": "Cost", "before": "", "after": "Free"}]
    )
    asked = Proposal.objects.create(
        group_uid=group.uid,
        kind="today",
        values={"form": "space", "data": {"space-capacity": "full"}},
        told=[{"label": "Space", "before": "", "after": "Full"}],
        by=UserFactory(),
    )
    text = mo.get(reverse("checking")).content.decode()
    assert "Free" in text
    assert "Full" in text
    mo.post(reverse("checking_seen"), {"row": [later.pk, "x"]})
    mo.post(reverse("checking_proposal", args=[asked.pk]), {"do": "take"})
    assert mo.post(reverse("checking_proposal", args=[asked.pk]), {"do": "take"}).status_code == 409
    page = mo.get(reverse("checking"))
    assert (page.context["later"], page.context["proposals"]) == ([], [])
