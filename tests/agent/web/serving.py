"""A running web server on a free loopback port, with endpoints that a test sets as it likes."""

from __future__ import annotations

import asyncio
import gzip
import socket
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from agent.availability.maintenance import BookedWindow, ClockQuality
from agent.availability.outage_cause import OutageCause
from agent.engine.adhoc.check import CheckResult
from agent.engine.adhoc.probe import ProbeRequest
from agent.engine.reload import ReloadOutcome
from agent.engine.snapshot import AnchorView, LastRun, PathView, SiteOutageView, TargetView
from agent.engine.upkeep.maintenance import ListOnly, MaintenanceCommand, MaintenanceReply
from agent.ledger.history.recorded import Recorded
from agent.ledger.rows import Amendment, ScoreIssued
from agent.ledger.signed.amendments import Correction, DatedAmendment
from agent.ledger.signed.score_issues import DatedScoreIssue, ScoreIssue
from agent.model import Policy, ProbeResult, Reason, Role, Selection, State, Target
from agent.web.app import build
from agent.web.connection_limiter import ConnectionLimiter
from agent.web.endpoints import Check, Endpoints, Health, LandingRequest, Probed, SnmpScrapeRequest
from agent.web.limits import ServerLimits
from agent.web.server import WebServer
from tests.exporters.sample import inventory

POLICY = Policy(60_000, 5_000, 5_000, 3, 1, 5_000)


def view_of(target_id: str = "lang-cong/room", name: str = "Phòng họp", state: State = State.DOWN) -> TargetView:
    target = Target(target_id, name, "lang-cong", "xa-a", Role.CONFERENCE, "ping", "icmp", "127.0.0.1", None, POLICY)
    run = LastRun(1_772_326_800_000, ProbeResult.of(Reason.TIMEOUT, 5.0))
    return TargetView(target, state, Reason.TIMEOUT, 1_772_326_800_000, 1_772_326_815_000, False, run)


async def _reload() -> ReloadOutcome:
    return ReloadOutcome(ok=True, message="3 targets")


async def _probe(wish: ProbeRequest) -> Probed:
    return Probed(lambda openmetrics: f"# {wish.target} {openmetrics}\n".encode(), lambda: f"page of {wish.target}\n")


PATH = PathView("district", True, 1_772_326_800_000, 3, anchors=(AnchorView("127.0.0.1", answered=True),))
OUTAGE = SiteOutageView("a", 1_772_326_800_000, 1_772_330_400_000, OutageCause.POWER)
INVENTORY = inventory(view_of().target)


def check_one(selection: Selection) -> Check:
    async def rows() -> AsyncGenerator[CheckResult, None]:
        yield CheckResult(view_of(), ProbeResult.of(Reason.REFUSED, 0.01))

    return Check(1, "UTC", clock_synchronised=False, rows=rows())


async def _maintenance(_: MaintenanceCommand) -> MaintenanceReply:
    window = BookedWindow(
        "m1", "site:lang-cong", 1_772_326_800_000, 1_772_330_400_000, 1_772_000_000_000, "An", "dây", ""
    )
    return MaintenanceReply("m1", (window,))


async def _amend(_: Correction | ListOnly) -> tuple[DatedAmendment, ...]:
    span = (1_772_326_800_000, 1_772_330_400_000)
    row = Amendment(7, State.UP, "ok", *span, 1_772_400_000_000, "An", "cáp rút nhầm")
    return (DatedAmendment(9, "lang-cong/room", row, Recorded(row.recorded_wall_ms, ClockQuality.UNKNOWN)),)


ISSUED = ScoreIssued(
    manifest="ab" * 32,
    sheet="bo-2026",
    sheet_digest="cd" * 32,
    period="2026-10",
    unit="xa-a",
    level="",
    units="as-was",
    as_of_seq=8,
    as_of_wall_ms=1_772_330_400_000,
    recorded_wall_ms=1_772_400_000_000,
    who="An",
    boot_id="boot",
    boottime_ms=5,
    synchronised=True,
)


async def _issue_score(_: ScoreIssue | ListOnly) -> tuple[DatedScoreIssue, ...]:
    return (DatedScoreIssue(9, ISSUED, Recorded(ISSUED.recorded_wall_ms, ClockQuality.SYNCHRONISED)),)


async def _snmp(request: SnmpScrapeRequest) -> bytes:
    return repr(request).encode()


async def _page(reading: LandingRequest) -> str:
    return f"<p lang='{reading.language}'>{reading.here}</p>"


ENDPOINTS = Endpoints(
    metrics=lambda _asked: gzip.compress(b"# EOF\n"),
    health=lambda: Health(ok=True),
    ready=lambda: Health(ok=False, problems=("starting",)),
    reload=_reload,
    targets=lambda: (view_of(),),
    paths=lambda: (PATH,),
    outages=lambda: (OUTAGE,),
    check=check_one,
    maintenance=_maintenance,
    amend=_amend,
    issue_score=_issue_score,
    page=_page,
    probe=_probe,
    snmp_metrics=lambda _asked: gzip.compress(b"ifOperStatus 1\n"),
    snmp=_snmp,
    inventory=lambda: INVENTORY,
    uptime=lambda wish: wish.period.encode(),
    scores=lambda wish: wish.period.encode(),
)


@asynccontextmanager
async def serving(
    limits: ServerLimits | None = None, limiter: type[ConnectionLimiter] = ConnectionLimiter, **changes: object
) -> AsyncIterator[tuple[int, WebServer]]:
    limits = limits or ServerLimits()
    sock = socket.create_server(("127.0.0.1", 0))
    port: int = sock.getsockname()[1]
    server = WebServer(build(replace(ENDPOINTS, **changes), limits), sock, limits)  # type: ignore[arg-type]
    server._limiter = limiter(limits)
    await server.start()
    try:
        yield port, server
    finally:
        await server.stop()


async def exchange(port: int, request: bytes, seconds: float = 5.0) -> bytes:
    """Send bytes, read until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        async with asyncio.timeout(seconds):
            writer.write(request)
            return await reader.read()
    finally:
        writer.close()


async def ask(
    port: int, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b""
) -> tuple[int, dict[str, str], bytes]:
    """One request on a connection of its own: status, headers in lower case, body (chunks joined)."""
    fields = {"host": f"127.0.0.1:{port}", "connection": "close", "content-length": str(len(body))} | (headers or {})
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    answer = await exchange(port, "\r\n".join([*lines, "", ""]).encode() + body)
    return parse(answer)


def parse(answer: bytes) -> tuple[int, dict[str, str], bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    first, *rest = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
    if body and headers.get("transfer-encoding") == "chunked":
        body = _dechunk(body)
    return int(first.split(" ")[1]), headers, body


def _dechunk(body: bytes) -> bytes:
    whole = b""
    while True:
        size, _, body = body.partition(b"\r\n")
        length = int(size, 16)
        if length == 0:
            return whole
        whole += body[:length]
        body = body[length + 2 :]
