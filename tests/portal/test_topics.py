"""Landing pages of activities and needs, and the list of all groups."""

import pytest

from tests.factories import (
    ActivityFactory,
    GroupPageFactory,
    HelpPanelFactory,
    NeedFactory,
)
from tests.portal.helpers import assert_no_models, assert_sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def art(site_tree):
    art = ActivityFactory(slug="art", label="Art and painting")
    ActivityFactory(slug="chess", label="Chess")
    GroupPageFactory(title="Paint Pot", activities=[art])
    return art


def test_the_list_has_only_topics_with_groups(client, art):
    response = client.get("/activities/")
    assert_no_models(response.context)
    html = assert_sound(response)
    assert "Making and art" in html
    assert '<a href="/activities/art/">Art and painting</a>' in html
    assert "1 group<" in html
    assert "Chess" not in html


def test_a_topic_shows_its_groups_and_asks_where(client, art):
    response = client.get("/activities/art/")
    assert_no_models(response.context)
    html = assert_sound(response)
    assert "<h1>Art and painting</h1>" in html
    assert "Paint Pot" in html
    assert '<input type="hidden" name="activity" value="art">' in html


def test_a_topic_without_groups_says_so(client, art):
    html = client.get("/activities/chess/").content.decode()
    assert "No groups yet" in html


def test_an_unknown_topic_is_not_found(client, art):
    assert client.get("/activities/no_such/").status_code == 404
    assert client.get("/needs/art/").status_code == 404


def test_a_page_past_the_end_is_the_last(client, art):
    assert "Paint Pot" in client.get("/activities/art/?page=400").content.decode()


def test_a_need_shows_urgent_help_first(client, site_tree):
    panel = HelpPanelFactory(heading="Talk to someone now")
    need = NeedFactory(slug="low", label="I feel low", help_panel=panel)
    GroupPageFactory(title="Kettle Club", needs=[need])
    html = client.get("/needs/low/").content.decode()
    assert html.index("Talk to someone now") < html.index("Kettle Club")
    assert '<a href="/needs/low/">I feel low</a>' in client.get("/needs/").content.decode()


def test_every_group_by_name(client, site_tree):
    for name in ("Zebra Club", "Apple Day", "Middle Ground"):
        GroupPageFactory(title=name)
    GroupPageFactory(title="Not Yet", draft=True, live=False)
    response = client.get("/groups/")
    assert_no_models(response.context)
    html = assert_sound(response)
    assert html.index("Apple Day") < html.index("Middle Ground") < html.index("Zebra Club")
    assert "Not Yet" not in html
    assert "3 groups, A to Z" in html
