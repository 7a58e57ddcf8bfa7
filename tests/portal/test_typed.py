"""Whatever is typed or stored, a page answers, and shows it as words."""

import pytest

from search import engines
from search.query import DirectoryQuery
from tests.factories import GroupPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site_tree")]


@pytest.fixture(scope="module")
def site_tree(shared_site_tree):
    """The tree alone: groups are each test's own."""
    return shared_site_tree


def shown(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_names_cannot_end_the_data_of_the_map(client):
    GroupPageFactory(title="</script><b>Natter & co")
    html = shown(client, "/search/?map=1")
    assert "</script><b>" not in html
    assert "\\u003C/script\\u003E" in html


def test_an_area_is_told_as_an_area(client):
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
def test_nothing_typed_breaks_the_page(client, query):
    response = client.get("/search/", QUERY_STRING=query.encode("utf-8", "surrogatepass").decode("latin-1"))
    assert response.status_code in (200, 400)
    html = response.content.decode()
    assert "<h1" in html
    assert "<script>alert" not in html


@pytest.mark.parametrize(
    "address", ["/whats-on/?near={}&day={}&week={}&page={}", "/suggest/?q={}", "/groups/?page={}"]
)
@pytest.mark.parametrize("value", HOSTILE_VALUES, ids=range(len(HOSTILE_VALUES)))
def test_nothing_typed_breaks_the_other_pages(client, address, value):
    path, _mark, query = address.partition("?")
    text = query.replace("{}", value).encode("utf-8", "surrogatepass").decode("latin-1")
    assert client.get(path, QUERY_STRING=text).status_code in (200, 400)


def test_at_risk_words_come_with_help_and_a_way_out(client, vocabulary):
    help_first = engines.current().search(DirectoryQuery(text="my husband hits me")).understood.help
    assert any(panel.quick_exit for panel in help_first)
    html = shown(client, "/search/?q=my+husband+hits+me")
    assert "data-exit" in html
    assert "<title>Information – " in html
    assert html.index("urgent") < html.index("aside-layout")
