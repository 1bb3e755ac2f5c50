"""The web probe against the lab's web server: what it accepts, refuses, measures and says."""

from __future__ import annotations

import asyncio
import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.http import PASSWORD, TOKEN, USER, response
from agent.model import Reason, ReasonCode, Verdict
from agent.probes.http.facts import PHASES
from agent.probes.http.probe import SPEC
from agent.probes.http.reasons import HttpReason
from agent.probes.resolver import IpFamily, Unresolved
from tests.agent.probes.http.asking import ADDRESS, asking, facts, serving
from tests.conformance.conditions import no_descriptors
from tests.pki import HOST, pki

KEY = json.dumps({"status": "ok", "n": 0, "none": None, "list": [1, 2, 3]}).encode()
ROUTES = {
    "/two": response(200, b"x", {"X-Two": "one\r\nX-Two: two"}),
    "/key": response(200, KEY),
    "/deep": response(200, b"[" * 500_000),
    "/nan": response(200, b'{"a": NaN}'),
    "/digits": response(200, b'{"a": ' + b"9" * 5000 + b"}"),
    "/invalid": response(200, b"\xff\xfe\xc4 \xc4\x90\xc4\x83ng nh\xe1\xba\xadp \xff"),
    "/evil": response(200, b"a" * 200_000 + b"!"),
    "/304": response(304, b"", {"Location": "/"}),
    "/nowhere": response(302, b""),
}


Written = Callable[[str], dict[str, str]]


@pytest.fixture
def secret(tmp_path: Path) -> Written:
    def write(value: str) -> dict[str, str]:
        path = tmp_path / f"secret-{abs(hash(value))}"
        path.write_text(value, encoding="utf-8")
        path.chmod(0o600)
        return {"file": str(path)}

    return write


VERDICTS: list[tuple[str, dict[str, Any], ReasonCode]] = [
    ("/", {}, Reason.OK),
    ("/", {"body_matches": "Đăng nhập"}, Reason.OK),
    ("/", {"body_matches": ["Đăng nhập", "một cửa"]}, Reason.OK),
    ("/", {"body_matches": ["Đăng nhập", "hai cửa"]}, HttpReason.BAD_BODY),
    ("/", {"body_not_matches": "(?i)bảo trì|lỗi"}, Reason.OK),
    ("/", {"body_not_matches": ["lỗi", "một cửa"]}, HttpReason.BAD_BODY),
    ("/invalid", {"body_matches": "Đăng nhập"}, Reason.OK),
    ("/status/204", {}, Reason.OK),
    ("/status/404", {}, HttpReason.BAD_STATUS),
    ("/status/404", {"status": [404]}, Reason.OK),
    ("/status/503", {"status": "5xx"}, Reason.OK),
    ("/status/503", {"status": ["2xx", 301]}, HttpReason.BAD_STATUS),
    ("/", {"http_versions": "1.1"}, Reason.OK),
    ("/", {"http_versions": [1.1, "HTTP/2.0"]}, Reason.OK),
    ("/", {"http_versions": 2}, HttpReason.BAD_VERSION),
    ("/", {"tls": "required"}, Reason.TLS_REQUIRED),
    ("/", {"tls": "forbidden"}, Reason.OK),
    ("/", {"header_matches": [{"header": "content-type", "regexp": "^text/html"}]}, Reason.OK),
    ("/", {"header_matches": [{"header": "Content-Type", "regexp": "json"}]}, HttpReason.BAD_HEADER),
    ("/", {"header_matches": [{"header": "X-None", "regexp": "."}]}, HttpReason.BAD_HEADER),
    ("/", {"header_matches": [{"header": "X-None", "regexp": ".", "allow_missing": True}]}, Reason.OK),
    ("/two", {"header_matches": [{"header": "X-Two", "regexp": "^two$"}]}, Reason.OK),
    ("/two", {"header_not_matches": [{"header": "X-Two", "regexp": "^two$"}]}, HttpReason.BAD_HEADER),
    ("/two", {"header_not_matches": [{"header": "X-Two", "regexp": "three"}]}, Reason.OK),
    ("/", {"header_not_matches": [{"header": "X-None", "regexp": "."}]}, HttpReason.BAD_HEADER),
    ("/", {"header_not_matches": [{"header": "X-None", "regexp": ".", "allow_missing": True}]}, Reason.OK),
    ("/key", {"json": "status == 'ok' && length(list) == `3`"}, Reason.OK),
    ("/key", {"json": "n"}, Reason.OK),  # 0 is true in JMESPath
    ("/key", {"json": ["status == 'ok'", "none"]}, HttpReason.BAD_JSON),
    ("/key", {"json": "length(n)"}, HttpReason.BAD_JSON),
    ("/key", {"json": "missing.deeper"}, HttpReason.BAD_JSON),
    ("/", {"json": "a"}, HttpReason.BAD_JSON),
    ("/deep", {"json": "[0]"}, HttpReason.BAD_JSON),
    ("/nan", {"json": "a"}, HttpReason.BAD_JSON),
    ("/digits", {"json": "a"}, HttpReason.BAD_JSON),
    ("/evil", {"body_matches": "(a+)+$|(a|aa)+$|(.*)*x"}, HttpReason.BAD_BODY),
    ("/", {"method": "HEAD"}, Reason.OK),
    ("/gzip", {"compression": "gzip", "body_matches": "Đăng nhập"}, Reason.OK),
    ("/gzip", {"compression": "any", "body_matches": "Đăng nhập"}, Reason.OK),
    ("/gzip", {"body_matches": "Đăng nhập"}, HttpReason.BAD_BODY),
    ("/", {"compression": "identity"}, Reason.OK),
    ("/auth", {}, HttpReason.BAD_STATUS),
    ("/redirect?to=/", {}, Reason.OK),
    ("/redirect?to=/status/404", {}, HttpReason.BAD_STATUS),
    ("/redirect?to=/", {"follow_redirects": False}, HttpReason.BAD_STATUS),
    ("/redirect?to=/", {"follow_redirects": False, "status": 302}, Reason.OK),
    ("/304", {"status": 304}, Reason.OK),
    ("/nowhere", {"status": 302}, Reason.OK),
    ("/loop", {}, HttpReason.TOO_MANY_REDIRECTS),
    ("/redirect?to=/", {"max_redirects": 0}, HttpReason.TOO_MANY_REDIRECTS),
    ("/", {"body_size_limit": 100}, Reason.TOO_LARGE),
    ("/", {"degraded": {"first_byte": "2s"}}, Reason.OK),
    ("/", {"degraded": {"first_byte": "1ms"}}, Reason.SLOW),
    ("/", {"source": "127.81.0.9"}, Reason.OK),
    ("/", {"source": "192.0.2.1"}, Reason.NO_SOURCE_ADDRESS),
]


@pytest.mark.parametrize(("path", "options", "reason"), VERDICTS)
async def test_verdicts(path: str, options: dict[str, Any], reason: ReasonCode) -> None:
    async with serving() as web, asking() as asker:
        web.routes.update(ROUTES)
        if reason is Reason.SLOW:
            web.misbehaviour, web.slow_seconds = Misbehaviour.SLOW, 0.05
        result = await asker.ask(f"http://{ADDRESS}:{web.port}{path}", **options)
    assert result.reason is reason, result.detail
    assert result.took_seconds < 1
    assert result.address == ADDRESS


async def test_facts_of_a_good_answer() -> None:
    async with serving() as web, asking({"xa-a.example": ADDRESS}) as asker:
        result = await asker.ask(f"http://xa-a.example:{web.port}/redirect?to=/")
        url = f"http://xa-a.example:{web.port}/"
    measured = facts(result)
    assert (measured.status_code, measured.http_version, measured.redirects) == (200, 1.1, 1)
    assert measured.content_length == measured.body_bytes == len(web.page.encode())
    assert measured.last_modified_timestamp_seconds == 1_736_146_800
    phases = dict(measured.phases)
    assert tuple(phases) == PHASES
    assert phases["resolve"] == pytest.approx(0.002)  # two hops, a name asked for each
    assert phases["tls"] == 0
    assert 0 < phases["connect"] < 1
    assert 0 < sum(phases.values()) < 1
    assert measured.first_byte_seconds is not None
    assert phases["resolve"] < measured.first_byte_seconds <= sum(phases.values())
    assert measured.tls == 0
    assert measured.tls_expiry_timestamp_seconds is None
    assert measured.final_url == url


async def test_body_bytes_are_counted_after_decompression() -> None:
    async with serving() as web, asking() as asker:
        web.routes["/packed"] = response(200, gzip.compress(b"x" * 50_000), {"Content-Encoding": "gzip"})
        result = await asker.ask(f"http://{ADDRESS}:{web.port}/packed", compression="gzip")
    assert facts(result).body_bytes == 50_000
    assert 0 < (facts(result).content_length or 0) < 1000


async def test_what_is_sent(secret: Written) -> None:
    async with serving() as web, asking() as asker:
        options: dict[str, Any] = {
            "method": "post",
            "headers": {"X-Plain": "một cửa", "X-Key": secret("khóa"), "Content-Type": "application/json"},
            "body": '{"a": 1}',
        }
        result = await asker.ask(f"http://{ADDRESS}:{web.port}/login?a=một cửa".replace(" ", "%20"), **options)
    assert result.reason is Reason.OK
    (seen,) = web.seen
    assert (seen.method, seen.body) == ("POST", b'{"a": 1}')
    assert seen.path == "/login?a=m%E1%BB%99t%20c%E1%BB%ADa"
    assert seen.headers["user-agent"].startswith("sansang/")
    assert seen.headers["content-type"] == "application/json"
    assert seen.headers["x-plain"].encode("latin-1").decode() == "một cửa"
    assert seen.headers["x-key"].encode("latin-1").decode() == "khóa"
    assert "cookie" not in seen.headers
    assert "expect" not in seen.headers


async def test_a_body_without_a_type_is_sent_without_a_type(tmp_path: Path) -> None:
    (tmp_path / "body").write_bytes(b"\x00\xff")
    async with serving() as web, asking() as asker:
        await asker.ask(f"http://{ADDRESS}:{web.port}/", method="PUT", body={"file": str(tmp_path / "body")})
    assert web.seen[0].body == b"\x00\xff"
    assert "content-type" not in web.seen[0].headers


async def test_authorization(secret: Written) -> None:
    async with serving() as web, asking() as asker:
        url = f"http://{ADDRESS}:{web.port}/auth"
        basic = await asker.ask(url, basic_auth={"user": USER, "password": secret(PASSWORD)})
        bearer = await asker.ask(url, bearer=secret(TOKEN))
        header = await asker.ask(url, headers={"Authorization": secret(f"Bearer {TOKEN}")})
        scheme = await asker.ask(url, authorization={"type": "Bearer", "credentials": secret(TOKEN)})
        wrong = await asker.ask(url, basic_auth={"user": USER, "password": secret("sai")})
    assert [each.reason for each in (basic, bearer, header, scheme)] == [Reason.OK] * 4
    assert wrong.reason is HttpReason.BAD_STATUS
    assert PASSWORD not in repr(basic)


async def test_names() -> None:
    failing = Unresolved(Reason.RESOLVER_FAILED, "no resolver answers")
    async with serving() as web, asking({"broken.example": failing, "xn--mt-ca-4ta1541c.vn": ADDRESS}) as asker:
        absent = await asker.ask("http://absent.example/")
        broken = await asker.ask("http://broken.example/")
        local = await asker.ask(f"http://một-cửa.vn:{web.port}/")
        asker.names.stale = True
        stale = await asker.ask(f"http://{ADDRESS}:{web.port}/")
    assert absent.reason is Reason.NAME_NOT_FOUND
    assert (broken.reason, broken.verdict) == (Reason.RESOLVER_FAILED, Verdict.LOCAL_ERROR)
    assert asker.names.asked[2].startswith("xn--mt-ca")
    assert local.reason in (Reason.OK, Reason.NAME_NOT_FOUND)
    assert stale.stale_address
    assert stale.success


async def test_the_family_is_the_resolvers_business() -> None:
    async with serving() as web, asking() as asker:
        await asker.ask(f"http://{ADDRESS}:{web.port}/redirect?to=/", family="ip4")
        await asker.ask(f"http://{ADDRESS}:{web.port}/")
    assert asker.names.families == [IpFamily.IP4, IpFamily.IP4, IpFamily.PREFER_IP4]


async def test_nobody_listens() -> None:
    async with asking() as asker:
        refused = await asker.ask(f"http://{ADDRESS}:9/")
        refused6 = await asker.ask("http://[::1]:9/")
    assert refused.reason is refused6.reason is Reason.REFUSED
    assert dict(facts(refused).phases)["connect"] > 0


async def test_no_descriptor_at_all_is_a_want_of_our_own() -> None:
    """From the first run on, before libcurl has any."""
    async with asking() as asker:
        with no_descriptors():
            results = [await asker.ask(f"{scheme}://{ADDRESS}:9/") for scheme in ("http", "https")]
    assert [each.reason for each in results] == [Reason.NO_RESOURCES] * 2


async def test_neither_environment_nor_netrc_count(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".netrc").write_text(f"machine {ADDRESS} login a password b\n", encoding="ascii")
    (tmp_path / ".netrc").chmod(0o600)
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://{ADDRESS}:9/")
    async with serving() as web, asking() as asker:
        result = await asker.ask(f"http://{ADDRESS}:{web.port}/")
    assert result.reason is Reason.OK
    assert "authorization" not in web.seen[0].headers


async def test_every_run_is_a_new_connection_and_leaves_none() -> None:
    async with serving() as web, asking() as asker:
        for _ in range(5):
            await asker.ask(f"http://{ADDRESS}:{web.port}/")
        assert web.connections == 5


async def test_cancelled_runs_leave_nothing() -> None:
    async with serving(misbehaviour=Misbehaviour.SILENT) as web, asking() as asker:
        before = len(list(Path("/proc/self/fd").iterdir()))
        runs = [asyncio.create_task(asker.ask(f"http://{ADDRESS}:{web.port}/", 30)) for _ in range(20)]
        while web.connections < 20:
            await asyncio.sleep(0.01)
        for run in runs:
            run.cancel()
        assert all(
            isinstance(each, asyncio.CancelledError) for each in await asyncio.gather(*runs, return_exceptions=True)
        )
        web.misbehaviour = Misbehaviour.NONE
        assert (await asker.ask(f"http://{ADDRESS}:{web.port}/")).reason is Reason.OK
        await web.close()
    assert len(list(Path("/proc/self/fd").iterdir())) <= before


async def test_closing_cancels_what_is_under_way() -> None:
    async with serving(misbehaviour=Misbehaviour.SILENT) as web, asking() as asker:
        run = asyncio.create_task(asker.ask(f"http://{ADDRESS}:{web.port}/", 30))
        while not web.connections:
            await asyncio.sleep(0.01)
        asker.shared.close()
        with pytest.raises(asyncio.CancelledError):
            await run


async def test_many_side_by_side() -> None:
    async with serving(certificate=pki().good) as web, asking({HOST: ADDRESS}) as asker:
        url = f"https://{HOST}:{web.port}/"
        runs = [asker.ask(url, 10, tls_config={"ca_file": pki().ca_file}) for _ in range(100)]
        results = await asyncio.gather(*runs)
    assert {each.reason for each in results} == {Reason.OK}


@pytest.mark.parametrize(
    "address",
    ["https://motcua.example/", "http://192.0.2.1:8080/a?b=c", "http://[2001:db8::1]/", "xa-a.example", "192.0.2.1:80"],
)
def test_addresses_that_suit(address: str) -> None:
    assert SPEC.validate(address) is None


@pytest.mark.parametrize(
    "address",
    [
        "", "ftp://a.example/", "file:///etc/passwd", "http://", "http://user:pw@a.example/", "http://a b/",
        "http://a.example:0/", "http://a.example:99999/", "http://a.example:/", "http://a\\@b.example/",
        "http://0x7f.1/", "http://2130706433/", "http://127.1/", "http://017700000001/", "http://a..b/",
        "http://a.example/\r\nX: y", "http://[::1", "http://2001:db8::1/", "http://-a.example/", "http://a_b-.example/",
        "http://" + "a" * 300 + ".example/", "http://a.example/" + "a" * 20_000,
    ],
)  # fmt: skip
def test_addresses_that_do_not_suit(address: str) -> None:
    found = SPEC.validate(address)
    assert found is not None
    assert all(found)


def test_the_spec() -> None:
    assert (SPEC.probe, SPEC.silence) == ("http", Reason.TIMEOUT)
