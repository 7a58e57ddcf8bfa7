"""The venue's map in a real Chromium: pick, drag, type, save, reopen. No request leaves our host but tiles."""

import base64
import re
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.urls import reverse

from groups.models import Venue
from tests.factories import UserFactory

TILE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TILE_HOST = urlsplit(settings.WAYMARK_TILE_URL).netloc.replace("{s}.", "")

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


class Admin:
    """A signed-in browser page that answers tiles itself and writes down every other host it was sent to."""

    def __init__(self, page, host: str):
        self.page, self.host = page, host
        self.elsewhere: list[str] = []
        self.tiles: list[str] = []
        self.errors: list[str] = []
        self.tiles_work = True
        page.route("**/*", self._answer)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message) -> None:
        if "Content Security Policy" in message.text:
            self.errors.append(message.text)

    def _answer(self, route) -> None:
        url = route.request.url
        host = urlsplit(url).netloc
        if host == urlsplit(self.host).netloc or url.startswith(("data:", "blob:")):
            route.continue_()
        elif host == TILE_HOST:
            self.tiles.append(url)
            if self.tiles_work:
                route.fulfill(body=TILE, content_type="image/png")
            else:
                route.abort()
        else:
            self.elsewhere.append(url)
            route.abort()

    def open(self, path: str) -> None:
        self.page.goto(self.host + path)

    def new(self, name: str) -> None:
        self.open(reverse("wagtailsnippets_groups_venue:add"))
        self.page.locator(".leaflet-container").wait_for()
        self.page.fill("#id_name", name)

    def edit(self, venue: Venue) -> None:
        self.open(reverse("wagtailsnippets_groups_venue:edit", args=[venue.pk]))
        self.page.locator(".leaflet-container").wait_for()

    @property
    def typed(self):
        return self.page.get_by_label("Latitude and longitude")

    @property
    def map(self):
        return self.page.locator("#id_location_map")

    def save(self) -> None:
        self.page.evaluate("document.querySelector('#w-editor-form, form[method=POST]').dataset.was = 'here'")
        with self.page.expect_navigation():
            self.page.locator("button[type=submit]", has_text=re.compile("Save")).first.click()


@pytest.fixture
def admin(browser, live_server, client, site_tree):
    client.force_login(UserFactory(superuser=True))
    context = browser.new_context(viewport={"width": 1280, "height": 1400})
    context.add_cookies(
        [{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}]
    )
    admin = Admin(context.new_page(), live_server.url)
    yield admin
    context.close()
    assert admin.elsewhere == []
    assert admin.errors == []


def place(admin):
    """What the map's own field would send."""
    return admin.page.locator("#id_location").input_value()


def test_pick_save_drag_save_reopen(admin):
    admin.new("Oaklands Hall")
    assert place(admin) == ""
    assert admin.typed.input_value() == ""
    admin.map.click(position={"x": 300, "y": 200})
    picked = admin.typed.input_value()
    admin.save()
    venue = Venue.objects.get(name="Oaklands Hall")
    assert f"{venue.latitude:.5f},{venue.longitude:.5f}" == picked
    assert admin.tiles

    admin.edit(venue)
    assert admin.typed.input_value() == picked
    admin.page.wait_for_timeout(1300)  # the package looks at its map again after a second
    assert admin.typed.input_value() == picked
    pin = admin.page.locator(".leaflet-marker-icon")
    box = pin.bounding_box()
    admin.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    admin.page.mouse.down()
    admin.page.mouse.move(box["x"] + 80, box["y"] + 60, steps=8)
    admin.page.mouse.up()
    dragged = admin.typed.input_value()
    assert dragged != picked
    admin.save()
    venue.refresh_from_db()
    assert f"{venue.latitude:.5f},{venue.longitude:.5f}" == dragged

    admin.edit(venue)
    assert admin.typed.input_value() == dragged


def test_a_place_on_the_prime_meridian_survives(admin):
    admin.new("Meridian Hall")
    admin.typed.fill("51.47790, 0.00001")
    admin.save()
    venue = Venue.objects.get(name="Meridian Hall")
    assert (venue.latitude, venue.longitude) == (51.4779, 0.00001)
    admin.edit(venue)
    admin.page.fill("#id_town", "Greenwich")
    admin.save()
    venue.refresh_from_db()
    assert (venue.town, venue.latitude, venue.longitude) == ("Greenwich", 51.4779, 0.00001)


def test_typed_places_work_while_tiles_are_blocked(admin):
    admin.tiles_work = False
    admin.new("Quiet Hall")
    admin.typed.fill("51.73400,0.47300")
    admin.save()
    venue = Venue.objects.get(name="Quiet Hall")
    assert (venue.latitude, venue.longitude) == (51.734, 0.473)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [("behind the church", "We could not read this place"), ("48.85, 2.35", "This place is not in the UK")],
)
def test_what_is_no_place_is_refused_with_a_sentence(admin, typed, sentence):
    admin.new("Lost Hall")
    admin.typed.fill(typed)
    admin.save()
    assert admin.page.get_by_text(sentence).first.is_visible()
    assert not Venue.objects.exists()


def test_an_emptied_place_comes_from_the_postcode(admin):
    admin.new("Postcode Hall")
    admin.page.fill("#id_postcode", "cm11qh")
    admin.map.click(position={"x": 300, "y": 200})
    admin.typed.fill("")
    admin.save()
    venue = Venue.objects.get(name="Postcode Hall")
    assert (venue.postcode, venue.district) == ("CM1 1QH", "Chelmsford")
    assert venue.latitude == pytest.approx(51.73, abs=0.05)


def test_two_venues_in_a_row(admin):
    for name, typed in (("First Hall", "51.73400,0.47300"), ("Second Hall", "50.82200,-0.13700")):
        admin.new(name)
        assert place(admin) == ""
        admin.typed.fill(typed)
        admin.save()
    found = dict(Venue.objects.values_list("name", "latitude"))
    assert found == {"First Hall": 51.734, "Second Hall": 50.822}
