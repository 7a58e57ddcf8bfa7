import pytest

from groups.imports.errors import MappingProblem
from groups.imports.mapping import load_mapping, read_mapping, shipped_names
from groups.vocabulary import loading
from tests.groups.imports.conftest import SPEC


@pytest.mark.parametrize("name", shipped_names())
def test_each_shipped_mapping_can_be_read(name):
    mapping = load_mapping(name)
    assert mapping.source
    assert mapping.licence


def test_all_data_has_a_mapping():
    assert len(shipped_names()) == 8


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"source": "Not A Slug!"}, "source"),
        ({"source": None}, "source"),
        ({"name": ""}, "name"),
        ({"ref": []}, "ref"),
        ({"ref": 3}, "ref"),
        ({"fields": {"title": "name"}}, "text"),
        ({"fields": {"text": "about"}}, "title"),
        ({"fields": {"title": "name", "text": "about", "colour": "x"}}, "fields.colour"),
        ({"fields": {"title": {"from": "name", "do": ["shout"]}, "text": "about"}}, "fields.title.do"),
        ({"fields": {"title": {"do": ["plain"]}, "text": "about"}}, "fields.title"),
        ({"fields": {"title": "name", "text": "about", "cost_kind": "free"}}, "fixed answers"),
        (
            {"fields": {"title": "name", "text": "about", "status": {"from": "s", "words": {"a": "b"}}}},
            "one of",
        ),
        ({"fields": []}, "fields"),
        ({"nonsense": 1}, "nonsense"),
        ({"visibility": "secret"}, "visibility"),
        ({"visibility": "area_only", "ref": ["name", "postcode"]}, "not public"),
        ({"date": "soon"}, "date"),
        ({"url": "nowhere"}, "web address"),
        ({"delimiter": "::"}, "delimiter"),
        ({"times": {"at": "x"}}, "times.at"),
        ({"served": {"kind": "moon"}}, "served.kind"),
        ({"served": {"kind": "radius", "place": "Sale", "miles": -1}}, "miles"),
        ({"refuse": [{"column": "a", "matches": "(", "because": "x"}]}, "regular expression"),
        ({"refuse": [{"column": "a", "because": "x"}]}, "refuse.1"),
        ({"refuse": {"column": "a"}}, "list"),
        ({"suggest": "yes"}, "suggest"),
    ],
)
def test_a_mapping_that_says_too_little_names_the_key(change, says):
    with pytest.raises(MappingProblem) as problem:
        read_mapping({**SPEC, **change}, "digest")
    assert says in str(problem.value)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"- a\n- b",
        b"just words",
        b"a: [",
        b"\xff\xfe\x00",
        b"&a [*a]",
        b"&a {source: *a}",
        b"x: " + b"[" * 5000,
        b"? {a: 1}\n: 2",
    ],
)
def test_a_broken_mapping_file_gives_one_sentence(tmp_path, text):
    path = tmp_path / "mapping.yaml"
    path.write_bytes(text)
    with pytest.raises(MappingProblem):
        load_mapping(str(path))


def test_a_mapping_that_is_not_there_names_those_that_are():
    with pytest.raises(MappingProblem, match="warm_spaces"):
        load_mapping("nowhere.yaml")


@pytest.mark.django_db
def test_shipped_mappings_name_terms_of_the_vocabulary():
    from groups.models import Activity, Circumstance, Need

    loading.load()
    known = {
        "activities": set(Activity.objects.values_list("slug", flat=True)),
        "needs": set(Need.objects.values_list("slug", flat=True)),
        "circumstances": set(Circumstance.objects.values_list("slug", flat=True)),
    }
    for name in shipped_names():
        mapping = load_mapping(name)
        for kind, slugs in known.items():
            named = set(mapping.always.get(kind, ()))
            if pick := mapping.terms.get(kind):
                named.update(slug for _text, slug in (*pick.words, *pick.patterns))
            assert named <= slugs, name
