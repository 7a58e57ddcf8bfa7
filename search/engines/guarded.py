"""Elasticsearch with a way out: when it cannot answer, the database's own engine does, with the same page."""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from groups.listings.public import PublicListing
from search.engine import Card, Engine, Results, Suggestion
from search.engines.elasticsearch.client import UnavailableError
from search.engines.elasticsearch.engine import ElasticsearchEngine
from search.query import DirectoryQuery

_FIRST_PAUSE_SECONDS = 5.0
_LONGEST_PAUSE_SECONDS = 60.0
logger = logging.getLogger(__name__)
Value = TypeVar("Value")


class Breaker:
    """After a failure the server is left alone for a while, longer each time; then one search tries it again."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.close()

    def close(self) -> None:
        self._pause = _FIRST_PAUSE_SECONDS
        self._open_until = 0.0
        self._trying = False
        self.reason = ""

    @property
    def is_open(self) -> bool:
        return bool(self.reason)

    def may_try(self) -> bool:
        """Whether this search may ask the server: while it is out of order, one at a time, and not too often."""
        if not self.reason:
            return True
        with self._lock:
            if self._trying or time.monotonic() < self._open_until:
                return False
            self._trying = True
            return True

    def succeeded(self) -> None:
        if self.reason:
            logger.warning("The search server answers again")
            with self._lock:
                self.close()

    def failed(self, reason: str) -> None:
        with self._lock:
            if self.reason:
                self._pause = min(self._pause * 2, _LONGEST_PAUSE_SECONDS)
            else:
                logger.error("%s. The database answers searches meanwhile", reason)
            self.reason = reason
            self._open_until = time.monotonic() + self._pause
            self._trying = False

    def ask(self, server: Callable[[], Value], otherwise: Callable[[], Value]) -> Value:
        """What the server answers, unless it is left alone or raises UnavailableError; then the other's answer."""
        if self.may_try():
            try:
                answer = server()
            except UnavailableError as error:
                self.failed(str(error))
            except BaseException:
                self.failed("A search of the server's broke")
                raise
            else:
                self.succeeded()
                return answer
        return otherwise()


class GuardedEngine:
    """The engine that visitors meet where Elasticsearch is chosen."""

    name = "elasticsearch"

    def __init__(self, fallback: Engine) -> None:
        self.server = ElasticsearchEngine()
        self.fallback = fallback
        self.breaker = Breaker()

    def _ask(self, of: Callable[[Engine], Value]) -> Value:
        return self.breaker.ask(lambda: of(self.server), lambda: of(self.fallback))

    def search(self, query: DirectoryQuery, *, now: datetime | None = None, explain: bool = False) -> Results:
        return self._ask(lambda engine: engine.search(query, now=now, explain=explain))

    def count(self, queries: Sequence[DirectoryQuery], *, now: datetime | None = None) -> list[int]:
        return self._ask(lambda engine: engine.count(queries, now=now))

    def suggest(self, prefix: str, *, limit: int = 8) -> list[Suggestion]:
        return self._ask(lambda engine: engine.suggest(prefix, limit=limit))

    def more_like(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        return self._ask(lambda engine: engine.more_like(uid, limit=limit))

    def near(self, uid: UUID, *, limit: int = 4) -> list[Card]:
        return self._ask(lambda engine: engine.near(uid, limit=limit))

    def listings(self, uids: Iterable[UUID]) -> dict[UUID, PublicListing]:
        return self.fallback.listings(uids)

    def settle(self) -> None:
        self.server.settle()

    def trouble(self) -> str:
        """Why the server does not answer now; "" when it does. A good answer ends an outage at once."""
        try:
            self.server.greet()
        except UnavailableError as error:
            self.breaker.failed(str(error))
        else:
            self.breaker.succeeded()
        return self.breaker.reason
