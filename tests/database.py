"""The migrated database: made once and kept in a file, not made by each run and worker. SQLite alone.

A test process copies it into its memory, where `migrate` finds nothing left to do: 0.2 seconds instead of 15. The same copy
puts back what migrations made after a test with real transactions, where Django would leave every table empty.
"""

import fcntl
import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import django
import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase

_PARTING_SECONDS = 10
KEPT = Path(settings.BASE_DIR) / "var" / "tests" / "migrated.sqlite3"


@contextmanager
def kept_between_runs(*, anew: bool) -> Iterator[None]:
    """Around Django's making of the test database: start it as the kept one, or keep what comes out of it.

    anew: as for a kept one whose migrations are not those of today.
    """
    in_earnest = connection.settings_dict["NAME"]
    memory = sqlite3.connect(connection.creation._get_test_db_name(), uri=True)
    with _one_process_at_a_time():
        kept = sqlite3.connect(KEPT)
        mark = _mark()
        anew = anew or kept.execute("PRAGMA user_version").fetchone() != (mark,)
        if not anew:
            kept.backup(memory)
        yield
        if anew and connection.settings_dict["NAME"] != in_earnest:
            memory.execute(f"PRAGMA user_version = {mark}")
            memory.backup(kept)
        kept.close()
    memory.close()


@contextmanager
def put_back_after_real_transactions() -> Iterator[Callable[[], None]]:
    """From here on, tests with real transactions leave the database as it is now. Yields what puts it back."""
    as_migrated = sqlite3.connect(":memory:")
    connection.ensure_connection()
    connection.connection.backup(as_migrated)

    def put_back(*_case: TransactionTestCase) -> None:
        connection.ensure_connection()
        patience = time.monotonic() + _PARTING_SECONDS
        while True:
            try:
                return as_migrated.backup(connection.connection)
            except sqlite3.OperationalError as error:
                # A request whose browser has left may still be answered, over this very connection.
                busy = "locked" in str(error) or "in use" in str(error)
                if not busy or time.monotonic() > patience:
                    raise
                time.sleep(0.05)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", put_back)
        yield put_back
    as_migrated.close()


def _mark() -> int:
    """A number of 31 bits, which SQLite keeps for its owner: another for any other set of migrations."""
    digest = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for path in sorted(Path(app.path).glob("migrations/*.py")):
            digest.update(f"{app.label}/{path.name}\n".encode() + path.read_bytes())
    return int.from_bytes(digest.digest()[:4]) >> 1


@contextmanager
def _one_process_at_a_time() -> Iterator[None]:
    """The first to come migrates; the others wait for it, and copy."""
    KEPT.parent.mkdir(parents=True, exist_ok=True)
    with KEPT.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
