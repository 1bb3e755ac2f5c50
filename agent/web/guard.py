"""The one guard in front of every route: who may ask for what, what every answer carries, and what a bug looks like."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import StrEnum
from http import HTTPStatus
from urllib.parse import parse_qsl, unquote

import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.characters import refused, refused_in_line
from agent.text import Text
from agent.web.accept import spoken
from agent.web.authority import host_of, is_loopback
from agent.web.limits import ServerLimits

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = [
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode("ascii")),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-store"),
]
_OURS = frozenset(name for name, _ in _HEADERS)
_OTHER_HOST = (
    HTTPStatus.MISDIRECTED_REQUEST,
    Text(
        "hãy mở bằng địa chỉ IP hoặc localhost, kèm cổng nếu có; không mở bằng tên khác",
        "Host is an address or localhost, with an optional port",
    ),
)
_TWO_LENGTHS = (
    HTTPStatus.BAD_REQUEST,
    Text(
        "một nội dung mà có hai độ dài: Transfer-Encoding phải đứng một mình, trong HTTP/1.1",
        "two lengths of one body: Transfer-Encoding stands alone, in HTTP/1.1",
    ),
)
_VIETNAMESE = {
    HTTPStatus.BAD_REQUEST: "yêu cầu không đúng",
    HTTPStatus.FORBIDDEN: "chỉ dùng được từ chính máy giám sát, và không từ một trang khác",
    HTTPStatus.NOT_FOUND: "không có trang này; trang chính ở /",
    HTTPStatus.METHOD_NOT_ALLOWED: "địa chỉ này không dùng theo cách đó (GET hay POST: xem tiêu đề Allow)",
    HTTPStatus.REQUEST_URI_TOO_LONG: "địa chỉ quá dài",
    HTTPStatus.INTERNAL_SERVER_ERROR: "chương trình lỗi; hãy xem journalctl -u sansang và báo lỗi này",
    HTTPStatus.HTTP_VERSION_NOT_SUPPORTED: "chỉ nhận HTTP/1.0 và HTTP/1.1",
}
"""Of a status that has no sentence of its own; in English it has the phrase of RFC 9110."""
_NOT_TEXT = Text(
    "{name}: ký tự {found}; hãy ghi chữ nhìn thấy được, trên một dòng",
    "{name}: character {found}; right would be visible text on one line",
)
_PARAMETERS = 100
_HALF_PAIR = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")  # of surrogates; also where both halves stand there
_PROXY_FIELDS = frozenset(("forwarded", "via", "x-real-ip", "true-client-ip", "x-client-ip", "x-cluster-client-ip"))
_PROXY_PREFIXES = ("x-forwarded", "x-original-", "cf-", "x-envoy-", "x-proxy", "cdn-loop", "fastly-")
_log = structlog.get_logger("web")


Refusal = tuple[HTTPStatus, Text | None]
"""The status, and a sentence where the status alone does not say what is wrong."""


class Access(StrEnum):
    """Who may use a route."""

    ANYONE = "anyone"
    ADDRESSED = "addressed"  # Host is an address or localhost: a page on another name cannot read it (DNS rebinding)
    SCRAPER = "scraper"  # ADDRESSED, and not from a page of another origin: a browser cannot be made to probe
    LOCAL = "local"  # from this machine, to a loopback address or localhost, and not from a page of another origin


class Guard:
    """Refuses before the route sees the request. A path that is not in ``access`` does not exist."""

    def __init__(
        self, app: ASGIApp, access: dict[str, Access], limits: ServerLimits, crashed: Callable[[], None]
    ) -> None:
        self._app = app
        self._access = access
        self._limits = limits
        self._crashed = crashed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [
                    header for header in message.get("headers", ()) if header[0] not in _OURS
                ] + _HEADERS
            await send(message)

        scope, authority = _in_origin_form(scope)
        refusal = self._refusal(scope, authority)
        if refusal is not None:
            await say(scope, *refusal)(scope, receive, sending)
            return
        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            return  # nobody is left to tell
        except Exception:
            _log.exception("web_error", path=scope["path"])
            self._crashed()
            if started:
                raise  # half an answer is out: the server closes the connection
            await say(scope, HTTPStatus.INTERNAL_SERVER_ERROR)(scope, receive, sending)

    def _refusal(self, scope: Scope, authority: str | None) -> Refusal | None:
        if scope["http_version"] not in ("1.0", "1.1"):
            return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, None
        if len(scope["raw_path"]) + len(scope["query_string"]) > self._limits.url_bytes:
            return HTTPStatus.REQUEST_URI_TOO_LONG, None
        access = self._access.get(scope["path"])
        headers = Headers(scope=scope)
        if "transfer-encoding" in headers and (scope["http_version"] == "1.0" or "content-length" in headers):
            return _TWO_LENGTHS
        if access is None:
            return HTTPStatus.NOT_FOUND, None
        hosts = [host_of(value) for value in headers.getlist("host")]
        if authority is not None and host_of(authority) is None:
            return _OTHER_HOST
        if access is not Access.ANYONE and (not hosts or None in hosts):
            return _OTHER_HOST
        if wrong := _wrong_text(scope):
            return HTTPStatus.BAD_REQUEST, wrong
        if access in (Access.SCRAPER, Access.LOCAL) and _is_of_another_page(scope, headers):
            return HTTPStatus.FORBIDDEN, None
        if access is Access.LOCAL and not (is_local(scope) and all(is_loopback(host) for host in hosts if host)):
            return HTTPStatus.FORBIDDEN, None
        return None


def _in_origin_form(scope: Scope) -> tuple[Scope, str | None]:
    """A request whose target is a whole URL (RFC 9112 3.2.2) as if it were not, and the authority that it names."""
    scheme, sign, rest = scope["raw_path"].partition(b"://")
    if scope["raw_path"].startswith(b"/") or not sign:
        return scope, None
    authority, slash, path = rest.partition(b"/")
    raw_path = slash + path or b"/"
    named = authority.decode("ascii") if scheme.lower() == scope["scheme"].encode("ascii") else ""
    return {**scope, "raw_path": raw_path, "path": unquote(raw_path.decode("ascii"))}, named


def _wrong_text(scope: Scope) -> Text | None:
    """The first parameter or header that holds what no text may, in words; None if none does."""
    try:
        query = parse_qsl(
            scope["query_string"].decode("ascii"), True, errors="surrogatepass", max_num_fields=_PARAMETERS
        )
    except UnicodeDecodeError:
        return Text("phần sau dấu ? không phải là UTF-8", "the query is not UTF-8")
    except ValueError:
        return Text(f"hơn {_PARAMETERS} tham số", f"more than {_PARAMETERS} parameters")
    for name, value in query:
        if character := refused_in_line(name) or refused_in_line(value):
            return _NOT_TEXT.filled(name=ascii(name), found=character)
    for field, content in scope["headers"]:
        if character := _refused_in_field(content):
            return _NOT_TEXT.filled(name=field.decode("ascii"), found=character)
    return None


def _refused_in_field(content: bytes) -> str:
    half = _HALF_PAIR.search(content)
    return refused(content.decode("utf-8", "replace") if half is None else half[0].decode("utf-8", "surrogatepass"))


def is_local(scope: Scope) -> bool:
    """Whether the peer is on this machine. Nothing that a request says of itself (X-Forwarded-For) counts."""
    client = scope.get("client")
    return client is not None and is_loopback(client[0])


def is_direct(scope: Scope) -> bool:
    """Whether the reader sits at this machine, as far as that can be told: local, asked as local, and no proxy between.

    A proxy on this machine is a local peer for everybody who comes through it. It gives itself away by the fields that
    proxies add, by the name or address that was asked, or by HTTP/1.0, in which nginx speaks unless told otherwise.
    """
    headers = Headers(scope=scope)
    if scope["http_version"] == "1.0" or any(_is_of_a_proxy(name) for name in headers):
        return False
    hosts = [host_of(value) for value in headers.getlist("host")]
    return is_local(scope) and all(host is not None and is_loopback(host) for host in hosts)


def _is_of_a_proxy(name: str) -> bool:
    return name in _PROXY_FIELDS or name.startswith(_PROXY_PREFIXES)


def _is_of_another_page(scope: Scope, headers: Headers) -> bool:
    if any(site not in ("none", "same-origin") for site in _each(headers, "sec-fetch-site")):
        return True
    own = [f"{scope['scheme']}://{host}" for host in headers.getlist("host")]
    return any(origin not in own for origin in _each(headers, "origin"))


def _each(headers: Headers, name: str) -> Iterator[str]:
    """The values of all fields of that name, also where somebody on the way has joined them by commas."""
    for value in headers.getlist(name):
        yield from (part.strip() for part in value.split(","))


def say(scope: Scope, status: HTTPStatus, why: Text | None = None) -> PlainTextResponse:
    """The status and what it means here, in Vietnamese for a client that asks for it, else in English."""
    words = why or Text(_VIETNAMESE.get(status, status.phrase), status.phrase)
    sentence = spoken(Headers(scope=scope), words)
    closing = {"connection": "close"} if why is _TWO_LENGTHS[1] else None  # RFC 9112 6.1
    return PlainTextResponse(f"{status.value} {sentence}\n", status.value, closing)
