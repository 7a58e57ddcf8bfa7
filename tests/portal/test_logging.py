"""What visitors type stays out of the logs."""

import logging

import pytest
from django.conf import settings

from portal.logging import WithoutQueryStrings


def written(message: str, *args) -> str:
    record = logging.LogRecord("django.server", logging.INFO, "", 0, message, args, None)
    if len(args) == 1 and isinstance(args[0], dict):
        record.args = args[0]
    assert WithoutQueryStrings().filter(record) is True
    return record.getMessage()


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("GET /search/?q=cancer&near=CM1+1QH HTTP/1.1", "GET /search/ HTTP/1.1"),
        ("GET /suggest/?q=canc HTTP/1.1", "GET /suggest/ HTTP/1.1"),
        ("GET /?utm=1 HTTP/1.1", "GET / HTTP/1.1"),
        ("GET /groups/knit/ HTTP/1.1", "GET /groups/knit/ HTTP/1.1"),
    ],
)
def test_the_line_of_djangos_server(line, kept):
    assert written('"%s" %s %s', line, "200", 512) == f'"{kept}" 200 512'


def test_the_line_of_gunicorn():
    atoms = {
        "r": "GET /search/?q=cancer HTTP/1.1",
        "q": "q=cancer",
        "U": "/search/",
        "f": "https://waymark.example/search/?q=cancer",
        "s": 200,
    }
    line = written('"%(r)s" %(q)s %(U)s "%(f)s" %(s)s', atoms)
    assert "cancer" not in line
    assert "GET /search/ HTTP/1.1" in line
    assert atoms["q"] == "q=cancer"  # other handlers keep theirs


def test_a_line_that_is_already_whole():
    assert written("Not Found: /search/?q=cancer") == "Not Found: /search/"
    assert written("Are you sure? Yes") == "Are you sure? Yes"


def test_every_handler_of_ours_has_the_filter():
    for handler in settings.LOGGING["handlers"].values():
        assert "without_queries" in handler["filters"]
    assert settings.LOGGING["loggers"]["django.server"]["propagate"] is False
