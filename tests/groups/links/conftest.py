"""A website of one's own on this machine, whose answers a test writes down."""

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


@dataclass
class Site:
    """answers: by path and method, or by path alone: a status, with headers. asked: what came in."""

    port: int = 0
    answers: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)

    def at(self, path: str = "/") -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def answer(self, path: str, status: int, **headers: str) -> str:
        self.answers[path] = (status, headers)
        return self.at(path.rpartition(" ")[2])


@pytest.fixture
def site(settings):
    """It answers 200 unless told otherwise; status 0 hangs up without a word, -1 sends a body without end."""
    settings.WAYMARK_LINKS_MAY_REACH = ["127.0.0.1"]
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self):
            site.asked.append((self.command, self.path))
            site.agents.add(self.headers["User-Agent"])
            found = (
                site.answers.get(f"{self.command} {self.path}") or site.answers.get(self.path) or (200, {})
            )
            status, headers = found
            if status == 0:
                return
            self.send_response(200 if status == -1 else status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                while status == -1 and self.command == "GET":
                    self.wfile.write(b"x" * 65536)
            except OSError:
                site.asked.append(("HUNG UP", self.path))

        do_GET = do_HEAD  # noqa: N815 (the server's own name for it)

        def log_message(self, *args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    site.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield site
    server.shutdown()
    thread.join()
    server.server_close()
