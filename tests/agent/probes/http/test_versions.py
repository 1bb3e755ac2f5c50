"""Which status lines are one: a minor version that nobody knows is read as HTTP/1.1 (RFC 9110 section 2.5)."""

from __future__ import annotations

import gzip
from typing import Any

import pytest

from agent.model import Reason, ReasonCode
from agent.probes.http.reasons import HttpReason
from tests.agent.probes.http.asking import ADDRESS, OTHER, asking, facts, serving
from tests.pki import HOST, pki

BODY = b"\r\nContent-Length: 2\r\n\r\nok"
LINES = {
    b"HTTP/1.0 200 OK": (Reason.OK, 1.0),
    b"HTTP/1.1 200 OK": (Reason.OK, 1.1),
    b"HTTP/1.1 200": (Reason.OK, 1.1),
    b"HTTP/1.2 200 OK": (Reason.OK, 1.1),
    b"HTTP/1.2 200": (Reason.OK, 1.1),
    b"HTTP/1.9 200 OK": (Reason.OK, 1.1),
    b"HTTP/1.2 404 Not Found": (HttpReason.BAD_STATUS, 1.1),
    b"HTTP/1.2 2000 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/1.2 20 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/1.10 200 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/1 200 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/1.x 200 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/2 200 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/2.0 200 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/2.0 404 Not Found": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/3 200 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/0.9 200 OK": (Reason.PROTOCOL_ERROR, None),
    b"http/1.2 200 OK": (Reason.PROTOCOL_ERROR, None),
    b"HTTP/1.2 200 OK\r\nno colon": (Reason.PROTOCOL_ERROR, None),
}


@pytest.mark.parametrize("tls", [False, True])
async def test_status_lines(tls: bool) -> None:
    certificate, scheme = (pki().good, "https") if tls else (None, "http")
    async with serving(certificate=certificate) as web, asking({HOST: ADDRESS}) as asker:
        for line, (reason, version) in LINES.items():
            web.routes["/"] = line + BODY
            result = await asker.ask(f"{scheme}://{HOST}:{web.port}/", tls_config={"ca_file": pki().ca_file})
            assert result.reason is reason, (line, result.detail)
            if version is not None:
                assert facts(result).http_version == version, line


PAGE = b"a page of the portal"
GZIP, PACKED = b"Content-Encoding: gzip\r\n\r\n", gzip.compress(PAGE)
CHUNKED = b"Transfer-Encoding: chunked\r\n\r\n"
ANSWERS: dict[str, tuple[bytes, dict[str, Any], ReasonCode]] = {
    "a length": (b"Content-Length: 20\r\n\r\n" + PAGE, {"body_matches": "portal"}, Reason.OK),
    "another body": (b"Content-Length: 20\r\n\r\n" + PAGE, {"body_matches": "nothing"}, HttpReason.BAD_BODY),
    "chunks": (CHUNKED + b"14\r\n" + PAGE + b"\r\n0\r\nX: y\r\n\r\n", {"body_matches": "portal"}, Reason.OK),
    "until the end": (b"\r\n" + PAGE, {"body_matches": "portal"}, Reason.OK),
    "a header": (b"X-A: b\r\n\r\n", {"header_matches": [{"header": "X-A", "regexp": "^b$"}]}, Reason.OK),
    "packed": (GZIP + PACKED, {"compression": "gzip", "body_matches": "portal"}, Reason.OK),
    "packed and cut": (GZIP + PACKED[:-1], {"compression": "gzip"}, Reason.CONNECTION_CLOSED),
    "an answer to HEAD": (b"Content-Length: 20\r\n\r\n", {"method": "HEAD"}, Reason.OK),
    "the version asked for": (b"\r\n", {"http_versions": 1.1}, Reason.OK),
    "short of its length": (b"Content-Length: 21\r\n\r\n" + PAGE, {}, Reason.CONNECTION_CLOSED),
    "short of its last chunk": (CHUNKED + b"14\r\n" + PAGE + b"\r\n", {}, Reason.CONNECTION_CLOSED),
    "a head without its end": (b"X-A: b\r\n", {}, Reason.CONNECTION_CLOSED),
    "a broken chunk": (CHUNKED + b"zz\r\n", {}, Reason.PROTOCOL_ERROR),
    "two lengths": (b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nab", {}, Reason.PROTOCOL_ERROR),
    "too much": (b"\r\n" + PAGE * 10, {"body_size_limit": 100}, Reason.TOO_LARGE),
    "too long a head": (b"X-A: " + b"a" * 70_000 + b"\r\n\r\n", {}, Reason.TOO_LARGE),
    "too many lines": (b"X-A: b\r\n" * 2000 + b"\r\n", {}, Reason.TOO_LARGE),
    "chunks of a byte": (CHUNKED + b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n", {}, Reason.TOO_LARGE),
    "a request with a body": (b"\r\n", {"method": "POST", "body": "a"}, Reason.PROTOCOL_ERROR),
}  # fmt: skip


@pytest.mark.parametrize("name", ANSWERS)
async def test_the_rest_of_the_answer_counts_as_ever(name: str) -> None:
    rest, options, reason = ANSWERS[name]
    async with serving() as web, asking() as asker:
        web.routes["/"] = b"HTTP/1.2 200 OK\r\n" + rest
        result = await asker.ask(f"http://{ADDRESS}:{web.port}/", **options)
        requests = len(web.seen)
    assert result.reason is reason, result.detail
    assert requests == (1 if "body" in options else 2)


async def test_what_is_asked_twice_is_the_same() -> None:
    async with serving() as web, asking({"xa-a.example": ADDRESS}) as asker:
        web.routes["/a"] = b"HTTP/1.2 200 OK" + BODY
        options: dict[str, Any] = {"headers": {"X-A": "b"}, "compression": "gzip"}
        result = await asker.ask(f"http://xa-a.example:{web.port}/a?b=c", **options)
        first, second = web.seen
    assert result.reason is Reason.OK
    assert (first.method, first.path) == (second.method, second.path) == ("GET", "/a?b=c")
    assert first.headers["host"] == f"xa-a.example:{web.port}"
    assert second.headers == first.headers


async def test_facts_and_a_redirect() -> None:
    async with serving(certificate=pki().good) as web, serving(OTHER) as plain, asking({HOST: ADDRESS}) as asker:
        location = f"https://{HOST}:{web.port}/there".encode()
        plain.routes["/"] = b"HTTP/1.2 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
        web.routes["/there"] = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.2 200 OK" + BODY
        result = await asker.ask(f"http://{OTHER}:{plain.port}/", tls_config={"ca_file": pki().ca_file})
    measured = facts(result)
    assert (result.reason, measured.redirects, measured.body_bytes, measured.tls_verified) == (Reason.OK, 1, 2, 1)
    assert measured.tls_version == "TLSv1.3"
    phases = dict(measured.phases)
    assert all(seconds >= 0 for seconds in phases.values())
    assert phases["tls"] > 0
    assert measured.first_byte_seconds is not None
    assert measured.first_byte_seconds <= sum(phases.values()) <= result.took_seconds + 0.05
