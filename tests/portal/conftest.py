"""What every test of a page starts from: a process that has read nothing yet."""

import pytest

from tests.search.conftest import forget_rows, forget_vocabulary


@pytest.fixture(autouse=True)
def a_process_that_has_read_nothing():
    """Undone changes give a counter its old values back, so what a process keeps would look up to date."""
    forget_rows()
    forget_vocabulary()
    yield
    forget_rows()
    forget_vocabulary()
