"""What people type, and the spot it means."""

import pytest
from django import forms

from groups.places import place_file, postcode_file
from groups.places.districts import districts
from groups.places.fields import PlaceField
from groups.places.gazetteer import (
    Kind,
    PlaceNotFound,
    find_place_in,
    namesakes,
    nearest_place,
    postcode_position,
    resolve,
    suggest_places,
)
from groups.places.spots import spot_of_place


@pytest.mark.parametrize("typed", ["cm11aa", "CM1 1AA", " CM1-1AA.", "c m 1 1 a a", "(CM1 1AA)", "CM1 IAA"])
def test_a_postcode_in_any_spacing_and_case(small, typed):
    spot = resolve(typed)
    assert (spot.label, spot.kind, spot.radius_miles) == ("CM1 1AA", Kind.POSTCODE, 3)
    assert (spot.latitude, spot.longitude) == (51.7354, 0.4741)


def test_a_sector_is_told_from_an_outward_code_by_its_space(small):
    assert (resolve("CM1 1").label, resolve("CM1 1").kind) == ("CM1 1", Kind.SECTOR)
    assert (resolve("cm11").label, resolve("cm11").kind) == ("CM11", Kind.OUTWARD)
    assert resolve("CM1").radius_miles == 5


def test_only_a_whole_postcode_has_a_postcode_position(small):
    assert postcode_position("CM1 1AA").district == "Chelmsford"
    assert [postcode_position(text) for text in ("CM1", "CM1 1", "Chelmsford", "CM1 1ZZ", "")] == [None] * 5


def test_northern_ireland_follows_the_setting_at_once(small, settings):
    assert resolve("BT1 5GS").district == "Belfast"
    settings.WAYMARK_NORTHERN_IRELAND_POSTCODES = False
    assert postcode_position("BT1 5GS") is None
    for text in ("BT1 5GS", "BT1", "BT1 5"):
        with pytest.raises(PlaceNotFound):
            resolve(text)
    assert resolve("Belfast").kind is Kind.PLACE  # a town's position is not a postcode's


def test_an_unknown_postcode_offers_its_sector_and_outward_code(small):
    with pytest.raises(PlaceNotFound) as missing:
        resolve("CM1 1ZZ")
    assert [spot.label for spot in missing.value.suggestions] == ["CM1 1", "CM1"]
    assert missing.value.message == "We do not know the postcode CM1 1ZZ. Check it, or try CM1 1."


def test_near_spellings_are_offered(small):
    with pytest.raises(PlaceNotFound) as missing:
        resolve("Chelmsfrod")
    assert missing.value.suggestions[0].label == "Chelmsford"
    assert missing.value.text == "Chelmsfrod"


def test_a_town_wins_over_its_district_which_can_still_be_asked_for(small):
    assert resolve("Chelmsford").kind is Kind.PLACE
    assert (resolve("Chelmsford district").kind, resolve("Trafford").kind) == (Kind.DISTRICT, Kind.DISTRICT)
    assert resolve("Trafford").radius_miles == 10


@pytest.mark.parametrize(
    "hostile", ["", " ", "x" * 10_000, "%s%d%(a)s", "'; DROP TABLE--", "\0", "🙂" * 50, "((((", "a," * 45]
)
def test_hostile_text_is_only_not_found(small, hostile):
    with pytest.raises(PlaceNotFound) as missing:
        resolve(hostile)
    assert len(missing.value.text) <= 100
    assert find_place_in(hostile) is None
    assert suggest_places(hostile) == namesakes(hostile) == []


def test_without_files_nothing_is_found_and_nothing_breaks(settings, tmp_path):
    settings.WAYMARK_PLACES_DIR = tmp_path
    for text in ("CM1 1AA", "Chelmsford"):
        with pytest.raises(PlaceNotFound):
            resolve(text)
    assert find_place_in("choir in Chelmsford") is None
    assert suggest_places("che") == []
    with pytest.raises(PlaceNotFound):
        nearest_place(51.7, 0.4)


class Where(forms.Form):
    where = PlaceField(required=False)


def test_the_field_cleans_to_a_spot_and_keeps_the_input(small):
    form = Where({"where": " great baddow "})
    assert form.is_valid()
    assert form.cleaned_data["where"].label == "Great Baddow, Chelmsford"
    assert 'value=" great baddow "' in str(form["where"])
    assert Where({"where": ""}).is_valid()
    assert 'value="CM1"' in str(Where(initial={"where": resolve("CM1")})["where"])


def test_the_field_says_what_to_try_and_takes_no_placeholder(small):
    form = Where({"where": "Chelmsfrod"})
    assert form.errors["where"] == [
        "We could not find “Chelmsfrod”. Check the spelling, or type a postcode or a town. "
        "Did you mean: Chelmsford?"
    ]
    (error,) = form.errors.as_data()["where"]
    assert error.params["suggestions"][0].label == "Chelmsford"
    assert "%(x)s" in Where({"where": "100 %(x)s"}).errors["where"][0]
    assert not Where({"where": "x" * 101}).is_valid()


# --- the real files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "label", "district"),
    [
        ("ls63aa", "LS6 3AA", "Leeds"),
        ("Broomfield", "Broomfield, Chelmsford", "Chelmsford"),
        ("broomfield herne bay", "Broomfield, Canterbury", "Canterbury"),
        ("great baddow, essex", "Great Baddow, Chelmsford", "Chelmsford"),
        ("saint albans", "St Albans", "St Albans"),
        ("newcastle", "Newcastle upon Tyne", "Newcastle upon Tyne"),
        ("hull", "Kingston upon Hull", "Kingston upon Hull"),
        ("kingston", "Kingston upon Thames", "Kingston upon Thames"),
        ("ashford surrey", "Ashford, Spelthorne", "Spelthorne"),
        ("Newport", "Newport", "Newport"),
        ("tenby", "Tenby, Pembrokeshire", "Pembrokeshire"),
        ("Poole", "Poole, Bournemouth, Christchurch and Poole", "Bournemouth, Christchurch and Poole"),
        ("Cornwall", "Cornwall", "Cornwall"),
        ("Camden", "Camden", "Camden"),
    ],
)
def test_what_people_type_across_the_country(real, typed, label, district):
    assert (resolve(typed).label, resolve(typed).district) == (label, district)


def test_every_label_is_read_back_as_itself(real):
    index = place_file.index()
    wrong = [
        spot.label
        for row in range(0, len(index), 101)
        for spot in [spot_of_place(index.place(row))]
        if resolve(spot.label).label != spot.label
    ]
    assert wrong == []


def test_five_broomfields_are_told_apart(real):
    others = [spot.label for spot in namesakes("Broomfield")]
    assert sorted(others) == [
        f"Broomfield, {name}" for name in ("Canterbury", "Maidstone", "Sheffield", "Somerset")
    ]
    assert "Broomfield, Chelmsford" in [spot.label for spot in namesakes("Broomfield, Maidstone")]


def test_towns_are_suggested_before_hamlets(real):
    assert [spot.label for spot in suggest_places("chelms", 2)] == ["Chelmsford", "Chelmsley Wood, Solihull"]
    assert suggest_places("cm1 1")[0].kind is Kind.SECTOR
    assert len(suggest_places("b")) == 8
    assert {spot.label.split(",")[0] for spot in suggest_places("Broomfield, C")} == {"Broomfield"}


def test_a_county_offers_its_towns(real):
    with pytest.raises(PlaceNotFound, match="large area") as missing:
        resolve("Essex")
    assert "Chelmsford" in [spot.label for spot in missing.value.suggestions]


def test_the_nearest_place_and_nothing_abroad(real):
    assert nearest_place(51.7150, 0.4979).label == "Great Baddow, Chelmsford"
    assert nearest_place(54.597, -5.93).district == "Belfast"
    for elsewhere in ((48.85, 2.35), (float("nan"), 0), (0, 500)):
        with pytest.raises(PlaceNotFound):
            nearest_place(*elsewhere)


def test_every_district_of_the_postcodes_has_a_name_and_a_middle(real):
    index = postcode_file.index()
    assert len(districts()) == 361
    for code, district in districts().items():
        assert district.name
        assert index.district(code) is not None, code
