"""`manage.py search`: what an engine answers, and why."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from search import ranking
from tests.factories import GroupPageFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("fresh_process")]


def said(*arguments: str, **options) -> str:
    out = StringIO()
    call_command("search", *arguments, stdout=out, **options)
    return out.getvalue()


def test_explain_prints_each_part_of_the_score():
    GroupPageFactory(title="Zither Friends")
    [line] = [line for line in said("zither friends", explain=True).splitlines() if "vocabulary" in line]
    names, values = line.split()[::2], line.split()[1::2]
    parts = dict(zip(names, map(float, values), strict=True))
    assert parts["name"] == 1.0
    assert parts["match"] == pytest.approx(
        sum(parts[name] * getattr(ranking, name.upper()) for name in ("name", "words", "vocabulary", "sense"))
        + parts["meaning"] * ranking.MEANING
    )


def test_a_listing_in_json_tells_its_parts_too():
    GroupPageFactory(title="Zither Friends")
    [result] = json.loads(said("zither", json=True))["results"]
    assert result["parts"]["words"] > 0
