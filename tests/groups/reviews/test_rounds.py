"""Which step is due when, with the clock set."""

import uuid
from datetime import date, timedelta

import pytest

from groups.listings.facts import GroupFacts
from groups.models import Membership
from groups.reviews.models import Step
from groups.reviews.rounds import Round, round_of, rounds
from tests.factories import GroupPageFactory, OrganisationFactory, SourceRecordFactory, UserFactory
from tests.groups.reviews.conftest import CHECKED, after, join

BEGAN = date(2026, 1, 20)
ALL = [step.value for step in Step]


def a_round(taken=(), **values):
    values = {"began": BEGAN, "kept": True, "may_go": True, **values}
    return Round(group_uid=uuid.uuid4(), taken=frozenset(taken), **values)


@pytest.mark.parametrize(
    ("last_day_without", "taken", "step"),
    [
        (date(2026, 7, 20), [], "first"),
        (date(2027, 1, 20), ALL[:1], "second"),
        (date(2027, 2, 4), ALL[:2], "last"),
        (date(2027, 2, 20), ALL[:3], "returned"),
        (date(2027, 7, 20), ALL[:4], "taken_down"),
    ],
)
def test_each_step_comes_the_day_after_its_months(last_day_without, taken, step):
    """6, 12, 12½, 13 and 18 months: the first day on which the page reads "due", "overdue" and so on."""
    found = a_round(taken)
    assert found.next_step(last_day_without) is None
    assert found.next_step(last_day_without + timedelta(days=1)) == step
    assert a_round([*taken, step]).next_step(last_day_without + timedelta(days=1)) is None


@pytest.mark.parametrize("began", [date(2027, 8, 31), date(2028, 2, 29), date(2027, 12, 31)])
def test_short_months_put_the_steps_in_order_and_apart(began):
    taken, last, day = [], None, began
    while day < began + timedelta(days=600):
        if step := a_round(taken, began=began, last_on=last).next_step(day):
            assert last is None or (day - last).days >= 13
            taken.append(step.value)
            last = day
        day += timedelta(days=1)
    assert taken == ALL


@pytest.mark.parametrize(
    ("day", "step"),
    [(date(2027, 1, 30), "second"), (date(2027, 2, 10), "last"), (date(2029, 1, 1), "last")],
)
def test_after_a_long_silence_of_ours_only_the_newest_reminder_is_sent(day, step):
    assert a_round().next_step(day) == step
    assert a_round([step], last_on=day).next_step(day + timedelta(days=9)) is None


def test_no_page_goes_back_or_down_without_a_warning():
    late = date(2029, 1, 1)
    assert a_round(["last"], last_on=late).next_step(late + timedelta(days=10)) == "returned"
    assert a_round(["last", "returned"], last_on=late).next_step(late + timedelta(days=10)) == "taken_down"
    assert a_round(["first", "second"]).next_step(late) == "last"


def test_where_nobody_keeps_it_nobody_is_asked():
    nobodys = {"kept": False}
    assert a_round(**nobodys).next_step(date(2027, 7, 20)) is None
    assert a_round(**nobodys).next_step(date(2027, 7, 21)) == "taken_down"
    assert a_round(may_go=False, **nobodys).next_step(date(2029, 1, 1)) is None


# --- from the database --------------------------------------------------------------------------------


def found(today):
    return {one.group_uid: one for one in rounds(today)}


def test_who_is_looked_at(group, jean):
    day = after(months=18, days=1).date()
    on = {"facts__last_confirmed_at": CHECKED, "facts__confirmed_by": "group"}
    nobodys = GroupPageFactory(**on)
    GroupPageFactory(**on, facts__status="closed")
    GroupPageFactory(**on, draft=True)
    GroupPageFactory(facts__last_confirmed_at=after(months=15))
    paused = GroupPageFactory(**on, facts__status="paused")
    assert set(found(day)) == {group.uid, nobodys.uid, paused.uid}
    assert set(found(after(months=6).date())) == set()
    assert set(found(after(months=6, days=1).date())) == {group.uid}
    assert found(day)[group.uid].kept
    assert not found(day)[nobodys.uid].kept
    jean.is_active = False
    jean.save()
    assert not found(day)[group.uid].kept


def test_the_clock_of_people_who_took_it_on_later(group, jean):
    """Somebody new is not asked, and loses nothing, for years before their time."""
    Membership.objects.update(joined_at=after(months=10))
    assert round_of(group.uid, after(months=17).date()).began == after(months=10).date()
    join(UserFactory(), group_uid=group.uid, role="editor", at=after(months=15))
    assert round_of(group.uid, after(months=17).date()).began == after(months=10).date()


def test_an_organisations_people_keep_its_groups(group, jean):
    body = OrganisationFactory()
    theirs = GroupPageFactory(organisation=body, facts__last_confirmed_at=CHECKED)
    join(jean, organisation=body, role="lead")
    assert set(found(after(months=7).date())) == {group.uid, theirs.uid}


def test_a_listing_that_nobody_confirmed(site_tree):
    """Its clock runs from the source's date; it stays while the source lists it and no group has confirmed it."""
    imported = GroupPageFactory()
    record = SourceRecordFactory(group_uid=imported.uid, source_date=CHECKED.date())
    late = after(years=3).date()
    assert round_of(imported.uid, late) is None
    facts = GroupFacts.objects.for_group(imported.uid)
    facts.confirm(by=None, kind="staff", at=CHECKED)
    assert round_of(imported.uid, late) is None
    facts.confirm(by=None, kind="group", at=CHECKED)
    assert round_of(imported.uid, late).next_step(late) == "taken_down"
    facts.change(by=None, last_confirmed_at=None, confirmed_by="")
    record.gone_at = CHECKED
    record.save()
    assert round_of(imported.uid, after(months=18).date()) is None
    assert round_of(imported.uid, after(months=18, days=1).date()).began == BEGAN


def test_a_claimed_import_is_asked_like_any_other(site_tree, jean):
    imported = GroupPageFactory()
    SourceRecordFactory(group_uid=imported.uid, source_date=date(2023, 1, 1))
    join(jean, group_uid=imported.uid, role="lead")
    assert round_of(imported.uid, after(months=6).date()).next_step(after(months=6).date()) is None
    day = after(months=6, days=1).date()
    assert round_of(imported.uid, day).next_step(day) == "first"


def test_it_reads_few_queries_however_many_groups(group, django_assert_num_queries):
    day = after(months=19).date()
    for _number in range(3):
        GroupPageFactory(facts__last_confirmed_at=CHECKED)
    with django_assert_num_queries(3):
        assert len(list(rounds(day))) == 4
