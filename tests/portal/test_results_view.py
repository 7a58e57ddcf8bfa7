"""GET /search/ with the real engine: what it shows of 25 groups, and how many queries it takes."""

import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.listings.choices import AccessFeature
from tests.factories import (
    ActivityFactory,
    ContactFactory,
    GroupPageFactory,
    GroupSessionFactory,
    VenueFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gazetteer")]
MOST_QUERIES = 12
HTML_BUDGET = 14 * 1024  # bytes, compressed (`ux.md`, page budget)


@pytest.fixture(scope="module", autouse=True)
def groups(shared_site_tree):
    """25 groups in one hall, with every line a card can have."""
    craft = ActivityFactory(slug="craft", label="Crafts and textiles", phrases="knitting\nknit and natter")
    hall = VenueFactory(access=dict.fromkeys(AccessFeature.values[:6], "yes"))
    for number in range(25):
        GroupPageFactory(
            title=f"Knit and Natter {number}",
            activities=[craft],
            cost_kind="free",
            joining_kind="drop_in",
            contacts=[ContactFactory.build(value=f"01632 9602{number:02}")],
            sessions=[GroupSessionFactory.build(venue=hall)],
            confirmed=True,
        )


def shown(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_title_and_the_heading_say_what_was_found(client):
    html = shown(client, "/search/?q=knit+and+natter&near=CM1")
    said = "25 groups for knit and natter within 5 miles of CM1"
    assert f"<title>{said} (page 1 of 2) – " in html
    assert re.search(rf'<h1 id="results"[^>]* tabindex="-1"[^>]*>{said}</h1>', html)
    assert '<a class="skip" href="#results">' in html


def test_a_form_lands_on_the_results_and_is_never_sent_by_a_change(client):
    html = shown(client, "/search/?q=natter")
    assert html.count('action="/search/#results"') == 2
    assert "onchange" not in html
    assert html.count('type="submit"') == 3  # the search box; Apply above and below


def test_results_are_not_for_search_engines(client):
    response = client.get("/search/")
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_pages_follow_and_a_page_past_the_end_is_the_last(client):
    assert shown(client, "/search/").count('<article class="card') == 20
    last = shown(client, "/search/?page=999999999")
    assert last.count('<article class="card') == 5
    assert "Page 2 of 2" in last


def test_a_results_page_takes_few_queries_and_none_a_card(client):
    for _again in range(2):  # the engine and the speller load, the site's settings are made
        shown(client, "/search/?q=natter&near=CM1")
    with CaptureQueriesContext(connection) as many:
        shown(client, "/search/?q=natter&near=CM1")
    with CaptureQueriesContext(connection) as few:
        shown(client, "/search/?q=natter&near=CM1&page=2")
    assert len(many) <= MOST_QUERIES, [query["sql"] for query in many]
    assert len(few) == len(many)


def test_a_full_page_is_light(client):
    html = client.get("/search/?q=natter&near=CM1").content
    assert len(gzip.compress(html, 9)) <= HTML_BUDGET


def test_what_was_typed_stays_when_the_place_is_not_known(client):
    html = shown(client, "/search/?q=natter&near=Chelmsfrod&age=old")
    assert "<title>Error: " in html
    assert 'href="#near"' in html
    assert 'value="Chelmsfrod"' in html
    assert 'value="natter"' in html
    assert "Did you mean one of these places?" in html
    assert "near=Chelmsford" in html
    assert 'href="#age"' in html
    assert '<details class="more" open>' in html
    assert "Knit and Natter 1" in html  # the rest still answers


def test_namesakes_are_offered(client):
    html = shown(client, "/search/?near=Newport")
    assert "Another place of this name?" in html
    assert "Newport" in html


def test_no_results_is_never_a_dead_end(client):
    html = shown(client, "/search/?q=natter&near=Inverness")
    assert "No groups found" in html
    assert re.search(
        r'<ul class="ways"><li><a href="/search/\?[^"]*">Look everywhere</a> <span[^>]*>25 groups', html
    )
    assert "See all groups" in shown(client, "/search/?q=zzzzqqqq&exact=1")


def test_the_map_is_bytes_only_when_asked_for(client, settings):
    settings.WAYMARK_TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    without = shown(client, "/search/?q=natter&near=CM1")
    assert "leaflet" not in without
    assert "application/json" not in without
    assert "map pictures from tiles.example" in without
    html = shown(client, "/search/?q=natter&near=CM1&map=1")
    assert html.count("leaflet/leaflet.js") == 1
    assert '<script id="map-data" type="application/json">' in html
    assert 'id="result-1"' in html
    assert 'id="result-20"' in html
    assert '"groups": [[1, ' in html
    assert not re.search(r"<script(?![^>]* (src|type=\"application/json\"))", html)


def test_only_reading_is_allowed(client):
    assert client.post(reverse("search")).status_code == 405
