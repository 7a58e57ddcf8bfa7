"""The demo's own files, and the lasting ids and dates that follow from them."""

import uuid
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

CONTENT_DIR = Path(__file__).parent / "content"
LISTING_FILES = ("chelmsford", "brighton", "around")
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://demo.waymark.example/")
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def lasting_id(kind: str, *keys: object) -> uuid.UUID:
    """The same id on every machine: what links to the demo keeps working when it is loaded anew."""
    return uuid.uuid5(NAMESPACE, "/".join([kind, *map(str, keys)]))


@cache
def read(name: str) -> dict[str, Any]:
    """One content file, such as "site" or "chelmsford"."""
    return yaml.load((CONTENT_DIR / f"{name}.yaml").read_text(encoding="utf-8"), Loader=_YAML)  # noqa: S506


def all_of(kind: str) -> list[dict[str, Any]]:
    """The "groups", "venues" or "organisations" of every listing file."""
    return [row for name in LISTING_FILES for row in read(name)[kind]]


def school_terms(first: date, days: list[list[str]], years: int = 3) -> list[tuple[date, date]]:
    """Terms as whole dates, from the school year before `first` on. A school year begins in September."""
    found = []
    begins = first.year - (2 if first.month < 9 else 1)
    for year in range(begins, begins + years):
        for term in days:
            start, end = (_in_school_year(year, day) for day in term)
            found.append((start, end))
    return found


def _in_school_year(year: int, month_and_day: str) -> date:
    month, day = map(int, month_and_day.split("-"))
    return date(year if month >= 9 else year + 1, month, day)
