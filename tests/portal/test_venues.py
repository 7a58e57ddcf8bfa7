"""The page of a venue."""

import pytest

from tests.factories import GroupPageFactory, GroupSessionFactory, VenueFactory
from tests.portal.helpers import assert_no_models, assert_sound

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall(site_tree):
    hall = VenueFactory(name="Oaklands Hall", getting_here="Bus 54", access={"lift": "no", "parking": "ask"})
    sessions = [
        GroupSessionFactory.build(venue=hall, weekdays=["thu", "tue"]),
        GroupSessionFactory.build(venue=hall, frequency="arranged", weekdays=[], start=None, end=None),
    ]
    GroupPageFactory(title="Knit and Natter", sessions=sessions)
    return hall


def test_it_says_what_happens_on_which_day(client, hall):
    response = client.get(hall.get_absolute_url())
    assert_no_models(response.context)
    html = assert_sound(response)
    days = [html.index(f'<h3 class="day__name">{day}</h3>') for day in ("Tuesday", "Thursday", "Other times")]
    assert days == sorted(days)
    assert "Bus 54" in html
    assert "14 Vicarage Lane" in html
    assert "openstreetmap.org/directions" in html
    no = html.index("<h3>No</h3>")
    assert no < html.index("Lift") < html.index("Not told us yet")


def test_an_old_name_leads_to_the_new(client, hall):
    address = hall.get_absolute_url().replace("oaklands-hall", "old-hall")
    response = client.get(address)
    assert response.status_code == 301
    assert response["Location"] == hall.get_absolute_url()


def test_it_has_a_page_only_while_a_public_group_meets_there(client, site_tree):
    empty = VenueFactory()
    assert client.get(empty.get_absolute_url()).status_code == 404
    page = GroupPageFactory(sessions=[GroupSessionFactory.build(venue=empty)])
    assert client.get(empty.get_absolute_url()).status_code == 200
    page.unpublish()
    assert client.get(empty.get_absolute_url()).status_code == 404


def test_closed_groups_do_not_keep_it(client, site_tree):
    hall = VenueFactory()
    GroupPageFactory(closed=True, sessions=[GroupSessionFactory.build(venue=hall)])
    assert client.get(hall.get_absolute_url()).status_code == 404


def test_an_edit_shows_at_once_without_a_new_revision(client, hall):
    from groups.models import GroupPage

    page = GroupPage.objects.get()
    before = page.revisions.count()
    hall.name = "Oaklands Rooms"
    hall.save()
    assert "<h1>Oaklands Rooms</h1>" in client.get(hall.get_absolute_url()).content.decode()
    assert "Oaklands Rooms" in client.get(page.get_url()).content.decode()
    assert page.revisions.count() == before
