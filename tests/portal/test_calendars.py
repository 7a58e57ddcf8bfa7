"""Calendar files."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from groups.listings.changes import listing_changed
from groups.listings.facts import DateChangeRecord
from tests.factories import ContactFactory, GroupPageFactory, GroupSessionFactory, VenueFactory

pytestmark = pytest.mark.django_db


def read(client, name, *args) -> tuple[Calendar, str]:
    response = client.get(reverse(name, args=args))
    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    return Calendar.from_ical(response.content), response["Content-Disposition"]


@pytest.fixture
def group(site_tree):
    hall = VenueFactory(name="Oaklands Hall")
    return GroupPageFactory(
        title="Knit & Natter",
        contacts=[ContactFactory.build()],
        sessions=[
            GroupSessionFactory.build(venue=hall, label="Beginners"),
            GroupSessionFactory.build(venue=hall, weekdays=["sat"]),
        ],
    )


def test_a_group_has_all_its_sessions(client, group):
    calendar, name = read(client, "group_calendar", group.translation_key)
    events = calendar.walk("VEVENT")
    assert sorted(str(event["SUMMARY"]) for event in events) == ["Knit & Natter", "Knit & Natter: Beginners"]
    assert {event["DTSTART"].params["TZID"] for event in events} == {"Europe/London"}
    assert all("RRULE" in event for event in events)
    assert str(events[0]["LOCATION"]) == "Oaklands Hall, 14 Vicarage Lane, Chelmsford, CM1 1QH"
    assert str(events[0]["URL"]) == "http://testserver" + group.get_url()
    assert name == 'attachment; filename="knit-natter.ics"'
    assert calendar.walk("VTIMEZONE")


def test_a_session_alone(client, group):
    session = group.sessions.last()
    calendar, _name = read(client, "session_calendar", group.translation_key, session.uid)
    assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == [str(session.uid)]


def test_a_cancelled_date_is_cancelled(client, group):
    session = group.sessions.first()
    day = timezone.localdate() + timedelta(days=(1 - timezone.localdate().weekday()) % 7 + 7)
    DateChangeRecord.objects.create(group_uid=group.translation_key, session_uid=session.uid, date=day)
    listing_changed(group.translation_key)
    calendar, _name = read(client, "session_calendar", group.translation_key, session.uid)
    assert [
        event["RECURRENCE-ID"].dt.date()
        for event in calendar.walk("VEVENT")
        if event.get("STATUS") == "CANCELLED"
    ] == [day]


def test_what_the_public_may_not_find_has_no_calendar(client, group):
    assert client.get(reverse("group_calendar", args=[uuid.uuid4()])).status_code == 404
    assert (
        client.get(reverse("session_calendar", args=[group.translation_key, uuid.uuid4()])).status_code == 404
    )
    uid = group.translation_key
    group.unpublish()
    assert client.get(reverse("group_calendar", args=[uid])).status_code == 404
    closed = GroupPageFactory(closed=True)
    assert client.get(reverse("group_calendar", args=[closed.translation_key])).status_code == 404


def test_ask_us_where_says_so(client, site_tree):
    page = GroupPageFactory(on_contact=True)
    calendar, _name = read(client, "group_calendar", page.translation_key)
    assert str(calendar.walk("VEVENT")[0]["LOCATION"]) == "Moulsham: ask us where"
