"""Where a request goes, and where an answer may send it: URLs read strictly, credentials bound to one origin."""

from __future__ import annotations

import base64
import ipaddress
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from urllib.parse import quote, quote_from_bytes, unquote, urljoin, urlsplit, urlunsplit

from agent.probes.address import AddressError, Host, read_endpoint, read_host, to_ascii
from agent.probes.http.options import HttpOptions, ProxyOptions
from agent.probes.options import Secret
from agent.probes.tls.options import with_server_name
from agent.text import Text

REDIRECTS = (301, 302, 303, 307, 308)  # RFC 9110 section 15.4
_KEEP_METHOD = (307, 308)
_PORTS = {"http": 80, "https": 443}
_BARE_SIX = re.compile(r"[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%[^/]*)?")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_HOST_AHEAD = re.compile(rb"\A(https?:)?//+", re.IGNORECASE)
_CREDENTIALS = ("authorization", "cookie", "cookie2", "proxy-authorization", "host")
_MAX_URL = 16 * 1024  # a login sends its whole question along
_BLANKS = bytes(range(0x21))
_VISIBLE = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) != "\\")
_MARKS = "/?#@:[]%\\"  # what ends a host, or means something in it


_URLS = Text("http://MÁY/ hoặc https://MÁY/", "http://HOST/ or https://HOST/")


class BadUrlError(AddressError):
    """Not a URL that may be asked; ``wrong`` and ``right`` are for the person who wrote it."""

    def __init__(self, wrong: Text, right: Text | str = _URLS) -> None:
        super().__init__(wrong, right)


@dataclass(frozen=True, slots=True)
class Url:
    """An http(s) URL in normal form: lower-case ASCII host without brackets, explicit port, no fragment.

    zone says over which interface a link-local host is meant; no server gets to see it.
    """

    scheme: str
    host: str
    port: int
    path: str
    zone: str = ""

    @property
    def lookup_name(self) -> str:
        """The name that the resolver looks up."""
        return f"{self.host}%{self.zone}" if self.zone else self.host

    @property
    def origin(self) -> tuple[str, str, int]:
        """RFC 6454: what credentials are bound to."""
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        """Host and port as the Host header has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        return f"{self.scheme}://{self.authority}{self.path}"


@lru_cache(maxsize=4096)
def parse(text: str) -> Url:
    """Read a URL; without a scheme it is http. Raises BadUrlError for anything a prober must not ask."""
    text = _with_scheme(text)
    if len(text) > _MAX_URL or _UNSAFE.search(text):
        raise BadUrlError(
            Text(
                "không phải URL: có dấu cách, ký tự lạ, quá dài",
                "not a URL: spaces, control characters, backslashes or too long",
            )
        )
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise BadUrlError(Text("không phải URL: {why}", "not a URL: {why}").filled(why=error)) from error
    if parts.scheme not in _PORTS:
        raise BadUrlError(Text("không phải http hay https", "neither http nor https"))
    if "@" in parts.netloc:
        raise BadUrlError(
            Text("trong URL có tên người dùng", "a user name stands in the URL"),
            Text("dùng basic_auth trong mô-đun", "basic_auth in the module"),
        )
    try:
        at = read_endpoint(parts.netloc.replace("%25", "%", 1))  # RFC 6874: a URI escapes the % before a zone
    except AddressError as error:
        raise BadUrlError(error.wrong, error.right) from error
    if at.host.version == 6 and not parts.netloc.startswith("["):
        raise BadUrlError(Text("IPv6 thiếu dấu ngoặc vuông", "IPv6 without brackets"), "http://[2001:db8::1]/")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~") + (f"?{_query(parts.query)}" if parts.query else "")
    return Url(parts.scheme, at.host.name, at.port or _PORTS[parts.scheme], path, at.host.zone)


def _with_scheme(text: str) -> str:
    """A host alone means http, a bare IPv6 address too."""
    if "://" in text:
        return text
    host = text.partition("/")[0]
    return f"http://[{host}]{text[len(host) :]}" if _BARE_SIX.fullmatch(host) else f"http://{text}"


def _query(query: str) -> str:
    return quote(query, safe="/%:@!$&'()*+,;=~?")


def host_of(address: str) -> Host:
    """The host of a URL. Raises BadUrlError."""
    return read_host(parse(address).lookup_name)


def location_of(base: Url, location: bytes) -> Url:
    """Where a Location header points, relative ones resolved (RFC 3986 section 5). Raises BadUrlError.

    What is not tidy is read as browsers read it (WHATWG URL, "basic URL parser"): blanks around it and tabs in it do
    not count, a backslash before the query is a slash, what no URL may hold is escaped, an empty port is none, and a
    host follows on two slashes or more.
    """
    path, mark, query = location.strip(_BLANKS).translate(None, b"\t\r\n").partition(b"?")
    path = _HOST_AHEAD.sub(rb"\1//", path.replace(b"\\", b"/"))
    tidy = quote_from_bytes(path + mark + query, safe=_VISIBLE)
    try:
        joined = urlsplit(urljoin(str(base), tidy))
        netloc = unquote(joined.netloc, errors="strict")
        if any(netloc.count(mark) > joined.netloc.count(mark) for mark in _MARKS):
            raise BadUrlError(Text("không phải tên máy", "not a host name"))
        url = parse(urlunsplit(joined._replace(netloc=netloc.removesuffix(":"))))
    except ValueError as error:
        raise error if isinstance(error, BadUrlError) else BadUrlError(Text(str(error), str(error))) from error
    if url.zone:  # means something on the machine that says so alone
        raise BadUrlError(Text("địa chỉ có vùng (sau dấu %)", "an address with a zone"))
    return replace(url, zone=base.zone) if base.zone and _is_link_local(url.host) else url


def _is_link_local(host: str) -> bool:
    return ":" in host and ipaddress.IPv6Address(host).is_link_local


def _in_ascii(name: str) -> str:
    try:
        return to_ascii(name)
    except AddressError:
        return name


@dataclass(frozen=True, slots=True)
class HopRequest:
    """What is sent to one URL: method, header lines, body. trusted while no redirect has left the first origin."""

    url: Url
    method: str
    headers: tuple[tuple[str, str | Secret], ...]
    body: bytes
    trusted: bool = True

    def lines(self) -> list[bytes]:
        """The header lines for the wire, secrets revealed."""
        return [f"{name}: {revealed(value)}".encode() for name, value in self.headers]


def revealed(value: str | Secret) -> str:
    return value.reveal() if isinstance(value, Secret) else value


def first_request(url: Url, options: HttpOptions, user_agent: str) -> HopRequest:
    """The request that a module describes, with its credentials."""
    named = {name.lower() for name, _ in options.headers}
    headers = list(options.headers)
    if "user-agent" not in named:
        headers.append(("User-Agent", user_agent))
    if options.basic_auth is not None:
        pair = f"{options.basic_auth.user}:{options.basic_auth.password.reveal()}".encode()
        headers.append(("Authorization", Secret(f"Basic {base64.b64encode(pair).decode()}", "basic_auth")))
    if options.bearer is not None:
        headers.append(("Authorization", Secret(f"Bearer {options.bearer.reveal()}", "bearer")))
    if options.authorization is not None:
        words = f"{options.authorization.type} {options.authorization.credentials.reveal()}"
        headers.append(("Authorization", Secret(words, "authorization")))
    if options.tls_config.server_name is not None and "host" not in named:
        headers.append(("Host", url.authority))
    return HopRequest(url, options.method, tuple(headers), options.body)


def with_hostname(options: HttpOptions, hostname: str) -> HttpOptions | None:
    """The options with this Host header and TLS server name; None where they have another Host header of their own.

    Raises AddressError for what is no host name.
    """
    host = read_host(hostname)
    hosts = [value for name, value in options.headers if name.lower() == "host"]
    if hosts and hosts not in ([hostname], [host.in_uri]):
        return None
    headers = options.headers if hosts else (*options.headers, ("Host", host.in_uri))
    return replace(options, headers=headers, tls_config=with_server_name(options.tls_config, host))


def redirected_request(previous: HopRequest, status: int, location: bytes) -> HopRequest:
    """The request after a redirect. Raises BadUrlError where it may not go.

    301, 302 and 303 become GET without a body (HEAD stays HEAD); 307 and 308 repeat the request, but a body never
    goes to another origin. Once an origin is left, every secret, credential and Host header is gone for good.
    """
    url = location_of(previous.url, location)
    method, body = previous.method, previous.body
    if status not in _KEEP_METHOD:
        method, body = ("HEAD" if method == "HEAD" else "GET"), b""
    if url.origin == previous.url.origin:
        return replace(previous, url=url, method=method, body=body)
    if body:
        raise BadUrlError(
            Text("sẽ đưa nội dung yêu cầu sang máy chủ khác", "would carry the request's body to another origin")
        )
    harmless = tuple(
        (name, value)
        for name, value in previous.headers
        if name.lower() not in _CREDENTIALS and not isinstance(value, Secret)
    )
    return HopRequest(url, method, harmless, body, trusted=False)


def goes_through(proxy: ProxyOptions, url: Url) -> bool:
    """Whether a URL is asked through the proxy: no entry of no_proxy covers it."""
    return not any(_covers(entry.strip().lower(), url) for entry in proxy.no_proxy)


def _covers(entry: str, url: Url) -> bool:
    name, colon, port = entry.rpartition(":")
    if colon and port.isdecimal() and ("]" in name or ":" not in name):
        if int(port) != url.port:
            return False
        entry = name
    entry = entry.strip("[]")
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(url.host) in ipaddress.ip_network(entry, strict=False)
    except ValueError:
        domain, host = _in_ascii(entry.removeprefix("*").strip(".")), url.host.rstrip(".")
        return bool(domain) and (host == domain or host.endswith(f".{domain}"))
