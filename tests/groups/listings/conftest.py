import pytest

from groups.listings import changes
from groups.listings.boundary import listings_of


class Door:
    """What passed through `listing_changed`: {uid: version} for each time a writer was called."""

    def __init__(self):
        self.calls = []

    @property
    def uids(self):
        return [uid for call in self.calls for uid in call]

    def clear(self):
        self.calls.clear()


@pytest.fixture
def door(monkeypatch):
    """The only writer for this test, in place of the real indexes."""
    door = Door()
    monkeypatch.setattr(changes, "_writers", [door.calls.append])
    return door


@pytest.fixture(autouse=True)
def no_index(monkeypatch):
    """These tests are about the door and what lies behind it, never about an index."""
    monkeypatch.setattr(changes, "_writers", [])
    monkeypatch.setattr(changes, "_watchers", [])


@pytest.fixture
def shown():
    """shown(page): what the public finds of it in the database now; None where it finds nothing."""

    def shown(page, **kwargs):
        return listings_of([page.translation_key], **kwargs).get(page.translation_key)

    return shown
