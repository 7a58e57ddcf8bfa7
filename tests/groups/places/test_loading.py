"""The loaders: every format, both headers, and files that readers never see half written."""

import io
import os
import zipfile

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from groups.places import place_file, postcode_file
from groups.places.checks import places_are_loaded
from groups.places.column_file import ColumnFileError, open_columns, write_columns
from groups.places.gazetteer import PlaceNotFound, postcode_position, resolve
from groups.places.postcodes import Postcode, pack_all, parse
from tests.groups.places.conftest import NSPL_NEW, OPEN_NAMES


def load(command, *arguments) -> str:
    out = io.StringIO()
    call_command(command, *map(str, arguments), stdout=out)
    return out.getvalue()


outwards = st.from_regex(r"\A[A-Z]{1,2}[0-9][0-9A-Z]?\Z")
units = st.builds(Postcode, outwards, st.sampled_from("0123456789"), st.from_regex(r"\A[A-Z]{2}\Z"))


@given(units)
def test_packing_in_bulk_and_one_by_one_agree(postcode):
    for written in (
        str(postcode),
        str(postcode).replace(" ", ""),
        f"{postcode.outward:4}{str(postcode)[-3:]}",
    ):
        packed, good = pack_all(np.array([written.encode()], dtype="S8"))
        assert good[0]
        assert packed[0] == postcode.packed
        assert parse(written) == postcode


@given(st.lists(units, min_size=2, max_size=5, unique=True))
def test_no_two_postcodes_share_a_number(postcodes):
    assert len({postcode.packed for postcode in postcodes}) == len(postcodes)


@pytest.mark.parametrize(
    "bad", [b"", b"CM1", b"1CM 1AA", b"CMM 1AA", b"CM1 1A1", b"NPT 0AA", b"CM123 1A", b"CM1 A1A"]
)
def test_what_is_no_postcode_is_not_packed(bad):
    assert not pack_all(np.array([bad], dtype="S8"))[1][0]


def test_the_three_formats_in_one_folder_are_known_by_their_headers(small):
    assert postcode_position("CM11AA").district == "Chelmsford"  # ONSPD, old header
    assert postcode_position("LS63AA").district == "Leeds"  # NSPL, new header
    assert postcode_position("M320AA").district == "Trafford"  # Code-Point Open
    assert postcode_position("M320AA").latitude == pytest.approx(53.4495, abs=0.001)


def test_rows_without_a_position_are_left_out(small):
    assert postcode_position("M32 0AB") is None  # position quality 90
    assert postcode_position("JE2 3AB") is None  # latitude 99.999999


def test_an_ended_postcode_still_resolves_but_moves_no_middle(small):
    assert postcode_file.index().find(parse("CM1 2ZZ")).ended
    assert resolve("CM1 2ZZ").label == "CM1 2ZZ"
    assert resolve("CM1").latitude == 51.7358  # the median of the three live ones
    assert resolve("CM1 2").latitude == 51.7406  # none is live there: of all


def test_a_sector_lies_in_the_district_of_most_of_its_postcodes(small):
    assert postcode_position("CM1 1AD").district == "Braintree"
    assert resolve("CM1 1").district == "Chelmsford"


def test_a_zip_is_read_and_the_same_source_is_not_read_twice(settings, tmp_path):
    settings.WAYMARK_PLACES_DIR = tmp_path / "places"
    archive = tmp_path / "nspl.zip"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("Data/NSPL.csv", NSPL_NEW)
        file.writestr("Documents/notes.csv", "a,b\n1,2\n")
    assert "Loaded 2 postcodes" in load("load_postcodes", archive)
    assert "already loaded" in load("load_postcodes", archive)
    assert "Loaded 2 postcodes" in load("load_postcodes", archive, "--force")


def test_a_running_process_sees_a_new_file(settings, tmp_path):
    settings.WAYMARK_PLACES_DIR = tmp_path / "places"
    source = tmp_path / "nspl.csv"
    source.write_text(NSPL_NEW)
    load("load_postcodes", source)
    assert postcode_position("LS6 3AA").latitude == 53.82028
    source.write_text(NSPL_NEW.replace("53.820280", "53.900000"))
    os.utime(source, (1, 1))
    load("load_postcodes", source)
    assert postcode_position("LS6 3AA").latitude == 53.9


@pytest.mark.parametrize("command", ["load_postcodes", "load_places"])
def test_a_file_of_something_else_changes_nothing(settings, tmp_path, command):
    settings.WAYMARK_PLACES_DIR = tmp_path / "places"
    (tmp_path / "shopping.csv").write_text("milk,eggs\n1,2\n")
    with pytest.raises(CommandError):
        load(command, tmp_path / "shopping.csv")
    with pytest.raises(CommandError, match="no file or folder"):
        load(command, tmp_path / "nothing.csv")
    assert not (tmp_path / "places").exists()


def test_a_failed_write_leaves_the_old_file_and_no_litter(tmp_path, monkeypatch):
    target = tmp_path / "x.columns"
    write_columns(target, {"a": np.arange(3)}, {"format": 1})
    monkeypatch.setattr(os, "fsync", lambda _handle: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_columns(target, {"a": np.arange(9)}, {"format": 1})
    assert open_columns(target).arrays["a"].tolist() == [0, 1, 2]
    assert [file.name for file in tmp_path.iterdir()] == ["x.columns"]


@pytest.mark.parametrize("content", [b"", b"hello, I am no column file", b"WAYMARK1\x02\0\0\0\0\0\0\0{}"])
def test_a_foreign_file_is_no_place_rather_than_a_crash(settings, tmp_path, content):
    settings.WAYMARK_PLACES_DIR = tmp_path
    for name in (postcode_file.FILE_NAME, place_file.FILE_NAME):
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ColumnFileError):
        open_columns(tmp_path / place_file.FILE_NAME)
    with pytest.raises(PlaceNotFound):
        resolve("Chelmsford")
    assert len(places_are_loaded()) == 2


def test_the_check_names_the_commands_until_both_have_run(settings, tmp_path, built_places):
    settings.WAYMARK_PLACES_DIR = tmp_path
    messages = places_are_loaded()
    assert [message.id for message in messages] == ["waymark.W001"] * 2
    assert [message.hint.split()[-1] for message in messages] == ["load_postcodes", "load_places"]
    settings.WAYMARK_PLACES_DIR = built_places
    assert places_are_loaded() == []


def test_open_names_gives_places_with_districts_and_both_languages(small):
    assert resolve("Broomfield, Canterbury").district_code == "E07000106"
    assert resolve("St. Albans").district == "St Albans"
    assert resolve("Cardiff") == resolve("Caerdydd")
    assert resolve("Cardiff").label == "Cardiff"
    assert (resolve("Odd End").district, resolve("Odd End").district_code) == ("Elmetshire", "")
    with pytest.raises(PlaceNotFound):
        resolve("Nowhere Road")


def test_open_names_with_its_header_row_reads_the_same(settings, tmp_path):
    from groups.places.place_sources import _COLUMNS

    settings.WAYMARK_PLACES_DIR = tmp_path / "places"
    (tmp_path / "names.csv").write_text(",".join(_COLUMNS) + "\n" + OPEN_NAMES)
    load("load_places", tmp_path / "names.csv")
    assert resolve("Great Baddow").label == "Great Baddow, Chelmsford"


def test_northern_ireland_comes_from_geonames_with_its_district(small):
    assert (resolve("Ballymena").district, resolve("Ballymena").district_code) == (
        "Mid and East Antrim",
        "N09000008",
    )
    assert resolve("Londonderry").label == "Derry, Derry City and Strabane"
