"""Places that must not be found: a walk through each output of the site for a private place's name, address and position.

The private places of `tests.factories` carry one marker, one postcode and, here, one position that nothing else has.
"""

import re
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils.text import slugify

from groups.models import GroupPage, Venue
from tests.factories import (
    MARKER,
    ContactFactory,
    GroupPageFactory,
    GroupSessionFactory,
    ServedAreaFactory,
    VenueFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gazetteer")]
POSTCODE = "CM2 9ZZ"
LATITUDE, LONGITUDE = 51.71234, 0.43219
KINDS = ("area_only", "on_contact", "hidden")
SECRETS = (
    MARKER,
    slugify(MARKER),
    POSTCODE,
    POSTCODE.replace(" ", ""),
    "51.7123",
    "0.4321",
    "51.712",
    "0.432",
)


@pytest.fixture(params=KINDS)
def private(request, site_tree):
    """A group with a private place, rows of a venue left over from before, and a neighbour that anyone may find."""
    GroupPageFactory(title="Public Neighbour", sessions=[GroupSessionFactory.build(venue=VenueFactory())])
    left_over = VenueFactory(
        name=MARKER,
        address=f"1 {MARKER}",
        postcode=POSTCODE,
        latitude=LATITUDE,
        longitude=LONGITUDE,
        getting_here=MARKER,
    )
    return GroupPageFactory(
        title="Quiet Circle",
        slug="quiet-circle",
        **{request.param: True},
        sessions=[GroupSessionFactory.build(private=True, venue=left_over)],
        served_areas=[
            ServedAreaFactory.build(
                kind="radius", place=POSTCODE, label=MARKER, miles=3, latitude=LATITUDE, longitude=LONGITUDE
            )
        ],
        contacts=[ContactFactory.build(kind="email", value="door@quiet.example", visibility="organisers")],
    )


def addresses(page: GroupPage) -> list[str]:
    uid = page.translation_key
    session = page.sessions.get().uid
    venue = Venue.objects.get(name=MARKER)
    return [
        "/",
        page.get_url(),
        page.get_url() + "?print=large",
        "/groups/",
        "/search/",
        "/search/?q=quiet+circle",
        "/search/?q=quiet+circle&map=1",
        "/search/?q=quiet&near=Moulsham&miles=10&sort=nearest&map=1",
        "/search/?q=natter&near=CM2&map=1",
        "/whats-on/",
        "/whats-on/?by=place&near=Moulsham",
        "/whats-on/?near=Chelmsford",
        "/activities/",
        "/needs/",
        venue.get_absolute_url(),
        reverse("group_calendar", args=[uid]),
        reverse("session_calendar", args=[uid, session]),
        "/suggest/?q=quiet",
        f"/suggest/?q={MARKER[:6]}",
        "/sitemap.xml",
        "/sitemap-groups.xml",
        "/sitemap-venues.xml",
        "/sitemap-standing.xml",
        "/robots.txt",
        f"/search/?q={MARKER.replace(' ', '+')}",
    ]


def leaks(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_no_page_says_where(client, private):
    shown = []
    for address in addresses(private):
        response = client.get(address)
        text = response.content.decode()
        if MARKER.replace(" ", "+") in address:
            text = re.sub(rf"{MARKER}|{MARKER.replace(' ', '[+]')}", "", text)  # what was typed comes back
        text = text.replace(address, "")  # so does an address, as the canonical link of "not found"
        assert leaks(text) == [], address
        assert "door@quiet.example" not in text, address
        assert not leaks(str(response.headers)), address
        shown.append(("Quiet Circle" in text, address))
    # The walk means something only if the group is really in these outputs.
    assert sum(found for found, _address in shown) >= 5, shown


def test_a_private_venue_has_no_page(client, private):
    assert client.get(Venue.objects.get(name=MARKER).get_absolute_url()).status_code == 404


def test_searching_for_the_place_finds_nothing(client, private):
    for typed in (MARKER, f"1 {MARKER}"):
        html = client.get("/search/", {"q": typed, "exact": "1"}).content.decode()
        assert "Quiet Circle" not in html


def test_the_search_command_says_nothing(private):
    out = StringIO()
    call_command("search", "quiet circle", json=True, stdout=out)
    assert "Quiet Circle" in out.getvalue()
    assert leaks(out.getvalue()) == []


def test_a_public_group_is_found_so_the_walk_can_fail(client, site_tree):
    """The same walk finds the marker where it may stand: otherwise the tests above prove nothing."""
    hall = VenueFactory(name=MARKER, postcode=POSTCODE, latitude=LATITUDE, longitude=LONGITUDE)
    page = GroupPageFactory(
        title="Quiet Circle", slug="quiet-circle", sessions=[GroupSessionFactory.build(venue=hall)]
    )
    found = {address for address in addresses(page) if leaks(client.get(address).content.decode())}
    assert {page.get_url(), "/search/", hall.get_absolute_url(), "/sitemap-venues.xml"} <= found
    assert reverse("group_calendar", args=[page.translation_key]) in found


def test_a_hidden_group_is_in_no_sitemap_and_its_calendar_is_neutral(client, site_tree):
    page = GroupPageFactory(title="Harbour Refuge", slug="harbour-refuge", hidden=True)
    assert "harbour-refuge" not in client.get("/sitemap-groups.xml").content.decode()
    response = client.get(reverse("group_calendar", args=[page.translation_key]))
    text = response.content.decode()
    assert "Harbour" not in text + response["Content-Disposition"]
    assert "LOCATION" not in text
    assert "URL" not in text
    assert response["Cache-Control"] == "no-store"
