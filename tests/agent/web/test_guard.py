"""Who is let through by what a request says of its target and its page: every field and form, over real sockets."""

from __future__ import annotations

import pytest

from agent.web.authority import host_of, is_loopback
from tests.agent.web.serving import ask, exchange, parse, serving

OURS = (
    "127.0.0.1",
    "127.0.0.1:10115",
    "localhost",
    "localhost:1",
    "LocalHost:65535",
    "[::1]",
    "[::1]:9",
    "127.9.9.9:80",
)
OTHERS = ("192.0.2.1", "192.0.2.1:10115", "[2001:db8::1]:10115", "[::ffff:192.0.2.1]")
NONE = (
    "",
    " ",
    "evil.example",
    "evil.example:10115",
    "127.0.0.1.evil.example",
    "localhost.evil.example",
    "evil-localhost",
    "localhost.",
    "127.0.0.1.",
    "localhost:",
    "127.0.0.1:",
    "[::1]:",
    "127.0.0.1:0",
    "127.0.0.1:080",
    "127.0.0.1:65536",
    "127.0.0.1:99999",
    "127.0.0.1:+80",
    "127.0.0.1:-80",
    "127.0.0.1:8 0",
    "127.0.0.1:80:80",
    "127.0.0.1:80/",
    "127.0.0.1/",
    "127.0.0.1#",
    "127.0.0.1?x",
    "127.0.0.1@evil.example",
    "evil.example@127.0.0.1",
    "u:p@127.0.0.1",
    "http://127.0.0.1",
    "127.0.0.1, evil.example",
    "127.0.0.1,127.0.0.1",
    "127.0.0.1 127.0.0.1",
    "127.0.0.1\tx",
    "127.1",
    "127.0.0.01",
    "0x7f.0.0.1",
    "2130706433",
    "127.0.0.256",
    "127.0.0.1x",
    "::1",
    "::1:80",
    "[::1",
    "::1]",
    "[::1]x",
    "[::1]80",
    "[::1%lo]",
    "[::1%25lo]",
    "[127.0.0.1]",
    "[localhost]",
    "[::1]]",
    "[[::1]]",
    "[]",
    "ip6-localhost",
    "localhost6",
    "lo\u0441alhost",
    "127\u3002 0.0.1",
)  # fmt: skip


@pytest.mark.parametrize("host", [*OURS, *OTHERS])
async def test_an_address_or_localhost_with_an_optional_port_is_let_through(host: str) -> None:
    async with serving() as (port, _):
        assert [(await ask(port, "GET", path, {"host": host}))[0] for path in ("/", "/sd", "/probe?target=a")] == [
            200
        ] * 3
        assert (await ask(port, "POST", "/-/reload", {"host": host}))[0] == (200 if host in OURS else 403)


@pytest.mark.parametrize("host", NONE)
async def test_any_other_host_is_misdirected(host: str) -> None:
    async with serving() as (port, _):
        for method, path in (
            ("GET", "/"),
            ("GET", "/api/v1/targets"),
            ("GET", "/probe?target=a"),
            ("POST", "/-/reload"),
        ):
            assert (await _asked(port, method, path, f"Host: {host}\r\n".encode()))[0] == 421, path
        assert (await _asked(port, "GET", "/metrics", f"Host: {host}\r\n".encode()))[0] == 200


async def _asked(port: int, method: str, target: str, fields: bytes, version: str = "1.1") -> tuple[int, bytes]:
    head = f"{method} {target} HTTP/{version}\r\n".encode() + fields + b"Connection: close\r\nContent-Length: 0\r\n\r\n"
    status, _, body = parse(await exchange(port, head))
    return status, body


async def test_the_refusal_says_what_would_be_right() -> None:
    async with serving() as (port, _):
        assert await _asked(port, "GET", "/", b"Host: a\r\n") == (
            421,
            b"421 Host is an address or localhost, with an optional port\n",
        )


async def test_without_a_host_only_what_anyone_may_read_is_given() -> None:
    async with serving() as (port, _):
        assert [(await _asked(port, "GET", path, b"", "1.0"))[0] for path in ("/metrics", "/", "/sd")] == [
            200,
            421,
            421,
        ]
        assert (await _asked(port, "POST", "/-/reload", b"", "1.0"))[0] == 421
        assert (await _asked(port, "GET", "/metrics", b"", "1.1"))[0] == 400


@pytest.mark.parametrize("text", [b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xff\xed\xa0\xbd\xed\xb8\x80", b"a\xed\xb0\x80b"])
async def test_half_a_pair_of_surrogates_in_a_field_is_refused(text: bytes) -> None:
    async with serving() as (port, _):
        status, said = await _asked(port, "GET", "/sd", b"Host: localhost\r\nX-Text: " + text + b"\r\n")
        assert (status, b"x-text: character U+D" in said) == (400, True)
        assert (await _asked(port, "GET", "/sd", "Host: localhost\r\nX-Text: Xã 😀\r\n".encode()))[0] == 200


@pytest.mark.parametrize("second", ["127.0.0.1", "evil.example"])
async def test_a_second_host_is_malformed(second: str) -> None:
    async with serving() as (port, _):
        for first, last in (("127.0.0.1", second), (second, "127.0.0.1")):
            assert (await _asked(port, "GET", "/", f"Host: {first}\r\nhost: {last}\r\n".encode()))[0] == 400


@pytest.mark.parametrize(
    ("target", "status"),
    [
        ("http://127.0.0.1", 200),
        ("http://127.0.0.1:10115/", 200),
        ("HTTP://localhost/api/v1/targets", 200),
        ("http://127.0.0.1/nothing", 404),
        ("http://evil.example/", 421),
        ("http://evil.example/metrics", 421),
        ("http://u@127.0.0.1/", 421),
        ("http:///", 421),
        ("https://127.0.0.1/", 421),
        ("ftp://127.0.0.1/", 421),
    ],
)
async def test_an_authority_in_the_request_line_is_judged_as_well(target: str, status: int) -> None:
    async with serving() as (port, _):
        assert (await _asked(port, "GET", target, b"Host: 127.0.0.1\r\n"))[0] == status
        judged = (await _asked(port, "GET", target, b"Host: evil.example\r\n"))[0]
        assert judged == (404 if status == 404 else 421)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        (("Origin: http://{host}",), 200),
        (("Origin: http://{host}", "Origin: http://{host}"), 200),
        (("Origin: http://{host}, http://{host}",), 200),
        (("Sec-Fetch-Site: none",), 200),
        (("Sec-Fetch-Site: same-origin, same-origin",), 200),
        (("Origin: http://{host}", "Origin: http://evil.example"), 403),
        (("Origin: http://evil.example", "Origin: http://{host}"), 403),
        (("Origin: http://{host}, http://evil.example",), 403),
        (("Origin: http://{host},null",), 403),
        (("Origin: http://{host},",), 403),
        (("Origin: null",), 403),
        (("Origin:",), 403),
        (("Origin: http://{host}/",), 403),
        (("Origin: https://{host}",), 403),
        (("Sec-Fetch-Site: none", "Sec-Fetch-Site: cross-site"), 403),
        (("Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: none"), 403),
        (("Sec-Fetch-Site: none, cross-site",), 403),
        (("Sec-Fetch-Site: same-site",), 403),
        (("Sec-Fetch-Site: NONE",), 403),
        (("Sec-Fetch-Site:",), 403),
        (("Sec-Fetch-Site: none", "Origin: http://{host}", "sec-fetch-site: cross-site"), 403),
    ],
)
async def test_of_repeated_fields_every_one_is_judged(fields: tuple[str, ...], status: int) -> None:
    async with serving() as (port, _):
        host = f"127.0.0.1:{port}"
        lines = "".join(f"{field}\r\n" for field in (f"Host: {host}", *fields)).format(host=host).encode()
        assert (await _asked(port, "GET", "/probe?target=a", lines))[0] == status
        assert (await _asked(port, "POST", "/-/reload", lines))[0] == status


@pytest.mark.parametrize(
    ("version", "fields"),
    [("1.1", b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), ("1.0", b"Transfer-Encoding: chunked\r\n")],
)
async def test_a_body_of_two_lengths_is_refused_and_nothing_behind_it_is_read(version: str, fields: bytes) -> None:
    async with serving() as (port, _):
        head = f"POST /-/reload HTTP/{version}\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\n".encode()
        behind = b"GET /-/healthy HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
        answer = await exchange(port, head + fields + b"\r\n0\r\n\r\n" + behind)
    assert (parse(answer)[0], answer.count(b"HTTP/1.1 ")) == (400, 1)


def test_loopback_is_known_in_every_spelling() -> None:
    there = {
        host: host_of(host) for host in ("[::FFFF:127.0.0.1]:1", "[::1]", "[0:0::1]", "127.255.255.254", "LOCALHOST")
    }
    assert all(found is not None and is_loopback(found) for found in there.values()), there
    assert not any(map(is_loopback, ("::ffff:192.0.2.1", "192.0.2.1", "::", "0.0.0.0", "x", "")))


@pytest.mark.parametrize(
    ("line", "host", "vi", "en"),
    [
        ("GET /nowhere", "127.0.0.1", "404 không có trang này", "404 Not Found"),
        ("GET /-/reload", "127.0.0.1", "405 địa chỉ này không dùng theo cách đó", "405 Method Not Allowed"),
        ("GET /", "may-giam-sat.example", "421 hãy mở bằng địa chỉ IP", "421 Host is an address"),
        ("POST /-/reload", "192.0.2.1", "403 chỉ dùng được từ chính máy giám sát", "403 Forbidden"),
        ("GET /sd?site=%00", "127.0.0.1", "400 'site': ký tự", "400 'site': character"),
    ],
)
async def test_a_refusal_is_in_the_language_that_the_browser_asks_for(line: str, host: str, vi: str, en: str) -> None:
    async with serving() as (port, _):
        for wanted, said in (("vi-VN,vi;q=0.9,en;q=0.8", vi), ("en-GB", en), ("", en)):
            head = f"{line} HTTP/1.1\r\nHost: {host}\r\nAccept-Language: {wanted}\r\nConnection: close\r\n\r\n"
            _, _, body = parse(await exchange(port, head.encode()))
            assert body.decode().startswith(said)
