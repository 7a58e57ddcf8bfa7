"""Whose work a group is: by the areas of its moderators."""

import re
import uuid

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from groups.admin.roles import ensure_roles
from groups.checking.models import ModeratorArea
from groups.checking.reach import Reach, districts_of, moderators_for
from groups.editing.models import Proposal, SeenLater
from groups.models import GroupPage, QueuedMail
from groups.problems.verbs import report
from tests.factories import (
    GroupPageFactory,
    GroupSessionFactory,
    ServedAreaFactory,
    UserFactory,
    VenueFactory,
)
from tests.groups.checking.test_checking import edit


def meeting_in(district, **kwargs):
    venue = VenueFactory(district=district)
    return GroupPageFactory(sessions=[GroupSessionFactory.build(venue=venue)], **kwargs)


@pytest.fixture
def staff(site_tree):
    """Ann has Chelmsford, Bo has Brighton, Cy has no area: all."""
    role = next(group for group in ensure_roles() if group.name == "Moderators")
    people = {
        name: UserFactory(first_name=name, email=f"{name}@waymark.example") for name in ("ann", "bo", "cy")
    }
    for user in people.values():
        user.groups.add(role)
    ModeratorArea.objects.create(moderator=people["ann"], district="Chelmsford")
    ModeratorArea.objects.create(moderator=people["bo"], district="Brighton and Hove")
    return people


def names_for(group):
    return [user.first_name for user in sorted(moderators_for(group.uid), key=lambda user: user.email)]


def test_where_a_group_is(site_tree):
    hall = meeting_in("Chelmsford")
    online = GroupPageFactory(
        sessions=[GroupSessionFactory.build(online=True)],
        served_areas=[ServedAreaFactory.build(label="Braintree")],
    )
    private = GroupPageFactory(on_contact=True)
    nowhere = GroupPageFactory(sessions=[])
    new = meeting_in("Brighton and Hove", draft=True)
    GroupPage.objects.get(pk=new.pk).sessions.all().delete()
    found = districts_of([hall.uid, online.uid, private.uid, nowhere.uid, new.uid])
    assert found.get(hall.uid) == {"Chelmsford"}
    assert found.get(online.uid) == {"Braintree"}
    assert "Chelmsford" in found[private.uid]
    assert not found.get(nowhere.uid)
    assert found[new.uid] == {"Brighton and Hove"}


def test_the_number_of_queries_does_not_grow(site_tree, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    groups = [meeting_in("Chelmsford"), meeting_in("Brighton and Hove", draft=True)]
    with CaptureQueriesContext(connection) as few:
        districts_of([group.uid for group in groups])
    more = [*groups, *(meeting_in("Chelmsford", draft=bool(number % 2)) for number in range(4))]
    with django_assert_num_queries(len(few)):
        districts_of([group.uid for group in more])


@pytest.mark.parametrize(
    ("district", "whose"),
    [
        ("Chelmsford", ["ann", "cy"]),
        ("Brighton and Hove", ["bo", "cy"]),
        ("Leeds", ["ann", "bo", "cy"]),
        ("", ["ann", "bo", "cy"]),
    ],
)
def test_a_group_is_the_work_of_its_area_and_everybodys_where_nobody_has_it(staff, district, whose):
    assert names_for(meeting_in(district)) == whose


def test_an_area_of_somebody_who_left_is_everybodys_again(staff):
    group = meeting_in("Chelmsford")
    staff["ann"].is_active = False
    staff["ann"].save()
    assert names_for(group) == ["bo", "cy"]


def test_without_areas_nothing_is_looked_up(site_tree, django_assert_num_queries):
    user = UserFactory()
    with django_assert_num_queries(1):
        assert Reach.now().others_of(user, [uuid.uuid4()]) == set()


def test_e_mails_go_to_those_whose_work_it_is_and_safety_to_all(staff):
    group = meeting_in("Chelmsford")
    edit(group, UserFactory(), summary="New.")
    report(group, kind="unfit", words="Not nice.", now=timezone.now())
    report(group, kind="safety", words="Help.", now=timezone.now())
    told = {}
    for template, to in QueuedMail.objects.order_by("to").values_list("template", "to"):
        told.setdefault(template, []).append(to.partition("@")[0])
    assert told == {
        "checking_draft_waits": ["ann", "cy"],
        "problem_for_staff": ["ann", "ann", "bo", "cy", "cy"],
    }


def test_the_queue_and_the_problems_leave_others_work_out_until_all_are_asked_for(staff, client):
    for district in ("Chelmsford", "Brighton and Hove"):
        group = meeting_in(district, title=f"Of {district}")
        edit(group, UserFactory(), summary="New.")
        SeenLater.objects.create(group_uid=group.uid, told=[])
        Proposal.objects.create(group_uid=group.uid, kind="today", values={})
        for kind in ("unfit", "safety"):
            report(group, kind=kind, words="Words.", now=timezone.now())
    client.force_login(staff["ann"])

    def seen(**query):
        page = client.get(reverse("checking"), query)
        queue = [[row["name"] for row in page.context[name]] for name in ("proposals", "later")]
        problems = client.get(reverse("checking_problems"), query).context["problems"]
        return [one.name for one in page.context["waiting"]], *queue, [one.group for one in problems]

    mine = ["Of Chelmsford"]
    assert seen() == (mine, mine, mine, ["Of Chelmsford", "Of Brighton and Hove", "Of Chelmsford"])
    assert [len(rows) for rows in seen(all="1")] == [2, 2, 2, 4]
    client.force_login(staff["cy"])
    assert [len(rows) for rows in seen()] == [2, 2, 2, 4]


@pytest.mark.parametrize(
    ("who", "pages", "problems", "leaderless"),
    [
        ("ann", 2, 3, 3),
        ("bo", 2, 3, 3),
        ("cy", 3, 4, 3),
        ("location lead", 3, 4, 3),
        ("admin", 3, 4, 3),
        ("editor", None, None, None),
    ],
)
def test_the_front_page_counts_what_each_may_put_right_and_the_lists_hold_as_many(
    staff, client, who, pages, problems, leaderless
):
    for district in ("Chelmsford", "Brighton and Hove", "Leeds"):
        group = meeting_in(district)
        edit(group, UserFactory(), summary="New.")
        report(group, kind="unfit", words="Words.", now=timezone.now())
    report(
        meeting_in("Brighton and Hove", facts__status="closed"),
        kind="safety",
        words="Help.",
        now=timezone.now(),
    )
    client.force_login(staff.get(who) or someone(who))
    panel = (
        client.get(reverse("wagtailadmin_home"))
        .text.partition("What waits for you")[2]
        .partition("</table>")[0]
    )
    counted = dict(re.findall(r">([^<]+)</a></td><td>(\d+)<", panel))
    expected = {"Pages to check": pages, "Reported problems": problems, "Groups nobody leads": leaderless}
    assert counted == {line: str(count) for line, count in expected.items() if count}
    if counted:
        listed = (
            client.get(reverse("checking")).context["waiting"],
            client.get(reverse("checking_problems")).context["problems"],
            client.get(reverse("waymark_report_leaderless")).context["object_list"],
        )
        assert tuple(len(rows) for rows in listed) == (pages, problems, leaderless)


def someone(who):
    user = UserFactory(superuser=who == "admin")
    roles = {"editor": "Editors", "location lead": "Location leads"}
    user.groups.set(Group.objects.filter(name=roles.get(who)))
    return user


def test_an_area_is_given_once_and_is_one_we_know(staff):
    for district in ("Chelmsford", "Narnia"):
        with pytest.raises(ValidationError):
            ModeratorArea(moderator=staff["ann"], district=district).full_clean()


def test_only_admins_give_areas(staff, client):
    add = reverse("wagtailsnippets_groups_moderatorarea:add")
    client.force_login(staff["ann"])
    assert client.get(add).status_code == 302
    client.force_login(UserFactory(superuser=True))
    text = client.get(add).text
    assert "ann" in text
    assert "Chelmsford" in text
    client.post(add, {"moderator": staff["cy"].pk, "district": "Leeds"})
    assert ModeratorArea.objects.filter(moderator=staff["cy"], district="Leeds").exists()
