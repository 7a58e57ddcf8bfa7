"""Services that some tests need: a search server, PostgreSQL, a browser."""

import os
from typing import NoReturn

import pytest


def absent(why: str) -> NoReturn:
    """Skip a test whose service is not there; where CI is set, that is a failure."""
    pytest.fail(why) if os.environ.get("CI") else pytest.skip(why)


def absent_server(variable: str) -> NoReturn:
    """The same, of a server that this variable of the environment would name."""
    absent(f"{variable} names no server")
