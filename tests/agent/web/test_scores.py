from __future__ import annotations

import asyncio
import threading

import pytest

from agent.scoring.evidence import UnitBasis
from agent.web.endpoints import ScoresRequest
from tests.agent.web.serving import ask, serving

PATH = "/api/v1/scores"
RIGHT = "right would be period, sheet, unit, level, units and as_of once"


async def test_a_wish_reaches_the_ledger_as_it_was_asked() -> None:
    seen: list[ScoresRequest] = []

    def scores(wish: ScoresRequest) -> bytes:
        seen.append(wish)
        return b"{}"

    async with serving(scores=scores) as (port, _):
        query = "period=2026-10&sheet=xa-2026&unit=xa-a&units=today&as_of=7"
        status, headers, body = await ask(port, "GET", f"{PATH}?{query}")

    assert (status, headers["content-type"], body) == (200, "application/json", b"{}")
    assert seen == [ScoresRequest("2026-10", "xa-2026", "xa-a", "", UnitBasis.TODAY, "7")]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "period is missing; right would be ?period=2026"),
        ("period=2026&month=1", f"'month': {RIGHT}"),
        ("period=1&period=2", f"'period': {RIGHT}"),
        ("period=2026&unit=a&level=b", "right would be unit or level, not both"),
        ("period=2026&units=moon", "units='moon': right would be as-was, today, today-mean"),
    ],
)
async def test_what_cannot_be_meant_is_refused(query: str, said: str) -> None:
    async with serving() as (port, _):
        status, _, body = await ask(port, "GET", f"{PATH}?{query}")

    assert status == 400
    assert said in body.decode()


async def test_reports_of_both_kinds_take_turns() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def scores(_: ScoresRequest) -> bytes:
        begun.set()
        go_on.wait(10)
        return b"{}"

    async with serving(scores=scores) as (port, _):
        first = asyncio.create_task(ask(port, "GET", f"{PATH}?period=2026"))
        await asyncio.to_thread(begun.wait, 10)
        busy, _, _ = await ask(port, "GET", "/api/v1/uptime?period=2026-10")
        go_on.set()
        done, _, _ = await first

    assert (busy, done) == (429, 200)
