"""A mail server of our own, and a process that sends to it and can be killed."""

import socketserver
import threading
from contextlib import suppress

import pytest

from tests.search.engines.conftest import Child, shared_database, three_groups  # noqa: F401 (fixtures)


class _Letters(socketserver.StreamRequestHandler):
    """As much of SMTP as our sender speaks. A message counts once its last dot has come: the answer may find nobody."""

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            match line.decode().split()[0].upper():
                case "EHLO" | "HELO":
                    self._say("250 hello")
                case "DATA":
                    self._say("354 go on")
                    self._take()
                case "QUIT":
                    self._say("221 bye")
                    return
                case _:
                    self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        if line:
            self.server.letters.append(b"".join(lines).decode())  # type: ignore[attr-defined]
            self._say("250 taken")

    def _say(self, words: str) -> None:
        with suppress(OSError):  # whoever wrote to us may be dead
            self.wfile.write(words.encode() + b"\r\n")


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True


@pytest.fixture
def letters():
    """The texts that a mail server took, in their order; its port is `letters.port`."""

    class Letters(list):
        port = 0

    with _Server(("127.0.0.1", 0), _Letters) as server:
        server.letters = Letters()
        server.letters.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.letters
        server.shutdown()
        thread.join()


@pytest.fixture
def sender(shared_database, letters):  # noqa: F811
    """The process, on a database that holds three groups; what it sends comes to `letters`."""
    environment = {**shared_database, "DJANGO_SETTINGS_MODULE": "tests.groups.mail.killed.settings"}
    environment["WAYMARK_TEST_SMTP_PORT"] = str(letters.port)
    child = Child(environment, "tests.groups.mail.killed.child")
    yield child
    child.end()
