"""The edit page of a group: what a draft may lack, what publishing asks, what is never taken."""

import uuid

import pytest
from django.urls import reverse
from wagtail.models import Locale
from wagtail.test.utils.form_data import inline_formset, nested_form_data

from groups.models import GroupFacts, GroupPage, GroupSession
from tests.factories import (
    ActivityFactory,
    GroupAccessFactory,
    GroupPageFactory,
    GroupSessionFactory,
    UserFactory,
    VenueFactory,
)

ROWS = ("sessions", "served_areas", "access_answers", "contacts", "photos", "comments")


def session(**fields):
    return {"mode": "in_person", "frequency": "weekly", "weekdays": ("tue",), "interval": "1", **fields}


@pytest.fixture
def hall(db):
    return VenueFactory()


@pytest.fixture
def group(site_tree):
    return GroupPageFactory(title="Kettle Club", sessions=[])


@pytest.fixture
def send(group, signed_in):
    """send(publish=True, sessions=[…]): what the edit page answers."""

    def send(publish=False, page=group, **fields):
        rows = {name: inline_formset(fields.pop(name, [])) for name in ROWS}
        data = {
            "title": page.title,
            "slug": page.slug,
            "summary": page.summary,
            "gender": "anyone",
            "cost_kind": "unknown",
            "joining_kind": "unknown",
            "bring_someone": "unknown",
            "accepts_referrals": "unknown",
            "safeguarding_lead": "unknown",
            "tags": "",
            **rows,
            **fields,
        }
        if publish:
            data["action-publish"] = "1"
        return signed_in.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(data))

    return send


def draft(page):
    return GroupPage.objects.get(pk=page.pk).get_latest_revision_as_object()


def said(answer):
    """Everything the page's form refuses, as text."""
    form = answer.context["form"]
    errors = [str(form.errors)]
    errors += [str(row.errors) for formset in form.formsets.values() for row in formset.forms]
    return " ".join(errors).replace("&#x27;", "'")


def test_a_draft_may_be_incomplete(group, send):
    assert send(summary="", sessions=[session(weekdays=(), frequency="weekly")], contacts=[
        {"kind": "phone", "value": "", "visibility": "public", "label": "Jean"}
    ], served_areas=[{"kind": "radius", "place": ""}]).status_code == 302  # fmt: skip
    assert draft(group).sessions.count() == 1


def test_publishing_asks_for_what_is_missing(group, send):
    answer = send(publish=True, summary="", sessions=[session(weekdays=())])
    assert answer.status_code == 200
    assert "Tick the day, or days, you meet." in said(answer)
    assert "Choose a venue, or say under" in said(answer)
    assert "summary" in answer.context["form"].errors
    assert not GroupSession.objects.exists()


@pytest.mark.parametrize("words", ["getting_there", "times_note"])
def test_a_note_stands_in_for_a_venue(group, send, words):
    assert send(publish=True, sessions=[session()], **{words: "By the bandstand."}).status_code == 302


def test_publishing_what_is_whole(group, send, hall):
    answer = send(publish=True, sessions=[session(venue=hall.pk)])
    assert answer.status_code == 302, said(answer)
    assert GroupSession.objects.get().venue == hall


@pytest.mark.parametrize("publish", [False, True])
@pytest.mark.parametrize(
    ("visibility", "fields", "sentence"),
    [
        ("area_only", {"venue": True}, "use “A place that is not public” instead"),
        ("on_contact", {"venue": True}, "use “A place that is not public” instead"),
        ("hidden", {"venue": True}, "The town is enough."),
        ("hidden", {"place_address": "1 Secret Lane"}, "we keep no address"),
        ("hidden", {"place_name": "Secret"}, "we keep no address"),
    ],
)
def test_a_place_that_is_not_public_takes_no_venue(group, send, hall, publish, visibility, fields, sentence):
    GroupFacts.objects.create(group_uid=group.uid, location_visibility=visibility)
    if fields.get("venue"):
        fields = {"venue": hall.pk}
    answer = send(publish=publish, area_name="Moulsham", sessions=[session(**fields)])
    assert answer.status_code == 200
    assert sentence in said(answer)
    assert draft(group).sessions.count() == 0


@pytest.mark.parametrize(
    "fields",
    [
        {"getting_there": "Past the Secret Oak"},
        {"served_areas": [{"kind": "radius", "place": "CM1", "miles": "1"}]},
    ],
)
def test_a_hidden_group_is_not_described_on_the_way_in(group, send, fields):
    GroupFacts.objects.create(group_uid=group.uid, location_visibility="hidden")
    assert "give" in said(send(area_name="Moulsham", **fields))


def test_a_private_place_needs_an_area_when_published(group, send):
    GroupFacts.objects.create(group_uid=group.uid, location_visibility="area_only")
    rows = [session(place_name="Back room")]
    assert "Name a town or village." in said(send(publish=True, sessions=rows))
    assert send(publish=True, sessions=rows, area_name="Moulsham").status_code == 302


def test_an_area_is_no_postcode(group, send):
    assert "A postcode gives the place away." in said(send(area_name="CM1 1QH"))


def test_two_answers_for_one_feature(group, send):
    twice = [{"feature": "lift", "answer": "yes"}, {"feature": "lift", "answer": "no"}]
    assert "This is answered twice." in said(send(access_answers=twice))


def test_a_removed_row_is_not_asked_about(group, send):
    rows = [{"feature": "lift", "answer": "yes"}, {"feature": "lift", "answer": "no", "DELETE": "1"}]
    assert send(access_answers=rows).status_code == 302
    assert draft(group).access_answers.count() == 1


def test_two_new_rows_from_one_blank_get_their_own_uid(group, send):
    same = str(uuid.uuid4())
    rows = [session(uid=same), session(uid=same, weekdays=("fri",))]
    send(sessions=rows)
    assert len({row.uid for row in draft(group).sessions.all()}) == 2


def test_a_drafted_row_keeps_its_uid_through_saves(group, send):
    uids = {name: str(uuid.uuid4()) for name in ("sessions", "access_answers", "contacts")}
    rows = {
        "sessions": session(uid=uids["sessions"]),
        "access_answers": {"uid": uids["access_answers"], "feature": "lift", "answer": "yes"},
        "contacts": {
            "uid": uids["contacts"],
            "kind": "phone",
            "value": "01632 960001",
            "visibility": "public",
        },
    }
    for publish in (False, False, True):
        sent = {name: [row] for name, row in rows.items()}
        assert send(publish=publish, getting_there="By the bandstand.", **sent).status_code == 302
        assert {name: str(getattr(draft(group), name).get().uid) for name in uids} == uids


def test_line_ends_of_a_browser_change_nothing(site_tree, send):
    page = GroupPageFactory(description="One.\n\nTwo.", sessions=[])
    send(page=page, description="One.\r\n\r\nTwo.")
    assert draft(page).description == "One.\n\nTwo."


def test_terms_stand_under_their_families(group, signed_in):
    ActivityFactory(label="Art")
    page = signed_in.get(reverse("wagtailadmin_pages:edit", args=[group.pk])).text
    assert "<legend>Making and art</legend>" in page


def test_a_newer_version_of_somebody_else_is_not_overwritten(group, send):
    loaded = str(group.latest_revision_id)
    other = draft(group)
    other.summary = "Jean's words."
    other.save_revision(user=UserFactory(first_name="Jean"))
    answer = send(summary="My words.", loaded_revision_id=loaded)
    assert "Jean" in said(answer)
    assert "newer version" in said(answer)
    assert "My words." in answer.text
    assert draft(group).summary == "Jean's words."
    newest = GroupPage.objects.get(pk=group.pk).latest_revision
    again = {
        "loaded_revision_id": str(newest.pk),
        "loaded_revision_created_at": newest.created_at.isoformat(),
    }
    assert send(summary="My words.", **again).status_code == 302
    assert draft(group).summary == "My words."


def test_comparing_shows_words_and_no_uid(group, signed_in, hall):
    draft_page = draft(group)
    draft_page.sessions = [GroupSessionFactory.build(weekdays=["tue", "fri"], venue=hall)]
    draft_page.access_answers = [GroupAccessFactory.build(locale=Locale.get_default())]
    draft_page.save_revision()
    page = signed_in.get(
        reverse("wagtailadmin_pages:revisions_compare", args=[group.pk, "earliest", "latest"])
    ).text
    assert "Tuesday, Friday" in page
    assert str(draft_page.sessions.first().uid) not in page
    assert "('tue'" not in page


@pytest.mark.parametrize("view", ["edit", "history", "copy", "view_draft"])
def test_each_screen_of_a_group_opens(group, signed_in, view):
    answer = signed_in.get(reverse(f"wagtailadmin_pages:{view}", args=[group.pk]))
    assert answer.status_code == 200
    if view == "edit":
        assert reverse("waymark_today", args=[group.uid]) in answer.text
