import pytest
from django.core.checks import registry

from search.meaning import model as module
from search.meaning.checks import meaning_is_available


@pytest.fixture(autouse=True)
def _fresh_process():
    module._opened.cache_clear()
    yield
    module._opened.cache_clear()


def test_it_is_registered():
    assert meaning_is_available in registry.registry.get_checks()


def test_a_missing_model_is_a_warning_that_says_what_to_do(settings, tmp_path):
    settings.WAYMARK_MEANING_MODEL = str(tmp_path)
    [warning] = meaning_is_available(None)
    assert warning.id == "waymark.W010"
    assert not warning.is_serious()
    assert "make meaning" in warning.hint
    assert "WAYMARK_MEANING_MODEL=none" in warning.hint


def test_off_is_silent(settings):
    settings.WAYMARK_MEANING_MODEL = "none"
    assert meaning_is_available(None) == []


def test_a_working_model_is_silent(settings, make_tiny):
    settings.WAYMARK_MEANING_MODEL = str(make_tiny())
    assert meaning_is_available(None) == []
