"""A way to the real server that breaks on demand, as networks and servers do."""

import http.client
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

HANG_SECONDS = 5


class Proxy:
    """fault: "" passes everything on; "hang", "drip", "cut", "garbage" or an HTTP status break each answer."""

    def __init__(self, url: str) -> None:
        self.fault: str = ""
        self.only: str = ""  # break only requests whose path holds this
        self.asked = 0
        to = urlsplit(url)
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args) -> None:
                pass

            def pass_on(self) -> None:
                proxy.asked += 1
                if proxy.stop.is_set():  # a connection that was kept open
                    self.close_connection = True
                    return
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                fault = proxy.fault if proxy.only in self.path else ""
                with suppress(BrokenPipeError, ConnectionResetError):
                    if fault:
                        self.break_down(fault)
                        return
                    there = http.client.HTTPConnection(to.hostname, to.port, timeout=30)
                    sent = {key: value for key, value in self.headers.items() if key.lower() != "host"}
                    there.request(self.command, self.path, body, sent)
                    answer = there.getresponse()
                    self.answer(answer.status, answer.read(), answer.getheaders())
                    there.close()

            def answer(self, status: int, body: bytes, headers=()) -> None:
                self.send_response(status)
                for key, value in headers:
                    if key.lower() not in ("content-length", "transfer-encoding", "connection"):
                        self.send_header(key, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body)

            def break_down(self, fault: str) -> None:
                self.close_connection = True
                if fault == "hang":
                    proxy.stop.wait(HANG_SECONDS)
                elif fault == "drip":
                    self.send_response(200)
                    self.send_header("X-Elastic-Product", "Elasticsearch")
                    self.send_header("Content-Type", "application/json")
                    self.send_header("Content-Length", "100")
                    self.end_headers()
                    until = time.monotonic() + HANG_SECONDS
                    while time.monotonic() < until and not proxy.stop.wait(0.1):
                        self.wfile.write(b" ")
                        self.wfile.flush()
                elif fault == "cut":
                    self.send_response(200)
                    self.send_header("Content-Length", "100")
                    self.end_headers()
                    self.wfile.write(b'{"took":')
                elif fault == "garbage":
                    about = [("X-Elastic-Product", "Elasticsearch"), ("Content-Type", "application/json")]
                    self.answer(200, b"<html>It works!</html>", about)
                else:
                    about = [("X-Elastic-Product", "Elasticsearch"), ("Content-Type", "application/json")]
                    self.answer(int(fault), b'{"error": {"type": "broken"}}', about)

        for method in ("GET", "POST", "PUT", "HEAD", "DELETE"):
            setattr(Handler, f"do_{method}", Handler.pass_on)
        self.stop = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.stop.set()
        self._server.shutdown()
        self._server.server_close()
