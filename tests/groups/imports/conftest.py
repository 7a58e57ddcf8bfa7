"""A small file of groups around Chelmsford, its mapping, and a way to import it."""

import csv
from pathlib import Path

import pytest

from groups.imports.mapping import read_mapping
from groups.imports.run import run_import

HEADER = ["id", "name", "about", "web", "hall", "address", "postcode", "times", "state"]
KNITTERS = {
    "id": "1",
    "name": "Oaklands Knitters",
    "about": "We knit and natter with a big cup of tea. Beginners welcome.",
    "web": "www.knitters.example.org",
    "hall": "Oaklands Hall",
    "address": "Vicarage Lane, Chelmsford",
    "postcode": "CM1 1QH",
    "times": "Tuesday 10am - 12noon",
    "state": "active",
}
WALKERS = {
    **KNITTERS, "id": "2", "name": "Oaklands Walkers", "about": "A walking group for everyone.", "times": "when it is dry",
    "web": "",
}  # fmt: skip
SPEC = {
    "source": "knitters_list",
    "name": "The Knitters’ List",
    "licence": "CC0",
    "ref": "id",
    "fields": {
        "title": {"from": "name", "do": ["name_case"]},
        "text": {"from": "about", "do": ["plain"]},
        "website": {"from": "web", "do": ["url"]},
        "status": {"from": "state", "words": {"active": "open", "ended": "closed"}},
    },
    "place": {"name": "hall", "address": "address", "postcode": "postcode"},
    "times": "times",
}


@pytest.fixture
def spec():
    """The mapping as its YAML would load; change it freely."""
    return {**SPEC, "fields": dict(SPEC["fields"]), "place": dict(SPEC["place"])}


@pytest.fixture
def write_csv(tmp_path):
    def write(*rows: dict, name: str = "list.csv") -> Path:
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, HEADER)
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def import_rows(site_tree, write_csv):
    """Import rows as the next edition of the same list: `import_rows(KNITTERS, commit=True)`."""

    def run(*rows: dict, spec: dict = SPEC, commit: bool = True, **options):
        return run_import(write_csv(*rows), read_mapping(spec), commit=commit, **options)

    return run
