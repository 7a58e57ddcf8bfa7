"""Today's forms: live at once, each with its history, each refusal with what to do."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from groups.listings.boundary import listings_of
from groups.models import ClosureRecord, DateChangeRecord, FactHistory, GroupFacts, GroupPage
from tests.factories import GroupPageFactory, GroupSessionFactory, VenueFactory


@pytest.fixture(scope="module")
def site_tree(shared_site_tree):
    return shared_site_tree


@pytest.fixture(scope="module")
def stored_group(site_tree):
    sessions = [GroupSessionFactory.build(venue=VenueFactory())]
    return GroupPageFactory(title="Kettle Club", area_name="Moulsham", sessions=sessions).pk


@pytest.fixture
def group(stored_group, db):
    return GroupPage.objects.get(pk=stored_group)


@pytest.fixture
def send(group, signed_in):
    """send("space", capacity="full"): what the form of this name answers."""

    def send(form, **fields):
        data = {"form": form, **{f"{form}-{name}": value for name, value in fields.items()}}
        return signed_in.post(reverse("waymark_today", args=[group.uid]), data)

    return send


def facts(group):
    return GroupFacts.objects.get(group_uid=group.uid)


def shown(group):
    return listings_of([group.uid])[group.uid]


def coming(signed_in, group):
    """The values of the dates offered."""
    form = next(
        form
        for form in signed_in.get(reverse("waymark_today", args=[group.uid])).context["forms"]
        if form.name == "date"
    )
    return [value for value, _words in form.fields["which"].choices if value]


def test_confirming_is_by_staff_and_named(group, send, staff):
    assert send("confirm").status_code == 302
    assert facts(group).confirmed_by == "staff"
    assert facts(group).confirmed_by_user == staff
    assert shown(group).confirmed_on == timezone.localdate()
    assert set(FactHistory.objects.filter(group_uid=group.uid).values_list("by", flat=True)) == {staff.pk}


def test_space_shows_at_once(group, send):
    send("space", capacity="waiting_list", note="Ask Jean.")
    assert (shown(group).capacity, shown(group).capacity_note) == ("waiting_list", "Ask Jean.")


def test_closing_and_opening_again(group, send):
    day = timezone.localdate() - timedelta(days=3)
    send("status", status="closed", closed_on=day.isoformat())
    assert (facts(group).status, facts(group).closed_on) == ("closed", day)
    send("status", status="open")
    assert (facts(group).status, facts(group).closed_on) == ("open", None)


def test_a_quality_mark_needs_its_name(group, send):
    answer = send("stage", stage="quality")
    assert answer.status_code == 422
    assert "Name the quality mark" in answer.text
    send("stage", stage="quality", note="Good Kettle Mark, ends 1 May 2027")
    assert facts(group).stage == "quality"


def test_cancelling_a_date_and_taking_it_back(group, send, signed_in):
    which = coming(signed_in, group)[1]
    send("date", which=which, what="cancel", reason="The hall is being painted.")
    record = DateChangeRecord.objects.get()
    assert f"{record.session_uid} {record.date}" == which
    assert which not in coming(signed_in, group)
    assert shown(group).sessions[0].changes[0].reason == "The hall is being painted."
    signed_in.post(reverse("waymark_today", args=[group.uid]), {"undo": f"date {record.pk}"})
    assert not DateChangeRecord.objects.exists()
    assert which in coming(signed_in, group)
    assert "Take back" not in signed_in.get(reverse("waymark_today", args=[group.uid])).text


def test_moving_a_date_to_another_hall(group, send, signed_in):
    hall = VenueFactory(name="Library", town="Witham")
    which = coming(signed_in, group)[0]
    day = timezone.localdate() + timedelta(days=9)
    send(
        "date",
        which=which,
        what="move",
        to_date=day.isoformat(),
        start="14:00",
        end="16:00",
        venue="library, witham",
    )
    record = DateChangeRecord.objects.get()
    assert (record.to_date, record.venue) == (day, hall)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"what": "cancel"}, "Choose a date."),
        ({"which": "0", "what": "cancel"}, "Choose a date."),
        ({"which": "next", "what": "move"}, "Give the new date, time or place."),
        ({"which": "next", "what": "move", "to_date": "2020-01-01"}, "This day is over."),
        ({"which": "next", "what": "move", "end": "12:00"}, "Give the new start as well."),
        ({"which": "next", "what": "move", "venue": "Nowhere Hall"}, "We have no venue of this name."),
        ({"which": "next", "what": "move", "venue": "Twin"}, "Several venues have this name."),
    ],
)
def test_what_a_date_lacks(group, send, signed_in, fields, sentence):
    VenueFactory(name="Twin Hall", town="Witham")
    VenueFactory(name="Twin Hall", town="Maldon")
    if fields.get("which") == "next":
        fields = {**fields, "which": coming(signed_in, group)[0]}
    answer = send("date", **fields)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not DateChangeRecord.objects.exists()


def test_closing_for_some_days(group, send, signed_in):
    today = timezone.localdate()
    send(
        "closure",
        first_day=today.isoformat(),
        last_day=(today + timedelta(days=30)).isoformat(),
        reason="Holidays.",
    )
    closure = ClosureRecord.objects.get()
    assert closure.session_uid is None
    assert (
        not shown(group).sessions[0].next_dates(1)
        or shown(group).sessions[0].next_dates(1)[0].date > closure.last_day
    )
    signed_in.post(reverse("waymark_today", args=[group.uid]), {"undo": f"closure {closure.pk}"})
    assert not ClosureRecord.objects.exists()


def test_a_closure_that_ends_before_it_starts(group, send):
    answer = send("closure", first_day="2026-12-24", last_day="2026-12-20")
    assert "The last day comes before the first." in answer.text
    assert not ClosureRecord.objects.exists()


def test_another_group_s_change_cannot_be_taken_back_here(group, signed_in, staff):
    other = GroupPageFactory()
    record = ClosureRecord.objects.create(group_uid=other.uid, first_day="2026-12-20", last_day="2026-12-24")
    signed_in.post(reverse("waymark_today", args=[group.uid]), {"undo": f"closure {record.pk}"})
    assert ClosureRecord.objects.filter(pk=record.pk).exists()


def test_hiding_asks_twice(group, send):
    assert "Tick this box" in send("place", visibility="hidden").text
    assert facts(group).location_visibility == "public"
    send("place", visibility="hidden", sure="on")
    assert facts(group).location_visibility == "hidden"
    assert group.sessions.get_live_queryset().get().venue is None


def test_a_group_without_an_area_is_asked_for_one(group, send):
    type(group).objects.filter(pk=group.pk).update(area_name="")
    answer = send("place", visibility="area_only")
    assert "Name the area first" in answer.text
    assert facts(group).location_visibility == "public"


@pytest.mark.parametrize("data", [{}, {"form": "nothing"}, {"undo": "x"}, {"undo": "date 1e9"}])
def test_nonsense_is_no_server_error(group, signed_in, data):
    answer = signed_in.post(reverse("waymark_today", args=[group.uid]), data)
    assert answer.status_code in (302, 404)


def test_a_group_that_is_not_there(signed_in, site_tree):
    url = reverse("waymark_today", args=["00000000-0000-0000-0000-000000000000"])
    assert signed_in.get(url).status_code == 404


def test_history_speaks_plainly(group, send, signed_in, staff):
    send("space", capacity="full")
    page = signed_in.get(reverse("waymark_today", args=[group.uid])).text
    assert "Has it space?" in page
    assert "Full" in page
    assert staff.email in page


def test_looking_at_a_page_needs_no_facts_row(site_tree, signed_in):
    page = GroupPageFactory(draft=True)
    answer = signed_in.get(reverse("waymark_today", args=[page.uid]))
    assert "This group is not published." in answer.text
    assert not GroupFacts.objects.exists()
