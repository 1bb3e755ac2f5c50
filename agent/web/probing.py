"""GET /probe: one run for whoever schedules by himself, in the multi-target pattern of Prometheus exporters."""

from __future__ import annotations

import asyncio
import math
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from starlette.datastructures import QueryParams
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from agent.engine.adhoc.probe import ProbeNotAllowedError, ProbeRequest, ProbeRequestError
from agent.text import Text
from agent.web.accept import prefers_openmetrics, spoken
from agent.web.api import refuse
from agent.web.endpoints import Probed
from agent.web.guard import is_local
from agent.web.request_body import BadRequestError
from agent.web.scrape import CLASSIC, OPENMETRICS

AskedT = TypeVar("AskedT")
AnswerT = TypeVar("AnswerT")

PROBES_AT_ONCE = 100
SCRAPE_TIMEOUT = "x-prometheus-scrape-timeout-seconds"
_PARAMETERS = ("target", "module", "hostname", "debug")
_GET_ONLY = Text("chỉ dùng GET: đo là để lấy số liệu", "GET only: a probe is made for its metrics")
_TOO_MANY = Text("đang có quá nhiều lần đo cùng lúc", "too many probes at once")
_TWICE = Text("{name} được ghi nhiều lần", "{name} is given more than once")
_NO_TARGET = Text(
    "thiếu target; hãy ghi như /probe?target=TARGET&module=MODULE",
    "target is missing: /probe?target=TARGET&module=MODULE",
)
_NO_SECONDS = Text("{name} không phải là số giây", "{name} is not a number of seconds")


class OnDemand(ABC, Generic[AskedT, AnswerT]):
    """An endpoint that probes for its answer. A probe that fails is a 200; other codes speak of the request."""

    def __init__(self, run: Callable[[AskedT], Awaitable[AnswerT]]) -> None:
        self._run = run
        self._running = 0

    @abstractmethod
    def _asked(self, request: Request) -> AskedT:
        """What is asked for; BadRequestError."""

    @abstractmethod
    def _response(self, request: Request, answer: AnswerT) -> Response:
        """The answer as it is sent."""

    async def answer(self, request: Request) -> Response:
        if request.method != "GET":
            return refuse(405, spoken(request.headers, _GET_ONLY), {"allow": "GET"})
        try:
            asked = self._asked(request)
        except BadRequestError as error:
            return refuse(400, spoken(request.headers, error))
        if self._running >= PROBES_AT_ONCE:
            return refuse(503, spoken(request.headers, _TOO_MANY), {"retry-after": "1"})
        self._running += 1
        try:
            return self._response(request, await self._while_wanted(asked, request))
        except ProbeRequestError as error:
            return refuse(400, spoken(request.headers, error))
        except ProbeNotAllowedError as error:
            return refuse(403, spoken(request.headers, error))
        finally:
            self._running -= 1

    async def _while_wanted(self, asked: AskedT, request: Request) -> AnswerT:
        """The run, ended early when the client goes away; raises ClientDisconnect then."""
        run, disconnect = asyncio.ensure_future(self._run(asked)), asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait((run, disconnect), return_when=asyncio.FIRST_COMPLETED)
            if not run.done():
                raise ClientDisconnect
            return run.result()
        finally:
            disconnect.cancel()
            if run.cancel():  # still going: nobody waits for it any more, but its end is waited for
                await asyncio.gather(run, return_exceptions=True)


class Probing(OnDemand[ProbeRequest, Probed]):
    """``/probe``: with blackbox_exporter's metric names."""

    def _asked(self, request: Request) -> ProbeRequest:
        return parse_probe_request(
            request.query_params, request.headers.get(SCRAPE_TIMEOUT, ""), near=is_local(request.scope)
        )

    def _response(self, request: Request, answer: Probed) -> Response:
        if request.query_params.get("debug") == "true":
            return PlainTextResponse(answer.page())
        openmetrics = prefers_openmetrics(request.headers.get("accept", ""))
        headers = {"content-type": OPENMETRICS if openmetrics else CLASSIC, "vary": "Accept"}
        return Response(answer.metrics(openmetrics), headers=headers)


async def _gone(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def parse_probe_request(query: QueryParams, patience: str, *, near: bool = True) -> ProbeRequest:
    """The wish in a query; BadRequestError says what is wrong with it."""
    for name in _PARAMETERS:
        if len(query.getlist(name)) > 1:
            raise BadRequestError(_TWICE.filled(name=name))
    if not query.get("target"):
        raise BadRequestError(_NO_TARGET)
    module, hostname = query.get("module", ""), query.get("hostname", "")
    return ProbeRequest(query["target"], module, hostname, scrape_seconds(patience), near)


def scrape_seconds(text: str) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not math.isfinite(seconds) or seconds < 0:
        raise BadRequestError(_NO_SECONDS.filled(name=SCRAPE_TIMEOUT))
    return seconds
