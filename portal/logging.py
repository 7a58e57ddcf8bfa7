"""Keep what visitors typed out of the logs: a search is health data once it stands beside an address (`domain.md`)."""

import logging
import re

_QUERY = re.compile(r"(/[^\s?\"']*)\?[^\s\"']*")


class WithoutQueryStrings(logging.Filter):
    """Takes the query out of each address in a log line, its arguments included. Never drops a line.

    It works on the lines of Django's server and of gunicorn's access log, whose arguments are a mapping of atoms; there
    it also empties `q`, the query on its own.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if isinstance(record.msg, str):
            record.msg = _QUERY.sub(r"\1", record.msg)
        if isinstance(record.args, dict):
            record.args = {key: "" if key == "q" else _clean(value) for key, value in record.args.items()}
        elif record.args:
            record.args = tuple(_clean(value) for value in record.args)
        return True


def _clean(value: object) -> object:
    return _QUERY.sub(r"\1", value) if isinstance(value, str) else value
