"""My group: every page opens, and each press does what it says."""

import gzip
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from groups.editing.models import Proposal, SeenLater, Trust
from groups.editing.steps import STEPS, TOPICS
from groups.editing.today import FORMS
from groups.models import ClosureRecord, DateChangeRecord, GroupFacts, GroupPage, Venue
from groups.people.membership.models import Membership
from tests.factories import GroupPageFactory, UserFactory, VenueFactory

ABOUT = {"title": "Riverside Knitters", "summary": "Tea, wool and talk.", "description": ""}


def live(group):
    return GroupPage.objects.get(pk=group.pk)


def draft(group):
    return live(group).get_latest_revision_as_object()


def form_of(response):
    """What the form on a page would send, untouched."""
    data = {"base": response.context["base"]}
    for field in response.context["fields"]:
        chosen = [option.value for option in field.options if option.chosen]
        if field.kind == "checkbox" or field.families:
            data[field.name] = chosen
        elif field.options:
            data[field.name] = chosen[0] if chosen else ""
        elif field.kind == "tick":
            data.update({field.name: "on"} if field.value else {})
        elif field.kind != "file":
            data[field.name] = field.value
    return data


# --- opening --------------------------------------------------------------------------------------


@pytest.mark.parametrize("slug", [step.slug for step in STEPS.values() if not step.is_for_rows])
def test_saving_a_page_untouched_changes_nothing(slug, mine, at, group):
    page = mine.get(at("step", slug))
    revisions = group.revisions.count()
    answer = mine.post(at("step", slug), form_of(page))
    assert answer["Location"].startswith(f"{at()}?done=same")
    assert group.revisions.count() == revisions


@pytest.mark.parametrize("slug", [step.slug for step in STEPS.values() if step.is_for_rows])
def test_a_new_row_has_its_lasting_name_from_the_start(slug, mine, at):
    answer = mine.get(at("new_row", slug))
    assert uuid.UUID(answer["Location"].rstrip("/").rpartition("/")[2])
    assert mine.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize("name", FORMS)
def test_todays_pages_open(name, mine, at):
    assert mine.get(at("today", name)).status_code == 200


def test_the_group_page_says_how_it_stands_and_shows_every_topic(mine, at):
    page = mine.get(at())
    assert [topic.slug for topic in page.context["topics"]] == [topic.slug for topic in TOPICS]
    assert page.context["standing"].state == "live"
    assert "Every Tuesday, 10am to 12 noon" in page.content.decode()


def test_the_list_shows_only_groups_one_keeps(mine, group):
    GroupPageFactory(title="Somebody else's")
    page = mine.get(reverse("my_groups"))
    assert [row["name"] for row in page.context["groups"]] == ["Riverside Knitters"]


def test_the_number_of_queries_of_the_group_page_does_not_grow_with_its_sessions(
    mine, at, group, django_assert_max_num_queries
):
    mine.get(at())  # what a process looks up once
    with django_assert_max_num_queries(60):
        mine.get(at())


@pytest.mark.parametrize("name", ["draft", "history", "throw_away"])
def test_other_pages_open(name, mine, at):
    assert mine.get(at(name)).status_code == 200


@pytest.mark.usefixtures("vocabulary")
def test_every_step_is_within_50_kb(mine, at):
    """Page, style and script as they are sent (`ux.md`, page budget)."""
    names = ("css/waymark.css", "js/waymark.js")
    beside = sum(len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in names)
    slugs = [step.slug for step in STEPS.values() if not step.is_for_rows]
    weights = {slug: beside + len(gzip.compress(mine.get(at("step", slug)).content)) for slug in slugs}
    assert len(weights) > 10
    assert {slug: weight for slug, weight in weights.items() if not 1_000 < weight <= 50 * 1024} == {}


def test_the_pages_of_a_group_that_nobody_saw_and_of_a_hidden_one_open(mine, pat, site_tree):
    for new in (GroupPageFactory(draft=True), GroupPageFactory(hidden=True), GroupPageFactory(sessions=[])):
        Membership.objects.create(user=pat, group_uid=new.uid, role="lead")
        for name, *args in (("",), ("_draft",), ("_history",), ("_step", "about"), ("_today", "cancel")):
            assert mine.get(reverse(f"my_group{name}", args=[new.uid, *args])).status_code == 200
        page = mine.get(reverse("my_group_row", args=[new.uid, "sessions", uuid.uuid4()]))
        assert page.status_code == 200


def test_a_hidden_group_is_asked_for_no_place(mine, pat, site_tree):
    hidden, private = GroupPageFactory(hidden=True), GroupPageFactory(area_only=True)
    asked = []
    for group in (hidden, private):
        Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
        page = mine.get(reverse("my_group_row", args=[group.uid, "sessions", uuid.uuid4()]))
        asked.append([field.name for field in page.context["fields"]])
    assert asked[0] == ["when", "label", "mode"]
    assert asked[1] == ["when", "label", "mode", "place_name", "place_address", "place_postcode"]


# --- who ------------------------------------------------------------------------------------------


def test_a_stranger_is_refused_and_a_visitor_asked_to_sign_in(client, at):
    assert client.get(at())["Location"].startswith(reverse("sign_in"))
    client.force_login(UserFactory())
    for address in (at(), at("step", "about"), at("today", "cancel"), at("history"), at("draft")):
        assert client.get(address).status_code == 403
    assert client.post(at("still_right")).status_code == 403


@pytest.mark.parametrize("slug", ["photos", "sessions"])
def test_a_press_from_another_site_is_refused(slug, pat, at, group):
    """The page of a row reads its form itself, to watch a photo's size; it must still ask for the token."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(pat)
    assert strict.post(at("row", slug, uuid.uuid4()), {"remove": "1"}).status_code == 403


def test_someone_who_left_is_refused(mine, at, pat):
    Membership.objects.filter(user=pat).update(is_active=False)
    assert mine.get(at()).status_code == 403


def test_what_was_typed_is_kept_while_signing_in_again(client, at, pat, group):
    data = {**ABOUT, "summary": "Typed for ten minutes.", "base": group.latest_revision_id}
    assert client.post(at("step", "about"), data).status_code == 302
    client.force_login(pat)
    page = client.get(at("step", "about"))
    assert page.context["kept"]
    assert "Typed for ten minutes." in page.content.decode()
    client.post(at("step", "about"), form_of(page))
    assert draft(group).summary == "Typed for ten minutes."
    assert not client.get(at("step", "about")).context["kept"]


# --- saving ---------------------------------------------------------------------------------------


def test_a_risky_change_waits_and_the_current_page_is_still_live(mine, at, group):
    data = {**form_of(mine.get(at("step", "about"))), "summary": "Wool and words."}
    answer = mine.post(at("step", "about"), data, follow=True)
    assert answer.context["standing"].state == "waits"
    assert "Your current page is still live." in answer.content.decode()
    assert live(group).summary == "Tea, wool and talk."


def test_a_safe_change_shows_at_once(mine, at, group):
    data = {**form_of(mine.get(at("step", "cost"))), "cost_kind": "paid", "cost_amount": "2.50"}
    answer = mine.post(at("step", "cost"), data)
    assert "done=live" in answer["Location"]
    assert str(live(group).cost_amount) == "2.50"
    assert SeenLater.objects.get().by.first_name == "Pat"


def test_two_people_see_both_and_the_second_save_is_knowing(mine, at, group, client):
    sam = UserFactory()
    Membership.objects.create(user=sam, group_uid=group.uid, role="editor")
    mine_open = form_of(mine.get(at("step", "about")))
    other = type(client)()
    other.force_login(sam)
    other.post(at("step", "about"), {**mine_open, "summary": "Sam's.", "description": "Sam's words."})
    page = mine.post(at("step", "about"), {**mine_open, "summary": "Pat's."})
    assert page.status_code == 409
    ((label, theirs, my_own),) = [
        (one["told"].label, one["told"].before, one["told"].after) for one in page.context["clashes"]
    ]
    assert (label, theirs, my_own) == ("In one sentence", "Sam's.", "Pat's.")
    assert draft(group).summary == "Sam's."
    again = form_of(page)
    assert (again["summary"], again["description"]) == ("Pat's.", "Sam's words.")
    mine.post(at("step", "about"), again)
    assert (draft(group).summary, draft(group).description) == ("Pat's.", "Sam's words.")


@pytest.fixture
def both_wrote(mine, at, group, client):
    """`both_wrote(theirs, my_own)`: both opened the page, Sam saved first, Pat's browser shows both."""
    sam = UserFactory()
    Membership.objects.create(user=sam, group_uid=group.uid, role="editor")

    def both_wrote(theirs, my_own):
        opened = form_of(mine.get(at("step", "about")))
        other = type(client)()
        other.force_login(sam)
        other.post(at("step", "about"), {**opened, **theirs})
        return mine.post(at("step", "about"), {**opened, **my_own})

    return both_wrote


def test_taking_theirs_where_nothing_else_is_mine_ends_there(mine, at, group, both_wrote):
    page = both_wrote({"summary": "Sam's."}, {"summary": "Pat's."})
    taken = mine.post(at("step", "about"), {**form_of(page), "theirs": "summary//"})
    assert "done=theirs" in taken["Location"]
    assert "what the other person wrote" in mine.get(taken["Location"]).text
    assert draft(group).summary == "Sam's."


def test_taking_theirs_keeps_what_else_is_mine_and_the_other_clash(mine, at, group, both_wrote):
    page = both_wrote(
        {"title": "Sam's Knitters", "summary": "Sam's."},
        {"title": "Pat's Knitters", "summary": "Pat's.", "description": "Pat's words."},
    )
    keys = [one["key"] for one in page.context["clashes"]]
    assert keys == ["title//", "summary//"]
    page = mine.post(at("step", "about"), {**form_of(page), "clash": keys, "theirs": "summary//"})
    assert page.status_code == 409
    assert [one["key"] for one in page.context["clashes"]] == ["title//"]
    typed = form_of(page)
    assert (typed["title"], typed["summary"], typed["description"]) == (
        "Pat's Knitters",
        "Sam's.",
        "Pat's words.",
    )
    page = mine.post(at("step", "about"), {**typed, "theirs": "title//"})
    assert (page.status_code, page.context["clashes"]) == (200, [])
    mine.post(at("step", "about"), form_of(page))
    saved = draft(group)
    assert (saved.title, saved.summary, saved.description) == ("Sam's Knitters", "Sam's.", "Pat's words.")


def test_a_contact_that_the_other_took_away_stays_away_when_theirs_is_taken(mine, at, group, client):
    contact = group.contacts.get()
    address = at("row", "contacts", contact.uid)
    opened = form_of(mine.get(address))
    other = type(client)()
    other.force_login(UserFactory(superuser=True))
    other.post(address, {**opened, "remove": "1"})
    page = mine.post(address, {**opened, "value": "01632 960999"})
    (clash,) = page.context["clashes"]
    assert clash["told"].before == "Taken away"
    taken = mine.post(address, {**form_of(page), "theirs": clash["key"]})
    assert "done=theirs" in taken["Location"]
    assert not draft(group).contacts.all()


def test_a_price_and_a_contact_read_as_people_say_them(mine, at, group):
    cost = form_of(mine.get(at("step", "cost")))
    mine.post(at("step", "cost"), {**cost, "cost_kind": "paid", "cost_amount": "4.00"})
    text = mine.get(at()).text
    assert "£4<" in text
    assert "Phone: 01632 960123<br>Who may see it: Everyone" in text


def test_a_topic_of_one_page_says_its_name_once(mine, at):
    text = mine.get(at()).text
    for heading in ("Photos", "Cost and joining"):
        assert len(re.findall(rf"<h[23][^>]*>{heading}<", text)) == 1


def test_a_wrong_answer_keeps_what_was_typed_and_says_what_to_do(mine, at, group):
    data = {**form_of(mine.get(at("step", "ages"))), "age_min": "50", "age_max": "30"}
    page = mine.post(at("step", "ages"), data)
    assert page.status_code == 422
    assert form_of(page)["age_min"] == "50"
    assert "below the youngest" in page.content.decode()


def test_looking_first_saves_nothing(mine, at, group):
    data = {**form_of(mine.get(at("step", "run-by"))), "organisation": "A New Trust", "preview": "1"}
    page = mine.post(at("step", "run-by"), data)
    assert page.context["see"].listing.organisation == "A New Trust"
    assert group.revisions.count() == 1
    assert live(group).organisation is None


def test_a_page_nobody_saw_is_sent_by_its_people(mine, at, pat, site_tree):
    new = GroupPageFactory(draft=True)
    Membership.objects.create(user=pat, group_uid=new.uid, role="lead")
    send = reverse("my_group_send", args=[new.uid])
    assert mine.post(send).status_code == 422
    contact = reverse("my_group_row", args=[new.uid, "contacts", uuid.uuid4()])
    mine.post(contact, {"kind": "phone", "value": "01632 960123", "visibility": "public"})
    assert mine.post(send, follow=True).context["standing"].state == "waits"


# --- sessions -------------------------------------------------------------------------------------


@pytest.fixture
def session(group, at):
    return at("row", "sessions", group.sessions.get().uid)


def test_a_session_is_entered_as_said_and_previewed(mine, session, group):
    data = {**form_of(mine.get(session)), "when": "second Sunday of the month, 2pm", "preview": "1"}
    page = mine.post(session, data)
    assert len(page.context["see"].sessions[0].dates) == 4
    assert all("Sunday" in line.words for line in page.context["see"].sessions[0].dates)
    data.pop("preview")
    mine.post(session, data)
    assert str(live(group).sessions.get()) == "Second Sunday of the month, 2pm"


def test_a_sentence_that_cannot_be_read_says_what_to_try(mine, session):
    page = mine.post(session, {**form_of(mine.get(session)), "when": "when the moon is full"})
    assert page.status_code == 422
    assert "when the moon is full" in page.content.decode()
    assert "every Tuesday" in dict(page.context["errors"])["when"]


def test_a_place_is_found_without_leaving_the_step(mine, session, group):
    library = VenueFactory(name="Old Library")
    data = {**form_of(mine.get(session)), "label": "Typed already", "place": "old lib", "find": "1"}
    page = mine.post(session, data)
    assert page.status_code == 200
    assert "Typed already" in page.content.decode()
    data = {**form_of(page), "venue": str(library.uid)}
    mine.post(session, data)
    assert live(group).sessions.get().venue == library


def test_a_place_is_added_without_leaving_the_step(mine, session, group):
    page = mine.post(session, {**form_of(mine.get(session)), "place": "Nowhere Hall", "find": "1"})
    data = {**form_of(page), "venue": "new", "new_name": "Nowhere Hall", "new_postcode": "CM1 1QH"}
    mine.post(session, data)
    place = live(group).sessions.get().venue
    assert (place.name, place.postcode, place.latitude is not None) == ("Nowhere Hall", "CM1 1QH", True)


def test_a_new_place_needs_a_postcode_we_know(mine, session):
    page = mine.post(session, {**form_of(mine.get(session)), "place": "Nowhere Hall", "find": "1"})
    data = {**form_of(page), "venue": "new", "new_name": "Nowhere Hall", "new_postcode": "ZZ99 9ZZ"}
    page = mine.post(session, data)
    assert page.status_code == 422
    assert "new_postcode" in dict(page.context["errors"])
    assert not Venue.objects.filter(name="Nowhere Hall").exists()


def test_a_session_is_removed(mine, session, group):
    mine.post(session, {"base": group.latest_revision_id, "remove": "1"})
    assert not live(group).sessions.exists()


def test_pressing_save_twice_on_a_new_session_makes_one(mine, at, group):
    address = at("row", "sessions", uuid.uuid4())
    data = {"when": "every Friday 2pm to 4pm", "mode": "online", "base": group.latest_revision_id}
    mine.post(address, data)
    mine.post(address, data)
    assert live(group).sessions.count() == 2


# --- today ----------------------------------------------------------------------------------------


def test_cancelling_this_week_is_two_presses_and_live(mine, at, group):
    page = mine.get(at("today", "cancel"))
    (which,) = [field for field in page.context["fields"] if field.name == "cancel-which"]
    soonest = next(option.value for option in which.options if option.chosen)
    mine.post(at("today", "cancel"), {"cancel-which": soonest})
    record = DateChangeRecord.objects.get(group_uid=group.uid)
    assert (str(record.session_uid), record.to_date) == (soonest.split()[0], None)
    page = mine.get(at())
    mine.post(at("take_back"), {"undo": page.context["upcoming"][0].undo})
    assert not DateChangeRecord.objects.exists()


def test_closing_for_a_month_and_moving_to_another_place(mine, at, group):
    library = VenueFactory(name="Old Library")
    close = mine.get(at("today", "close"))
    month = next(field for field in close.context["fields"] if field.name == "close-month").options[3].value
    mine.post(at("today", "close"), {"close-month": month})
    closure = ClosureRecord.objects.get()
    assert (str(closure.first_day), closure.last_day.month) == (month, closure.first_day.month)
    move = mine.get(at("today", "move"))
    which = next(field for field in move.context["fields"] if field.name == "move-which").options[0].value
    mine.post(at("today", "move"), {"move-which": which, "move-venue": "old library"})
    assert DateChangeRecord.objects.get().venue == library


def test_facts_of_a_group_not_trusted_wait_for_staff(mine, at, group):
    Trust.say(group.uid, False, by=None)
    answer = mine.post(at("today", "space"), {"space-capacity": "full"})
    assert "done=asked" in answer["Location"]
    assert Proposal.objects.get().values["form"] == "space"
    assert not GroupFacts.objects.filter(capacity="full").exists()


def test_everything_is_still_right_is_one_press(mine, at, group):
    mine.post(at("still_right"))
    facts = GroupFacts.objects.get(group_uid=group.uid)
    assert (facts.confirmed_by, facts.last_confirmed_at is not None) == ("group", True)


# --- places ---------------------------------------------------------------------------------------


def test_a_place_of_ones_own_is_corrected_and_a_shared_one_proposed(mine, at, group):
    place = live(group).sessions.get().venue
    data = {"name": "Oaklands House", "address": place.address, "town": place.town, "postcode": "CM1 1QH"}
    mine.post(at("venue", place.uid), data)
    assert Venue.objects.get(pk=place.pk).name == "Oaklands House"
    from tests.factories import GroupSessionFactory

    GroupPageFactory(sessions=[GroupSessionFactory.build(venue=place)])
    mine.post(at("venue", place.uid), {**data, "name": "Oaklands Palace"})
    assert Venue.objects.get(pk=place.pk).name == "Oaklands House"
    assert Proposal.objects.get().values["values"]["name"] == "Oaklands Palace"


def test_a_place_where_the_group_does_not_meet_is_not_its_to_correct(mine, at):
    assert mine.get(at("venue", VenueFactory().uid)).status_code == 404


def test_space_is_asked_on_signing_in_when_its_answer_is_old(mine, group):
    """Freshness rule 3; one press answers."""
    facts, today = GroupFacts.objects.for_group(group.uid), timezone.localdate()
    question = f'name="space-capacity" value="full">Full<span class="unseen">: {group.title}'
    assert question in mine.get("/my-group/").text
    for days, asks in ((30, False), (31, True)):
        facts.set_capacity("space", by=None, on=today - timedelta(days=days))
        assert (question in mine.get("/my-group/").text) is asks
    answer = mine.post(reverse("my_group_today", args=[group.uid, "space"]), {"space-capacity": "full"})
    assert answer.status_code == 302
    facts.refresh_from_db()
    assert (facts.capacity, facts.capacity_on) == ("full", today)
    facts.set_capacity("space", by=None, on=today - timedelta(days=31))
    facts.change(by=None, status="paused")
    assert question not in mine.get("/my-group/").text
