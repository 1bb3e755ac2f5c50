"""HTTP requests of our own to other programs: deadlines, a bound on the answer, no redirect, no proxy.

libcurl does the work; it is loaded with the first request, for most commands make none. What goes wrong is raised as
the standard library's own exceptions, whose reasons `agent.explain.system_errors` gives in both languages: OSError
(TimeoutError, socket.gaierror and ssl.SSLError too) and http.client.HTTPException.
"""

from __future__ import annotations

import http.client
import os
import re
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

_SELECT_SECONDS = 1.0
_CERTIFICATE = "SSL certificate problem: "
_OTHER_NAME = re.compile("no alternative certificate subject name|certificate subject name .* does not match")
_TLS_REASON = re.compile(r"::([^:]+)$")


class TooLargeError(Exception):
    """The answer is larger than the caller takes."""


@dataclass(frozen=True, slots=True)
class HttpAddress:
    """Where a server is; path is what all its paths begin with, without a slash at the end."""

    scheme: str
    host: str
    port: int
    path: str = ""

    @property
    def url(self) -> str:
        """The address as a URL without a slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}{self.path}"


@dataclass(frozen=True, slots=True)
class HttpLimits:
    """body_bytes: received and not yet read; connect_seconds: until connected; total_seconds: for the whole request;
    idle_seconds: without a byte.
    """

    body_bytes: int
    connect_seconds: float
    total_seconds: float | None = None
    idle_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """What is asked; ca_file: PEM certificates that are trusted beside the system's."""

    url: str
    limits: HttpLimits
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    ca_file: Path | None = None


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """A whole answer; the names of its headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def parse_address(url: str) -> HttpAddress:
    """The server in an http or https URL; ValueError if it is none."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme not in ("http", "https") or not host or " " in host:
        raise ValueError(f"not an http or https URL: {url!a}")
    host = host.encode("idna").decode("ascii")  # ValueError for a name that no resolver takes
    usual = http.client.HTTPS_PORT if parts.scheme == "https" else http.client.HTTP_PORT
    return HttpAddress(parts.scheme, host, usual if port is None else port, quote(parts.path.rstrip("/"), safe="/%"))


def check_ca_file(file: Path) -> None:
    """OSError (ssl.SSLError too) or ValueError if no certificates can be read there."""
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)


def fetch(request: HttpRequest) -> HttpResponse:
    """The whole answer; OSError, HTTPException or TooLargeError."""
    with closing(HttpExchange(request)) as answer:
        answer.wait_for_headers()
        return HttpResponse(answer.status, answer.headers, answer.read())


class HttpExchange:
    """One request under way, to be closed; what waits may raise OSError, HTTPException or TooLargeError.

    The waiting is done in Python, not inside libcurl, so that Ctrl-C ends it at once.
    """

    def __init__(self, request: HttpRequest) -> None:
        import pycurl  # noqa: PLC0415 - 15 ms that most commands do not need

        self._pycurl: Any = pycurl
        self._limits = request.limits
        self._buffer = bytearray()
        self._started = self._done = self._too_large = False
        self.status = 0
        self.headers: dict[str, str] = {}
        self._curl = _curl(pycurl, request, self._header_line, self._piece)
        self._multi = pycurl.CurlMulti()
        self._multi.add_handle(self._curl)

    @property
    def connected(self) -> bool:
        """Whether somebody took the connection."""
        return bool(self._curl.getinfo(self._pycurl.CONNECT_TIME))

    def wait_for_headers(self) -> None:
        """Until the status and the headers are here."""
        while not (self._started or self._done):
            self._advance()

    def read(self) -> bytes:
        """The rest of the body."""
        while not self._done:
            self._advance()
        return self._taken(len(self._buffer))

    def read_line(self, at_most: int) -> bytes:
        """The next line of the body as soon as it is here, with its end; cut where it is longer; b"" after the last."""
        while (end := self._buffer.find(b"\n", 0, at_most)) < 0:
            if self._done or len(self._buffer) >= at_most:
                return self._taken(at_most)
            self._advance()
        return self._taken(end + 1)

    def close(self) -> None:
        """End it, whatever is still under way."""
        self._multi.remove_handle(self._curl)
        self._curl.close()
        self._multi.close()

    def _taken(self, count: int) -> bytes:
        data = bytes(self._buffer[:count])
        del self._buffer[:count]
        return data

    def _advance(self) -> None:
        _, active = self._multi.perform()
        if active:
            self._multi.select(_SELECT_SECONDS)
            return
        self._done = True
        _, _, failed = self._multi.info_read()
        if self._too_large:
            raise TooLargeError
        for _, code, text in failed:
            raise _error(self._pycurl, code, text, self._curl.getinfo(self._pycurl.OS_ERRNO))

    def _header_line(self, line: bytes) -> None:
        text = line.decode("latin-1").rstrip("\r\n")
        if text.startswith("HTTP/"):
            self.status, self.headers = int(text.split()[1]), {}
        elif ":" in text:
            name, _, value = text.partition(":")
            self.headers[name.strip().lower()] = value.strip()
        elif not text:
            self._started = self.status >= http.HTTPStatus.OK  # 1xx is not yet the answer

    def _piece(self, data: bytes) -> int:
        if len(self._buffer) + len(data) > self._limits.body_bytes:
            self._too_large = True
            return 0  # which libcurl takes as an order to stop
        self._buffer += data
        return len(data)


def _curl(
    pycurl: Any, request: HttpRequest, header_line: Callable[[bytes], None], piece: Callable[[bytes], int]
) -> Any:
    curl = pycurl.Curl()
    put, limits = curl.setopt, request.limits
    put(pycurl.URL, request.url)
    put(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    put(pycurl.FOLLOWLOCATION, 0)
    put(pycurl.PROXY, "")  # no look at the environment
    put(pycurl.NOSIGNAL, 1)
    put(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_1_1)
    put(pycurl.CONNECTTIMEOUT_MS, round(limits.connect_seconds * 1000))
    if limits.total_seconds is not None:
        put(pycurl.TIMEOUT_MS, max(1, round(limits.total_seconds * 1000)))
    if limits.idle_seconds is not None:
        put(pycurl.LOW_SPEED_LIMIT, 1)
        put(pycurl.LOW_SPEED_TIME, round(limits.idle_seconds))
    put(pycurl.CUSTOMREQUEST, request.method)
    headers = {"User-Agent": "sansang", "Expect": "", **request.headers}
    put(pycurl.HTTPHEADER, [f"{name}: {value}" for name, value in headers.items()])
    if request.body is not None:
        put(pycurl.POSTFIELDS, request.body)
    put(pycurl.HEADERFUNCTION, header_line)
    put(pycurl.WRITEFUNCTION, piece)
    if request.url.startswith("https:"):
        _trust(pycurl, put, request.ca_file)
    return curl


def _trust(pycurl: Any, put: Callable[[int, object], None], ca_file: Path | None) -> None:
    """The system's authorities, and those in the file."""
    system = ssl.get_default_verify_paths()
    files = [Path(name) for name in (system.cafile, ca_file) if name is not None]
    put(pycurl.CAINFO_BLOB, b"\n".join(file.read_bytes() for file in files))
    if system.capath is not None:
        put(pycurl.CAPATH, system.capath)


def _error(pycurl: Any, code: int, text: str, number: int) -> Exception:
    """What libcurl says, as the exception that Python's own client would have raised."""
    if code == pycurl.E_OPERATION_TIMEDOUT:
        return TimeoutError()
    if code == pycurl.E_COULDNT_RESOLVE_HOST:
        return socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    if code in (pycurl.E_PEER_FAILED_VERIFICATION, pycurl.E_SSL_CONNECT_ERROR, pycurl.E_SSL_CACERT_BADFILE):
        return _tls_error(text)
    if code == pycurl.E_GOT_NOTHING:
        return http.client.RemoteDisconnected(text)
    if code == pycurl.E_PARTIAL_FILE:
        return http.client.IncompleteRead(b"")
    if number:
        return OSError(number, os.strerror(number))
    return http.client.BadStatusLine(text)


def _tls_error(text: str) -> ssl.SSLError:
    """With the reason as OpenSSL gives it to Python."""
    if text.startswith(_CERTIFICATE) or _OTHER_NAME.search(text):
        refused = ssl.SSLCertVerificationError(1, text)
        reason = text.removeprefix(_CERTIFICATE)
        refused.verify_message = f"Hostname mismatch: {text}" if _OTHER_NAME.search(text) else reason
        return refused
    error, match = ssl.SSLError(1, text), _TLS_REASON.search(text)
    error.reason = match[1].strip().upper().replace(" ", "_") if match else text
    return error
