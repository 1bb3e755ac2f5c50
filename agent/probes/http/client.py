"""HTTP exchanges by libcurl, thousands side by side.

One exchange is one request on a new connection to one address that the caller has chosen
and checked; nothing here resolves names, follows redirects, reads the environment or keeps cookies.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from dataclasses import dataclass, replace

import pycurl

from agent.clock import Clock
from agent.probes.address import read_host
from agent.probes.datagram import socket_address
from agent.probes.dial import dial
from agent.probes.http.minor_version import SAFE, BodilessRequest, has_unknown_minor, request_again
from agent.probes.http.multi import OPERATION_TIMEDOUT, CleartextHandles, MultiHandle, socket_errno
from agent.probes.http.options import Compression, Http2
from agent.probes.http.relay import Relay
from agent.probes.http.response import TURN_SECONDS, CurlResponse, DecodeBudget
from agent.probes.tls.options import TlsOptions, TlsVersion, ciphers_of, default_ca_file

_GRACE_SECONDS = 0.2  # the loop keeps the deadline; libcurl's own, this much later, stands behind it
_CA_CACHE_TIMEOUT, _CA_CACHE_SECONDS = 321, 3600  # an option that pycurl passes on without having a name for it
_MAX_IDLE_HANDLES = 200
_PIECE = 4 * 1024  # bytes of one read, eleven at most at one event; a chunk of one byte is six, and costs a call

_GROUPS = "X25519:secp256r1:X448:secp384r1:secp521r1:ffdhe2048:ffdhe3072"
"""Of key exchange: OpenSSL's own without ML-KEM, whose key costs 60 us whether or not the server takes it."""

_VERSION_OPTION = {
    Http2.AUTO: pycurl.CURL_HTTP_VERSION_2TLS,
    Http2.ON: pycurl.CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE,
    Http2.OFF: pycurl.CURL_HTTP_VERSION_1_1,
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
    Compression.ANY: "deflate, gzip, br",  # all that content.py can decode
}


@dataclass(frozen=True, slots=True)
class ProxyRoute:
    """A proxy by numeric address, with what only it gets to see."""

    url: str
    port: int
    login: tuple[str, str] | None
    connect_headers: list[bytes]


class CookieJar:
    """The cookies of one run, from hop to hop: RFC 6265 as libcurl does it, public suffixes included."""

    def __init__(self) -> None:
        self.share = pycurl.CurlShare()
        self.share.setopt(pycurl.SH_SHARE, pycurl.LOCK_DATA_COOKIE)


@dataclass(frozen=True, slots=True)
class PreparedRequest:
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
    cookies: CookieJar | None = None


class HttpClient:
    """All exchanges of the agent. Opened inside the event loop; one libcurl multi handle per CA file.

    libcurl keeps one parsed CA store per multi handle: with a handle per file it is read once, not at each handshake.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock, self._turn, self._decoding = clock, DecodeBudget(clock), asyncio.Lock()
        self._multi_handles: dict[str, MultiHandle] = {}
        self._clear = CleartextHandles(clock)
        self._idle: list[pycurl.Curl] = []

    async def exchange(self, request: PreparedRequest, seconds: float) -> CurlResponse:
        """Send one request and take the answer, within so many seconds. Cancelling it closes its connection.

        Raises OSError when this machine has no CA bundle.
        """
        ca_file = self._ca_file(request.tls)
        ends = self._clock.monotonic() + seconds
        decoded = request.compression is not Compression.NONE
        answer = CurlResponse(request.body_limit, request.keep_body, self._turn if decoded else None)
        if request.tls is None:
            await self._transfer(request, answer, ca_file, seconds)
        elif relay := await self._connect(request, answer, seconds):
            try:
                await self._transfer(request, answer, ca_file, seconds - answer.dialled, relay)
            finally:
                relay.close()
            if relay.again:
                return await self.exchange(replace(request, http2=Http2.OFF), ends - self._clock.monotonic())
        if has_unknown_minor(answer) and request.method in SAFE and request.proxy is None and not request.body:
            answer = await self._read_again(request, answer, ends)
        if answer.came_whole:
            await self._decode_rest(answer, ends)
        return answer

    async def _connect(self, request: PreparedRequest, answer: CurlResponse, seconds: float) -> Relay | None:
        """The connection to speak TLS on; None, and in the answer why there is none."""
        began = self._clock.monotonic()
        port = request.proxy.port if request.proxy is not None else request.port
        try:
            async with asyncio.timeout(seconds):
                sock, _ = await dial(request.address, port, request.source, self._clock)
            answer.fd, answer.dialled = sock.fileno(), self._clock.monotonic() - began
            return _relay(sock, answer)
        except OSError as error:
            answer.total = self._clock.monotonic() - began
            if isinstance(error, TimeoutError) and error.errno is None:
                answer.code = OPERATION_TIMEDOUT
            else:
                answer.code, answer.errno = pycurl.E_COULDNT_CONNECT, error.errno or 0
                answer.message = error.strerror or type(error).__name__
            return None

    async def _transfer(
        self, request: PreparedRequest, answer: CurlResponse, ca_file: str, seconds: float, relay: Relay | None = None
    ) -> None:
        handle = self._idle.pop() if self._idle else pycurl.Curl()
        _prepare(handle, request, answer, ca_file, seconds)
        if relay is None:
            code, message = await self._clear.perform(handle, seconds, answer.look)
        else:
            code, message = await self._multi_handle(ca_file).perform(handle, seconds, answer.look, relay)
        answer.finish(handle, code, message)
        if code and relay is not None and relay.lost is not None:
            answer.errno = relay.lost.errno or 0
        if code == pycurl.E_COULDNT_CONNECT and answer.fd < 0:
            answer.errno = socket_errno(request.address) or errno.EMFILE  # perhaps freed since
        if request.tls is not None:
            answer.take_chain(handle)
        if request.cookies is not None:
            handle.unsetopt(pycurl.SHARE)  # reset() leaves it
        handle.reset()
        if len(self._idle) < _MAX_IDLE_HANDLES:
            self._idle.append(handle)

    async def _read_again(self, request: PreparedRequest, first: CurlResponse, ends: float) -> CurlResponse:
        encoding = _ENCODING.get(request.compression)
        lines = request.headers + ([f"Accept-Encoding: {encoding}".encode()] if encoding else [])
        bodiless = BodilessRequest(
            request.url, request.address, request.port, request.source, request.tls, request.method, lines
        )
        again = CurlResponse(request.body_limit, request.keep_body, first.turn)
        return await request_again(bodiless, first, again, ends - self._clock.monotonic(), self._clock)

    async def _decode_rest(self, answer: CurlResponse, ends: float) -> None:
        """What was too much for the turns of the loop in which it came: one body after another, a turn each."""
        began = self._clock.monotonic()
        while answer.encoded:
            async with self._decoding:
                await asyncio.sleep(0)
                answer.decode(self._clock.monotonic() + TURN_SECONDS)
            if self._clock.monotonic() > ends:
                answer.code = OPERATION_TIMEDOUT
                break
        else:
            answer.end_content()
        answer.total += self._clock.monotonic() - began

    @staticmethod
    def _ca_file(tls: TlsOptions | None) -> str:
        if tls is None or not tls.verify:
            return ""
        return tls.ca_file or default_ca_file()

    def _multi_handle(self, ca_file: str) -> MultiHandle:
        if ca_file not in self._multi_handles:
            self._multi_handles[ca_file] = MultiHandle()
        return self._multi_handles[ca_file]

    def close(self) -> None:
        """Close every connection; exchanges under way are cancelled."""
        for multi_handle in self._multi_handles.values():
            multi_handle.close()
        self._clear.close()
        for handle in self._idle:
            handle.close()
        self._multi_handles.clear()
        self._idle.clear()


def _relay(sock: socket.socket, answer: CurlResponse) -> Relay:
    try:
        return Relay(sock, answer)
    except OSError:
        sock.close()
        raise


def _prepare(handle: pycurl.Curl, request: PreparedRequest, answer: CurlResponse, ca_file: str, seconds: float) -> None:
    """Set every option of one exchange on a handle fresh from reset."""
    put = handle.setopt
    put(pycurl.URL, request.url)
    put(pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS)
    put(pycurl.NOSIGNAL, 1)
    put(pycurl.FRESH_CONNECT, 1)
    put(pycurl.FORBID_REUSE, 1)
    put(pycurl.PATH_AS_IS, 1)
    put(pycurl.DNS_CACHE_TIMEOUT, 0)  # each address comes from us; libcurl would look through all that it kept
    put(pycurl.HTTP_TRANSFER_DECODING, 0)  # it is lenient; see chunks.py
    put(pycurl.TIMEOUT_MS, int((seconds + _GRACE_SECONDS) * 1000))
    put(pycurl.HTTP_VERSION, _VERSION_OPTION[request.http2])
    _prepare_headers(handle, request)
    if request.tls is None:
        put(pycurl.SOCKOPTFUNCTION, answer.on_socket)
        put(pycurl.BUFFERSIZE, _PIECE)
    put(pycurl.HEADERFUNCTION, answer.on_header)
    put(pycurl.WRITEFUNCTION, answer.on_body)
    if request.method == "HEAD":
        put(pycurl.NOBODY, 1)
    elif request.method != "GET" or request.body:
        put(pycurl.CUSTOMREQUEST, request.method)
    if request.body:
        put(pycurl.POSTFIELDS, request.body)
    if request.compression is not Compression.NONE:
        put(pycurl.ACCEPT_ENCODING, _ENCODING[request.compression])
        put(pycurl.HTTP_CONTENT_DECODING, 0)  # it has no bounds; see content.py
    if request.source is not None and request.tls is None:  # else the connection is ours
        put(pycurl.INTERFACE, f"host!{request.source}")
    _prepare_route(handle, request)
    if request.tls is not None:
        _prepare_tls(handle, request.tls, ca_file, answer)


def _prepare_headers(handle: pycurl.Curl, request: PreparedRequest) -> None:
    """The module's own Cookie header goes beside those of the run, not in their place."""
    own = [line for line in request.headers if line[:7].lower() == b"cookie:"]
    lines = [line for line in request.headers if line not in own]
    handle.setopt(pycurl.HTTPHEADER, lines + _unwanted(request) if request.body else lines)
    if own:
        handle.setopt(pycurl.COOKIE, b"; ".join(line[7:].strip() for line in own))
    if request.cookies is not None:
        handle.setopt(pycurl.COOKIEFILE, "")
        handle.setopt(pycurl.SHARE, request.cookies.share)


def _unwanted(request: PreparedRequest) -> list[bytes]:
    """Headers that libcurl would add to a body on its own, taken away."""
    typed = any(line[:13].lower() == b"content-type:" for line in request.headers)
    return [b"Expect:"] if typed else [b"Expect:", b"Content-Type:"]


def _prepare_route(handle: pycurl.Curl, request: PreparedRequest) -> None:
    """Straight to the checked address, whatever the URL's host says (CONNECT_TO), or through the proxy."""
    put = handle.setopt
    put(pycurl.NOPROXY, "")  # no look at the environment
    if request.proxy is None:
        put(pycurl.PROXY, "")
        host = read_host(request.address)
        put(pycurl.CONNECT_TO, [f"::{host.in_uri}:{request.port}"])
        if host.zone:
            put(pycurl.ADDRESS_SCOPE, socket_address(request.address, request.port)[1][-1])
        return
    put(pycurl.PROXY, request.proxy.url)
    put(pycurl.HEADEROPT, pycurl.HEADER_SEPARATE)  # the target's headers are not the proxy's
    put(pycurl.PROXYHEADER, request.proxy.connect_headers)
    if request.proxy.login is not None:
        put(pycurl.PROXYUSERNAME, request.proxy.login[0])
        put(pycurl.PROXYPASSWORD, request.proxy.login[1])


def _prepare_tls(handle: pycurl.Curl, tls: TlsOptions, ca_file: str, answer: CurlResponse) -> None:
    put = handle.setopt
    put(pycurl.DEBUGFUNCTION, answer.on_debug)  # of what is told while the relay wants it
    put(pycurl.SSLVERSION, _MIN_TLS[tls.min_version] | _MAX_TLS[tls.max_version])
    put(pycurl.SSL_CIPHER_LIST, ciphers_of(tls))
    put(pycurl.SSL_EC_CURVES, _GROUPS)
    put(pycurl.SSL_SESSIONID_CACHE, 0)  # a resumed session shows no certificate
    put(pycurl.OPT_CERTINFO, 1)
    put(pycurl.PREREQFUNCTION, answer.on_request)
    if tls.verify:
        put(pycurl.CAINFO, ca_file)
        put(_CA_CACHE_TIMEOUT, _CA_CACHE_SECONDS)
    else:
        put(pycurl.SSL_VERIFYPEER, 0)
        put(pycurl.SSL_VERIFYHOST, 0)
    if tls.cert_file and tls.key_file:
        put(pycurl.SSLCERT, tls.cert_file)
        put(pycurl.SSLKEY, tls.key_file)
