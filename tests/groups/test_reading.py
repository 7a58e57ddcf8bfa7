"""Rows read past the ORM's query building are the rows the ORM gives."""

import datetime as dt

import pytest
from django.forms import model_to_dict

from groups.listings.models import Contact, GroupSession
from groups.models import GroupFacts, GroupPage
from groups.reading import rows_by
from tests.factories import ContactFactory, GroupPageFactory, GroupSessionFactory, VenueFactory

pytestmark = pytest.mark.usefixtures("site_tree")


@pytest.fixture
def pages():
    return [
        GroupPageFactory(
            sessions=[
                GroupSessionFactory.build(sort_order=2, start=dt.time(10, 30), venue=VenueFactory()),
                GroupSessionFactory.build(sort_order=1, first_date=dt.date(2027, 3, 1)),
            ],
            contacts=[ContactFactory.build(value="01632 960001")],
            confirmed=True,
        )
        for _ in range(3)
    ]


def told(row):
    return {**model_to_dict(row), "pk": row.pk, "uid": getattr(row, "uid", None)}


def test_they_hold_the_same_values_in_the_same_order(pages):
    ids = [page.pk for page in pages[:2]]
    for model in (GroupSession, Contact):
        found = rows_by(model, "page", ids)
        assert set(found) == set(ids)
        for pk in ids:
            assert [told(row) for row in found[pk]] == [told(row) for row in model.objects.filter(page=pk)]
    uids = [page.translation_key for page in pages]
    (facts,) = rows_by(GroupFacts, "group_uid", uids)[uids[0]]
    assert facts.last_confirmed_at == GroupFacts.objects.get(group_uid=uids[0]).last_confirmed_at


def test_a_page_is_read_from_both_its_tables(pages):
    (page,) = rows_by(GroupPage, "id", [pages[0].pk])[pages[0].pk]
    assert type(page) is GroupPage
    assert page.title == pages[0].title
    assert page.summary == pages[0].summary
    assert page.last_published_at == GroupPage.objects.get(pk=page.pk).last_published_at


def test_more_keys_than_fit_one_statement(pages, monkeypatch):
    monkeypatch.setattr("groups.reading._MOST_IN_ONE_STATEMENT", 2)
    assert len(rows_by(GroupPage, "id", [page.pk for page in pages])) == 3
    assert rows_by(GroupPage, "id", []) == {}
