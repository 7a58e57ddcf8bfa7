"""The council areas of the United Kingdom: names by ONS code, their counties, and other names people use."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from groups.places.names import fold

DATA_DIR = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class District:
    """One council area. ``areas`` are the county, region and nation it lies in; ``also`` its other names."""

    code: str
    name: str
    areas: tuple[str, ...]
    also: tuple[str, ...]

    @property
    def folded_names(self) -> frozenset[str]:
        """Every name a person may add to tell one place from its namesakes, folded."""
        return frozenset(fold(name) for name in (self.name, *self.also, *self.areas))


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA_DIR / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t"))


@cache
def districts() -> dict[str, District]:
    """Every district by its ONS code (of November 2025)."""
    return {
        row["code"]: District(
            row["code"],
            row["name"],
            tuple(filter(None, row["county"].split(";"))),
            tuple(filter(None, row["also"].split(";"))),
        )
        for row in _rows("districts.tsv")
    }


@cache
def former_codes() -> dict[str, str]:
    """The code that took the place of an abolished one, for older postcode files."""
    return {row["former"]: row["now"] for row in _rows("former_districts.tsv")}


@cache
def codes_by_name() -> dict[str, str]:
    """District codes by folded name; a district's own name wins over another's former name."""
    found = {fold(name): district.code for district in districts().values() for name in district.also}
    found.update({fold(district.name): district.code for district in districts().values()})
    return found


def district_name(code: str) -> str:
    """The name of a district, or "" for a code we do not know (the Channel Islands, the Isle of Man)."""
    district = districts().get(former_codes().get(code, code))
    return district.name if district else ""
