"""Listings, vocabulary and search on a real PostgreSQL: the same tests, in a process of their own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.services import absent_server

ROOT = Path(__file__).parent.parent
URL = os.environ.get("WAYMARK_TEST_POSTGRESQL_URL", "")


@pytest.mark.long
@pytest.mark.postgresql
def test_the_same_tests_pass_on_postgresql():
    if not URL:
        absent_server("WAYMARK_TEST_POSTGRESQL_URL")
    tested = [ROOT / "tests/groups/listings", ROOT / "tests/groups/vocabulary", ROOT / "tests/search"]
    no_matter_of_the_database = ROOT / "tests/search/meaning"
    ended = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-m",
            "not postgresql and not elasticsearch and not e2e",
            f"--ignore={no_matter_of_the_database}",
            *tested,
        ],
        cwd=ROOT,
        env={**os.environ, "WAYMARK_DATABASE_URL": URL},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout[-8000:]
