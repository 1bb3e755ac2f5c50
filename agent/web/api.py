"""/api/v1: what is known of the targets, and a check of some of them now."""

from __future__ import annotations

from asyncio import sleep
from collections.abc import AsyncGenerator, Callable, Mapping

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from agent.engine.snapshot import PathView, SiteOutageView, TargetView
from agent.model import Selection
from agent.text import Text
from agent.web.accept import spoken
from agent.web.documents import Json, encode, of_outage, of_path, of_row, of_view
from agent.web.endpoints import Check
from agent.web.request_body import BadRequestError, parse_selection

_SLICE = 100  # targets written before others get their turn: 2 ms
_CHECKS_AT_ONCE = 4

_TOO_MANY = Text("đang có quá nhiều lần kiểm tra cùng lúc; hãy thử lại sau giây lát", "too many checks at once")
_NOT_AS_JSON = Text("hãy gửi application/json", "send application/json")
_TOO_LONG = Text("nhiều nhất {most} byte", "at most {most} bytes")


class Targets:
    """GET /api/v1/targets: every target with its state and last run, written in slices."""

    def __init__(self, targets: Callable[[], tuple[TargetView, ...]]) -> None:
        self._targets = targets

    async def answer(self, _request: Request) -> Response:
        return StreamingResponse(_array(self._targets()), media_type="application/json")


class Paths:
    """GET /api/v1/paths: every path with its anchors."""

    def __init__(self, paths: Callable[[], tuple[PathView, ...]]) -> None:
        self._paths = paths

    async def answer(self, _request: Request) -> Response:
        document: Json = {"paths": [of_path(view) for view in self._paths()]}
        return Response(encode(document) + b"\n", media_type="application/json")


class Outages:
    """GET /api/v1/outages: the last time that each site was down as a whole, and why."""

    def __init__(self, outages: Callable[[], tuple[SiteOutageView, ...]]) -> None:
        self._outages = outages

    async def answer(self, _request: Request) -> Response:
        document: Json = {"outages": [of_outage(view) for view in self._outages()]}
        return Response(encode(document) + b"\n", media_type="application/json")


class Checks:
    """POST /api/v1/check: probes the selection now; the first line says how many rows will follow, one a line."""

    def __init__(self, check: Callable[[Selection], Check], body_bytes: int) -> None:
        self._check = check
        self._body_bytes = body_bytes
        self._running = 0

    async def answer(self, request: Request) -> Response:
        body = await json_body(request, self._body_bytes)
        if isinstance(body, Response):
            return body
        try:
            selection = parse_selection(body)
        except BadRequestError as error:
            return refuse(400, spoken(request.headers, error))
        if self._running >= _CHECKS_AT_ONCE:
            return refuse(429, spoken(request.headers, _TOO_MANY))
        return StreamingResponse(self._lines(selection), media_type="application/x-ndjson")

    async def _lines(self, selection: Selection) -> AsyncGenerator[bytes, None]:
        self._running += 1
        try:
            check = self._check(selection)
            yield encode(_header(check)) + b"\n"
            try:
                async for row in check.rows:
                    yield encode(of_row(row)) + b"\n"
            finally:
                if isinstance(check.rows, AsyncGenerator):  # the reader may be gone before the last row
                    await check.rows.aclose()
        finally:
            self._running -= 1


def _header(check: Check) -> Json:
    return {
        "count": check.count,
        "timezone": check.timezone,
        "clock_synchronised": check.clock_synchronised,
        "outages": [of_outage(view) for view in check.outages],
    }


async def _array(views: tuple[TargetView, ...]) -> AsyncGenerator[bytes, None]:
    yield b'{"targets":['
    for start in range(0, len(views), _SLICE):
        rows = b",".join(encode(of_view(view)) for view in views[start : start + _SLICE])
        yield b"," + rows if start else rows
        await sleep(0)
    yield b"]}\n"


async def json_body(request: Request, at_most: int) -> bytes | Response:
    """The body of a request that a page of another origin cannot send unasked; else the answer that refuses it."""
    kinds = {field.partition(";")[0].strip().lower() for field in request.headers.getlist("content-type")}
    if kinds != {"application/json"}:
        return refuse(415, spoken(request.headers, _NOT_AS_JSON))
    body = await _read(request, at_most)
    return refuse(413, spoken(request.headers, _TOO_LONG.filled(most=at_most))) if body is None else body


async def _read(request: Request, at_most: int) -> bytes | None:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > at_most:
            return None
    return bytes(body)


def refuse(status: int, text: str, headers: Mapping[str, str] | None = None) -> PlainTextResponse:
    """One line that says why not."""
    return PlainTextResponse(f"{status} {text}\n", status, headers)
