"""A database that several processes share: a copy on disk of the test's own (SQLite), or the test's own (PostgreSQL)."""

import os
import sqlite3
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from tests.factories import GroupPageFactory


class Child:
    """A Python process on the shared database. `ask(code)` runs a line there and returns what it prints."""

    def __init__(self, environment: dict[str, str], module: str = "tests.search.engines.embedded.child"):
        self._process = subprocess.Popen(
            [sys.executable, "-m", module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=settings.BASE_DIR,
            env=environment,
        )

    def ask(self, line: str) -> str:
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().rstrip("\n")

    def end(self) -> None:
        self._process.stdin.close()
        self._process.wait(timeout=30)
        self._process.stdout.close()


@pytest.fixture
def three_groups(transactional_db, site_tree):
    return [GroupPageFactory(title=f"Zither {name}") for name in ("one", "two", "three")]


@pytest.fixture
def shared_database(three_groups, tmp_path):
    """The environment of processes on a database that holds three groups."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "portal.settings.test",
        "WAYMARK_MEANING_MODEL": "none",
    }
    if connection.vendor == "sqlite":
        environment["WAYMARK_SQLITE_PATH"] = str(tmp_path / "shared.sqlite3")
        connection.ensure_connection()
        with sqlite3.connect(environment["WAYMARK_SQLITE_PATH"]) as copy:
            connection.connection.backup(copy)
        copy.close()
    else:
        values = connection.settings_dict
        environment["WAYMARK_DATABASE_URL"] = (
            f"postgres://{values['USER']}:{values['PASSWORD']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"
        )
    return environment


@pytest.fixture
def child(shared_database):
    """child(): another process on a database that holds three groups."""
    children = []

    def start() -> Child:
        children.append(Child(shared_database))
        return children[-1]

    yield start
    for one in children:
        one.end()
