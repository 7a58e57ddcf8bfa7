"""The front door and the guides, on a small engine that answers what it is given."""

from datetime import date, datetime, time, timedelta

import pytest
from django.test import RequestFactory

from groups.listings.facts import DateChangeRecord
from groups.models import HomePage, HomeTopic
from groups.places.spots import Kind, Spot
from groups.schedule.rules import LONDON, DateChange, Frequency, Rule
from portal.home.topics import counts, topics
from portal.home.week import week
from search import engines
from search.engine import FacetValue
from tests.factories import (
    ActivityFactory,
    ActivityFamilyFactory,
    GuideIndexPageFactory,
    GuidePageFactory,
    NeedFactory,
)
from tests.portal.fakes import FakeEngine
from tests.portal.helpers import assert_no_models, assert_sound, weight
from tests.portal.listings import area, listing, session

SUNDAY = datetime(2026, 11, 22, 8, tzinfo=LONDON)
TUESDAY = date(2026, 11, 24)
CHELMSFORD = Spot(51.73575, 0.46958, "Chelmsford", "Chelmsford", "E07000070", Kind.PLACE, 5.0)


@pytest.fixture
def engine(monkeypatch):
    engine = FakeEngine([listing()], {"activity": (FacetValue("art", 34), FacetValue("chess", 0))})
    monkeypatch.setattr(engines, "current", lambda: engine)
    return engine


def called_off(*days: date, **changes):
    """A group whose Tuesday meetings on these days are off, by its records and in its listing."""
    one = session(changes=tuple(DateChange(day, reason="Snow") for day in days), **changes)
    group = listing(name="Chess", sessions=(one,))
    for day in days:
        DateChangeRecord.objects.create(group_uid=group.uid, session_uid=one.uid, date=day)
    return group


# --- the page -------------------------------------------------------------------------------------------


def test_the_home_page(client, site_tree, engine):
    response = client.get("/")
    text = assert_sound(response)
    assert_no_models(response.context)
    assert 'action="/search/#results" method="get"' in text
    assert "What are you looking for?" in text
    assert "Postcode or town" in text
    assert "What’s on this week" in text
    assert "Knit and Natter" in text
    assert weight(response.content) <= 14_000


def test_an_empty_site_still_has_a_front_door(client, site_tree, monkeypatch):
    monkeypatch.setattr(engines, "current", FakeEngine)
    text = assert_sound(client.get("/"))
    assert "What people look for" not in text
    assert "What’s on this week" not in text


def test_a_draft_of_the_home_page_can_be_previewed(site_tree, engine):
    home = HomePage.objects.get()
    home.heading = "Come in"
    home.topics.add(HomeTopic(activity=ActivityFactory(slug="art", label="Art")))
    response = home.make_preview_request(original_request=RequestFactory().get("/"))
    text = assert_sound(response)
    assert "Come in" in text
    assert "34 groups" in text


# --- topics -----------------------------------------------------------------------------------------------


def test_topics_have_true_counts_and_none_is_empty(db, engine):
    family = ActivityFamilyFactory(slug="make", colour="plum")
    rows = [
        HomeTopic(activity=ActivityFactory(slug="chess")),
        HomeTopic(activity=ActivityFactory(slug="art", label="Art groups", short="Art", family=family)),
        HomeTopic(activity=ActivityFactory(slug="unheard-of")),
        HomeTopic(need=NeedFactory(slug="lonely")),
        HomeTopic(),
    ]
    [topic] = topics(rows, counts(engine, SUNDAY, 1))
    assert (topic.label, topic.count, topic.family, topic.colour) == ("Art", 34, "make", "plum")
    assert topic.href == "/search/?activity=art"


def test_a_need_can_be_a_topic(db):
    engine = FakeEngine(facets={"need": (FacetValue("lonely", 3),)})
    rows = [HomeTopic(need=NeedFactory(slug="lonely", label="Feeling lonely"))]
    [topic] = topics(rows, counts(engine, SUNDAY, 1))
    assert (topic.href, topic.count, topic.family) == ("/search/?need=lonely", 3, "need")


# --- this week ----------------------------------------------------------------------------------------------


def test_the_week_is_by_day_with_time_place_and_cost(db):
    [day] = week(FakeEngine([listing()]), None, SUNDAY, 1)
    [meeting] = day.meetings
    assert day.name == "Tuesday 24 November"
    assert (meeting.time, meeting.where, meeting.cost) == (
        "10am to 12 noon",
        "Oaklands Hall, Chelmsford",
        "Free",
    )
    assert not meeting.cancelled
    assert day.more == 0


def test_a_busy_day_shows_a_few_and_leads_to_all(db):
    groups = [listing(path=f"/groups/{number}/") for number in range(9)]
    [day] = week(FakeEngine(groups), CHELMSFORD, SUNDAY, 1)
    assert len(day.meetings) == 3
    assert day.more == 6
    assert day.href == "/whats-on/?day=2026-11-24"


def test_the_days_differ_where_they_can(db):
    daily = [
        listing(
            path=f"/daily/{at}/", sessions=(session(rule=Rule(Frequency.WEEKLY, (1, 2), start=time(at))),)
        )
        for at in (7, 8, 9)
    ]
    late = listing(path="/late/", sessions=(session(rule=Rule(Frequency.WEEKLY, (2,), start=time(19))),))
    tuesday, wednesday = week(FakeEngine([*daily, late]), None, SUNDAY, 1)
    assert [meeting.path for meeting in tuesday.meetings] == ["/daily/7/", "/daily/8/", "/daily/9/"]
    assert [meeting.path for meeting in wednesday.meetings] == ["/daily/7/", "/daily/8/", "/late/"]


def test_a_cancelled_meeting_says_so_and_is_never_crowded_out(db):
    busy = [listing(path=f"/groups/{number}/") for number in range(5)]
    [day] = week(FakeEngine([*busy, called_off(TUESDAY)]), None, SUNDAY, 1)
    assert [meeting.name for meeting in day.meetings if meeting.cancelled] == ["Chess"]
    assert len(day.meetings) == 3
    assert day.more == 3


def test_only_this_weeks_and_near_cancellations_are_told(db):
    next_week = called_off(TUESDAY + timedelta(days=7))
    far = called_off(TUESDAY, place=area(name="Brighton", latitude=50.82, longitude=-0.14))
    [day] = week(FakeEngine([next_week, far]), CHELMSFORD, SUNDAY, 1)
    assert [(meeting.name, meeting.cancelled) for meeting in day.meetings] == [("Chess", False)]


def test_a_change_is_seen_at_once_and_nothing_is_worked_out_twice(db):
    engine = FakeEngine([listing()])
    week(engine, None, SUNDAY, 1)
    asked = len(engine.asked)
    week(engine, None, SUNDAY, 1)
    assert len(engine.asked) == asked
    engine.known.clear()
    assert week(engine, None, SUNDAY, 2) == ()


# --- guides -----------------------------------------------------------------------------------------------


def test_a_guide_shows_each_kind_of_part(client, site_tree):
    guide = GuidePageFactory(
        title="Your first visit",
        summary="What happens.",
        body=[
            ("heading", "Before you go"),
            ("text", "<p>Call <b>first</b>.</p>"),
            ("steps", ["Find it.", "Go <in>."]),
            ("note", "Stay as long as you like."),
        ],
    )
    response = client.get(guide.url)
    text = assert_sound(response)
    assert_no_models(response.context)
    for part in ("<h2>Before you go</h2>", "<b>first</b>", "Go &lt;in&gt;.", "Stay as long", "What happens."):
        assert part in text
    assert f'href="{guide.get_parent().url}"' in text


def test_the_guides_list_what_is_published(client, site_tree):
    index = GuideIndexPageFactory(introduction="Short and plain.")
    GuidePageFactory(title="Shown", parent=index)
    GuidePageFactory(title="Hidden draft", parent=index, live=False)
    response = client.get(index.url)
    text = assert_sound(response)
    assert_no_models(response.context)
    assert "Short and plain." in text
    assert "Shown" in text
    assert "Hidden draft" not in text


def test_a_guide_can_be_previewed(site_tree):
    guide = GuidePageFactory(title="Old title")
    guide.title = "New title"
    text = assert_sound(guide.make_preview_request(original_request=RequestFactory().get("/")))
    assert "New title" in text
