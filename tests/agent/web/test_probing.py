from __future__ import annotations

import asyncio
import json

import pytest

from agent.engine.adhoc.probe import ProbeNotAllowedError, ProbeRequest, ProbeRequestError
from agent.web.endpoints import Probed
from agent.web.probing import PROBES_AT_ONCE
from tests.agent.web.serving import ask, serving, view_of

PROBED = Probed(lambda openmetrics: b"om\n" if openmetrics else b"classic\n", lambda: "page\n")


class Asked:
    def __init__(self, raises: Exception | None = None) -> None:
        self.wishes: list[ProbeRequest] = []
        self.raises = raises

    async def __call__(self, wish: ProbeRequest) -> Probed:
        self.wishes.append(wish)
        if self.raises is not None:
            raise self.raises
        return PROBED


async def test_a_wish_arrives_as_it_was_asked() -> None:
    asked = Asked()
    timeout = {"x-prometheus-scrape-timeout-seconds": "3.5"}
    async with serving(probe=asked) as (port, _):
        status, headers, body = await ask(port, "GET", "/probe?target=a%2Fb&module=web&hostname=h.example", timeout)
    assert (status, body, headers["content-type"][:29]) == (200, b"classic\n", "text/plain; version=0.0.4; ch")
    assert asked.wishes == [ProbeRequest("a/b", "web", "h.example", 3.5)]


async def test_openmetrics_and_the_debug_page_on_demand() -> None:
    async with serving(probe=Asked()) as (port, _):
        openmetrics = await ask(port, "GET", "/probe?target=a", {"accept": "application/openmetrics-text"})
        page = await ask(port, "GET", "/probe?target=a&debug=true")
    assert (openmetrics[0], openmetrics[2]) == (200, b"om\n")
    assert (page[2], page[1]["content-type"]) == (b"page\n", "text/plain; charset=utf-8")


@pytest.mark.parametrize(
    ("query", "timeout", "raises", "status"),
    [
        ("", "", None, 400),
        ("?module=web", "", None, 400),
        ("?target=a&target=b", "", None, 400),
        ("?target=a", "soon", None, 400),
        ("?target=a", "nan", None, 400),
        ("?target=a", "-1", None, 400),
        ("?target=a", "", ProbeRequestError("unknown module"), 400),
        ("?target=a", "", ProbeNotAllowedError("outside"), 403),
    ],
)
async def test_other_codes_speak_of_the_request(
    query: str, timeout: str, raises: Exception | None, status: int
) -> None:
    headers = {"x-prometheus-scrape-timeout-seconds": timeout} if timeout else {}
    async with serving(probe=Asked(raises)) as (port, _):
        assert (await ask(port, "GET", f"/probe{query}", headers))[0] == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "evil.example"}, 421),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"host": "192.0.2.1:10115"}, 200),
    ],
)
async def test_a_page_cannot_make_the_agent_probe(headers: dict[str, str], status: int) -> None:
    asked = Asked()
    async with serving(probe=asked) as (port, _):
        got = (await ask(port, "GET", "/probe?target=a", headers))[0]
    assert (got, len(asked.wishes)) == (status, int(status == 200))


async def test_so_many_at_once_and_no_more() -> None:
    gate, running = asyncio.Event(), 0

    async def waits(_wish: ProbeRequest) -> Probed:
        nonlocal running
        running += 1
        await gate.wait()
        return PROBED

    async with serving(probe=waits) as (port, _):
        asks = [asyncio.create_task(ask(port, "GET", "/probe?target=a")) for _ in range(PROBES_AT_ONCE)]
        while running < PROBES_AT_ONCE:
            await asyncio.sleep(0)
        status, headers, _ = await ask(port, "GET", "/probe?target=a")
        gate.set()
        answered = [each[0] for each in await asyncio.gather(*asks)]
        after = (await ask(port, "GET", "/probe?target=a"))[0]
    assert (status, headers["retry-after"]) == (503, "1")
    assert answered == [200] * PROBES_AT_ONCE
    assert after == 200


async def test_service_discovery_needs_no_relabelling() -> None:
    target = view_of().target
    async with serving() as (port, _):
        status, headers, body = await ask(port, "GET", "/sd")
        filtered = [
            json.loads((await ask(port, "GET", f"/sd?{query}"))[2])
            for query in ("role=conference", "role=uplink", "site=lang-cong&module=ping", "site=elsewhere")
        ]
        unknown = (await ask(port, "GET", "/sd?rol=uplink"))[0]
    labels = {
        "__metrics_path__": "/probe", "__param_target": target.id, "__param_module": "ping", "instance": target.id,
        "target": target.id, "name": "Phòng họp", "site": "lang-cong", "unit": "xa-a", "role": "conference",
        "module": "ping",
    }  # fmt: skip
    whole = [{"targets": [f"127.0.0.1:{port}"], "labels": labels}]
    assert (status, headers["content-type"], json.loads(body)) == (200, "application/json", whole)
    assert filtered == [whole, [], whole, []]
    assert unknown == 400


async def test_head_probes_nothing() -> None:
    asked = Asked()
    async with serving(probe=asked) as (port, _):
        status, headers, _ = await ask(port, "HEAD", "/probe?target=a")
    assert (status, headers["allow"], asked.wishes) == (405, "GET", [])


async def test_a_client_that_goes_away_ends_its_run() -> None:
    started, ended = asyncio.Event(), asyncio.Event()

    async def waits(_wish: ProbeRequest) -> Probed:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()
        return PROBED

    async with serving(probe=waits) as (port, _), asyncio.timeout(5):
        _, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"GET /probe?target=a HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        await started.wait()
        writer.close()
        await ended.wait()
    assert ended.is_set()
