"""What every test of a page starts from: a process that has read nothing yet."""

import pytest

from groups.vocabulary import lexicon
from search import engines


@pytest.fixture(autouse=True)
def a_process_that_has_read_nothing():
    """Undone changes give a counter its old values back, so what a process keeps would look up to date."""
    lexicon._current = lexicon.Lexicon()
    engines.get("embedded").forget()
    yield
    lexicon._current = lexicon.Lexicon()
    engines.get("embedded").forget()
