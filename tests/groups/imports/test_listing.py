"""A row as a plain value: nothing here writes to the database."""

import pytest

from groups.imports.listing import Refused, make_listing, read_day
from groups.imports.mapping import read_mapping
from groups.imports.picks import Row
from groups.imports.suggestions import Suggester
from groups.vocabulary.lexicon import Lexicon, Meaning
from groups.vocabulary.words import stems
from tests.groups.imports.conftest import KNITTERS

pytestmark = pytest.mark.usefixtures("gazetteer")

PHRASES = {
    "knit and natter": ("activity", "craft"),
    "food bank": ("activity", "food_help"),
    "domestic abuse": ("activity", "domestic_abuse_support"),
    "community": ("need", "belonging"),
    "lonely": ("need", "lonely"),
    "befriending": ("need", "lonely"),
}
SUGGESTER = Suggester(
    Lexicon(
        phrases={tuple(stems(phrase)): (Meaning(*meaning),) for phrase, meaning in PHRASES.items()}, longest=3
    )
)


def listing(spec, **cells):
    return make_listing(read_mapping(spec), Row({**KNITTERS, **cells}), SUGGESTER)


def test_a_row_becomes_a_listing(spec):
    made = listing(spec)
    assert made.ref == "1"
    assert made.title == "Oaklands Knitters"
    assert made.values["summary"] == "We knit and natter with a big cup of tea."
    assert made.values["description"] == "Beginners welcome."
    assert made.values["website"] == "https://www.knitters.example.org"
    assert made.values["sessions"] == [
        {"mode": "in_person", "frequency": "weekly", "weekdays": ["tue"], "start": "10:00", "end": "12:00"}
    ]
    assert made.values["venue"]["name"] == "Oaklands Hall"
    assert made.values["venue"]["latitude"] == pytest.approx(51.7358, abs=0.01)
    assert made.values["suggested_activities"] == ["craft"]


def test_times_that_are_not_certain_stay_words(spec):
    made = listing(spec, times="Most Tuesdays, weather allowing")
    assert made.values["sessions"] == [{"mode": "in_person", "frequency": "arranged"}]
    assert made.values["times_note"] == "Most Tuesdays, weather allowing"
    assert made.times_read is False


def test_what_no_column_says_is_not_invented(spec):
    made = listing(spec, hall="", address="", postcode="")
    assert made.values["venue"] is None
    assert made.values["sessions"] == []
    assert "cost_kind" not in made.values
    assert "circumstances" not in made.values


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"name": ""}, "no name"),
        ({"name": "12345"}, "no name"),
        ({"about": "<p><br></p>"}, "no usable text"),
        ({"about": "…"}, "no usable text"),
        ({"id": " "}, "no id"),
        ({"state": "Dissolved"}, "It was dissolved"),
    ],
)
def test_rows_that_make_no_listing_say_why(spec, cells, reason):
    spec["refuse"] = [{"column": "state", "is": "dissolved", "because": "It was dissolved."}]
    with pytest.raises(Refused, match=reason):
        listing(spec, **cells)


def test_of_an_area_only_place_nothing_but_the_area_is_kept(spec):
    spec["visibility"] = "area_only"
    made = listing(spec, address="4 Marrowfat Cottage", hall="")
    assert made.values["venue"] is None
    assert "Chelmsford" in made.values["area_name"]
    assert "Marrowfat" not in str(made.values)
    assert "CM1 1QH" not in str(made.values)


def test_domestic_abuse_support_is_hidden_whatever_the_mapping_says(spec):
    made = listing(spec, name="Oaklands Refuge", hall="Marrowfat Cottage")
    assert made.visibility == "hidden"
    assert "Marrowfat" not in str(made.values)


def test_a_private_place_whose_id_tells_where_it_is_is_refused(spec):
    spec["ref"] = ["name", "postcode"]
    with pytest.raises(Refused, match="by hand"):
        listing(spec, name="Oaklands Domestic Abuse Service")


def test_one_weak_word_suggests_nothing_but_two_words_or_a_phrase_do(spec):
    assert listing(spec, about="A community for all who feel lonely here.").values["suggested_needs"] == []
    made = listing(spec, about="Lonely? Our befriending visits may be for you, any day of the week.")
    assert made.values["suggested_needs"] == ["lonely"]


def test_long_fields_are_cut_between_words_and_the_rest_is_kept(spec):
    spec["fields"]["joining_note"] = "state"
    made = listing(spec, name="Very " * 100 + "long", state="word " * 100, about="walk " * 200 + ".")
    assert len(made.title) <= 200
    assert len(made.values["joining_note"]) <= 250
    assert len(made.values["summary"]) <= 200
    assert made.values["description"].count("walk") == 200


def test_a_position_far_from_its_postcode_gives_way_to_the_postcode(spec):
    spec["place"] |= {"latitude": "state", "longitude": "web"}
    near = listing(spec, state="51.7300", web="0.4700")
    assert near.values["venue"]["latitude"] == 51.73
    far = listing(spec, state="53.0", web="0.4700")
    assert far.values["venue"]["latitude"] == pytest.approx(51.7358, abs=0.01)
    assert any("far from its postcode" in note for note in far.notes)


@pytest.mark.parametrize("latitude", ["nan", "1e400", "91", "0", "", "fifty", "51,7"])
def test_a_position_that_is_none_is_ignored(spec, latitude):
    spec["place"] |= {"latitude": "state", "longitude": "web"}
    made = listing(spec, state=latitude, web="0.47")
    assert made.values["venue"]["latitude"] == pytest.approx(51.7358, abs=0.01)


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2020-05-31T10:00:00Z", "2020-05-31"),
        ("31/5/2020", "2020-05-31"),
        ("2020-02-31", None),
        ("3000-01-01", None),
        ("x", None),
    ],
)
def test_days_are_read_or_left_out(text, iso):
    day = read_day(text)
    assert (day and day.isoformat()) == iso


@pytest.mark.django_db
def test_reading_in_stretches_finds_what_reading_whole_finds(vocabulary):
    from groups.vocabulary.lexicon import lexicon
    from groups.vocabulary.words import words

    text = (
        "A community food bank in Sale, with help to fill in forms for universal credit, a bank holiday club, knit and natter"
        " on Mondays, mental health support groups, and a walk in the park for people who feel lonely or live with dementia."
    )
    suggester = Suggester(lexicon())
    in_stretches = [
        (tuple(run[found.start : found.end]), found.meanings)
        for run in suggester._runs(words(text))
        for found in lexicon().find_in(run)
    ]
    whole = [(tuple(words(text)[found.start : found.end]), found.meanings) for found in lexicon().find(text)]
    assert in_stretches == whole
    assert len(whole) > 5
