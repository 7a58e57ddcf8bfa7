"""What somebody typed, read with the vocabulary the house ships with; no engine takes part."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from wagtail.models import Locale

from groups.vocabulary.lexicon import lexicon
from search.query import DirectoryQuery
from search.understanding.reading import understand
from tests.search.conftest import forget_rows, forget_vocabulary


@pytest.fixture(scope="module")
def shipped(django_db_setup, django_db_blocker, gazetteer):
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(WAYMARK_MEANING_MODEL="none"):
        forget_rows()
        forget_vocabulary()
        Locale.objects.get_or_create(language_code="en-gb")
        call_command("load_vocabulary", verbosity=0)
        yield lexicon()
        transaction.set_rollback(True)
    forget_rows()
    forget_vocabulary()


@pytest.fixture
def read(shipped, db):
    """read("text", place=…): the best reading."""
    return lambda text, **values: understand(DirectoryQuery(text=text, **values), shipped)[0].understood
