"""The routes. What they show and do comes in as Endpoints; who may use them is said here, beside the path."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from importlib import resources

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from agent.web.api import Checks, Outages, Paths, Targets
from agent.web.discovery import Discovery
from agent.web.endpoints import Endpoints, Health
from agent.web.guard import Access, Guard, say
from agent.web.landing import Landing
from agent.web.ledger_report import ReportTurn
from agent.web.ledger_writes import WriteEndpoints
from agent.web.limits import ServerLimits
from agent.web.probing import Probing
from agent.web.scores import Scores
from agent.web.scrape import Scrape
from agent.web.snmp_scraping import SnmpScraping
from agent.web.uptime import Uptime

Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class RouteEntry:
    """One route: its path, its method (GET brings HEAD, which /probe refuses), who may use it, what answers."""

    path: str
    method: str
    access: Access
    answer: Answer


def build(endpoints: Endpoints, limits: ServerLimits | None = None) -> Starlette:
    """The application. Paths and methods other than those of its routes are refused."""
    limits = limits or ServerLimits()
    entries = table(endpoints, limits)
    access = {entry.path: entry.access for entry in entries}
    app = Starlette(
        routes=[Route(entry.path, entry.answer, methods=[entry.method]) for entry in entries],
        exception_handlers={HTTPStatus.METHOD_NOT_ALLOWED: _other_method},
        middleware=[Middleware(Guard, access=access, limits=limits, crashed=endpoints.crashed)],
    )
    app.router.redirect_slashes = False
    return app


async def _other_method(request: Request, error: Exception) -> Response:
    answer = say(request.scope, HTTPStatus.METHOD_NOT_ALLOWED)
    answer.headers.update((isinstance(error, HTTPException) and error.headers) or {})
    return answer


def table(endpoints: Endpoints, limits: ServerLimits) -> tuple[RouteEntry, ...]:
    """Every route there is."""
    pages = _Pages(endpoints)
    orders = WriteEndpoints(endpoints, limits.body_bytes)
    turn = ReportTurn()
    return (
        RouteEntry("/", "GET", Access.ADDRESSED, Landing(endpoints.page).answer),
        RouteEntry("/static/style.css", "GET", Access.ANYONE, pages.style),
        RouteEntry("/metrics", "GET", Access.ANYONE, Scrape(endpoints.metrics, endpoints.inventory).answer),
        RouteEntry("/metrics/snmp", "GET", Access.ANYONE, Scrape(endpoints.snmp_metrics, classic=True).answer),
        RouteEntry("/probe", "GET", Access.SCRAPER, Probing(endpoints.probe).answer),
        RouteEntry("/snmp", "GET", Access.SCRAPER, SnmpScraping(endpoints.snmp).answer),
        RouteEntry("/sd", "GET", Access.ADDRESSED, Discovery(endpoints.inventory).answer),
        RouteEntry("/-/healthy", "GET", Access.ANYONE, pages.healthy),
        RouteEntry("/-/ready", "GET", Access.ANYONE, pages.ready),
        RouteEntry("/-/reload", "POST", Access.LOCAL, pages.reload),
        RouteEntry("/api/v1/targets", "GET", Access.ADDRESSED, Targets(endpoints.targets).answer),
        RouteEntry("/api/v1/paths", "GET", Access.ADDRESSED, Paths(endpoints.paths).answer),
        RouteEntry("/api/v1/outages", "GET", Access.ADDRESSED, Outages(endpoints.outages).answer),
        RouteEntry("/api/v1/uptime", "GET", Access.ADDRESSED, Uptime(endpoints.uptime, turn).answer),
        RouteEntry("/api/v1/scores", "GET", Access.ADDRESSED, Scores(endpoints.scores, turn).answer),
        RouteEntry("/api/v1/check", "POST", Access.LOCAL, Checks(endpoints.check, limits.body_bytes).answer),
        RouteEntry("/api/v1/maintenance", "POST", Access.LOCAL, orders.maintenance),
        RouteEntry("/api/v1/amendments", "POST", Access.LOCAL, orders.amendments),
        RouteEntry("/api/v1/score-issues", "POST", Access.LOCAL, orders.score_issues),
    )


class _Pages:
    def __init__(self, endpoints: Endpoints) -> None:
        self._endpoints = endpoints
        self._style = resources.files("agent.web").joinpath("static/style.css").read_bytes()

    async def style(self, _request: Request) -> Response:
        return Response(self._style, media_type="text/css")

    async def healthy(self, _request: Request) -> Response:
        return _health(self._endpoints.health())

    async def ready(self, _request: Request) -> Response:
        return _health(self._endpoints.ready())

    async def reload(self, _request: Request) -> Response:
        outcome = await self._endpoints.reload()
        lines = (outcome.message, *outcome.faults)
        return PlainTextResponse("".join(f"{line}\n" for line in lines), 200 if outcome.ok else 500)


def _health(health: Health) -> Response:
    lines = ("ok", *health.remarks) if health.ok else health.problems
    return PlainTextResponse("".join(f"{line}\n" for line in lines), 200 if health.ok else 503)
