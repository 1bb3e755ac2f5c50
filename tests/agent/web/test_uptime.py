from __future__ import annotations

import asyncio
import json
import threading
from pathlib import Path

import pytest

from agent.availability.figures import Pooling
from agent.errors import LedgerError, SansangError
from agent.inventory.entities import Organisation
from agent.model import Role, Selection
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest
from agent.web.endpoints import UptimeRequest
from exporters.reports.json_file import json_file
from tests.agent.reporting.small_ledger import DOWN_MS, recorded
from tests.agent.reporting.small_ledger import END as NOW
from tests.agent.web.serving import ask, serving

PATH = "/api/v1/uptime"
RIGHT = "right would be period, calendar, by, pooling, units and as_of once; role, site and target"


async def test_a_wish_reaches_the_ledger_as_it_was_asked() -> None:
    seen: list[UptimeRequest] = []

    def uptime(wish: UptimeRequest) -> bytes:
        seen.append(wish)
        return b"{}"

    async with serving(uptime=uptime) as (port, _):
        query = "period=2026-10&role=uplink&role=lan&site=a&calendar=office&by=site&as_of=7&pooling=mean"
        status, headers, body = await ask(port, "GET", f"{PATH}?{query}")

    assert (status, headers["content-type"], body) == (200, "application/json", b"{}")
    selection = Selection(("a",), (Role.UPLINK, Role.LAN))
    assert seen == [UptimeRequest("2026-10", "office", "site", selection, "7", Pooling.MEAN)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "period is missing; right would be ?period=2026-10"),
        (
            "period=2026-10&month=1",
            f"'month': {RIGHT}",
        ),
        ("period=1&period=2", f"'period': {RIGHT}"),
        ("period=2026-10&by=moon", "by='moon': right would be target, site, unit, level"),
        ("period=2026-10&pooling=sum", "pooling='sum': right would be pooled, mean"),
        ("period=1&pooling=mean&pooling=mean", f"'pooling': {RIGHT}"),
        ("period=2026-10&role=%C3%A9", "role='\\xe9': right would be one of uplink, lan, conference"),
    ],
)
async def test_what_cannot_be_meant_is_refused(query: str, said: str) -> None:
    async with serving() as (port, _):
        status, _, body = await ask(port, "GET", f"{PATH}?{query}")

    assert (status, body.decode().startswith(f"400 {said}")) == (400, True)


@pytest.mark.parametrize(("error", "status"), [(SansangError("no period"), 400), (LedgerError("damaged"), 503)])
async def test_why_there_is_no_report_is_said(error: SansangError, status: int) -> None:
    def uptime(_: UptimeRequest) -> bytes:
        raise error

    async with serving(uptime=uptime) as (port, _):
        first, second = [await ask(port, "GET", f"{PATH}?period=x") for _ in range(2)]

    assert (first[0], first[2]) == (status, f"{status} {error}\n".encode())
    assert second[0] == status


async def test_one_report_at_a_time_even_if_the_one_who_asked_has_gone() -> None:
    going, done = threading.Event(), threading.Event()

    def uptime(_: UptimeRequest) -> bytes:
        going.set()
        done.wait(10)
        return b"{}"

    async with serving(uptime=uptime) as (port, _):
        asking = asyncio.create_task(ask(port, "GET", f"{PATH}?period=2026-10"))
        await asyncio.to_thread(going.wait, 10)
        asking.cancel()
        beside = await ask(port, "GET", f"{PATH}?period=2026-10")
        other = await ask(port, "GET", "/-/healthy")
        done.set()
        async with asyncio.timeout(5):
            while (after := await ask(port, "GET", f"{PATH}?period=2026-10"))[0] == 429:
                await asyncio.sleep(0.01)

    assert (beside[0], other[0], after[0]) == (429, 200, 200)


def test_the_answer_is_the_report_of_the_ledger(tmp_path: Path) -> None:
    recorded(tmp_path)
    organisation = Organisation("Huyện Lập Thạch")
    question = ReportRequest("2025-10", by="site")
    document = json.loads(json_file(report_from_ledger(tmp_path / "ledger", organisation, question, NOW)))

    assert [one["recorded"]["down_ms"] for one in document["targets"]] == [DOWN_MS, 0]
    assert [(one["id"], one["targets"], one["pooled"]["down_ms"]) for one in document["groups"]] == [("s", 2, DOWN_MS)]
