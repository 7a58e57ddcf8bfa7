"""Help, statements, display settings and errors: what each says, and what it does without."""

import pytest
from django.test import Client, RequestFactory
from wagtail.models import Site

from groups.models import AreaSettings
from portal.display.choices import COOKIE, Display
from portal.errors.views import server_error
from portal.site import SiteValues
from tests.factories import GuideIndexPageFactory, HelpPanelFactory
from tests.portal.helpers import assert_no_models, assert_sound, weight

PAGES = ["/contact/", "/urgent-help/", "/display/", "/accessibility/", "/privacy/"]


@pytest.fixture
def help_lines(site_tree):
    area = AreaSettings.for_site(Site.objects.get(is_default_site=True))
    area.site_name = "Waymark Leeds"
    area.help_phone = "0808 157 0101"
    area.help_email = "help@waymark.example"
    area.run_by = "Leeds Helpers"
    area.save()
    return area


@pytest.mark.parametrize("path", PAGES)
def test_a_standing_page(client, help_lines, path):
    response = client.get(path)
    text = assert_sound(response)
    assert_no_models(response.context)
    assert weight(response.content) <= 14_000
    footer = text[text.index("<footer") :]
    for part in (
        "tel:08081570101",
        "mailto:help@waymark.example",
        "/urgent-help/",
        "/accessibility/",
        "/privacy/",
        "/display/",
    ):
        assert part in footer
    assert "– Waymark Leeds</title>" in text


@pytest.mark.parametrize("path", PAGES)
def test_a_standing_page_of_a_site_that_is_not_set_up(client, db, path):
    Site.objects.all().delete()
    assert_sound(client.get(path))


def test_urgent_help_shows_the_panels_staff_keep(client, site_tree):
    HelpPanelFactory(heading="Domestic abuse", lines="Call 0808 157 0202, day and night.")
    text = client.get("/urgent-help/").content.decode()
    assert "Domestic abuse" in text
    assert "tel:08081570202" in text


def test_urgent_help_can_be_left_at_once_where_a_panel_puts_somebody_at_risk(client, site_tree):
    HelpPanelFactory(heading="Very ill", quick_exit=False)
    assert "data-exit" not in client.get("/urgent-help/").content.decode()
    HelpPanelFactory(heading="Not safe", quick_exit=True)
    text = client.get("/urgent-help/").content.decode()
    assert (
        text.index("data-exit")
        < text.index("<h1>")
        < text.index("You are not alone")
        < text.index("Very ill")
    )
    assert "js/exit.js" in text


def test_guides_are_in_the_menu_once_there_are_some(client, site_tree):
    assert "Guides</a>" not in client.get("/contact/").content.decode()
    index = GuideIndexPageFactory()
    assert f'href="{index.url}">Guides</a>' in client.get("/contact/").content.decode()


# --- display settings -------------------------------------------------------------------------------


def test_display_choices_are_kept_and_shown(client, site_tree):
    response = client.post("/display/", {"text": "larger", "contrast": "high", "scheme": "dark"})
    assert response.status_code == 302
    assert response.cookies[COOKIE].value == "larger.high.dark"
    assert response.cookies[COOKIE]["httponly"]
    page = client.get(response.url).content.decode()
    assert 'data-scheme="dark" data-contrast="high" data-text="larger"' in page
    assert 'value="larger" checked' in page
    assert 'role="status"' in page


def test_usual_choices_leave_no_cookie(client, site_tree):
    client.post("/display/", {"text": "large"})
    client.post("/display/", {"text": "", "contrast": "", "scheme": ""})
    assert COOKIE not in client.cookies or client.cookies[COOKIE].value == ""
    assert "data-text" not in client.get("/contact/").content.decode()


@pytest.mark.parametrize(
    "cookie", ["", ".", "x.y.z", '"><script>', "larger" * 999, "....", "large.high.dark.more"]
)
def test_a_strange_cookie_is_harmless(cookie):
    request = RequestFactory().get("/")
    request.COOKIES[COOKIE] = cookie
    display = Display.of(request)
    assert display.text in ("", "large")
    assert display.contrast in ("", "high")


def test_display_settings_need_their_form(site_tree):
    assert Client(enforce_csrf_checks=True).post("/display/", {"text": "large"}).status_code == 403


def test_no_cookie_is_set_before_anything_is_chosen(client, site_tree):
    for path in ("/contact/", "/accessibility/"):
        assert not client.get(path).cookies


# --- errors -------------------------------------------------------------------------------------------


def test_an_unknown_address_offers_a_search(client, help_lines):
    text = assert_sound(client.get("/nobody-knows/"), 404)
    assert 'action="/search/#results"' in text
    assert "tel:08081570101" in text


def test_our_own_failure_asks_nothing_of_the_database(client, help_lines, django_assert_num_queries, rf):
    client.get("/contact/")
    request = rf.get("/", HTTP_HOST="testserver")
    request.COOKIES[COOKIE] = "large.."
    with django_assert_num_queries(0):
        response = server_error(request)
    text = assert_sound(response, 500)
    assert 'data-text="large"' in text


def test_our_own_failure_before_anything_was_read(rf, monkeypatch):
    monkeypatch.setattr("portal.site._known", {})
    assert_sound(server_error(rf.get("/", HTTP_HOST="new.example")), 500)


def test_our_own_failure_still_gives_the_help_phone(rf, monkeypatch, settings):
    settings.ALLOWED_HOSTS = ["leeds.example", "other.example"]
    known = {"leeds.example": (1, SiteValues(help_phone="0808 157 0101"))}
    monkeypatch.setattr("portal.site._known", known)
    text = server_error(rf.get("/", HTTP_HOST="leeds.example")).content.decode()
    assert "tel:08081570101" in text
    assert "0808" not in server_error(rf.get("/", HTTP_HOST="other.example")).content.decode()


# --- headers ------------------------------------------------------------------------------------------


def test_pages_allow_no_code_but_ours(client, site_tree):
    response = client.get("/contact/")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert response["Referrer-Policy"] == "same-origin"
