"""The public site in a real Chromium: no axe findings, light pages, and the journey with and without JavaScript."""

import base64
import re
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from groups.demo.content import lasting_id
from tests.e2e.conftest import findings

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.django_db,
    # The server's thread makes a photo's sizes at the first visit, and Wagtail leaves their buffers to be collected.
    pytest.mark.filterwarnings("ignore:Unclosed file <tempfile.SpooledTemporaryFile:ResourceWarning"),
]

TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TILE_HOST = urlsplit(settings.WAYMARK_TILE_URL).netloc.replace("{s}.", "")
KNIT = "/search/?q=knit+and+natter&near=CM1"
MAP = KNIT + "&map=1"
WITH_PHOTO = "/groups/chelm-riverside-knit-and-natter/"
PAGES = {
    "home": "/",
    "results": KNIT,
    "results with errors": "/search/?q=knit&near=Nowhereville",
    "no results": "/search/?q=zzyzx&near=CM1",
    "results with map": MAP,
    "group": WITH_PHOTO,
    "hidden group": "/groups/chelm-linden-line/",
    "venue": f"/venues/riverside-reading-rooms/{lasting_id('venue', 'chelm-reading-rooms')}/",
    "activities": "/activities/",
    "activity": "/activities/craft/",
    "needs": "/needs/",
    "need": "/needs/lonely/",
    "what's on by day": "/whats-on/",
    "what's on by place": "/whats-on/?by=place",
    "guides": "/guides/",
    "guide": "/guides/your-first-visit/",
    "urgent help": "/urgent-help/",
    "contact": "/contact/",
    "accessibility": "/accessibility/",
    "privacy": "/privacy/",
    "display": "/display/",
    "A to Z": "/groups/",
    "not found": "/nothing-is-here/",
}
KB = 1024


@pytest.fixture
def visit(browser, demo_site):
    """Opens an address in a browser of its own: visit(path, width=…, javascript=…) is the page.

    Requests to other hosts are refused, and fail the test at its end. Tiles are let by where the map was asked for.
    """
    contexts, elsewhere = [], []

    def answer(route):
        url = urlsplit(route.request.url)
        if url.netloc == urlsplit(demo_site).netloc or url.scheme == "data":
            route.continue_()
        elif url.netloc == TILE_HOST and "map=1" in route.request.headers.get("referer", "map=1"):
            route.fulfill(body=TILE, content_type="image/png")
        else:
            elsewhere.append(route.request.url)
            route.abort()

    def visit(path, *, width=1280, javascript=True, before=None):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=javascript, base_url=demo_site
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(10_000)
        page.route("**/*", answer)
        if before:
            before(page)
        status = page.goto(path).status
        assert status == (404 if path == PAGES["not found"] else 200), f"{path} answered {status}"
        return page

    yield visit
    for context in contexts:
        context.close()
    assert elsewhere == []


# --- every page -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_in_light_or_dark_and_nothing_is_wider_than_the_smallest_screen(name, visit, axe):
    page = visit(PAGES[name], width=320)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1280, "height": 900})
    page.evaluate("for (const map of document.querySelectorAll('.leaflet-container')) map.hidden = true")
    assert findings(page, axe) == []


def test_the_map_asks_another_host_only_for_tiles(visit):
    asked = []
    page = visit(MAP, before=lambda page: page.on("request", lambda request: asked.append(request.url)))
    page.locator(".leaflet-tile-loaded").first.wait_for()
    page.locator(".pin a").first.wait_for()
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {
        urlsplit(page.url).netloc,
        TILE_HOST,
    }


# --- weights over the wire ------------------------------------------------------------------------


class Weights:
    """What a page fetched with an empty cache, in bytes on the wire with headers, by address."""

    def __init__(self, page):
        self.of: dict[str, int] = {}
        names: dict[str, str] = {}
        tools = page.context.new_cdp_session(page)
        tools.send("Network.enable")
        tools.on(
            "Network.requestWillBeSent",
            lambda sent: names.update({sent["requestId"]: sent["request"]["url"]}),
        )
        tools.on("Network.loadingFinished", lambda done: self._add(names, done))

    def _add(self, names, done) -> None:
        url = names[done["requestId"]]
        if not url.startswith("data:"):
            self.of[url] = int(done["encodedDataLength"])

    def ending(self, end: str) -> int:
        return next(size for url, size in self.of.items() if urlsplit(url).path.endswith(end))


@pytest.fixture
def weigh(visit):
    def weigh(path) -> Weights:
        kept = []
        # Routing would turn Chromium's own count of bytes off.
        page = visit(path, before=lambda page: (page.unroute_all(), kept.append(Weights(page))))
        page.wait_for_load_state("networkidle")
        return kept[0]

    return weigh


@pytest.mark.parametrize(
    ("path", "most_kb", "most_requests"),
    [("/", 40, 5), ("/search/", 40, 5), (KNIT, 40, 5), (WITH_PHOTO, 90, 6)],
)
def test_pages_are_light(path, most_kb, most_requests, weigh):
    weights = weigh(path).of
    assert sum(weights.values()) <= most_kb * KB, weights
    assert len(weights) <= most_requests, weights


def test_the_weighed_group_has_a_photo(weigh):
    assert any("/media/images/" in url for url in weigh(WITH_PHOTO).of)


def test_the_parts_of_a_page_of_twenty_cards_are_light(visit, weigh):
    assert visit("/search/").locator(".card").count() == 20
    weights = weigh("/search/")
    assert 1 * KB < weights.ending("/search/") <= 14 * KB
    assert 1 * KB < weights.ending(".css") <= 16 * KB
    assert 0 < weights.ending(".js") <= 4 * KB


# --- the journey ----------------------------------------------------------------------------------


def test_a_phone_without_javascript_finds_a_group_its_date_place_and_phone(visit):
    page = visit("/", width=360, javascript=False)
    page.get_by_label("What are you looking for?").fill("knit and natter")
    page.get_by_label("Postcode or town").fill("CM1")
    page.get_by_role("button", name="Search").click()

    card = page.locator(".card").first
    assert card.get_by_role("link").first.inner_text() == "Riverside Knit and Natter"
    facts = card.inner_text()
    for fact in (
        "Wednesday",
        "10am to 12 noon",
        "Riverside Reading Rooms",
        "miles away",
        "Free",
        "Any adult",
    ):
        assert fact in facts
    assert re.search(r"Checked by the group on \d+ \w+ \d{4}", facts)

    card.get_by_role("link").first.click()
    assert page.get_by_role("heading", level=1).inner_text() == "Riverside Knit and Natter"
    key = page.locator(".group__key")
    assert re.search(r"Wednesday \d+ \w+, 10am to 12 noon", key.inner_text())
    assert "Riverside Reading Rooms" in key.inner_text()
    assert key.get_by_role("link", name="01632 960411").get_attribute("href") == "tel:01632960411"

    calendar = page.get_by_role("link", name="Add the dates to your calendar").get_attribute("href")
    assert calendar == reverse(
        "group_calendar", args=[lasting_id("group", "chelm-riverside-knit-and-natter")]
    )
    answer = page.request.get(urljoin(page.url, calendar))
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "SUMMARY:Riverside Knit and Natter" in answer.text()


def test_without_javascript_a_filter_is_added_and_removed(visit):
    page = visit(KNIT, width=360, javascript=False)
    costs = page.locator(".card .facts div", has=page.get_by_text("Cost", exact=True)).locator("dd")
    everything = page.locator(".results__heading").inner_text()
    assert any(not words.startswith("Free") for words in costs.all_inner_texts())

    page.get_by_label("Cost").select_option("free")
    page.get_by_role("button", name="Apply").first.click()
    assert costs.count()
    assert all(words.startswith("Free") for words in costs.all_inner_texts())
    assert page.locator(".results__heading").inner_text() != everything

    page.locator(".chips a", has_text="Free").first.click()
    assert page.locator(".results__heading").inner_text() == everything


def test_the_keyboard_alone_reaches_suggestions_and_results(visit):
    page = visit("/")
    focused = "document.activeElement.id || document.activeElement.textContent.trim()"
    stops = []
    while "near" not in stops and len(stops) < 15:
        page.keyboard.press("Tab")
        stops.append(page.evaluate(focused))
    assert stops[0] == "Skip to main content"
    assert stops.index("q") < stops.index("near")

    page.locator("#q").focus()
    page.keyboard.type("knit")
    box, choices = page.get_by_role("combobox"), page.get_by_role("option")
    choices.first.wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    page.keyboard.press("ArrowDown")
    assert choices.first.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == choices.first.get_attribute("id")
    page.keyboard.press("ArrowUp")
    assert choices.last.get_attribute("aria-selected") == "true"
    page.keyboard.press("Escape")
    assert box.get_attribute("aria-expanded") == "false"
    assert box.input_value() == "knit"

    page.keyboard.press("Enter")
    page.wait_for_url("**/search/**")
    assert page.evaluate("document.activeElement.id") == "results"
    assert page.locator(".card").count()
