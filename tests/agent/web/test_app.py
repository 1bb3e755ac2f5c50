from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator

import pytest
from starlette.routing import Route

from agent.engine.adhoc.check import CheckResult
from agent.engine.reload import ReloadOutcome
from agent.model import ProbeResult, Reason, Role, Selection
from agent.web.accept import language, prefers_openmetrics, takes_gzip
from agent.web.app import build, table
from agent.web.endpoints import Check, Health
from agent.web.guard import Access
from agent.web.limits import ServerLimits
from tests.agent.web.serving import ENDPOINTS, ask, exchange, serving, view_of

JSON = {"content-type": "application/json"}


async def test_every_route_answers_its_own_method_and_refuses_the_others() -> None:
    async with serving() as (port, _):
        for entry in table(ENDPOINTS, ServerLimits()):
            for method in ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
                status, headers, _ = await ask(port, method, entry.path, JSON, b"{}" if method == "POST" else b"")
                headless = entry.method != "GET" or entry.path in ("/probe", "/snmp")
                allowed = (entry.method,) if headless else ("GET", "HEAD")
                assert (status == 405) == (method not in allowed), (method, entry.path, status)
                assert headers["content-security-policy"].startswith("default-src 'none'")
                assert headers["x-content-type-options"] == "nosniff"
                assert "server" not in headers


def test_the_route_table_is_whole_and_each_route_says_who_may_use_it() -> None:
    app = build(ENDPOINTS)
    routes = {
        (route.path, method) for route in app.routes if isinstance(route, Route) for method in route.methods or ()
    }
    expected = {
        ("/", "GET", Access.ADDRESSED),
        ("/static/style.css", "GET", Access.ANYONE),
        ("/metrics", "GET", Access.ANYONE),
        ("/metrics/snmp", "GET", Access.ANYONE),
        ("/probe", "GET", Access.SCRAPER),
        ("/snmp", "GET", Access.SCRAPER),
        ("/sd", "GET", Access.ADDRESSED),
        ("/-/healthy", "GET", Access.ANYONE),
        ("/-/ready", "GET", Access.ANYONE),
        ("/-/reload", "POST", Access.LOCAL),
        ("/api/v1/targets", "GET", Access.ADDRESSED),
        ("/api/v1/paths", "GET", Access.ADDRESSED),
        ("/api/v1/outages", "GET", Access.ADDRESSED),
        ("/api/v1/uptime", "GET", Access.ADDRESSED),
        ("/api/v1/scores", "GET", Access.ADDRESSED),
        ("/api/v1/check", "POST", Access.LOCAL),
        ("/api/v1/maintenance", "POST", Access.LOCAL),
        ("/api/v1/amendments", "POST", Access.LOCAL),
        ("/api/v1/score-issues", "POST", Access.LOCAL),
    }
    assert {(entry.path, entry.method, entry.access) for entry in table(ENDPOINTS, ServerLimits())} == expected
    assert {(path, method) for path, method in routes if method != "HEAD"} == {entry[:2] for entry in expected}


@pytest.mark.parametrize("path", ["/metrics/", "/nothing", "//", "/-/reload/x", "/static/../metrics"])
async def test_other_paths_do_not_exist(path: str) -> None:
    async with serving() as (port, _):
        assert (await ask(port, "GET", path))[0] == 404


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/-/reload", {}, 200),
        ("/-/reload", {"host": "localhost:1"}, 200),
        ("/-/reload", {"host": "[::1]:1"}, 200),
        ("/-/reload", {"host": "evil.example"}, 421),
        ("/-/reload", {"host": "127.0.0.1.evil.example"}, 421),
        ("/-/reload", {"host": "192.0.2.1"}, 403),
        ("/-/reload", {"origin": "http://evil.example"}, 403),
        ("/-/reload", {"origin": "null"}, 403),
        ("/-/reload", {"sec-fetch-site": "cross-site"}, 403),
        ("/api/v1/check", JSON | {"host": "evil.example"}, 421),
        ("/api/v1/check", JSON, 200),
        ("/api/v1/check", {"content-type": "text/plain"}, 415),
        ("/api/v1/check", {"content-type": "application/json, text/plain"}, 415),
        ("/api/v1/maintenance", JSON | {"host": "evil.example"}, 421),
        ("/api/v1/maintenance", JSON | {"origin": "http://evil.example"}, 403),
        ("/api/v1/maintenance", {"content-type": "text/plain"}, 415),
        ("/api/v1/amendments", JSON | {"host": "evil.example"}, 421),
        ("/api/v1/amendments", {"content-type": "text/plain"}, 415),
    ],
)
async def test_a_web_page_cannot_drive_the_agent(path: str, headers: dict[str, str], status: int) -> None:
    async with serving() as (port, _):
        assert (await ask(port, "POST", path, headers, b"{}"))[0] == status


@pytest.mark.parametrize(("host", "status"), [("evil.example", 421), ("192.0.2.1:10115", 200), ("localhost", 200)])
async def test_a_rebound_name_reads_neither_page_nor_targets(host: str, status: int) -> None:
    async with serving() as (port, _):
        assert (await ask(port, "GET", "/", {"host": host}))[0] == status
        assert (await ask(port, "GET", "/api/v1/targets", {"host": host}))[0] == status
        assert (await ask(port, "GET", "/metrics", {"host": host}))[0] == 200


async def test_health_and_readiness() -> None:
    problems = Health(ok=False, problems=("rounds are stuck", "ledger is stuck"))
    async with serving(ready=lambda: problems) as (port, _):
        assert (await ask(port, "GET", "/-/healthy"))[::2] == (200, b"ok\n")
        assert (await ask(port, "GET", "/-/ready"))[::2] == (503, b"rounds are stuck\nledger is stuck\n")


async def test_a_refused_configuration_is_told_line_by_line() -> None:
    async def refused() -> ReloadOutcome:
        return ReloadOutcome(ok=False, message="2 faults", faults=("a.yml:1: x", "a.yml:2: y"))

    async with serving(reload=refused) as (port, _):
        assert (await ask(port, "POST", "/-/reload"))[::2] == (500, b"2 faults\na.yml:1: x\na.yml:2: y\n")


@pytest.mark.parametrize(
    ("headers", "here"),
    [
        ({}, True),
        ({"host": "localhost"}, True),
        ({"host": "[::1]:10115"}, True),
        ({"host": "192.0.2.1"}, False),
        ({"x-forwarded-for": "127.0.0.1"}, False),
        ({"X-Forwarded-Host": "127.0.0.1"}, False),
        ({"forwarded": "for=127.0.0.1"}, False),
        ({"via": "1.1 proxy"}, False),
        ({"x-real-ip": "127.0.0.1"}, False),
        ({"cf-connecting-ip": "127.0.0.1"}, False),
    ],
)
async def test_a_reader_behind_a_proxy_does_not_sit_at_this_machine(headers: dict[str, str], here: bool) -> None:
    async with serving() as (port, _):
        status, got, body = await ask(port, "GET", "/", headers)
        assert (status, str(here) in body.decode()) == (200, True)
        assert got["cache-control"] == "no-store"


async def test_a_proxy_that_speaks_http_1_0_is_none_at_this_machine() -> None:
    async with serving() as (port, _):
        answer = await exchange(port, f"GET / HTTP/1.0\r\nHost: 127.0.0.1:{port}\r\n\r\n".encode())
    assert b">False<" in answer


async def test_paths_as_json() -> None:
    async with serving() as (port, _):
        status, headers, body = await ask(port, "GET", "/api/v1/paths")
    assert (status, headers["content-type"]) == (200, "application/json")
    (path,) = json.loads(body)["paths"]
    assert path["anchors"] == [{"address": "127.0.0.1", "answered": True}]
    assert (path["path"], path["up"], path["targets_behind"]) == ("district", True, 3)


async def test_outages_of_sites_as_json() -> None:
    async with serving() as (port, _):
        status, headers, body = await ask(port, "GET", "/api/v1/outages")

    assert (status, headers["content-type"]) == (200, "application/json")
    assert json.loads(body)["outages"] == [
        {"site": "a", "start": "2026-03-01T01:00:00.000Z", "end": "2026-03-01T02:00:00.000Z", "cause": "power"}
    ]


async def test_targets_as_json() -> None:
    views = tuple(view_of(f"s/{number}") for number in range(250))
    async with serving(targets=lambda: views) as (port, _):
        status, headers, body = await ask(port, "GET", "/api/v1/targets")
    rows = json.loads(body)["targets"]
    assert (status, headers["content-type"]) == (200, "application/json")
    assert [row["target"] for row in rows] == [view.target.id for view in views]
    assert rows[0]["state"] == "down"
    assert rows[0]["since"] == "2026-03-01T01:00:00.000Z"
    assert rows[0]["last_run"]["reason"] == "timeout"
    assert "options" not in rows[0]


async def test_json_hides_nothing_in_a_line() -> None:
    view = view_of(name="a\u2028b\u202e\n<script>")
    async with serving(targets=lambda: (view,)) as (port, _):
        body = (await ask(port, "GET", "/api/v1/targets"))[2]
    assert body.isascii()
    assert body.count(b"\n") == 1
    assert json.loads(body)["targets"][0]["name"] == "a\u2028b\u202e\n<script>"


async def test_a_check_streams_a_head_and_a_row_per_target() -> None:
    asked: list[Selection] = []

    def check(selection: Selection) -> Check:
        asked.append(selection)
        return ENDPOINTS.check(selection)

    async with serving(check=check) as (port, _):
        wanted = {"sites": ["a"], "roles": ["uplink"], "targets": ["a/b"]}
        status, headers, body = await ask(port, "POST", "/api/v1/check", JSON, json.dumps(wanted).encode())
    first, row = map(json.loads, body.splitlines())
    assert (status, headers["content-type"]) == (200, "application/x-ndjson")
    assert first == {"count": 1, "timezone": "UTC", "clock_synchronised": False, "outages": []}
    assert (row["target"], row["state"], row["run"]["reason"]) == ("lang-cong/room", "down", "refused")
    assert asked == [Selection(("a",), (Role.UPLINK,), ("a/b",))]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "not JSON"),
        (b"[]", "not an object"),
        (b"[" * 50_000, "not JSON"),
        (b'{"site": ["a"]}', "unknown key 'site'"),
        (b'{"sites": "a"}', "sites is not a list of names"),
        (b'{"roles": ["king"]}', "unknown role 'king'"),
    ],
)
async def test_a_bad_selection_is_refused_in_words(body: bytes, said: str) -> None:
    async with serving() as (port, _):
        status, _, answer = await ask(port, "POST", "/api/v1/check", JSON, body)
    assert status == 400
    assert said in answer.decode()


async def test_a_check_ends_when_its_reader_leaves() -> None:
    ended = asyncio.Event()

    def endless(_: Selection) -> Check:
        async def rows() -> AsyncGenerator[CheckResult, None]:
            try:
                while True:
                    yield CheckResult(view_of(), ProbeResult.of(Reason.OK, 0.0))
                    await asyncio.sleep(0.01)
            finally:
                ended.set()

        return Check(10**6, "UTC", clock_synchronised=None, rows=rows())

    async with serving(check=endless) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"POST /api/v1/check HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
            b"content-length: 2\r\n\r\n{}"
        )
        await reader.readuntil(b'"count"')
        writer.close()
        async with asyncio.timeout(5):
            await ended.wait()


async def test_a_bug_shows_no_traceback() -> None:
    def broken() -> Health:
        raise RuntimeError("a detail for nobody")

    async with serving(health=broken) as (port, _):
        status, headers, body = await ask(port, "GET", "/-/healthy")
    assert (status, body) == (500, b"500 Internal Server Error\n")
    assert "content-security-policy" in headers


async def test_the_page_speaks_the_language_asked_for() -> None:
    async with serving() as (port, _):
        assert b"lang='vi'" in (await ask(port, "GET", "/", {"accept-language": "vi-VN,en;q=0.5"}))[2]
        assert b"lang='en'" in (await ask(port, "GET", "/?lang=en", {"accept-language": "vi"}))[2]
        assert b"lang=''" in (await ask(port, "GET", "/?lang=%3Cscript%3E"))[2]


def test_negotiation() -> None:
    prometheus2 = (
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
        "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
    )
    prometheus3 = "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;q=0.4"
    assert prefers_openmetrics(prometheus2)
    assert prefers_openmetrics(prometheus3)
    assert not prefers_openmetrics("text/plain;version=0.0.4;q=1,application/openmetrics-text;q=0.9")
    assert not prefers_openmetrics("application/openmetrics-text;version=2.0.0")
    assert not prefers_openmetrics("*/*")
    assert not prefers_openmetrics("application/openmetrics-text;q=nan")
    assert takes_gzip("br, GZIP;q=0.5")
    assert not takes_gzip("gzip;q=0, identity")
    assert language("en;q=0.1,vi;q=0.9") == "vi"
    assert language("fr") == ""


def test_limits_are_those_documented() -> None:
    limits = ServerLimits()
    assert (limits.connections, limits.request_seconds, limits.header_bytes) == (200, 10.0, 65536)
    assert limits.stop_seconds < 2
