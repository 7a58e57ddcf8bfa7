"""GET /search/ with the real engine: what it shows, how many queries it takes, and that nothing typed breaks it."""

import gzip
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from groups.listings.choices import AccessFeature
from search import engines
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


@pytest.fixture
def groups(site_tree):
    """25 groups in one hall, with every line a card can have."""
    craft = ActivityFactory(slug="craft", label="Crafts and textiles", phrases="knitting\nknit and natter")
    hall = VenueFactory(access=dict.fromkeys(AccessFeature.values[:6], "yes"))
    return [
        GroupPageFactory(
            title=f"Knit and Natter {number}",
            activities=[craft],
            cost_kind="free",
            joining_kind="drop_in",
            contacts=[ContactFactory.build(value=f"01632 9602{number:02}")],
            sessions=[GroupSessionFactory.build(venue=hall)],
            confirmed=True,
        )
        for number in range(25)
    ]


def shown(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_the_title_and_the_heading_say_what_was_found(client, groups):
    html = shown(client, "/search/?q=knit+and+natter&near=CM1")
    said = "25 groups for knit and natter within 5 miles of CM1"
    assert f"<title>{said} (page 1 of 2) – " in html
    assert re.search(rf'<h1 id="results"[^>]* tabindex="-1"[^>]*>{said}</h1>', html)
    assert '<a class="skip" href="#results">' in html


def test_a_form_lands_on_the_results_and_is_never_sent_by_a_change(client, groups):
    html = shown(client, "/search/?q=natter")
    assert html.count('action="/search/#results"') == 2
    assert "onchange" not in html
    assert html.count('type="submit"') == 3  # the search box; Apply above and below


def test_results_are_not_for_search_engines(client, groups):
    response = client.get("/search/")
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in response.content.decode()


def test_pages_follow_and_a_page_past_the_end_is_the_last(client, groups):
    assert shown(client, "/search/").count('<article class="card') == 20
    last = shown(client, "/search/?page=999999999")
    assert last.count('<article class="card') == 5
    assert "Page 2 of 2" in last


def test_a_results_page_takes_few_queries_and_none_a_card(client, groups):
    shown(client, "/search/?q=natter&near=CM1")  # the engine and the speller load
    with CaptureQueriesContext(connection) as many:
        shown(client, "/search/?q=natter&near=CM1")
    with CaptureQueriesContext(connection) as few:
        shown(client, "/search/?q=natter&near=CM1&page=2")
    assert len(many) <= MOST_QUERIES, [query["sql"] for query in many]
    assert len(few) == len(many)


def test_a_full_page_is_light(client, groups):
    html = client.get("/search/?q=natter&near=CM1").content
    assert len(gzip.compress(html, 9)) <= HTML_BUDGET


def test_what_was_typed_stays_when_the_place_is_not_known(client, groups):
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


def test_namesakes_are_offered(client, groups):
    html = shown(client, "/search/?near=Newport")
    assert "Another place of this name?" in html
    assert "Newport" in html


def test_no_results_is_never_a_dead_end(client, groups):
    html = shown(client, "/search/?q=natter&near=Inverness")
    assert "No groups found" in html
    assert re.search(
        r'<ul class="ways"><li><a href="/search/\?[^"]*">Look everywhere</a> <span[^>]*>25 groups', html
    )
    assert "See all groups" in shown(client, "/search/?q=zzzzqqqq&exact=1")


def test_the_map_is_bytes_only_when_asked_for(client, groups, settings):
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


def test_names_cannot_end_the_data_of_the_map(client, site_tree):
    GroupPageFactory(title="</script><b>Natter & co")
    html = shown(client, "/search/?map=1")
    assert "</script><b>" not in html
    assert "\\u003C/script\\u003E" in html


def test_an_area_is_told_as_an_area(client, site_tree):
    GroupPageFactory(title="Quiet Circle", area_only=True)
    html = shown(client, "/search/?near=Moulsham&map=1")
    assert "Quiet Circle" in html
    assert '"exact": false' in html
    assert '"exact": true' not in html


HOSTILE_VALUES = [
    "",
    " ",
    "a" * 20_000,
    "é" * 5_000,
    "😀" * 500,
    "\u202e\u0000\u200b",
    "\x00",
    "%00",
    "'",
    '"',
    '"NEAR/',
    'NEAR("a" "b", 5)',
    "a NEAR b",
    "AND OR NOT",
    "* OR *",
    "name:knit",
    "^knit",
    "-knit",
    "(((((",
    ")",
    "{}[]",
    "'; DROP TABLE groups_grouppage; --",
    "1 OR 1=1",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "{% include 'x' %}",
    "../../etc/passwd",
    "\\",
    "%",
    "_",
    "-1",
    "0",
    "1e309",
    "nan",
    "inf",
    "-1e9",
    "1000000000",
    "9" * 400,
    "٣",
    "½",
    "0x10",
    "null",
    "undefined",
    "True",
    "ß" * 300,
    "ﷺ" * 100,
    "a\u0301" * 200,
    "\ud800",
    "\t\r\n",
    "?q=1&near=2#x",
]
HOSTILE = [
    *[f"{key}={value}" for value in HOSTILE_VALUES for key in ("q", "near", "miles")],
    *[f"{key}={value}" for value in HOSTILE_VALUES[:12] for key in ("page", "age", "need", "not", "access")],
    "q=a&q=b&q=c",
    "q[]=a&q[0]=b&q[x][y]=c",
    "page=1000000000",
    "page=-5",
    "miles=-3&near=CM1",
    "miles=1e9&near=CM1",
    "&".join(f"need={number}" for number in range(900)),
    "&".join(f"not=key{number}" for number in range(900)),
    "sort=drop&when=never&cost=lots&day=xyz&time=13&mode=fly&gender=x&stage=y&checked=0&exact=2",
    "map=1&q=%FF%FE",
    "map[]=1",
    "=",
    "&&&&",
    "%",
    "near=CM1&near=Brighton",
]


def test_there_are_enough_hostile_queries():
    assert len(HOSTILE) >= 200


@pytest.mark.parametrize("query", HOSTILE, ids=range(len(HOSTILE)))
def test_nothing_typed_breaks_the_page(client, site_tree, query):
    response = client.get("/search/", QUERY_STRING=query.encode("utf-8", "surrogatepass").decode("latin-1"))
    assert response.status_code in (200, 400)
    html = response.content.decode()
    assert "<h1" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "address", ["/whats-on/?near={}&day={}&week={}&page={}", "/suggest/?q={}", "/groups/?page={}"]
)
@pytest.mark.parametrize("value", HOSTILE_VALUES, ids=range(len(HOSTILE_VALUES)))
def test_nothing_typed_breaks_the_other_pages(client, site_tree, address, value):
    path, _mark, query = address.partition("?")
    text = query.replace("{}", value).encode("utf-8", "surrogatepass").decode("latin-1")
    assert client.get(path, QUERY_STRING=text).status_code in (200, 400)


def test_only_reading_is_allowed(client, site_tree):
    assert client.post(reverse("search")).status_code == 405


def test_at_risk_words_come_with_help_and_a_way_out(client, vocabulary, site_tree):
    help_first = engines.current().search(engines_query("my husband hits me")).understood.help
    assert any(panel.quick_exit for panel in help_first)
    html = shown(client, "/search/?q=my+husband+hits+me")
    assert "data-exit" in html
    assert "<title>Information – " in html
    assert html.index("urgent") < html.index("aside-layout")


def engines_query(text: str):
    from search.query import DirectoryQuery

    return DirectoryQuery(text=text)
