"""What production needs is named with a hint; a site that has it all is not nagged."""

import pytest

from portal.checks import production_settings

READY = {
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": ["groups.example.org"],
    "WAGTAILADMIN_BASE_URL": "https://groups.example.org",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "DEFAULT_FROM_EMAIL": "hello@groups.example.org",
    "WAYMARK_DEMO": False,
}


@pytest.fixture
def ready(settings):
    for name, value in READY.items():
        setattr(settings, name, value)
    settings.VAR_DIR = settings.BASE_DIR / "somewhere"
    return settings


def test_a_site_that_has_it_all_is_fine(ready):
    assert production_settings(None) == []


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SECRET_KEY", "", "waymark.E001"),
        ("SECRET_KEY", "short", "waymark.E001"),
        ("ALLOWED_HOSTS", [], "waymark.E002"),
        ("ALLOWED_HOSTS", ["*"], "waymark.E002"),
        ("WAGTAILADMIN_BASE_URL", "http://127.0.0.1:8000", "waymark.E003"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", "waymark.E004"),
        ("DEFAULT_FROM_EMAIL", "waymark@localhost", "waymark.E004"),
        ("WAYMARK_DEMO", True, "waymark.W006"),
        ("WAYMARK_SEARCH_ENGINE", "elasticsearch", "waymark.E007"),
        ("WAYMARK_ADMIN_SEARCH", "elasticsearch", "waymark.E007"),
        ("WAYMARK_LINKS_MAY_REACH", ["127.0.0.1"], "waymark.E008"),
    ],
)
def test_what_is_missing_is_named_with_a_hint(ready, name, value, expected):
    setattr(ready, name, value)
    (found,) = production_settings(None)
    assert found.id == expected
    assert "WAYMARK_" in found.hint


def test_the_database_for_trying_things_out_is_none_for_production(ready, monkeypatch):
    monkeypatch.setitem(ready.DATABASES["default"], "NAME", str(ready.VAR_DIR / "waymark.sqlite3"))
    assert [found.id for found in production_settings(None)] == ["waymark.E005"]
