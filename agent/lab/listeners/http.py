"""A small web server of the lab: a commune's portal in Vietnamese, and every way a web server can go wrong.

One request per connection, answers prepared as bytes. With a certificate it speaks TLS, without one it speaks in clear.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import socket
import ssl
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from agent.lab.listeners.base import RESET, LabService, Listener, Misbehaviour

PAGE = """<!DOCTYPE html>
<html lang="vi"><head><meta charset="utf-8"><title>Cổng thông tin điện tử</title></head>
<body><h1>Ủy ban nhân dân xã</h1><p>Bộ phận một cửa: đang phục vụ.</p><a href="/login">Đăng nhập</a></body></html>
"""
USER, PASSWORD, TOKEN = "canbo", "mat-khau", "the-bai"

_MAX_REQUEST = 64 * 1024
_REQUEST_HISTORY = 64
_ACCEPTS_PER_TURN = 64
_ENDLESS_BYTES = 1 << 30
_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_GARBAGE = b"\x00\x01\x02 \xff\xfe not a protocol \r\n\r\n" * 4
_OK, _CHUNKED = b"HTTP/1.1 200 OK\r\n", b"Transfer-Encoding: chunked\r\n\r\n"
_ENDLESS = {
    "/": (_OK + b"Content-Length: 9223372036854775807\r\n\r\n", b"a" * 16384),
    "/headers": (_OK, b"X-Endless: " + b"a" * 500 + b"\r\n"),
    "/line": (_OK + b"X-Endless: ", b"a" * 16384),
    "/interim": (b"", b"HTTP/1.1 103 Early Hints\r\nX-Endless: a\r\n\r\n" * 100),
    "/chunks": (_OK + _CHUNKED, b"1\r\na\r\n" * 1000),
    "/extension": (_OK + _CHUNKED + b"1;", b"a" * 16384),
}
_RAW_MISBEHAVIOURS = (Misbehaviour.SILENT, Misbehaviour.GARBAGE, Misbehaviour.CLOSE, Misbehaviour.RESET)


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came: header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    peer: str


def response(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """A whole HTTP/1.1 answer with Content-Length."""
    lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), "Connection": "close"}
    lines |= headers or {}
    phrase = _PHRASES.get(status, "Unassigned")
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"HTTP/1.1 {status} {phrase}\r\nServer: lab\r\n{head}\r\n".encode() + body


class HttpListener(Listener):
    """Serves ``page`` on /, and the paths of ``_answer``; ``routes`` adds prepared answers by path.

    ``seen`` keeps the last requests, newest last; ``connections`` counts those ever accepted.
    """

    def __init__(self, page: str = PAGE, certificate: tuple[Path, Path] | None = None) -> None:
        super().__init__()
        self.page = page
        self.routes: dict[str, bytes] = {}
        self.seen: deque[Seen] = deque(maxlen=_REQUEST_HISTORY)
        self.connections = 0
        self.tls = _context(*certificate) if certificate else None
        self._socket: socket.socket | None = None
        self._port = 0
        self._open: set[_Connection] = set()
        self._accepting: set[asyncio.Task[None]] = set()

    def use_certificate(self, certificate: Path, key: Path) -> None:
        """Serve another certificate from the next connection on."""
        self.tls = _context(certificate, key)

    async def open(self, host: str, port: int = 0) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=512)
        self._socket.setblocking(False)
        self._port = int(self._socket.getsockname()[1])
        asyncio.get_running_loop().add_reader(self._socket, self._accept)

    async def close(self) -> None:
        if self._socket is None:
            return
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        self._socket = None
        for task in list(self._accepting):
            task.cancel()
        await asyncio.gather(*self._accepting, return_exceptions=True)
        for connection in list(self._open):
            connection.abort()
        await asyncio.sleep(0)  # lets the aborted transports say goodbye

    @property
    def port(self) -> int:
        return self._port

    def _accept(self) -> None:
        for _ in range(_ACCEPTS_PER_TURN):
            try:
                accepted, _peer = self._socket.accept()  # type: ignore[union-attr]  # the reader goes before the socket
            except OSError:  # nobody left in the queue, or gone already
                return
            self.connections += 1
            task = asyncio.get_running_loop().create_task(self._serve(accepted))
            self._accepting.add(task)
            task.add_done_callback(self._accepting.discard)

    async def _serve(self, accepted: socket.socket) -> None:
        """Hand one connection to its protocol; the present misbehaviour decides whether TLS is spoken at all."""
        tls = None if self.misbehaviour in _RAW_MISBEHAVIOURS else self.tls
        accepted.setblocking(False)
        try:
            await asyncio.get_running_loop().connect_accepted_socket(
                lambda: _Connection(self, self._open), accepted, ssl=tls
            )
        except OSError:  # the client did not like our certificate, or left in the handshake
            accepted.close()
        except asyncio.CancelledError:
            accepted.close()
            raise

    def answer(self, request: Seen) -> bytes:
        """The proper answer to one request."""
        url = urlsplit(request.path)
        if prepared := self.routes.get(url.path):
            return prepared
        name, _, rest = url.path.lstrip("/").partition("/")
        match name:
            case "" | "login":
                return response(200, self.page.encode(), {"Last-Modified": "Mon, 06 Jan 2025 07:00:00 GMT"})
            case "status" if rest.isdecimal() and 100 <= int(rest) <= 999:
                return response(int(rest), b"")
            case "redirect":
                to = parse_qs(url.query).get("to", ["/"])[0]
                return response(302, b"", {"Location": to})
            case "loop":
                return response(302, b"", {"Location": request.path})
            case "auth":
                return self._authorised(request)
            case "json":
                health = {"status": "ok", "queues": [{"name": "một cửa", "waiting": 3}]}
                return response(200, json.dumps(health).encode(), {"Content-Type": "application/json"})
            case "gzip":
                packed = gzip.compress(self.page.encode(), 1)
                return response(200, packed, {"Content-Encoding": "gzip"})
        return response(404, b"")

    def _authorised(self, request: Seen) -> bytes:
        basic = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        if request.headers.get("authorization") in (f"Basic {basic}", f"Bearer {TOKEN}"):
            return response(200, self.page.encode())
        return response(401, b"", {"WWW-Authenticate": 'Basic realm="lab"'})


def _context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


class _Connection(asyncio.Protocol):
    """One connection, one request; the misbehaviour at the time of the request decides what it gets."""

    def __init__(self, listener: HttpListener, registry: set[_Connection]) -> None:
        self._listener = listener
        self._registry = registry
        self._transport: asyncio.Transport | None = None
        self._received = bytearray()
        self._request_read = False
        self._timer: asyncio.TimerHandle | None = None
        self._pending: tuple[bytes, int] | None = None  # a chunk to repeat, and how many bytes of it are left

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport  # type: ignore[assignment]  # a stream transport by construction
        self._registry.add(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        misbehaviour = self._listener.misbehaviour
        if self._request_read or misbehaviour is Misbehaviour.SILENT:
            return
        if (
            misbehaviour in _RAW_MISBEHAVIOURS
        ):  # not before something was read: closing over unread bytes would be a reset
            self._request_read = True
            self._misbehave(misbehaviour, b"")
            return
        if len(self._received) > _MAX_REQUEST:
            self.abort()
            return
        if not 0x41 <= self._received[0] <= 0x5A:  # a method is capital letters; a TLS greeting begins with 0x16
            self._request_read = True
            self._send(response(400, b""))
            return
        request = _parse(bytes(self._received), self._peer())
        if request is not None:
            self._request_read = True
            self._listener.seen.append(request)
            self._reply(request)

    def _peer(self) -> str:
        name = self._transport.get_extra_info("peername") if self._transport else None
        return str(name[0]) if name else ""

    def _reply(self, request: Seen) -> None:
        answer = self._listener.answer(request)
        misbehaviour = self._listener.misbehaviour
        if misbehaviour is Misbehaviour.NONE:
            self._send(answer)
        elif misbehaviour is Misbehaviour.SLOW:
            self._later(self._listener.slow_seconds, self._send, answer)
        elif misbehaviour is Misbehaviour.ENDLESS:
            self._endless(request.path)
        else:
            self._misbehave(misbehaviour, answer)

    def _send(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)
            self._transport.close()

    def _misbehave(self, misbehaviour: Misbehaviour, answer: bytes) -> None:
        transport = self._transport
        if transport is None:
            return
        if misbehaviour is Misbehaviour.DRIP:
            self._drip(answer, 0)
        elif misbehaviour is Misbehaviour.STALL:
            transport.write(answer[: len(answer) // 2])
        elif misbehaviour is Misbehaviour.GARBAGE:
            self._send(_GARBAGE)
        elif misbehaviour is Misbehaviour.RESET:
            sock = transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            transport.abort()
        elif misbehaviour is Misbehaviour.CLOSE:
            transport.close()

    def _drip(self, answer: bytes, sent: int) -> None:
        if self._transport is None or sent >= len(answer):
            self.abort()
            return
        self._transport.write(answer[sent : sent + 1])
        self._later(1.0, self._drip, answer, sent + 1)

    def _endless(self, path: str) -> None:
        """Which end never comes depends on the path, see _ENDLESS; every other path is a body of 2^63 - 1 bytes."""
        start, chunk = _ENDLESS.get(path, _ENDLESS["/"])
        if self._transport is not None:
            self._transport.write(start)
            self._pending = (chunk, _ENDLESS_BYTES)
            self.resume_writing()

    def resume_writing(self) -> None:
        if self._pending is None or self._transport is None:
            return
        chunk, left = self._pending
        if left <= 0:
            self.abort()
            return
        self._pending = (chunk, left - len(chunk))
        self._transport.write(chunk)
        self._later(0, self.resume_writing) if not self._paused() else None

    def _paused(self) -> bool:
        return self._transport is not None and self._transport.get_write_buffer_size() > 64 * 1024

    def _later(self, seconds: float, callback: object, *args: object) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, callback, *args)  # type: ignore[arg-type]

    def connection_lost(self, _exc: Exception | None) -> None:
        self._registry.discard(self)
        self._transport = None
        if self._timer is not None:
            self._timer.cancel()

    def abort(self) -> None:
        """Abort the connection."""
        if self._transport is not None:
            self._transport.abort()


def _parse(data: bytes, peer: str) -> Seen | None:
    """One request with its Content-Length body, or None while it is not complete."""
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return None
    line, *fields = head.decode("latin-1").split("\r\n")
    headers = {name.strip().lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
    method, _, rest = line.partition(" ")
    length = headers.get("content-length", "0")
    if length.isdecimal() and len(body) < int(length):
        return None
    return Seen(method, rest.partition(" ")[0], headers, body, peer)


_PAGE = 'probe: http, status: [200], body_matches: "Đăng nhập"'
_TLS = "tls_config: {ca_file: $ca_file}, degraded: {first_byte: 500ms, certificate: 21d}"
SERVICES = (
    LabService(
        "http",
        80,
        8080,
        lambda _settings: HttpListener(),
        {"page": f"{{{_PAGE}, degraded: {{first_byte: 500ms}}}}"},
        has_url=True,
    ),
    LabService(
        "https",
        443,
        8443,
        lambda settings: HttpListener(certificate=settings.certificate()),
        {"web": f"{{{_PAGE}, {_TLS}}}"},
        has_url=True,
    ),
)
