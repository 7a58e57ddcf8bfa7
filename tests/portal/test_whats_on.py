"""What's on: a week by day and by place."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from groups.listings.facts import ClosureRecord, DateChangeRecord
from tests.factories import GroupPageFactory, GroupSessionFactory, VenueFactory
from tests.portal.helpers import assert_no_models, assert_sound

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gazetteer")]


@pytest.fixture
def tomorrow():
    return timezone.localdate() + timedelta(days=1)


@pytest.fixture
def hall(site_tree):
    return VenueFactory(name="Oaklands Hall")


def meets(day, hall, **changes):
    weekday = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
    return GroupPageFactory(sessions=[GroupSessionFactory.build(weekdays=[weekday], venue=hall)], **changes)


def test_the_week_by_day(client, hall, tomorrow):
    meets(tomorrow, hall, title="Tea Tuesday", cost_kind="free")
    response = client.get("/whats-on/?near=Chelmsford")
    assert_no_models(response.context)
    html = assert_sound(response)
    assert html.count('class="day__name"') == 7
    assert html.index(">Tomorrow<") < html.index("Tea Tuesday")
    assert "10am to 12 noon" in html
    assert "Oaklands Hall, Chelmsford · Free" in html


def test_a_cancelled_meeting_and_a_closed_week_say_so(client, hall, tomorrow):
    off = meets(tomorrow, hall, title="Off This Week")
    DateChangeRecord.objects.create(
        group_uid=off.translation_key, session_uid=off.sessions.get().uid, date=tomorrow
    )
    shut = meets(tomorrow, hall, title="Shut For Repairs")
    ClosureRecord.objects.create(group_uid=shut.translation_key, first_day=tomorrow, last_day=tomorrow)
    from groups.listings.changes import listing_changed

    listing_changed(off.translation_key, shut.translation_key)
    html = client.get("/whats-on/").content.decode()
    assert html.count('<strong class="tag brick">Cancelled</strong>') == 2
    assert "Cancelled" not in client.get("/whats-on/?near=Inverness").content.decode()


def test_one_day_has_all_its_groups_in_pages(client, hall, tomorrow):
    for number in range(22):
        meets(tomorrow, hall, title=f"Group {number}")
    week = client.get("/whats-on/").content.decode()
    assert "All 22 groups: Tomorrow" in week
    address = f"/whats-on/?day={tomorrow.isoformat()}"
    assert client.get(address).content.decode().count('class="meeting"') == 20
    assert client.get(address + "&page=2").content.decode().count('class="meeting"') == 2


def test_the_week_by_place(client, hall, tomorrow):
    meets(tomorrow, hall, title="Near Group")
    far = VenueFactory(name="Baddow Rooms", latitude=51.716, longitude=0.503, town="Great Baddow")
    meets(tomorrow, far, title="Farther Group")
    html = client.get("/whats-on/?by=place&near=CM1 1QH").content.decode()
    assert html.index("Oaklands Hall") < html.index("Near Group") < html.index("Baddow Rooms")


def test_next_week_is_a_link_away(client, hall, tomorrow):
    meets(tomorrow, hall, title="Tea Tuesday")
    html = client.get("/whats-on/?week=1").content.decode()
    assert "Tea Tuesday" in html
    assert ">Tomorrow<" not in html
    assert "The week before" in html
    assert "The next week" not in client.get("/whats-on/?week=4").content.decode()


def test_an_unknown_place_is_said(client, hall):
    html = client.get("/whats-on/?near=Chelmsfrod").content.decode()
    assert "<title>Error: " in html
    assert 'value="Chelmsfrod"' in html
    assert "near=Chelmsford" in html


def test_it_loads_no_page(client, hall, tomorrow):
    for number in range(12):
        meets(tomorrow, hall, title=f"Group {number}")
    client.get("/whats-on/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/whats-on/")
    assert not [query for query in asked if "groups_grouppage" in query["sql"]]
