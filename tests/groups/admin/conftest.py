import pytest

from groups.listings import changes
from tests.factories import UserFactory


@pytest.fixture
def staff(db):
    return UserFactory(superuser=True)


@pytest.fixture
def signed_in(client, staff):
    client.force_login(staff)
    return client


@pytest.fixture
def broken_index(monkeypatch):
    """An index that fails at each write."""

    def broken(versions):
        raise RuntimeError("The index is broken.")

    monkeypatch.setattr(changes, "_writers", [broken])
