"""robots.txt and the sitemap."""

from xml.etree import ElementTree

import pytest

from tests.factories import ActivityFactory, GroupPageFactory

pytestmark = pytest.mark.django_db


def locations(client, address) -> list[str]:
    response = client.get(address)
    assert response.status_code == 200
    return [
        element.text
        for element in ElementTree.fromstring(response.content).iter()
        if element.tag.endswith("}loc")
    ]


def test_robots(client):
    text = client.get("/robots.txt").content.decode()
    assert "Disallow: /search/" in text
    assert "Sitemap: http://testserver/sitemap.xml" in text


def test_the_map_leads_to_what_can_be_read(client, site_tree):
    GroupPageFactory(title="Paint Pot", slug="paint-pot", activities=[ActivityFactory(slug="art")])
    GroupPageFactory(slug="not-yet", draft=True, live=False)
    parts = locations(client, "/sitemap.xml")
    assert len(parts) == 4
    found = [
        address for part in parts for address in locations(client, part.removeprefix("http://testserver"))
    ]
    paths = [address.removeprefix("http://testserver") for address in found]
    assert "/groups/paint-pot/" in paths
    assert "/activities/art/" in paths
    assert "/groups/not-yet/" not in paths
    assert any(path.startswith("/venues/") for path in paths)
    assert len(paths) == len(set(paths))
    for path in paths:
        assert client.get(path).status_code == 200, path


def test_an_unknown_part_is_not_found(client, site_tree):
    assert client.get("/sitemap-nothing.xml").status_code == 404
