"""HTTP exchanges by libcurl, thousands side by side.

One exchange is one request on a new connection to one address that the caller has chosen
and checked; nothing here resolves names, follows redirects, reads the environment or keeps cookies.
"""

from __future__ import annotations

import asyncio
import errno
import re
from dataclasses import dataclass

import pycurl

from agent.clock import Clock
from agent.probes.http_multi import OPERATION_TIMEDOUT, Wheel, socket_errno, tcp_facts
from agent.probes.http_options import Compression, Http2
from agent.probes.tls import TlsOptions, TlsVersion, default_ca_file

MAX_HEADER_BYTES = 64 * 1024
_MAX_HEADER_LINES = 1000
_FREE_PIECES, _BYTES_PER_PIECE = 1000, 64  # a body in chunks of a byte or two costs a call each: not without end
_FREE_BYTES, _BYTES_PER_BYTE = 1024 * 1024, 4  # what libcurl throws away itself (chunk extensions ...) is bounded too
RECV_ERROR = 56  # CURLcode, curl/curl.h
_GRACE_SECONDS = 0.2  # the loop keeps the deadline; libcurl's own, this much later, stands behind it
_CA_CACHE_TIMEOUT, _CA_CACHE_SECONDS = 321, 3600  # an option that pycurl passes on without having a name for it
_MAX_IDLE_HANDLES = 200
_SESSION_LINE = re.compile(rb"SSL connection using ([\w.]+) / ([\w-]+)")
_STATUS_LINE = re.compile(rb"HTTP/[1-9](\.[0-9])? [0-9]{3}( [^\r\n]*)?\r?\n")  # RFC 9112 section 4; libcurl takes more
_END_OF_STREAM = "unexpected eof"  # in OpenSSL's words: closed without close_notify
_CERTIFICATE_REQUEST = b"Request CERT (13)"
_COMMON_NAME = b"common name: "  # libcurl says so before it takes a name for the host's that no alternative name is

_VERSION_OPTION = {
    Http2.AUTO: pycurl.CURL_HTTP_VERSION_2TLS,
    Http2.ON: pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
    Http2.OFF: pycurl.CURL_HTTP_VERSION_1_1,
}
_VERSION_SEEN = {
    pycurl.CURL_HTTP_VERSION_1_0: 1.0,
    pycurl.CURL_HTTP_VERSION_1_1: 1.1,
    pycurl.CURL_HTTP_VERSION_2_0: 2.0,
    30: 3.0,  # CURL_HTTP_VERSION_3
}
_MIN_TLS = {
    TlsVersion.TLS10: pycurl.SSLVERSION_TLSv1_0,
    TlsVersion.TLS11: pycurl.SSLVERSION_TLSv1_1,
    TlsVersion.TLS12: pycurl.SSLVERSION_TLSv1_2,
    TlsVersion.TLS13: pycurl.SSLVERSION_TLSv1_3,
}
_MAX_TLS = {
    TlsVersion.TLS10: pycurl.SSLVERSION_MAX_TLSv1_0,
    TlsVersion.TLS11: pycurl.SSLVERSION_MAX_TLSv1_1,
    TlsVersion.TLS12: pycurl.SSLVERSION_MAX_TLSv1_2,
    TlsVersion.TLS13: pycurl.SSLVERSION_MAX_TLSv1_3,
}
_ENCODING = {
    Compression.IDENTITY: "identity",
    Compression.GZIP: "gzip",
    Compression.DEFLATE: "deflate",
    Compression.BR: "br",
    Compression.ANY: "",  # all that libcurl can decode
}


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """A proxy by numeric address, with what only it gets to see."""

    url: str
    login: tuple[str, str] | None
    connect_headers: list[bytes]


class Cookies:
    """The cookies of one run, from hop to hop: RFC 6265 as libcurl does it, public suffixes included."""

    def __init__(self) -> None:
        self.share = pycurl.CurlShare()
        self.share.setopt(pycurl.SH_SHARE, pycurl.LOCK_DATA_COOKIE)


@dataclass(frozen=True, slots=True)
class Exchange:
    """One request, ready: address is numeric and already checked; the URL's host is the TLS server name."""

    url: str
    address: str
    port: int
    method: str
    headers: list[bytes]
    body: bytes
    body_limit: int
    keep_body: bool
    compression: Compression
    http2: Http2
    tls: TlsOptions | None  # None for http
    source: str | None
    proxy: ProxyRoute | None
    cookies: Cookies | None = None


class Answer:
    """What came back. ``code`` is libcurl's result, 0 for a whole answer; times are seconds since the start."""

    __slots__ = (
        "body",
        "body_bytes",
        "certificate_wanted",
        "chain",
        "code",
        "common_name",
        "connected",
        "content_length",
        "errno",
        "fd",
        "first_byte",
        "handshake",
        "head_done",
        "header_bytes",
        "headers",
        "keep_body",
        "limit",
        "malformed",
        "message",
        "over",
        "overflow",
        "pieces",
        "received",
        "secured",
        "session",
        "status",
        "total",
        "verify",
        "version",
        "waited",
    )

    def __init__(self, limit: int, keep_body: bool) -> None:
        self.limit, self.keep_body = limit, keep_body
        self.headers: list[bytes] = []
        self.header_bytes = 0
        self.body = bytearray()
        self.body_bytes = 0
        self.pieces = _FREE_PIECES + limit // _BYTES_PER_PIECE
        self.overflow = ""  # what was too large
        self.waited, self.handshake, self.received = 0.0, 0.0, 0  # as last looked at, see look
        self.fd = -1
        self.session: tuple[str, str] | None = None
        self.over = False
        self.malformed = False  # its status line
        self.head_done = False  # the blank line that ends the newest head has come
        self.certificate_wanted = False  # by the server, of us
        self.common_name = False  # the certificate names the host nowhere but there
        self.code, self.message, self.errno, self.verify = 0, "", 0, 0
        self.status, self.version, self.content_length = 0, 0.0, -1
        self.connected = self.secured = self.first_byte = self.total = 0.0
        self.chain: list[bytes] = []

    def on_header(self, line: bytes) -> int:
        """One header line (status lines, interim answers and trailers too); -1 stops the transfer."""
        self.header_bytes += len(line)
        if self.header_bytes > MAX_HEADER_BYTES or len(self.headers) > _MAX_HEADER_LINES:
            self.overflow = "headers"
            return -1
        if line[:5] == b"HTTP/" or self.header_bytes == len(line):
            self.malformed = not _STATUS_LINE.fullmatch(line)
            self.head_done = False
            self.headers.clear()
        elif line in (b"\r\n", b"\n"):
            self.head_done = True
        else:
            self.headers.append(line)
        return -1 if self.malformed else len(line)

    def on_socket(self, fd: int, _purpose: int) -> int:
        """The socket of this exchange, before it connects."""
        self.fd = fd
        return 0  # CURL_SOCKOPT_OK

    def on_body(self, data: bytes) -> int:
        """A piece of the body, decompressed; -1 stops the transfer."""
        self.body_bytes += len(data)
        self.pieces -= 1
        if self.body_bytes > self.limit or self.pieces < 0:
            self.overflow = "body"
            return -1
        if self.keep_body:
            self.body += data
        return len(data)

    def on_debug(self, kind: int, text: bytes) -> None:
        """Libcurl says TLS version and cipher nowhere but here, nor by what it took the certificate for the host's."""
        if kind != pycurl.INFOTYPE_TEXT:
            return
        if found := _SESSION_LINE.match(text):
            self.session = (found[1].decode("ascii"), found[2].decode("ascii"))
        elif text.lstrip().startswith(_COMMON_NAME):
            self.common_name = True
        elif text.startswith(b"TLSv1.") and _CERTIFICATE_REQUEST in text:
            self.certificate_wanted = True

    def on_request(self, handle: pycurl.Curl) -> int:
        """The last moment before anything is sent: the common name does not count (RFC 9525)."""
        asyncio.get_running_loop().call_soon(self._stop_debugging, handle)  # it costs at each record; not allowed here
        return int(pycurl.PREREQFUNC_ABORT if self.common_name else pycurl.PREREQFUNC_OK)

    def _stop_debugging(self, handle: pycurl.Curl) -> None:
        if not self.over:  # else the handle is somebody else's
            handle.setopt(pycurl.VERBOSE, 0)

    def look(self, gone: float) -> bool:
        """See what came off the wire so far, which libcurl does not tell; whether it is far too much."""
        self.waited = gone
        self.handshake, self.received = tcp_facts(self.fd)
        if self.received > _FREE_BYTES + _BYTES_PER_BYTE * self.limit:
            self.overflow = "transfer"
        return bool(self.overflow)

    def finish(self, handle: pycurl.Curl, code: int, message: str) -> None:
        """Take over what libcurl knows about a transfer that is over."""
        info = handle.getinfo
        self.code, self.message = code, message
        self.status = info(pycurl.RESPONSE_CODE)
        self.version = _VERSION_SEEN.get(info(pycurl.INFO_HTTP_VERSION), 0.0)
        # libcurl dates the connection only once TLS is done; until then the round trip must do
        self.connected, self.secured = info(pycurl.CONNECT_TIME) or self.handshake, info(pycurl.APPCONNECT_TIME)
        self.first_byte, self.total = (
            info(pycurl.STARTTRANSFER_TIME),
            info(pycurl.TOTAL_TIME) if code != OPERATION_TIMEDOUT else self.waited,
        )
        self.content_length = info(pycurl.CONTENT_LENGTH_DOWNLOAD_T)
        if code:
            self.errno, self.verify = info(pycurl.OS_ERRNO), info(pycurl.SSL_VERIFYRESULT)

    def take_chain(self, handle: pycurl.Curl) -> None:
        """The certificates as presented, leaf first, as PEM; libcurl has them also when it refused the chain."""
        for certificate in handle.getinfo_raw(pycurl.INFO_CERTINFO):
            self.chain += [value for name, value in certificate if name == b"Cert"]

    @property
    def without_close_notify(self) -> bool:
        """Whether the body ended with the connection, and the connection without a word in TLS: old servers do that.

        RFC 9112 section 9.8 calls such a body incomplete; browsers and blackbox_exporter take it, and so do we.
        """
        framed = self.header(b"content-length") or self.header(b"transfer-encoding") or self.version >= 2
        return self.code == RECV_ERROR and _END_OF_STREAM in self.message and self.head_done and not framed

    def header(self, name: bytes) -> list[bytes]:
        """The values of one header (lower-case name), in order."""
        start = len(name) + 1
        return [line[start:].strip() for line in self.headers if line[:start].lower() == name + b":"]


class Transfer:
    """All exchanges of the agent. Opened inside the event loop; one libcurl multi handle per CA file.

    libcurl keeps one parsed CA store per multi handle: with a handle per file it is read once, not at each handshake.
    """

    def __init__(self, _clock: Clock) -> None:
        self._wheels: dict[str, Wheel] = {}
        self._idle: list[pycurl.Curl] = []

    async def exchange(self, wanted: Exchange, seconds: float) -> Answer:
        """Send one request and take the answer, within so many seconds. Cancelling it closes its connection.

        Raises OSError when this machine has no CA bundle.
        """
        ca_file = self._ca_file(wanted.tls)
        answer = Answer(wanted.body_limit, wanted.keep_body)
        handle = self._idle.pop() if self._idle else pycurl.Curl()
        _prepare(handle, wanted, answer, ca_file, seconds)
        try:
            code, message = await self._wheel(ca_file).turn(handle, seconds, answer.look)
        finally:
            answer.over = True
        answer.finish(handle, code, message)
        if code == pycurl.E_COULDNT_CONNECT and answer.fd < 0:
            answer.errno = socket_errno(wanted.address) or errno.EMFILE  # perhaps freed since
        if wanted.tls is not None:
            answer.take_chain(handle)
        if wanted.cookies is not None:
            handle.unsetopt(pycurl.SHARE)  # reset() leaves it
        handle.reset()
        if len(self._idle) < _MAX_IDLE_HANDLES:
            self._idle.append(handle)
        return answer

    @staticmethod
    def _ca_file(tls: TlsOptions | None) -> str:
        if tls is None or not tls.verify:
            return ""
        return tls.ca_file or default_ca_file()

    def _wheel(self, ca_file: str) -> Wheel:
        if ca_file not in self._wheels:
            self._wheels[ca_file] = Wheel()
        return self._wheels[ca_file]

    def close(self) -> None:
        """Close every connection; exchanges under way are cancelled."""
        for wheel in self._wheels.values():
            wheel.close()
        for handle in self._idle:
            handle.close()
        self._wheels.clear()
        self._idle.clear()


def _prepare(handle: pycurl.Curl, wanted: Exchange, answer: Answer, ca_file: str, seconds: float) -> None:
    """Set every option of one exchange on a handle fresh from reset."""
    put = handle.setopt
    put(pycurl.URL, wanted.url)
    put(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    put(pycurl.NOSIGNAL, 1)
    put(pycurl.FRESH_CONNECT, 1)
    put(pycurl.FORBID_REUSE, 1)
    put(pycurl.PATH_AS_IS, 1)
    put(pycurl.TIMEOUT_MS, int((seconds + _GRACE_SECONDS) * 1000))
    put(pycurl.HTTP_VERSION, _VERSION_OPTION[wanted.http2])
    _prepare_headers(handle, wanted)
    put(pycurl.SOCKOPTFUNCTION, answer.on_socket)
    put(pycurl.HEADERFUNCTION, answer.on_header)
    put(pycurl.WRITEFUNCTION, answer.on_body)
    if wanted.method == "HEAD":
        put(pycurl.NOBODY, 1)
    elif wanted.method != "GET" or wanted.body:
        put(pycurl.CUSTOMREQUEST, wanted.method)
    if wanted.body:
        put(pycurl.POSTFIELDS, wanted.body)
    if wanted.compression is not Compression.NONE:
        put(pycurl.ACCEPT_ENCODING, _ENCODING[wanted.compression])
    if wanted.source is not None:
        put(pycurl.INTERFACE, f"host!{wanted.source}")
    _prepare_route(handle, wanted)
    if wanted.tls is not None:
        _prepare_tls(handle, wanted.tls, ca_file, answer)


def _prepare_headers(handle: pycurl.Curl, wanted: Exchange) -> None:
    """The module's own Cookie header goes beside those of the run, not in their place."""
    own = [line for line in wanted.headers if line[:7].lower() == b"cookie:"]
    lines = [line for line in wanted.headers if line not in own]
    handle.setopt(pycurl.HTTPHEADER, lines + _unwanted(wanted) if wanted.body else lines)
    if own:
        handle.setopt(pycurl.COOKIE, b"; ".join(line[7:].strip() for line in own))
    if wanted.cookies is not None:
        handle.setopt(pycurl.COOKIEFILE, "")
        handle.setopt(pycurl.SHARE, wanted.cookies.share)


def _unwanted(wanted: Exchange) -> list[bytes]:
    """Headers that libcurl would add to a body on its own, taken away."""
    typed = any(line[:13].lower() == b"content-type:" for line in wanted.headers)
    return [b"Expect:"] if typed else [b"Expect:", b"Content-Type:"]


def _prepare_route(handle: pycurl.Curl, wanted: Exchange) -> None:
    """Straight to the checked address, whatever the URL's host says (CONNECT_TO), or through the proxy."""
    put = handle.setopt
    put(pycurl.NOPROXY, "")  # no look at the environment
    if wanted.proxy is None:
        put(pycurl.PROXY, "")
        address = f"[{wanted.address}]" if ":" in wanted.address else wanted.address
        put(pycurl.CONNECT_TO, [f"::{address}:{wanted.port}"])
        return
    put(pycurl.PROXY, wanted.proxy.url)
    put(pycurl.HEADEROPT, pycurl.HEADER_SEPARATE)  # the target's headers are not the proxy's
    put(pycurl.PROXYHEADER, wanted.proxy.connect_headers)
    if wanted.proxy.login is not None:
        put(pycurl.PROXYUSERNAME, wanted.proxy.login[0])
        put(pycurl.PROXYPASSWORD, wanted.proxy.login[1])


def _prepare_tls(handle: pycurl.Curl, tls: TlsOptions, ca_file: str, answer: Answer) -> None:
    put = handle.setopt
    put(pycurl.VERBOSE, 1)
    put(pycurl.DEBUGFUNCTION, answer.on_debug)
    put(pycurl.SSLVERSION, _MIN_TLS[tls.min_version] | _MAX_TLS[tls.max_version])
    if tls.min_version in (TlsVersion.TLS10, TlsVersion.TLS11):
        put(pycurl.SSL_CIPHER_LIST, "DEFAULT:@SECLEVEL=0")  # OpenSSL 3 speaks them at no higher level
    put(pycurl.SSL_SESSIONID_CACHE, 0)  # a resumed session shows no certificate
    put(pycurl.OPT_CERTINFO, 1)
    if tls.verify:
        put(pycurl.PREREQFUNCTION, lambda *_addresses: answer.on_request(handle))
        put(pycurl.CAINFO, ca_file)
        put(_CA_CACHE_TIMEOUT, _CA_CACHE_SECONDS)
    else:
        put(pycurl.SSL_VERIFYPEER, 0)
        put(pycurl.SSL_VERIFYHOST, 0)
    if tls.cert_file and tls.key_file:
        put(pycurl.SSLCERT, tls.cert_file)
        put(pycurl.SSLKEY, tls.key_file)
