"""A group's page: what a visitor reads, from plain listings and from a real page."""

import json
import re
from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Locale

from groups.listings.facts import DateChangeRecord, GroupFacts
from groups.listings.public import (
    PublicAnswer,
    PublicListing,
    PublicPhoto,
    PublicServed,
)
from groups.models import GroupPhoto
from groups.schedule.rules import LONDON, DateChange, Frequency, Rule, Span
from portal.group_page.dates import closure_words, shown_session
from portal.group_page.facts import access_of, capacity_of, first_visit, referral_rows, served_words
from portal.group_page.page import group_view, qr
from portal.group_page.photos import shown_photos
from portal.group_page.structured import json_ld
from portal.group_page.text import Block, blocks
from portal.templatetags.waymark import breakable
from search import engines
from tests.factories import (
    ContactFactory,
    GroupAccessFactory,
    GroupPageFactory,
    GroupSessionFactory,
    SourceRecordFactory,
    VenueFactory,
)
from tests.portal.fakes import FakeEngine
from tests.portal.helpers import assert_no_models, assert_sound
from tests.portal.listings import area, card, listing, place, secret, session

SUNDAY = datetime(2026, 11, 22, 8, tzinfo=LONDON)
URL = "https://waymark.example/groups/knit-and-natter/"


# --- words ----------------------------------------------------------------------------------------


def test_text_becomes_paragraphs_and_lists():
    text = "We meet weekly.\nCome in.\n\n- Tea\n- Cake\nBring a friend.\r\n\r\n* Last"
    assert blocks(text) == [
        Block(("We meet weekly.", "Come in.")),
        Block(("Tea", "Cake"), is_list=True),
        Block(("Bring a friend.",)),
        Block(("Last",), is_list=True),
    ]
    assert blocks(" \n\n ") == []


def test_first_visit_says_what_is_not_known():
    rows = {row.label: row.value for row in first_visit(listing(cost_kind="unknown", access=()))}
    assert rows == {
        "Who meets you": "",
        "Can I bring someone?": "",
        "Toilets": "",
        "Step-free": "",
        "Parking": "",
        "Cost": "",
    }


def test_first_visit_answers():
    told = listing(
        first_visit_welcome="Jean meets you.",
        bring_someone="ask",
        access=(
            PublicAnswer("accessible_toilet", "yes", "By the door"),
            PublicAnswer("step_free", "no", "Three steps"),
            PublicAnswer("parking", "unknown"),
        ),
    )
    rows = {row.label: row.value for row in first_visit(told)}
    assert rows["Who meets you"] == "Jean meets you."
    assert rows["Can I bring someone?"] == "Ask us first"
    assert rows["Toilets"] == "Accessible toilet: Yes. By the door"
    assert rows["Step-free"] == "No. Three steps"
    assert rows["Parking"] == ""


def test_a_phone_service_is_not_asked_about_its_doors():
    phone = listing(sessions=(session(mode="telephone", place=None),), access=())
    assert "Parking" not in [row.label for row in first_visit(phone)]
    assert "Lift" not in access_of(phone).unknown
    assert "Captions" in access_of(phone).unknown


def test_unknown_access_is_never_a_no():
    access = access_of(listing(access=(PublicAnswer("lift", "no"), PublicAnswer("bsl", "unknown"))))
    assert [row.feature for row in access.no] == ["lift"]
    assert "British Sign Language" in access.unknown
    assert "Lift" not in access.unknown


def test_capacity_carries_its_date_and_grows_old():
    full = listing(capacity="full", capacity_on=date(2026, 11, 1), capacity_note="Ask in March.")
    assert capacity_of(full, date(2026, 11, 22)) == "Full, as of 1 November 2026. Ask in March."
    assert capacity_of(full, date(2027, 1, 22)) == ""


def test_areas_served_read_as_a_sentence():
    served = (
        PublicServed("radius", "CM1", miles=5.0),
        PublicServed("district", "Chelmsford"),
        PublicServed("country"),
    )
    assert served_words(served) == "within 5 miles of CM1, all of Chelmsford and the whole country"
    assert served_words(()) == ""


def test_link_workers_are_told_how_or_nothing():
    assert referral_rows(listing()) == []
    rows = referral_rows(listing(accepts_referrals="yes", referral_how="Ring Jo."))
    assert rows[0].value == "Yes. Ring Jo."
    assert rows[1].value == ""


# --- dates ----------------------------------------------------------------------------------------


def dates(**changes):
    return [
        (line.words, line.state, line.label, line.note)
        for line in shown_session(session(**changes), SUNDAY).dates
    ]


def test_the_next_four_dates():
    assert [line[0] for line in dates()] == [
        "Tuesday 24 November, 10am to 12 noon",
        "Tuesday 1 December, 10am to 12 noon",
        "Tuesday 8 December, 10am to 12 noon",
        "Tuesday 15 December, 10am to 12 noon",
    ]


def test_a_cancelled_date_stands_among_them():
    lines = dates(changes=(DateChange(date(2026, 12, 1), reason="Painting"),))
    assert lines[1] == ("Tuesday 1 December, 10am to 12 noon", "cancelled", "Cancelled", "Painting")
    assert len(lines) == 5


def test_a_moved_date_is_told_on_both_days():
    other = place(name="The Library", uid="lib", path="", address="", postcode="")
    change = DateChange(
        date(2026, 12, 1), date(2026, 12, 3), time(14), time(16), place="lib", reason="Painting"
    )
    lines = dates(changes=(change,), other_places=(other,))
    assert lines[1] == ("Tuesday 1 December", "moved", "Moved to Thursday 3 December", "Painting")
    assert lines[2] == (
        "Thursday 3 December, 2pm to 4pm",
        "moved",
        "Moved from Tuesday 1 December",
        "This time at The Library, Chelmsford. Painting",
    )


def test_a_date_over_already_is_gone():
    late = datetime(2026, 11, 24, 12, 1, tzinfo=LONDON)
    assert shown_session(session(), late).dates[0].words.startswith("Tuesday 1 December")


def test_a_closure_is_one_line_and_not_a_row_of_cancelled_dates():
    shown = shown_session(
        session(closures=(Span(date(2026, 11, 20), date(2026, 12, 10), "Repairs"),)), SUNDAY
    )
    assert shown.closures == ["Closed from 20 November 2026 to 10 December 2026: Repairs"]
    assert shown.is_closed_now
    assert [line.state for line in shown.dates] == [""] * 4
    assert closure_words(Span(date(2026, 12, 1), date(2026, 12, 1))) == "Closed on 1 December 2026"


def test_directions_lead_to_a_public_door_only():
    assert "51.73575%2C0.46958" in shown_session(session(), SUNDAY).directions
    assert shown_session(session(place=area()), SUNDAY).directions == ""


def test_by_arrangement_says_how():
    rule = Rule(Frequency.ARRANGED)
    view = group_view(listing(sessions=(session(rule=rule, mode="home", place=None),)), URL, SUNDAY)
    assert view.next_words == "By arrangement: get in touch"
    assert view.where == "At your home"


@pytest.mark.django_db
def test_a_paused_and_a_closed_group_say_so():
    paused = group_view(listing(status="paused"), URL, SUNDAY)
    assert "taking a break" in paused.notice
    assert paused.next_words == ""
    closed = group_view(listing(status="closed", closed_on=date(2026, 11, 1)), URL, SUNDAY)
    assert closed.notice == "This group closed on 1 November 2026."
    assert not closed.has_calendar


# --- machines -------------------------------------------------------------------------------------


def graph(one: PublicListing) -> list[dict]:
    return json.loads(json_ld(one, URL, SUNDAY))["@graph"]


def test_json_ld_tells_the_group_and_its_next_meetings():
    changes = (DateChange(date(2026, 12, 1)),)
    organisation, *events = graph(listing(sessions=(session(changes=changes),)))
    assert organisation["telephone"] == "01632 960123"
    assert [event["startDate"] for event in events[:2]] == [
        "2026-11-24T10:00:00+00:00",
        "2026-12-01T10:00:00+00:00",
    ]
    assert [event["eventStatus"].rpartition("/")[2] for event in events[:2]] == [
        "EventScheduled",
        "EventCancelled",
    ]
    assert events[0]["location"]["address"]["postalCode"] == "CM1 1QH"
    assert events[0]["isAccessibleForFree"] is True


def test_json_ld_of_an_area_has_no_position():
    event = graph(listing(sessions=(session(place=area()),)))[1]
    assert event["location"] == {"@type": "Place", "name": "Moulsham"}


def test_json_ld_of_a_confidential_group_is_nothing():
    assert json_ld(secret(), URL, SUNDAY) == ""


def test_json_ld_cannot_end_its_element():
    text = json_ld(listing(name="</script><script>alert(1)"), URL, SUNDAY)
    assert "<" not in text
    assert json.loads(text)["@graph"][0]["name"] == "</script><script>alert(1)"


def test_the_qr_code_is_an_svg_without_a_style():
    svg = qr(URL)
    assert svg.startswith("<svg")
    assert "style" not in svg
    assert "viewBox" in svg


# --- the page itself ------------------------------------------------------------------------------


@pytest.fixture
def fake(monkeypatch):
    other = listing(name="Wool Club", path="/groups/wool-club/")
    engine = FakeEngine([other])
    engine.more_like = lambda uid, limit=4: [card(other)]
    engine.near = lambda uid, limit=4: [card(other), card(listing(name="Tea Tuesday", path="/groups/tea/"))]
    monkeypatch.setattr(engines, "current", lambda: engine)
    return engine


def get(client, page, query=""):
    response = client.get(page.get_url() + query)
    assert response.status_code == 200
    return response, response.content.decode()


def test_the_page_of_a_group(client, site_tree, fake):
    page = GroupPageFactory(
        title="Knit & Natter",
        description="Come in.\n\n- Wool\n- Tea",
        cost_kind="free",
        contacts=[
            ContactFactory.build(),
            ContactFactory.build(kind="email", value="staff@natter.example", visibility="organisers"),
        ],
        access_answers=[GroupAccessFactory.build(feature="lift", answer="no")],
        confirmed=True,
    )
    response, html = get(client, page)
    assert_no_models(response.context)
    assert_sound(response)
    assert "<h1>Knit &amp; Natter</h1>" in html
    assert 'href="tel:01632960123"' in html
    assert "staff@natter.example" not in html
    assert "<li>Wool</li>" in html
    assert "Not told us yet – call to ask" in html
    assert f"/groups/{page.translation_key}/calendar.ics" in html
    assert html.count("Wool Club") == 1  # more like this; not a second time as near
    assert "Tea Tuesday" in html
    assert 'property="og:image"' in html
    assert "data-exit" not in html
    address = html.index("<address")
    assert (
        html.index("<h1>")
        < html.index("Next</dt>")
        < html.index("Where</dt>")
        < html.index("Phone</dt>")
        < address
    )


def test_large_print(client, site_tree, fake):
    page = GroupPageFactory()
    assert 'data-print="large"' in get(client, page, "?print=large")[1]
    assert 'data-print="large"' not in get(client, page, "?print=small")[1]


def test_a_confidential_page_lets_people_leave(client, site_tree, fake):
    page = GroupPageFactory(title="Harbour Refuge", hidden=True)
    response, html = get(client, page)
    assert "<title>Information – " in html
    assert "og:image" not in html
    assert "ld+json" not in html
    assert '<meta name="robots" content="noindex">' in html
    assert response["X-Robots-Tag"] == "noindex"
    assert response["Cache-Control"] == "no-store"
    assert re.search(
        r'<a class="button brick" href="https://www\.bbc\.co\.uk/weather"[^>]* data-exit>Exit this page</a>',
        html,
    )
    assert "js/exit.js" in html
    assert html.count("Harbour Refuge") == 1


def test_a_closed_group_invites_nobody(client, site_tree, fake):
    page = GroupPageFactory()
    assert "Your first visit" in get(client, page)[1]
    GroupFacts.objects.for_group(page.translation_key).close(by=None)
    html = get(client, page)[1]
    assert "This group closed on" in html
    for invitation in (
        "When and where",
        "Your first visit",
        "Getting in",
        "<dt>Join</dt>",
        "Call before you go",
    ):
        assert invitation not in html


def test_a_long_e_mail_address_breaks_before_its_at_sign():
    assert breakable("knit@reading<rooms.example") == "knit<wbr>@reading&lt;rooms.example"
    assert breakable("01632 960401") == "01632 960401"


def test_an_imported_group_names_its_source(client, site_tree, fake):
    page = GroupPageFactory()
    SourceRecordFactory(
        group_uid=page.translation_key,
        source_date=date(2026, 10, 1),
        url="https://register.example/1",
        licence="OGL 3.0",
    )
    html = get(client, page)[1]
    assert "From The Register, 1 October 2026. Not checked by the group yet" in html
    assert "OGL 3.0" in html


def test_a_cancelled_week_shows_on_the_page(client, site_tree, fake):
    page = GroupPageFactory()
    row = page.sessions.get()
    ahead = (1 - timezone.localdate().weekday()) % 7 or 7
    DateChangeRecord.objects.create(
        group_uid=page.translation_key, session_uid=row.uid, date=timezone.localdate() + timedelta(days=ahead)
    )
    html = get(client, page)[1]
    assert '<strong class="tag brick">Cancelled</strong>' in html


def test_a_preview_shows_the_draft_and_the_live_page_does_not(site_tree, fake, client):
    page = GroupPageFactory(title="Before")
    page.title = "After"
    page.save_revision()
    draft = page.get_latest_revision_as_object()
    response = draft.make_preview_request()
    assert "<h1>After</h1>" in response.content.decode()
    assert "<h1>Before</h1>" in get(client, page)[1]


# Wagtail leaves the temporary file of a rendition for the collector.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_photo_has_a_size_and_words(client, site_tree, fake):
    image = Image.objects.create(title="Hall", file=get_test_image_file(size=(1600, 1200)))
    photo = GroupPhoto(image=image, alt="The hall from the gate", locale=Locale.get_default())
    html = get(client, GroupPageFactory(photos=[photo]))[1]
    assert re.search(r'<source type="image/avif" srcset="[^"]+\.avif">', html)
    assert re.search(r'<img src="[^"]+\.webp" width="800" height="600" alt="The hall from the gate">', html)


@pytest.mark.django_db
def test_a_photo_that_is_gone_is_left_out():
    assert shown_photos((PublicPhoto(987654),)) == []


def test_a_draft_has_no_page(client, site_tree, fake):
    assert client.get("/groups/" + GroupPageFactory(draft=True, live=False).slug + "/").status_code == 404


def test_two_sessions_have_two_files(client, site_tree, fake):
    hall = VenueFactory()
    page = GroupPageFactory(
        sessions=[
            GroupSessionFactory.build(venue=hall),
            GroupSessionFactory.build(venue=hall, weekdays=["sat"]),
        ]
    )
    html = get(client, page)[1]
    assert html.count("Add these dates to your calendar") == 2
    assert "Add all dates to your calendar" in html
