"""A new page: the groups it may already be come first."""

import pytest
from django.urls import reverse

from groups.editing import starting
from groups.models import GroupPage, Membership
from tests.factories import GroupPageFactory, GroupSessionFactory, VenueFactory

START = "/my-group/new/"
SAYS = {"summary": "We meet and talk."}
KNIT = {"name": "Knit and Natter", "near": "CM1 1QH", **SAYS}


def names(page):
    return [group["name"] for group in page.context["alike"]]


def test_a_page_nobody_else_has_is_started_and_led_by_whoever_starts_it(mine, pat):
    answer = mine.post(START, {"name": "  Chelmer   Anglers ", "near": "Chelmsford", **SAYS})
    page = GroupPage.objects.get(title="Chelmer Anglers")
    assert answer["Location"] == f"{reverse('my_group', args=[page.uid])}?done=started"
    assert (page.live, page.first_published_at, page.slug) == (False, None, "chelmer-anglers")
    assert Membership.objects.get(group_uid=page.uid).role == "lead"
    shown = mine.get(answer["Location"])
    assert "nobody sees it yet" in shown.content.decode()
    assert shown.context["may_send"]
    assert page.summary == "We meet and talk."
    step = reverse("my_group_step", args=[page.uid, "cost"])
    assert "done=kept" in mine.post(step, {"cost_kind": "free", "joining_kind": "drop_in"})["Location"]


def test_groups_of_that_name_near_there_are_shown_first_with_the_way_to_keep_them(mine):
    here = GroupPageFactory(title="Chelmsford Knit & Natter", summary="Wool and talk.")
    far = VenueFactory(name="Far Hall", latitude=51.0, longitude=-1.0)
    GroupPageFactory(title="Knit and Natter", sessions=[GroupSessionFactory.build(venue=far)])
    GroupPageFactory(title="Chess Club")
    GroupPageFactory(title="Knit and Natter", draft=True)
    before = GroupPage.objects.count()
    page = mine.post(START, KNIT)
    assert names(page) == ["Chelmsford Knit & Natter"]
    text = page.content.decode()
    assert "Is it one of these?" in text
    assert reverse("claim", args=[here.uid]) in text
    assert 'value="CM1 1QH"' in text
    assert GroupPage.objects.count() == before
    answer = mine.post(START, {**KNIT, "none": "1"})
    assert "done=started" in answer["Location"]
    assert GroupPage.objects.count() == before + 1


def test_one_i_keep_leads_to_my_group(mine, group):
    page = mine.post(START, {"name": "Riverside knitters", "near": "CM1", **SAYS})
    assert names(page) == ["Riverside Knitters"]
    assert page.context["alike"][0]["keep"] == reverse("my_group", args=[group.uid])


@pytest.mark.parametrize("visibility", ["hidden", "area_only", "on_contact"])
def test_a_private_place_does_not_give_itself_away(mine, visibility):
    private = GroupPageFactory(title="Quiet Harbour", **{visibility: True})
    area_is_told = visibility != "hidden"
    GroupPage.objects.filter(pk=private.pk).update(area_latitude=51.0, area_longitude=-1.0)
    assert (
        "done=started" in mine.post(START, {"name": "Quiet Harbour", "near": "CM1 1QH", **SAYS})["Location"]
    )
    if area_is_told:
        GroupPage.objects.filter(pk=private.pk).update(area_latitude=51.73, area_longitude=0.47)
        assert names(mine.post(START, {"name": "Quiet Harbour", "near": "CM1 1QH", **SAYS})) == [
            "Quiet Harbour"
        ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name": "Chess", "near": "CM1", "summary": ""}, "summary"),
        ({"name": "", "near": "CM1"}, "name"),
        ({"name": "x" * 300, "near": "CM1"}, "name"),
        ({"name": "Chess", "near": ""}, "near"),
        ({"name": "Chess", "near": "Nowhereville"}, "near"),
        ({"name": "Che\x00ss", "near": "CM1"}, "name"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(mine, typed, field):
    typed = SAYS | typed
    page = mine.post(START, typed)
    assert page.status_code == 422
    assert page.context["wrong"][field]
    assert page.context["values"] == typed


def test_a_few_unfinished_pages_are_enough(mine, monkeypatch):
    monkeypatch.setattr(starting, "MOST_UNFINISHED", 1)
    assert mine.post(START, {"name": "One", "near": "CM1", **SAYS}).status_code == 302
    page = mine.post(START, {"name": "Two", "near": "CM1", **SAYS})
    assert page.status_code == 422
    assert "Finish one of them first" in page.content.decode()


def test_two_of_one_name_have_an_address_each(mine):
    for _time in range(2):
        mine.post(START, {"name": "???", "near": "CM1", "none": "1", **SAYS})
    assert sorted(GroupPage.objects.filter(title="???").values_list("slug", flat=True)) == [
        "group",
        "group-2",
    ]


def test_the_list_leads_here(mine):
    assert f'href="{START}"' in mine.get("/my-group/").content.decode()
