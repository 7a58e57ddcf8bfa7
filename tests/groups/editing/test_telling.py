"""Rows in words: what a volunteer, a moderator and the history read."""

from datetime import date

import pytest
from modelcluster.models import get_serializable_data_for_fields

from groups.editing.telling import row_words
from tests.factories import GroupSessionFactory, VenueFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def row(gazetteer):
    def row(**fields):
        session = GroupSessionFactory.build(**{"venue": VenueFactory(name="Oaklands Hall"), **fields})
        return get_serializable_data_for_fields(session)

    return row


@pytest.mark.parametrize(
    ("fields", "lines"),
    [
        ({}, ["Every Tuesday, 10am to 12 noon", "Oaklands Hall, Chelmsford"]),
        (
            {"label": "Beginners", "first_date": date(2026, 9, 1), "until": date(2026, 12, 15)},
            [
                "Beginners: Every Tuesday, 10am to 12 noon",
                "Oaklands Hall, Chelmsford",
                "From 1 September 2026 to 15 December 2026",
            ],
        ),
        ({"until": date(2026, 12, 15)}, ["Every Tuesday, 10am to 12 noon", "Oaklands Hall, Chelmsford", "Until 15 December 2026"]),  # noqa: E501
        ({"first_date": date(2026, 9, 1)}, ["Every Tuesday, 10am to 12 noon", "Oaklands Hall, Chelmsford", "From 1 September 2026"]),  # noqa: E501
        (
            {"frequency": "once", "first_date": date(2026, 9, 1)},
            ["Tuesday 1 September 2026, 10am to 12 noon", "Oaklands Hall, Chelmsford"],
        ),
        ({"mode": "online", "venue": None}, ["Every Tuesday, 10am to 12 noon", "Online"]),
    ],
)  # fmt: skip
def test_a_session_says_when_where_and_for_how_long_a_line_each(row, fields, lines):
    assert row_words("sessions", row(**fields)).splitlines() == lines
