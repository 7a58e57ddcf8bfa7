"""A GET may hold anything: it is read without breaking, and printed back to an address that says the same."""

import random
from urllib.parse import quote

import pytest
from django.http import QueryDict
from hypothesis import given, settings
from hypothesis import strategies as st

from search.query import MAX_PAGE, MAX_TEXT, PARAMETERS, DirectoryQuery, Sort, parse_query
from tests.search.contract.mixed import mixed_query

KEYS = sorted(PARAMETERS.values())
NASTY = [
    *(
        "",
        " ",
        "%",
        "%00",
        "%ff%fe",
        "\x00",
        "\x1b[0m",
        "\u202e",
        "\ud7ff",
        "🎵" * 50,
        "a" * 5000,
        "' OR 1=1 --",
        '"><script>',
    ),
    *(
        "../../etc/passwd",
        "NaN",
        "inf",
        "-inf",
        "1e308",
        "-0",
        "0x10",
        "1_000",
        "١٢",
        "½",
        "99999999999999999999",
        "-1",
        "3.5",
    ),
    *(
        "true",
        "None",
        "{}",
        "[]",
        "mon",
        "mon,tue",
        "MON",
        "in_person",
        "free",
        "best",
        "nearest",
        "week",
        "filter:free",
    ),
    *(
        "CM1",
        "CM1 1QH",
        "Chelmsford",
        "Nowhere at All",
        "ZZ99 9ZZ",
        "need:lonely",
        "a-b_c",
        "é",
        "ß",
        "İ",
        "\n\r\t",
    ),
]
STRINGS = [
    f"{quote(key)}={quote(value, errors='surrogatepass')}"
    for number, value in enumerate(NASTY)
    for key in random.Random(number).sample(KEYS, 7)
] + [
    "&&&",
    "=&=",
    "q",
    "?",
    "q=1&q=2&q=3",
    "page=1&page=2",
    "&".join(f"need=n{n}" for n in range(5000)),
    ";",
    "%",
    "%%%=%%%",
]


def same(query: DirectoryQuery) -> DirectoryQuery:
    return parse_query(QueryDict(query.to_querystring())).query


def check(data: QueryDict) -> None:
    parsed = parse_query(data)
    query = parsed.query
    assert len(query.text) <= MAX_TEXT
    assert 1 <= query.page <= MAX_PAGE
    assert query.sort in list(Sort)
    assert set(parsed.errors) <= {"near", "miles", "age"}
    assert all(parsed.errors.values())
    again = parse_query(QueryDict(query.to_querystring()))
    assert again.query == query
    assert again.query.to_querystring() == query.to_querystring()
    assert all(query.chosen.values())


def test_there_are_many():
    assert len(STRINGS) >= 300


@pytest.mark.parametrize("some", range(10))
def test_hostile_addresses(gazetteer, some):
    for text in STRINGS[some::10]:
        check(QueryDict(text))


@settings(max_examples=300, deadline=None)
@given(
    st.dictionaries(
        st.sampled_from(KEYS),
        st.lists(st.one_of(st.text(max_size=40), st.sampled_from(NASTY)), min_size=1, max_size=4),
        max_size=6,
    )
)
def test_anything_at_all(gazetteer, values):
    data = QueryDict(mutable=True)
    for key, items in values.items():
        data.setlist(key, items)
    check(data)


@pytest.mark.parametrize("seed", range(20))
def test_what_is_printed_is_read_back(gazetteer, seed):
    chance = random.Random(seed)
    for _ in range(20):
        query = mixed_query(chance).with_(place=None, radius=chance.choice((None, 0.5, 3.0, 20.0)))
        assert same(query) == query


def test_a_place_is_read_back(gazetteer):
    parsed = parse_query(
        QueryDict("near=Great+Baddow&miles=2.5&q=tea+%26+cake&page=3&sort=soonest&not=place&exact=1")
    )
    assert parsed.query.place.label.startswith("Great Baddow")
    assert parsed.query.radius == 2.5
    assert parsed.query.text == "tea & cake"
    assert same(parsed.query) == parsed.query


def test_a_default_is_not_printed():
    assert DirectoryQuery().to_querystring() == ""
    assert DirectoryQuery(sort=Sort.BEST, page=1).to_querystring() == ""


@pytest.mark.parametrize(
    ("text", "field"),
    [
        *(("miles=0", "miles"), ("miles=201", "miles"), ("miles=far", "miles"), ("miles=0.001", "miles")),
        *(("age=-1", "age"), ("age=121", "age"), ("age=3.5", "age")),
        *(("near=Nowhereatall", "near"), ("near=ZZ99+9ZZ", "near")),
    ],
)
def test_what_cannot_be_read_is_said_and_the_rest_answers(gazetteer, text, field):
    parsed = parse_query(QueryDict(f"{text}&q=tea"))
    assert set(parsed.errors) == {field}
    assert parsed.query.text == "tea"


def test_a_near_spelling_is_suggested(gazetteer):
    parsed = parse_query(QueryDict("near=Chelmsfrod"))
    assert "Chelmsford" in [spot.label for spot in parsed.place_suggestions]


@pytest.mark.parametrize(
    ("facet", "value", "field", "left"),
    [
        ("activity", "craft", "activities", ("art",)),
        ("space", "1", "has_space", False),
        ("age", "34", "age", None),
        ("cost", "free", "cost", ""),
        ("checked", "6", "checked_months", None),
    ],
)
def test_without_takes_one_value_away(facet, value, field, left):
    query = DirectoryQuery(
        activities=("craft", "art"), has_space=True, age=34, cost="free", checked_months=6, page=4
    )
    assert value in query.chosen[facet]
    rest = query.without(facet, value)
    assert getattr(rest, field) == left
    assert rest.page == 1
    assert value not in rest.chosen.get(facet, ())
