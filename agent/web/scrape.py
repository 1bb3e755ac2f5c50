"""/metrics: few renders at a time, shared by all who ask meanwhile, and never on the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent.text import Text
from agent.web.accept import prefers_openmetrics, spoken, takes_gzip
from agent.web.api import refuse

CLASSIC = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"

_AT_ONCE = 16  # answers being sent; more are refused, so that slow readers cannot fill the memory
_SECONDS = 10.0  # for one answer: Prometheus waits no longer either
_CHUNK = 256 * 1024
_TOO_MANY = Text("đang có quá nhiều lần đọc số liệu cùng lúc", "too many scrapes at once")


class Scrape:
    """The endpoint. Scrapes that come while one of the same format is being rendered get that one's body.

    classic: it has the classic text format alone.
    """

    def __init__(self, render: Callable[[bool, bool], bytes], *, classic: bool = False) -> None:
        self._render = render
        self._classic = classic
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="metrics")
        self._running: dict[tuple[bool, bool], asyncio.Future[bytes]] = {}
        self._sending = 0

    async def answer(self, request: Request) -> Response:
        """Choose the format; the rendering comes with the sending."""
        if self._sending >= _AT_ONCE:
            return refuse(503, spoken(request.headers, _TOO_MANY), {"retry-after": "1"})
        openmetrics = not self._classic and prefers_openmetrics(request.headers.get("accept", ""))
        gzipped = takes_gzip(request.headers.get("accept-encoding", ""))
        headers = {"content-type": OPENMETRICS if openmetrics else CLASSIC, "vary": "Accept, Accept-Encoding"}
        if gzipped:
            headers["content-encoding"] = "gzip"
        return _ScrapeResponse(self, openmetrics, gzipped, headers)

    async def send(self, answer: _ScrapeResponse, openmetrics: bool, gzipped: bool, send: Send) -> None:
        """Render or wait for the render under way, then send in pieces as the reader takes them."""
        self._sending += 1
        try:
            with suppress(TimeoutError):  # the server closes the connection; nobody's slowness fills the log
                async with asyncio.timeout(_SECONDS):
                    await _send(answer, await self._body(openmetrics, gzipped), send)
        finally:
            self._sending -= 1

    async def _body(self, openmetrics: bool, gzipped: bool) -> bytes:
        key = (openmetrics, gzipped)
        running = self._running.get(key)
        if running is None:
            running = asyncio.get_running_loop().run_in_executor(self._thread, self._render, *key)
            self._running[key] = running
            running.add_done_callback(lambda _: self._running.pop(key, None))
        return await asyncio.shield(running)


class _ScrapeResponse(Response):
    """Renders when it is sent, so that the count of answers under way is exact."""

    def __init__(self, scrape: Scrape, openmetrics: bool, gzipped: bool, headers: dict[str, str]) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._scrape = scrape
        self._format = (openmetrics, gzipped)

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._scrape.send(self, *self._format, send)


async def _send(answer: _ScrapeResponse, body: bytes, send: Send) -> None:
    headers = [*answer.raw_headers, (b"content-length", str(len(body)).encode("ascii"))]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    for start in range(0, len(body), _CHUNK):
        piece = body[start : start + _CHUNK]
        await send({"type": "http.response.body", "body": piece, "more_body": start + _CHUNK < len(body)})
