"""One look at a website: HEAD, then GET where HEAD is not answered well, and up to five redirects. No body is read."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urljoin, urlsplit

from django.conf import settings
from django.utils.encoding import iri_to_uri

from groups.links.models import Trouble
from groups.links.reach import ReachError, connect

MOST_REDIRECTS = 5
STEP_SECONDS = 10.0
REQUEST_SECONDS = 20.0
PAUSE_SECONDS = 1.0
_REDIRECTS = {301, 302, 303, 307, 308}
_GONE = {404, 410}
_BAD = 400
_SERVERS_FAULT = 500


@dataclass(frozen=True, slots=True)
class Look:
    """trouble: "" where it works. answered: somebody out there answered, so our own network works."""

    trouble: str
    answered: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    location: str


@dataclass
class Looker:
    """Looks at one website after the other: one connection at a time, and a pause before the same host is asked again.

    request_seconds: the longest one request may take, whatever trickles in. sleep, clock: for tests.
    """

    step_seconds: float = STEP_SECONDS
    request_seconds: float = REQUEST_SECONDS
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _asked: dict[str, float] = field(default_factory=dict)

    def look(self, url: str) -> Look:
        """Whether it works. A site that only refuses machines (401, 403, 429) works."""
        answered = False
        for _hop in range(MOST_REDIRECTS + 1):
            try:
                answer = self._ask_well(url)
            except ReachError as problem:
                return Look(problem.trouble, answered or problem.trouble == Trouble.NOT_SAFE)
            answered = True
            if answer.status not in _REDIRECTS or not answer.location:
                return Look(_trouble_of(answer.status), answered)
            try:
                url = urljoin(url, answer.location)
            except ValueError:
                return Look(Trouble.NOT_PUBLIC, answered)
        return Look(Trouble.CIRCLES, answered)

    def _ask_well(self, url: str) -> _Answer:
        """The answer to HEAD; to GET where that is a refusal, since not every server knows HEAD."""
        try:
            answer = self._ask("HEAD", url)
        except ReachError as problem:
            if problem.trouble != Trouble.NO_ANSWER:
                raise
        else:
            if answer.status < _BAD:
                return answer
        return self._ask("GET", url)

    def _ask(self, method: str, url: str) -> _Answer:
        """
        Raises:
            ReachError: with the reason.
        """
        parts, host, port = _parts(url)
        self._pause_for(host)
        try:
            sock = connect(host, port, self.step_seconds)
            with sock if parts.scheme == "http" else _encrypted(sock, host) as stream:
                return self._speak(stream, method, parts, host, port)
        except ssl.SSLError as error:
            raise ReachError(Trouble.NOT_SAFE) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise ReachError(Trouble.NO_ANSWER) from error

    def _speak(self, stream: socket.socket, method: str, parts: SplitResult, host: str, port: int) -> _Answer:
        connection = http.client.HTTPConnection(host, port)
        connection.sock = stream
        path = iri_to_uri(f"{parts.path or '/'}{'?' if parts.query else ''}{parts.query}")
        with _no_longer_than(self.request_seconds, stream):
            if isinstance(stream, ssl.SSLSocket):
                stream.do_handshake()
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            connection.putheader("Host", parts.netloc.rpartition("@")[2].encode("idna"))
            connection.putheader("User-Agent", _user_agent())
            connection.putheader("Accept", "text/html, */*;q=0.1")
            connection.putheader("Connection", "close")
            connection.endheaders()
            response = connection.getresponse()
            return _Answer(response.status, response.getheader("Location") or "")

    def _pause_for(self, host: str) -> None:
        last = self._asked.get(host)
        if last is not None and (left := last + PAUSE_SECONDS - self.clock()) > 0:
            self.sleep(left)
        self._asked[host] = self.clock()


def _parts(url: str) -> tuple[SplitResult, str, int]:
    """
    Raises:
        ReachError: it is no address of the web.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = parts.port or {"http": 80, "https": 443}[parts.scheme]
    except (ValueError, KeyError) as error:
        raise ReachError(Trouble.NOT_PUBLIC) from error
    if not host:
        raise ReachError(Trouble.NOT_PUBLIC)
    return parts, host, port


def _encrypted(sock: socket.socket, host: str) -> ssl.SSLSocket:
    """The name that was typed is the one that the certificate must hold. The handshake waits for the clock."""
    context = ssl.create_default_context()
    return context.wrap_socket(sock, server_hostname=host, do_handshake_on_connect=False)


@contextmanager
def _no_longer_than(seconds: float, stream: socket.socket) -> Iterator[None]:
    """A time-out of a socket starts again with each byte; this ends the connection, whatever trickles in.

    Raises:
        TimeoutError: it took too long; what came until then is no answer.
    """
    is_over = threading.Event()

    def cut() -> None:
        is_over.set()
        with suppress(OSError):  # gone already
            stream.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if is_over.is_set():
        raise TimeoutError


def _trouble_of(status: int) -> str:
    if status in _GONE:
        return Trouble.GONE
    return Trouble.BROKEN if status >= _SERVERS_FAULT else ""


def _user_agent() -> str:
    """Who asks, and where to complain."""
    return f"Waymark link checker (+{settings.WAGTAILADMIN_BASE_URL.rstrip('/')}/contact/)"
