"""A web process reads what it searches in as soon as it serves, beside its first requests, not in its first search."""

import logging
import os
import threading

from django.db import DatabaseError, connections

from search import engines
from search.query import DirectoryQuery

logger = logging.getLogger(__name__)


def begin() -> threading.Thread:
    """Begin to read, in a thread of its own. A search that comes meanwhile waits for what it needs.

    A server that forks its workers afterwards is held up until all is read, which they then share: a thread would end at the
    fork, and what it had locked would stay locked.
    """
    thread = threading.Thread(target=_read, name="warming", daemon=True)
    os.register_at_fork(before=thread.join)
    thread.start()
    return thread


def _read() -> None:
    try:
        # Of two words, so that names are read too; the rest is read by any search.
        engines.current().search(DirectoryQuery(text="warm space"))
    except DatabaseError:
        logger.warning("The search index could not be read yet; the first search will read it", exc_info=True)
    finally:
        connections.close_all()
