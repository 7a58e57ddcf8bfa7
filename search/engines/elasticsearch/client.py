"""The way to the server: the official client, its retries off, and one deadline for all that a search asks."""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooSlow
from functools import cache, lru_cache
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

SEARCH_SECONDS = 0.8
_WAITING = 32  # searches of one process that may hang on a slow server at once
_HEAD = b'{"allow_partial_search_results":false}'
_TYPES = {
    "accept": "application/vnd.elasticsearch+json; compatible-with=9",
    "content-type": "application/vnd.elasticsearch+x-ndjson; compatible-with=9",
}
written = msgspec.json.Encoder(enc_hook=float).encode  # numpy's numbers too

Search = dict[str, Any]
Response = Mapping[str, Any]
Value = TypeVar("Value")


class UnavailableError(Exception):
    """The server cannot answer rightly now: away, slow, overloaded, red, or without the index it should have."""


@cache
def client() -> Elasticsearch:
    """The client of this process, by the settings WAYMARK_ELASTICSEARCH_*."""
    options: dict[str, Any] = dict(settings.WAYMARK_ELASTICSEARCH)
    return Elasticsearch(
        **options, max_retries=0, retry_on_timeout=False, retry_on_status=(), http_compress=False
    )


def alias() -> str:
    """The name that searches and the worker use; the index behind it has a number of its own."""
    name: str = settings.WAYMARK_ELASTICSEARCH_INDEX
    return name


@lru_cache(maxsize=8)
def _in_time(server: Elasticsearch, seconds: float) -> Elasticsearch:
    """The same with a time-out for each call; kept, since making one takes longer than a small search."""
    return server.options(request_timeout=seconds)


@cache
def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_WAITING, thread_name_prefix="waymark-elasticsearch")


class Deadline:
    """So many seconds for everything that one search asks of the server."""

    def __init__(self, seconds: float = SEARCH_SECONDS) -> None:
        self._seconds = seconds
        self._until = time.monotonic() + seconds

    def call(self, ask: Callable[[Elasticsearch], Value]) -> Value:
        """What the server says, if it says it in time.

        Raises:
            UnavailableError: it did not, or said it failed.
        """
        left = self._until - time.monotonic()
        if left <= 0:
            raise UnavailableError("The search ran out of time")
        # A server that sends a byte now and then never trips a socket's time-out, hence the thread.
        asked = _pool().submit(ask, _in_time(client(), self._seconds))
        try:
            return asked.result(timeout=left)
        except TooSlow as error:
            asked.cancel()
            raise UnavailableError("The search server took too long") from error
        except (ApiError, TransportError) as error:
            raise UnavailableError(f"The search server failed: {said_by(error)}") from error

    def ask(self, searches: Sequence[Search]) -> list[Response]:
        """Answers to these searches, in their order, in one trip.

        Raises:
            UnavailableError: no whole and right answer came in time.
        """
        # By hand: the client's own `msearch` takes as long to get ready as the server needs for a small search.
        body = b"".join(b"%b\n%b\n" % (_HEAD, written(search)) for search in searches)
        way = f"/{quote(alias(), safe='')}/_msearch"
        said = self.call(lambda server: server.perform_request("POST", way, headers=_TYPES, body=body))
        answers: list[Response] = said.body["responses"]
        for answer in answers:
            if "error" in answer or answer.get("timed_out") or answer["_shards"]["failed"]:
                raise UnavailableError(f"The search server could not answer: {_reason(answer)}")
        return answers


def said_by(error: Exception) -> str:
    """The kind of an error, and its status, without what was asked: a search can be about health."""
    status = getattr(error, "status_code", "")
    return f"{type(error).__name__} {status}".strip()


def _reason(answer: Response) -> str:
    error = answer.get("error") or {}
    cause = (error.get("root_cause") or [error])[0]
    return f"{cause.get('type', 'partial answer')}: {str(cause.get('reason', ''))[:200]}"
