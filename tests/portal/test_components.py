"""The components: each state, and that nothing of it is code in the page."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from groups.listings.public import PublicContact
from groups.schedule.rules import Occurrence
from portal.symbols import FAMILIES
from tests.portal.helpers import INLINE_CODE, weight
from tests.portal.listings import area, card, listing, session

TODAY = date(2026, 11, 22)


def shown(name: str, **values) -> str:
    """A component as readable text: tags out, white space to one space."""
    return " ".join(re.sub(r"<[^>]+>", " ", html(name, **values)).split())


def html(name: str, **values) -> str:
    return render_to_string(f"components/{name}.html", values)


def card_of(**facts) -> str:
    return html("card", card=card(listing(**facts)), today=TODAY)


def test_a_card_tells_what_decides_and_links_to_the_page_once():
    one = card(listing(capacity="space", capacity_on=TODAY), away=1.24)
    text = shown("card", card=one, today=TODAY)
    for fact in (
        "Knit and Natter",
        "Wool, tea and talk.",
        "10am to 12 noon",
        "Oaklands Hall, Chelmsford, 1.2 miles away",
        "Free",
        "Anyone",
        "Step-free all the way in",
        "Just turn up",
        "01632 960123",
        "Has space",
        "Checked by the group on 3 November 2026",
    ):
        assert fact in text
    markup = html("card", card=one, today=TODAY)
    assert markup.count('href="/groups/knit-and-natter/"') == 1
    assert 'href="tel:01632960123"' in markup


@pytest.mark.parametrize(
    ("checked", "phone", "label"),
    [
        (TODAY - timedelta(days=30), True, None),
        (TODAY - timedelta(days=200), True, "Please call first"),
        (TODAY - timedelta(days=200), False, "Please check before you go"),
        (TODAY - timedelta(days=400), True, "Not checked for over a year"),
    ],
)
def test_a_card_warns_of_old_facts(checked, phone, label):
    contacts = (PublicContact("phone", "01632 960123"),) if phone else ()
    text = card_of(confirmed_on=checked, contacts=contacts)
    every = {"Please call first", "Please check before you go", "Not checked for over a year"}
    assert {words for words in every if words in text} == ({label} if label else set())


def test_a_closed_card_gives_no_facts_to_go_by():
    text = card_of(status="closed")
    assert "Closed for good" in text
    assert "01632" not in text
    assert "10am" not in text


def test_a_paused_card_says_so():
    assert "Taking a break" in card_of(status="paused")


def test_a_card_of_a_place_to_ask_for():
    one = listing(
        sessions=(session(place=area(ask=True)),), contacts=(), joining_kind="unknown", cost_kind="unknown"
    )
    text = shown("card", card=card(one), today=TODAY)
    assert "Moulsham (ask us where)" in text
    assert "See their page" in text
    assert "Not told us yet – ask" in text


def test_a_card_of_a_service_that_comes_to_you():
    one = card(listing(sessions=(session(mode="online", place=None),)), serves=True)
    assert "Online, covers your area" in shown("card", card=one, today=TODAY)


def test_a_card_names_what_it_is_given_as_text():
    assert "&lt;script&gt;" in card_of(name="<script>alert(1)</script>")


def test_a_card_on_the_map_carries_its_number():
    assert "Number 7" in shown("card", card=card(listing()), today=TODAY, number=7)


def test_dates_of_a_session_say_what_is_off_and_what_moved():
    dates = [
        Occurrence(date(2026, 11, 24), None, None),
        Occurrence(date(2026, 12, 1), None, None, cancelled=True, reason="Snow"),
        Occurrence(date(2026, 12, 9), None, None, moved_from=date(2026, 12, 8)),
    ]
    text = shown("session", session=session(), dates=dates, today=TODAY)
    assert "Every Tuesday, 10am to 12 noon" in text
    assert "Tuesday 24 November Tuesday 1 December Cancelled Snow Wednesday 9 December Moved" in text


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_meeting_of_the_day(cancelled):
    meeting = {
        "name": "Art", "path": "/a/", "time": "10am", "where": "Hall", "cost": "", "family": "make", "colour": "plum",
        "cancelled": cancelled,
    }  # fmt: skip
    text = shown("meeting", meeting=meeting)
    assert "Hall · Ask about the cost" in text
    assert ("Cancelled" in text) is cancelled


def test_help_lines_can_be_rung():
    markup = html(
        "help_panel", heading="Help", lines=["Call 999 or 116 123.", "Text 85258, or 0808 157 0000 <b>"]
    )
    for href in ("tel:999", "tel:116123", "tel:08081570000"):
        assert f'href="{href}"' in markup
    assert "tel:852" not in markup
    assert "&lt;b&gt;" in markup


def test_one_page_needs_no_pagination():
    assert shown("pagination", page=1, pages=1) == ""
    assert shown("pagination", page=2, pages=2, previous="?page=1") == "Previous page Page 2 of 2"


def test_an_empty_answer_asks_for_a_call():
    assert "Not told us yet – call to ask" in shown("facts", rows=[{"label": "Toilets", "value": ""}])


def test_the_search_box_keeps_what_was_typed_and_ties_errors_to_their_field():
    markup = html("search_box", text='knit "&" natter', place="LS99", place_error="We cannot find it.")
    assert 'value="knit &quot;&amp;&quot; natter"' in markup
    assert 'aria-describedby="near-error"' in markup
    assert 'aria-invalid="true"' in markup


def test_each_family_has_a_drawing_of_its_own():
    drawn = {family: html("disc", family=family) for family in FAMILIES}
    assert len(set(drawn.values())) == len(FAMILIES)
    assert html("disc", family="nobody-knows") == drawn[""]


def test_the_style_guide_is_only_for_the_demo(client, db, settings):
    settings.WAYMARK_DEMO = False
    assert client.get("/style-guide/").status_code == 404
    settings.WAYMARK_DEMO = True
    response = client.get("/style-guide/")
    assert response.status_code == 200
    assert not INLINE_CODE.search(response.content)


@pytest.mark.parametrize(("path", "most"), [("css/waymark.css", 16_000), ("js/waymark.js", 4_000)])
def test_what_every_page_loads_is_small(path, most):
    assert weight((settings.BASE_DIR / "static" / path).read_bytes()) <= most


def test_components_open_with_their_contract():
    components = sorted((settings.BASE_DIR / "templates" / "components").glob("*.html"))
    assert components
    for path in components:
        assert re.match(r"{% comment %}\n.*(Required|Optional)", path.read_text(), re.S), path.name
