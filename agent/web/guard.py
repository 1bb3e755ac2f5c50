"""The one guard in front of every route: who may ask for what, what every answer carries, and what a bug looks like."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from enum import StrEnum
from http import HTTPStatus

import structlog
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent.web.limits import Limits

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
_LOCAL_NAMES = frozenset(("localhost", "ip6-localhost"))
_log = structlog.get_logger("web")


class Access(StrEnum):
    """Who may use a route."""

    ANYONE = "anyone"
    ADDRESSED = "addressed"  # Host is an address or localhost: a page on another name cannot read it (DNS rebinding)
    SCRAPER = "scraper"  # ADDRESSED, and not from a page of another origin: a browser cannot be made to probe
    LOCAL = "local"  # from this machine, to a loopback address or localhost, and not from a page of another origin


class Guard:
    """Refuses before the route sees the request. A path that is not in ``access`` does not exist."""

    def __init__(self, app: ASGIApp, access: dict[str, Access], limits: Limits, crashed: Callable[[], None]) -> None:
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
                message["headers"] = [each for each in message.get("headers", ()) if each[0] not in _OURS] + _HEADERS
            await send(message)

        status = self._refusal(scope)
        if status is not None:
            await _say(status)(scope, receive, sending)
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
            await _say(HTTPStatus.INTERNAL_SERVER_ERROR)(scope, receive, sending)

    def _refusal(self, scope: Scope) -> HTTPStatus | None:
        if scope["http_version"] not in ("1.0", "1.1"):
            return HTTPStatus.HTTP_VERSION_NOT_SUPPORTED
        if len(scope["raw_path"]) + len(scope["query_string"]) > self._limits.url_bytes:
            return HTTPStatus.REQUEST_URI_TOO_LONG
        access = self._access.get(scope["path"])
        if access is None:
            return HTTPStatus.NOT_FOUND
        headers = Headers(scope=scope)
        host = _host(headers.get("host", ""))
        if access in (Access.ADDRESSED, Access.SCRAPER) and not _is_addressed(host):
            return HTTPStatus.MISDIRECTED_REQUEST
        if access is Access.SCRAPER and _is_of_another_page(scope, headers):
            return HTTPStatus.FORBIDDEN
        if access is Access.LOCAL and not _is_local(scope, headers, host):
            return HTTPStatus.FORBIDDEN
        return None


def _is_local(scope: Scope, headers: Headers, host: str) -> bool:
    client = scope.get("client")
    if client is None or not _is_loopback(client[0]) or not (host in _LOCAL_NAMES or _is_loopback(host)):
        return False
    return not _is_of_another_page(scope, headers)


def _is_of_another_page(scope: Scope, headers: Headers) -> bool:
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        return True
    return headers.get("origin") not in (None, f"{scope['scheme']}://{headers['host']}")


def _is_addressed(host: str) -> bool:
    if host in _LOCAL_NAMES:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        return parsed.ipv4_mapped.is_loopback
    return parsed.is_loopback


def _host(value: str) -> str:
    """The Host header without its port: ``[::1]:80`` and ``127.0.0.1:80``."""
    if value.startswith("["):
        return value[1:].partition("]")[0]
    return value.partition(":")[0].lower()


def _say(status: HTTPStatus) -> PlainTextResponse:
    return PlainTextResponse(f"{status.value} {status.phrase}\n", status.value)
