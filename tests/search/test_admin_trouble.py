"""Staff see on every page of the admin that search needs help."""

import pytest
from django.urls import reverse

from search import health as of_search
from search.health import SearchHealth
from tests.factories import UserFactory

PAGES = ("wagtailadmin_home", "wagtailadmin_explore_root", "waymark_report_checks")


@pytest.fixture
def staff(client, site_tree):
    client.force_login(UserFactory(superuser=True))
    return client


def say(monkeypatch, **values):
    asked = []

    def health():
        asked.append(1)
        return SearchHealth("elasticsearch", **values)

    monkeypatch.setattr(of_search, "health", health)
    return asked


def test_every_page_leads_to_the_banner_and_the_server_is_asked_once_a_minute(staff, monkeypatch):
    asked = say(monkeypatch, answers="embedded", reason="Connection refused")
    for name in PAGES:
        assert "Search needs help" in staff.get(reverse(name)).text
    assert len(asked) == 1


def test_nothing_is_said_while_all_is_well(staff, monkeypatch):
    say(monkeypatch, answers="elasticsearch")
    for name in PAGES:
        assert "Search needs help" not in staff.get(reverse(name)).text
