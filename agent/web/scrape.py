"""/metrics: few renders at a time, shared by all who ask meanwhile, and never on the event loop.

An answer is held packed, also for a reader who cannot unpack: for that one it is unpacked piece by piece.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from agent.inventory.entities import Inventory
from agent.text import Text
from agent.web.accept import prefers_openmetrics, spoken, takes_gzip
from agent.web.api import refuse
from agent.web.endpoints import MetricsRequest
from agent.web.request_body import BadRequestError

CLASSIC = "text/plain; version=0.0.4; charset=utf-8"
OPENMETRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8"

_AT_ONCE = 16  # answers being sent; more are refused, so that slow readers cannot fill the memory
_PIECE = 256 * 1024
_PIECE_SECONDS = 10.0  # for one piece: whoever goes on reading gets all of it
_GZIP = 16 + zlib.MAX_WBITS
_TOO_MANY = Text("đang có quá nhiều lần đọc số liệu cùng lúc", "too many scrapes at once")
_ONE_UNIT = Text("unit: hãy ghi một mã đơn vị, một lần", "unit: right would be the id of one unit, once")
_NO_UNIT = Text("unit={unit}: cấu hình không có đơn vị này", "unit={unit}: the configuration has no such unit")


class Scrape:
    """The endpoint. Scrapes that come while the same is being rendered get that one's body.

    units: where the answer may be of one unit alone, the inventory that has them; where not, the parameter counts for
    nothing, as any other. classic: it has the classic text format alone.
    """

    def __init__(
        self,
        render: Callable[[MetricsRequest], bytes],
        units: Callable[[], Inventory] | None = None,
        *,
        classic: bool = False,
    ) -> None:
        self._render = render
        self._units = units
        self._classic = classic
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="metrics")
        self._running: dict[MetricsRequest, asyncio.Future[bytes]] = {}
        self._sending = 0

    async def answer(self, request: Request) -> Response:
        """Choose the format; the rendering comes with the sending."""
        if self._sending >= _AT_ONCE:
            return refuse(503, spoken(request.headers, _TOO_MANY), {"retry-after": "1"})
        try:
            unit = self._unit(request.query_params)
        except BadRequestError as error:
            return refuse(400, spoken(request.headers, error))
        openmetrics = not self._classic and prefers_openmetrics(request.headers.get("accept", ""))
        gzipped = takes_gzip(request.headers.get("accept-encoding", ""))
        headers = {"content-type": OPENMETRICS if openmetrics else CLASSIC, "vary": "Accept, Accept-Encoding"}
        if gzipped:
            headers["content-encoding"] = "gzip"
        return _ScrapeResponse(self, MetricsRequest(openmetrics, unit), headers, gzipped=gzipped)

    async def send(self, answer: _ScrapeResponse, asked: MetricsRequest, send: Send) -> None:
        """Render or wait for the render under way, then send in pieces as the reader takes them."""
        self._sending += 1
        try:
            with suppress(TimeoutError):  # the server closes the connection; nobody's slowness fills the log
                await answer.send(await self._body(asked), send)
        finally:
            self._sending -= 1

    def _unit(self, query: QueryParams) -> str:
        given = query.getlist("unit")
        if self._units is None or not given:
            return ""
        if len(given) > 1 or not given[0]:
            raise BadRequestError(_ONE_UNIT)
        if all(unit.id != given[0] for unit in self._units().units):
            raise BadRequestError(_NO_UNIT.filled(unit=ascii(given[0])))
        return given[0]

    async def _body(self, asked: MetricsRequest) -> bytes:
        running = self._running.get(asked)
        if running is None:
            running = asyncio.get_running_loop().run_in_executor(self._thread, self._render, asked)
            self._running[asked] = running
            running.add_done_callback(lambda _: self._running.pop(asked, None))
        return await asyncio.shield(running)


class _ScrapeResponse(Response):
    """Renders when it is sent, so that the count of answers under way is exact."""

    def __init__(self, scrape: Scrape, asked: MetricsRequest, headers: dict[str, str], *, gzipped: bool) -> None:
        super().__init__(headers=headers)
        del self.headers["content-length"]
        self._scrape = scrape
        self._asked = asked
        self._gzipped = gzipped

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await self._scrape.send(self, self._asked, send)

    async def send(self, body: bytes, send: Send) -> None:
        """TimeoutError when a piece is not taken in time."""
        left = len(body) if self._gzipped else _unpacked_bytes(body)
        headers = [*self.raw_headers, (b"content-length", str(left).encode("ascii"))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for piece in _sliced(body) if self._gzipped else _unpacked(body):
            left -= len(piece)
            async with asyncio.timeout(_PIECE_SECONDS):
                await send({"type": "http.response.body", "body": piece, "more_body": left > 0})


def _sliced(body: bytes) -> Iterator[bytes]:
    return (body[start : start + _PIECE] for start in range(0, len(body), _PIECE))


def _unpacked(body: bytes) -> Iterator[bytes]:
    unpacker, rest = zlib.decompressobj(_GZIP), body
    while piece := unpacker.decompress(rest, _PIECE):
        rest = unpacker.unconsumed_tail
        yield piece


def _unpacked_bytes(body: bytes) -> int:
    """As the member itself ends with it (RFC 1952 2.3.1): right below 4 GiB."""
    return int.from_bytes(body[-4:], "little")
