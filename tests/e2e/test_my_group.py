"""A volunteer and a moderator in a real Chromium: the whole journey at 360 px, with and without JavaScript; axe."""

import re
from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from groups.admin.people.claims import ClaimsReport
from groups.admin.roles import ensure_roles
from groups.editing.models import Trust
from groups.editing.steps import STEPS
from groups.people.membership.models import Membership
from groups.problems.verbs import report
from tests.e2e.conftest import findings
from tests.factories import (
    ActivityFactory,
    CircumstanceFactory,
    ContactFactory,
    GroupPageFactory,
    LanguageFactory,
    NeedFactory,
    UserFactory,
    VenueFactory,
)
from tests.search.conftest import forget_rows, forget_vocabulary

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db(transaction=True),
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]


@pytest.fixture
def town(site_tree):
    """A group of Pat's, a moderator, and words to tick."""
    forget_rows()
    forget_vocabulary()
    ensure_roles()
    for make in (ActivityFactory, NeedFactory, CircumstanceFactory, LanguageFactory):
        make()
    VenueFactory(name="Old Library")
    group = GroupPageFactory(title="Riverside Knitters", contacts=[ContactFactory.build()])
    pat = UserFactory(first_name="Pat")
    Membership.objects.create(user=pat, group_uid=group.uid, role="lead")
    Trust.say(group.uid, True, by=None)
    moderator = UserFactory(first_name="Mo")
    moderator.groups.add(Group.objects.get(name="Moderators"))
    yield {"group": group, "pat": pat, "moderator": moderator}
    forget_rows()
    forget_vocabulary()


@pytest.fixture
def sit_down(browser, live_server):
    """`sit_down(user, javascript)`: a phone of 360 px on which this person is signed in."""
    contexts = []

    def sit_down(user, javascript=True, width=360):
        client = Client()
        client.force_login(user)
        context = browser.new_context(
            viewport={"width": width, "height": 740},
            java_script_enabled=javascript,
            base_url=live_server.url,
        )
        context.add_cookies(
            [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        return page

    yield sit_down
    for context in contexts:
        context.close()


def _change(heading):
    """A link's name: the part only spoken may or may not stand apart."""
    return re.compile(rf"^Change\s*: {re.escape(heading)}")


def change(page, heading, **typed):
    """Open a page by its Change link, type, save."""
    page.get_by_role("link", name=_change(heading)).first.click()
    for name, value in typed.items():
        field = page.locator(f"main [name='{name}']")
        if field.first.get_attribute("type") in ("radio", "checkbox"):
            page.locator(f"main [name='{name}'][value='{value}']").check()
        elif field.first.evaluate("one => one.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("status").wait_for()


def tick_the_first(page, heading):
    page.get_by_role("link", name=_change(heading)).click()
    # A click does not wait for the next page: its boxes do.
    box = page.locator("main form input[type='checkbox']").first
    box.wait_for(state="attached")
    closed = page.locator("main details:not([open]) > summary")
    while closed.count():
        closed.first.click()
    box.check()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("status").wait_for()


def photo() -> bytes:
    made = BytesIO()
    Image.new("RGB", (400, 300), "purple").save(made, "JPEG")
    return made.getvalue()


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_page_is_claimed_and_kept(javascript, town, sit_down):
    group = GroupPageFactory(title="Allotment Friends", parent=town["group"].get_parent())
    sam = sit_down(UserFactory(first_name="Sam"), javascript)
    sam.goto(reverse("claim", args=[group.uid]))
    sam.get_by_label("How can we tell").fill("I am the secretary. Ring the number on the page.")
    sam.get_by_role("button", name="Ask to keep it").click()
    sam.get_by_role("status").wait_for()

    mo = sit_down(town["moderator"], width=1280)
    mo.goto(reverse(ClaimsReport.index_url_name))
    mo.get_by_role("link", name="Allotment Friends").first.click()
    assert "I am the secretary." in mo.locator("main").inner_text()
    mo.get_by_role("button", name="Yes, they may keep it").click()
    mo.wait_for_load_state()

    sam.goto("/my-group/")
    sam.get_by_role("link", name="Allotment Friends").click()
    change(sam, "Your group in words", description="We dig on Saturdays.")
    assert "Your current page is still live." in sam.locator("main").inner_text()


@pytest.mark.long
@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_every_topic_a_change_asked_for_resubmitted_published_and_this_week_cancelled(
    javascript, town, sit_down
):
    group = town["group"]
    pat, mo = sit_down(town["pat"], javascript), sit_down(town["moderator"], javascript)
    pat.goto("/my-group/")
    pat.get_by_role("link", name="Riverside Knitters").click()
    assert "Your page is live" in pat.locator("main").inner_text()

    # every topic
    change(pat, "Your group in words", description="We knit by the river!!!")
    assert "Your current page is still live." in pat.locator("main").inner_text()
    tick_the_first(pat, "What do people do?")
    tick_the_first(pat, "What does it help with?")
    change(pat, "Who runs it", organisation="Riverside Trust", tags="wool, tea")
    tick_the_first(pat, "Who is it for?")
    change(pat, "Ages", age_min="18", gender="women")
    tick_the_first(pat, "Which languages do you speak?")
    pat.get_by_role("link", name="Add an area").click()
    pat.get_by_label("Which place?").fill("Chelmsford")
    pat.get_by_role("button", name="Save", exact=True).click()
    pat.get_by_role("link", name=_change("Every Tuesday")).click()
    pat.get_by_label("When do you meet?").fill("every Wednesday 2pm to 4pm")
    pat.get_by_label("Find another place").fill("old library")
    pat.get_by_role("button", name="Find").click()
    pat.get_by_label("Old Library, Chelmsford").check()
    pat.get_by_role("button", name="See how it looks").click()
    assert pat.locator(".mine__see .dates li").count() == 4
    pat.get_by_role("button", name="Save", exact=True).click()
    change(pat, "More about times and place", getting_there="The 54 bus stops outside.")
    change(pat, "Cost and joining", cost_kind="paid", cost_amount="2.50", joining_kind="drop_in")
    change(pat, "Getting to the door", parking="yes", parking_detail="Free after six.")
    change(pat, "Getting in", lift="no")
    change(pat, "Toilets", accessible_toilet="yes")
    change(pat, "Hearing and reading", hearing_loop="ask")
    change(pat, "Feeling all right", quiet_space="yes")
    change(pat, "The first visit", first_visit_welcome="Pat waits by the door.", bring_someone="yes")
    pat.get_by_role("link", name="Add a contact").click()
    pat.get_by_label("E-mail", exact=True).check()
    pat.get_by_label("Number, e-mail or web address").fill("hello@knitters.example")
    pat.get_by_role("button", name="Save", exact=True).click()
    change(pat, "Link workers and safety", accepts_referrals="yes")
    pat.get_by_role("link", name="Add a photo").click()
    pat.get_by_label("Choose a photo").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    pat.get_by_label("What does it show?").fill("A purple scarf.")
    pat.get_by_role("button", name="Save", exact=True).click()
    change(pat, "Have you got space?", **{"space-capacity": "space"})

    # safe changes are live, risky ones wait
    visitor = sit_down(town["pat"], javascript)
    visitor.goto(group.url)
    text = visitor.locator("main").inner_text()
    for shown in (
        "Every Wednesday, 2pm to 4pm",
        "Old Library",
        "£2.50",
        "Pat waits by the door.",
        "Has space",
    ):
        assert shown in text
    for waiting in ("by the river!!!", "hello@knitters.example", "Riverside Trust"):
        assert waiting not in text

    # a moderator asks for a change
    mo.goto("/checking/")
    mo.get_by_role("link", name="Riverside Knitters").first.click()
    assert "We knit by the river!!!" in mo.locator("main").inner_text()
    assert "£2.50" not in mo.locator("main").inner_text()
    mo.get_by_label("What should change?").fill("Fewer marks, please.")
    mo.get_by_role("button", name="Ask for a change").click()
    mo.get_by_text("Sent back.").wait_for()

    # resubmit, publish
    pat.goto(reverse("my_group", args=[group.uid]))
    assert "Fewer marks, please." in pat.locator("main").inner_text()
    change(pat, "Your group in words", description="We knit by the river.")
    pat.get_by_role("button", name="Send it again").click()
    pat.get_by_text("Sent. We check it").wait_for()
    mo.goto("/checking/")
    mo.get_by_role("link", name="Riverside Knitters").first.click()
    mo.get_by_role("button", name="Approve and publish").click()
    mo.get_by_text("Approved and published.").wait_for()
    visitor.goto(group.url)
    text = visitor.locator("main").inner_text()
    for shown in (
        "We knit by the river.",
        "hello@knitters.example",
        "Riverside Trust",
        "£2.50",
        "Old Library",
    ):
        assert shown in text
    assert visitor.locator("img[alt='A purple scarf.']").count() == 1

    # cancel this week, two presses: live on the page and in search
    visitor.goto("/search/?q=riverside+knitters")
    next_before = visitor.locator(".card__next").first.inner_text()
    pat.goto(reverse("my_group", args=[group.uid]))
    pat.get_by_role("link", name="Cancel a date").click()
    pat.get_by_role("button", name="Cancel this date").click()
    pat.get_by_text("It shows at once.").wait_for()
    visitor.goto(group.url)
    assert "Cancelled" in visitor.locator(".dates").first.inner_text()
    visitor.goto("/search/?q=riverside+knitters")
    assert visitor.locator(".card__next").first.inner_text() != next_before


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_two_volunteers_change_the_same_page_and_nothing_is_lost(javascript, town, sit_down):
    group, sam = town["group"], UserFactory(first_name="Sam")
    Membership.objects.create(user=sam, group_uid=group.uid, role="editor")
    cost = reverse("my_group_step", args=[group.uid, "cost"])
    one, other = sit_down(town["pat"], javascript), sit_down(sam, javascript)
    one.goto(cost)
    other.goto(cost)
    other.get_by_label("More about cost").fill("Sam says: tea is 50p.")
    other.get_by_label("More about joining").fill("Sam says: ring first.")
    other.get_by_role("button", name="Save", exact=True).click()
    other.get_by_role("status").wait_for()
    one.get_by_label("More about cost").fill("Pat says: tea is free.")
    one.get_by_label("Free", exact=True).check()
    one.get_by_role("button", name="Save", exact=True).click()
    both = one.get_by_role("alert").filter(has_text="Somebody else saved this meanwhile")
    both.wait_for()
    assert "Sam says: tea is 50p." in both.inner_text()
    assert "Pat says: tea is free." in both.inner_text()
    # what only one of them changed is in the form, of both
    assert one.get_by_label("More about joining").input_value() == "Sam says: ring first."
    assert one.get_by_label("Free", exact=True).is_checked()
    one.get_by_label("More about cost").fill("Tea is free for newcomers, 50p after that.")
    one.get_by_role("button", name="Save", exact=True).click()
    one.get_by_role("status").wait_for()
    one.goto(group.url)
    text = one.locator("main").inner_text()
    for shown in ("Tea is free for newcomers, 50p after that", "Sam says: ring first", "Free"):
        assert shown in text


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
def test_a_group_closes_is_found_as_closed_and_opens_again(javascript, town, sit_down):
    pat = sit_down(town["pat"], javascript)
    mine = reverse("my_group", args=[town["group"].uid])
    pat.goto(mine)
    pat.get_by_role("link", name="Close the group for good").click()
    pat.get_by_role("button", name="Close it for good").click()
    pat.get_by_text("The group is closed. You can open it again.").wait_for()
    pat.goto("/search/?q=riverside+knitters")
    assert "Closed for good" in pat.locator(".card").first.inner_text()
    pat.goto(town["group"].url)
    assert "This group closed on" in pat.locator("main").inner_text()
    pat.goto(mine)
    pat.get_by_role("link", name="Open the group again").click()
    pat.get_by_role("button", name="Open it again").click()
    pat.get_by_text("The group is open again.").wait_for()
    pat.goto(town["group"].url)
    assert "This group closed on" not in pat.locator("main").inner_text()


PAGES = ["", "history", "throw_away", "closing"]


def addresses(group):
    """Every page of My group, of its people, of an account, of reported problems, and the moderators'."""
    of = [group.uid]
    yield from (reverse(name) for name in ("account", "account_name", "account_password", "second_step"))
    yield reverse("people", args=["group", group.uid])
    yield reverse("report_problem", args=of)
    tell = {"words": "Nobody was there.", "email": "sam@example.org", "now": timezone.now()}
    report(group, kind="stopped", **tell)
    yield reverse("my_group_problems", args=of)
    yield reverse("checking_problems")
    yield reverse("checking_problem", args=[report(group, kind="safety", **tell).reference])
    yield reverse("my_groups")
    yield reverse("my_group_start")
    yield from (reverse(f"my_group_{name}" if name else "my_group", args=of) for name in PAGES)
    for step in STEPS.values():
        row = "00000000-0000-0000-0000-000000000005"
        yield (
            reverse("my_group_row", args=[*of, step.slug, row])
            if step.is_for_rows
            else reverse("my_group_step", args=[*of, step.slug])
        )
    yield reverse("my_group_row", args=[*of, "sessions", group.sessions.get().uid])
    yield from (
        reverse("my_group_today", args=[*of, name]) for name in ("cancel", "move", "close", "space", "place")
    )
    yield reverse("my_group_venue", args=[*of, group.sessions.get().venue.uid])
    yield reverse("checking")
    yield reverse("checking_group", args=of)


def test_axe_finds_nothing_and_nothing_is_too_wide(town, sit_down, axe):
    page = sit_down(town["moderator"], width=320)
    page.goto(reverse("my_group_step", args=[town["group"].uid, "about"]))
    page.get_by_label("About the group").fill("Something new for a moderator to look at.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("status").wait_for()
    for address in addresses(town["group"]):
        answer = page.goto(address)
        assert answer.status == 200, address
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320, address
        assert findings(page, axe) == [], address


def test_axe_finds_nothing_beside_errors_and_clashes(town, sit_down, axe):
    page, other = sit_down(town["pat"]), sit_down(town["moderator"])
    about = reverse("my_group_step", args=[town["group"].uid, "about"])
    page.goto(about)
    other.goto(about)
    for one, words in ((other, "Mo's words."), (page, "Pat's words.")):
        one.get_by_label("In one sentence").fill(words)
        one.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Somebody else saved this meanwhile").wait_for()
    assert "Mo's words." in page.locator("main").inner_text()
    assert page.get_by_label("In one sentence").input_value() == "Pat's words."
    assert findings(page, axe) == []
    page.get_by_role("button", name="Take theirs").click()
    page.get_by_text("We kept what the other person wrote.").wait_for()
    page.goto(about)
    page.get_by_label("Name of the group").fill("")
    page.get_by_role("button", name="Save", exact=True).click()
    page.locator(".errors").wait_for()
    assert findings(page, axe) == []
