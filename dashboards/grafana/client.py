"""One question to a Grafana, one answer: a deadline for the whole of it, a bound, and no way for the token to stray."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from agent.explain.system_errors import system_said
from agent.text import Text
from dashboards.grafana.errors import GrafanaError, GrafanaErrorKind, sanitize

MOST_BYTES = 16 * 1024 * 1024  # the largest of our boards has 0.3 MB
_CHUNK = 64 * 1024
_FILE = Text("{file}: {why}", "{file}: {why}")


@dataclass(frozen=True, slots=True)
class Address:
    """Where Grafana is; path is what all its paths begin with, without a slash at the end."""

    secure: bool
    host: str
    port: int
    path: str


def address(url: str, option: str = "--push") -> Address:
    """The address in that option; GrafanaError when it is none, or has a password in it, which it does not repeat."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise GrafanaError(GrafanaErrorKind.ADDRESS, option) from error
    strange = parts.query or parts.fragment or "@" in parts.netloc or not url.isprintable() or " " in url
    if parts.scheme not in ("http", "https") or not host or strange:
        raise GrafanaError(GrafanaErrorKind.ADDRESS, option)
    secure = parts.scheme == "https"
    return Address(secure, host, port or (443 if secure else 80), quote(parts.path.rstrip("/"), safe="/%"))


def certificates(where: Address, file: Path | None) -> ssl.SSLContext | None:
    """Whose word counts: the system's authorities, and those in the file; None where nothing is encrypted."""
    if not where.secure:
        return None
    try:
        made = ssl.create_default_context()
        if file is not None:
            made.load_verify_locations(cafile=file)
    except (OSError, ValueError) as error:
        raise GrafanaError(GrafanaErrorKind.CERTIFICATES, _FILE.filled(file=file, why=system_said(error))) from error
    return made


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, and the JSON that came with it: None when it was none."""

    status: int
    body: Any

    @property
    def message(self) -> str:
        """What Grafana says about it."""
        return sanitize(self.body.get("message", "")) if isinstance(self.body, dict) else ""


@dataclass(frozen=True, slots=True)
class Line:
    """How questions get there: who asks, how long one may take, and whose certificates count."""

    address: Address
    authorization: str = field(repr=False)
    seconds: float
    tls: ssl.SSLContext | None

    def asked(self, method: str, path: str, body: Mapping[str, Any] | None = None, *, signed: bool = True) -> Answer:
        """The answer to one question; GrafanaError where none comes, for a redirect, for a token that is not taken."""
        headers = {"Accept": "application/json", "User-Agent": "sansang", "Connection": "close"}
        headers |= {"Authorization": self.authorization} if signed else {}
        headers |= {} if body is None else {"Content-Type": "application/json"}
        sent = None if body is None else json.dumps(body, separators=(",", ":")).encode()
        with self._connected() as connection:
            connection.request(method, self.address.path + quote(path, safe="/?&="), sent, headers)
            response = connection.getresponse()
            if HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
                raise GrafanaError(GrafanaErrorKind.REDIRECT, response.getheader("location", ""))
            if response.status == HTTPStatus.UNAUTHORIZED:
                raise GrafanaError(GrafanaErrorKind.CREDENTIAL_WRONG)
            return Answer(response.status, _parsed(_read(response)))

    @contextmanager
    def _connected(self) -> Iterator[http.client.HTTPConnection]:
        """A connection that is cut when its time is up, whatever it is waiting for."""
        expired = threading.Event()
        try:
            with (
                socket.create_connection((self.address.host, self.address.port), self.seconds) as sock,
                _cut_after(self.seconds, sock, expired),
                self._wrapped(sock) as line,
            ):
                kind = http.client.HTTPSConnection if self.tls else http.client.HTTPConnection
                connection = kind(self.address.host, self.address.port)
                connection.sock = line
                yield connection
                if expired.is_set():
                    raise TimeoutError
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            raise _told(error, expired=expired.is_set()) from error

    def _wrapped(self, sock: socket.socket) -> socket.socket:
        return sock if self.tls is None else self.tls.wrap_socket(sock, server_hostname=self.address.host)


@contextmanager
def _cut_after(seconds: float, sock: socket.socket, expired: threading.Event) -> Iterator[None]:
    """A socket's own time-out counts from byte to byte: a server that drips would never meet it."""
    line = sock.dup()  # TLS takes the socket over; this end of it stays ours

    def cut() -> None:
        expired.set()
        with suppress(OSError):  # the other side was first
            line.shutdown(socket.SHUT_RDWR)

    alarm = threading.Timer(seconds, cut)
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        alarm.join()
        line.close()


def _told(error: Exception, *, expired: bool) -> GrafanaError:
    if expired or isinstance(error, TimeoutError):
        return GrafanaError(GrafanaErrorKind.TIMEOUT)
    if isinstance(error, ssl.SSLError):
        return GrafanaError(GrafanaErrorKind.TLS, system_said(error))
    broken_off = isinstance(error, http.client.IncompleteRead)
    if isinstance(error, http.client.HTTPException) and not isinstance(error, OSError) and not broken_off:
        return GrafanaError(GrafanaErrorKind.NOT_GRAFANA)
    return GrafanaError(GrafanaErrorKind.UNREACHABLE, system_said(error))


def _read(response: http.client.HTTPResponse) -> bytes:
    whole = bytearray()
    while chunk := response.read(_CHUNK):
        whole += chunk
        if len(whole) > MOST_BYTES:
            raise GrafanaError(GrafanaErrorKind.TOO_MUCH)
    if response.length:
        raise http.client.IncompleteRead(bytes(whole), response.length)
    return bytes(whole)


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
