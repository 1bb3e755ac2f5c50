"""A Grafana on a real socket of 127.0.0.1, with what it was asked; and servers that answer badly."""

from __future__ import annotations

import json
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.dashboards.grafana.state import Reply, State

TOKEN = "glsa_kiemtra0123456789_deadbeef"


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    method: str
    path: str
    authorization: str | None


@dataclass
class Fake:
    """The server's address and state; asked holds every request in order."""

    url: str
    state: State
    asked: list[Asked] = field(default_factory=list)

    @property
    def writes(self) -> list[str]:
        return [f"{one.method} {one.path}" for one in self.asked if one.method != "GET"]


def _routed(state: State, method: str, path: str, body: Any) -> Reply:
    uid = r"([a-zA-Z0-9_-]{1,40})"
    routes: tuple[tuple[str, str, Callable[..., Reply]], ...] = (
        ("GET", rf"/api/folders/{uid}", state.folder),
        ("POST", r"/api/folders", lambda: state.add_folder(body)),
        ("GET", rf"/api/datasources/uid/{uid}", state.source),
        ("PUT", rf"/api/datasources/uid/{uid}", lambda one: state.set_source(one, body)),
        ("POST", r"/api/datasources", lambda: state.add_source(body)),
        ("GET", rf"/api/dashboards/uid/{uid}", state.board),
        ("GET", rf"/api/dashboards/uid/{uid}/versions/(\d+)", lambda one, number: state.version(one, int(number))),
        ("POST", r"/api/dashboards/db", lambda: state.save(body, "sa-1-sansang")),
    )
    for known, pattern, answer in routes:
        found = re.fullmatch(pattern, path)
        if known == method and found:
            return answer(*found.groups())
    return 404, {"message": "Not found"}


@contextmanager
def grafana(state: State | None = None, *, prefix: str = "", tls: ssl.SSLContext | None = None) -> Iterator[Fake]:
    """A Grafana that takes TOKEN, or admin with the password mat:khau, until the block ends."""
    fake = Fake("", state or State())

    class Handler(BaseHTTPRequestHandler):
        def _answer(self) -> None:
            asked = Asked(self.command, self.path, self.headers["authorization"])
            fake.asked.append(asked)
            length = int(self.headers["content-length"] or 0)
            sent = json.loads(self.rfile.read(length)) if length else None
            status, body = self._reply(asked, sent)
            text = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json; charset=UTF-8")
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def _reply(self, asked: Asked, sent: Any) -> Reply:
            if not asked.path.startswith(prefix):
                return 404, {"message": "Not found"}
            path = asked.path.removeprefix(prefix)
            if path == "/api/health":
                return 200, {"commit": "abc", "database": "ok", "version": "13.0.1"}
            if asked.authorization not in (f"Bearer {TOKEN}", "Basic YWRtaW46bWF0OmtoYXU="):
                return 401, {"message": "Invalid API key", "messageId": "api-key.invalid", "statusCode": 401}
            return _routed(fake.state, asked.method, path, sent)

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def do_PUT(self) -> None:
            self._answer()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        if tls is not None:
            server.socket = tls.wrap_socket(server.socket, server_side=True)
        scheme = "http" if tls is None else "https"
        fake.url = f"{scheme}://127.0.0.1:{server.server_port}{prefix}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield fake
        finally:
            server.shutdown()
            thread.join()


@contextmanager
def server_of(serve: Callable[[socket.socket, threading.Event], None]) -> Iterator[tuple[str, list[bytes]]]:
    """A server that reads what comes first and then does as it likes; and what came. The event says that it is over."""
    over = threading.Event()
    came: list[bytes] = []

    def accept(listener: socket.socket) -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            with sock:
                try:
                    came.append(sock.recv(65536))
                    serve(sock, over)
                except OSError:
                    continue

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, args=(listener,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}", came
        finally:
            over.set()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()
