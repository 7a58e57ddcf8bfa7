"""Every phrase of the vocabulary finds what it means, by words alone.

All are asked of the embedded engine on SQLite. Phrases are read by the same code everywhere, so of PostgreSQL and of a search
server one in eight will do.
"""

from functools import cache
from pathlib import Path

import pytest
import yaml
from django.db import connection

import groups.vocabulary
from groups.models import Activity, Need
from groups.vocabulary.words import words
from search import engines
from search.query import DirectoryQuery
from tests.search.listings import listing

DATA = Path(groups.vocabulary.__file__).parent / "data"


@cache
def read(name: str) -> dict:
    return yaml.load((DATA / f"{name}.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def terms(name: str, groups_key: str, terms_key: str) -> list[dict]:
    data = read(name)
    return [term for group in data[groups_key] for term in group[terms_key]]


@pytest.fixture(scope="module", autouse=True)
def one_listing_an_activity(harness, shipped_words):
    harness.put(
        listing(f"Group {number}", number=number, activities=[activity.slug], summary="Come along.")
        for number, activity in enumerate(Activity.objects.all(), start=1)
    )


@cache
def misleading() -> set[str]:
    return {phrase for entry in read("neutral")["neutral"] for phrase in entry["say"]}


def misses(engine, asked: dict[str, set[str]]) -> list[str]:
    """Phrases that do not find one of the activities they should."""
    if connection.vendor != "sqlite" or engine is not engines.get("embedded"):
        asked = dict(list(asked.items())[::8])
    queries = [
        DirectoryQuery(text=phrase, activities=tuple(sorted(wanted))) for phrase, wanted in asked.items()
    ]
    return [phrase for phrase, count in zip(asked, engine.count(queries), strict=True) if not count]


def test_every_phrase_of_an_activity_finds_it(engine):
    asked: dict[str, set[str]] = {}
    for term in terms("activities", "families", "terms"):
        for phrase in map(str, (*term["say"], *term.get("exact", ()))):
            asked.setdefault(phrase, set()).add(term["id"])
    asked = {phrase: wanted for phrase, wanted in asked.items() if phrase not in misleading()}
    assert len(asked) > 1000
    wrong = misses(engine, asked)
    assert not wrong, f"{len(wrong)} of {len(asked)}: {wrong[:60]}"


def test_every_phrase_of_a_need_finds_what_helps(engine):
    helped = {
        need.slug: {row.activity.slug for row in need.helping_activities.all()}
        for need in Need.objects.prefetch_related("helping_activities__activity")
    }
    asked: dict[str, set[str]] = {}
    for term in terms("needs", "areas", "needs"):
        for phrase in map(str, (*term["say"], *term.get("exact", ()))):
            asked.setdefault(phrase, set()).update(helped[term["id"]])
    asked = {phrase: wanted for phrase, wanted in asked.items() if phrase not in misleading() and wanted}
    assert len(asked) > 1000
    wrong = misses(engine, asked)
    assert not wrong, f"{len(wrong)} of {len(asked)}: {wrong[:60]}"


def test_the_phrases_are_words(engine):
    """A phrase of nothing but marks would find nothing for ever."""
    phrases = [phrase for term in terms("activities", "families", "terms") for phrase in term["say"]]
    assert [phrase for phrase in map(str, phrases) if not words(phrase)] == []
