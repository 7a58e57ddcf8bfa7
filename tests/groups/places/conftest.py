"""A small gazetteer built by the real loaders, and the real one where it has been built."""

from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command

from tests.services import absent

ONSPD_OLD = """pcd,pcd2,pcds,dointr,doterm,oslaua,oseast1m,osnrth1m,lat,long
"CM1 1AA","CM1  1AA","CM1 1AA","198001","","E07000070","570900","206900",51.73540,0.47410
"CM1 1AB","CM1  1AB","CM1 1AB","198001","","E07000070","570950","206950",51.73580,0.47480
"CM1 1AD","CM1  1AD","CM1 1AD","198001","","E07000067","571000","207000",51.73620,0.47560
"CM1 2ZZ","CM1  2ZZ","CM1 2ZZ","198001","200106","E07000070","571500","207500",51.74060,0.48310
"CM119EF","CM11 9EF","CM11 9EF","198001","","E07000066","567000","192000",51.60270,0.41060
"JE2 3AB","JE2  3AB","JE2 3AB","198001","","L99999999","","",99.999999,0.000000
"BT1 5GS","BT1  5GS","BT1 5GS","198001","","N09000003","333600","373900",54.59640,-5.93010
"""
NSPL_NEW = """pcd7,pcd8,pcds,dointr,doterm,east1m,north1m,lad25cd,lat,long
"LS6 3AA","LS6  3AA","LS6 3AA","198001","","427900","436300","E08000035",53.820280,-1.577000
"LS6 3AB","LS6  3AB","LS6 3AB","198001","199512","428000","436400","E08000035",53.821200,-1.575500
"""
CODE_POINT = """"M320AA",10,379900,394800,"E92000001","E19000001","E18000002","","E08000009","E05000829"
"M320AB",90,0,0,"E92000001","E19000001","E18000002","","E08000009","E05000829"
"M320AD",10,379950,394850,"E92000001","E19000001","E18000002","","E08000009","E05000829"
"""


def open_name(
    name, local_type, east, north, district, outward, *, lang="", name2="", lang2="", county=""
) -> str:
    """One row of OS Open Names, 34 columns as published."""
    cells = [""] * 34
    cells[0], cells[2], cells[3], cells[4], cells[5] = f"id{name}{east}", name, lang, name2, lang2
    cells[6], cells[7], cells[8], cells[9] = "populatedPlace", local_type, str(east), str(north)
    cells[16], cells[21], cells[24], cells[30] = outward, district, county, "England"
    return ",".join(cells)


OPEN_NAMES = "\n".join(
    [
        open_name("Chelmsford", "City", 570800, 206900, "Chelmsford", "CM1"),
        open_name("Broomfield", "Village", 570600, 210300, "Chelmsford", "CM1"),
        open_name("Broomfield", "Village", 619800, 166700, "Canterbury", "CT6"),
        open_name("Great Baddow", "Suburban Area", 572600, 204500, "Chelmsford", "CM2"),
        open_name("Reading", "Town", 471400, 173300, "", "RG1", county="Reading"),
        open_name("St Albans", "City", 514700, 207100, "St. Albans", "AL1"),
        open_name("Caerdydd", "City", 318200, 176400, "", "CF10", lang="cym", name2="Cardiff", lang2="eng",
                  county="Caerdydd - Cardiff"),
        open_name("Nowhere Road", "Town", 400000, 200000, "", "XX1").replace("populatedPlace", "transport"),
        open_name("Odd End", "Hamlet", 400000, 200000, "Elmetshire", "GL1"),
    ]
)  # fmt: skip


@pytest.fixture(scope="session")
def source_files(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sources")
    (folder / "onspd.csv").write_text(ONSPD_OLD, encoding="utf-8-sig")
    (folder / "nspl.csv").write_text(NSPL_NEW)
    (folder / "m.csv").write_text(CODE_POINT)
    (folder / "names").mkdir()
    (folder / "names" / "TL.csv").write_text(OPEN_NAMES, encoding="utf-8-sig")
    return folder


@pytest.fixture(scope="session")
def built_places(source_files, tmp_path_factory) -> Path:
    """A places folder with the small postcodes and names, built once."""
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("places")
    three = tmp_path_factory.mktemp("postcodes")
    for name in ("onspd.csv", "nspl.csv", "m.csv"):
        (three / name).write_bytes((source_files / name).read_bytes())
    with override_settings(WAYMARK_PLACES_DIR=folder):
        call_command("load_postcodes", str(three), verbosity=0)
        call_command("load_places", str(source_files / "names"), verbosity=0)
    return folder


@pytest.fixture
def small(settings, built_places) -> Path:
    settings.WAYMARK_PLACES_DIR = built_places
    return built_places


@pytest.fixture
def real() -> None:
    """The whole gazetteer: skipped where it was never built, but not in CI."""
    missing = [
        name
        for name in ("postcodes.columns", "places.columns")
        if not (Path(django_settings.WAYMARK_PLACES_DIR) / name).exists()
    ]
    if missing:
        absent("The real gazetteer is not built: run load_postcodes and load_places.")
