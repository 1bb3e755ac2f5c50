"""Redirects and proxies: every hop checked again, credentials bound to the first origin, no packet where forbidden."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.lab.listeners.http import HttpListener
from agent.model import Reason
from agent.probes.http.options import ProxyOptions
from agent.probes.http.reasons import HttpReason
from agent.probes.http.redirect import BadUrlError, goes_through, location_of, parse
from tests.agent.probes.http.asking import ADDRESS, OTHER, asking, facts, serving
from tests.pki import HOST, pki

NAMES, TRUST = {"a.example": ADDRESS, "b.example": OTHER}, {"ca_file": pki().ca_file}


@pytest.fixture
def secrets(tmp_path: Path) -> dict[str, Any]:
    path = tmp_path / "secret"
    path.write_text("bi-mat", encoding="ascii")
    path.chmod(0o600)
    return {
        "basic_auth": {"user": "canbo", "password": {"file": str(path)}},
        "headers": {"X-Key": {"file": str(path)}, "Cookie": "s=1", "X-Plain": "p"},
    }


def send(listener: HttpListener, path: str, location: str, status: int = 302) -> None:
    head = f"HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    listener.routes[path] = head.encode()


async def test_credentials_stay_with_their_origin(secrets: dict[str, Any]) -> None:
    async with serving() as first, serving(OTHER) as second, asking(NAMES) as asker:
        send(first, "/go", f"http://b.example:{second.port}/back")
        send(second, "/back", f"http://a.example:{first.port}/end")
        send(first, "/end", "/")
        result = await asker.ask(f"http://a.example:{first.port}/go", **secrets)
    assert result.reason is Reason.OK
    assert facts(result).redirects == 3
    asked = first.seen[0]
    assert asked.headers["authorization"] == "Basic " + base64.b64encode(b"canbo:bi-mat").decode()
    assert (asked.headers["x-key"], asked.headers["cookie"]) == ("bi-mat", "s=1")
    for later in (second.seen[0], first.seen[1], first.seen[2]):  # gone for good, on the way back too
        assert not {"authorization", "x-key", "cookie"} & set(later.headers)
        assert "bi-mat" not in repr(later)
        assert later.headers["x-plain"] == "p"
    assert second.seen[0].headers["host"] == f"b.example:{second.port}"


@pytest.mark.parametrize("change", ["host", "port", "scheme"])
async def test_what_makes_another_origin(change: str, secrets: dict[str, Any]) -> None:
    secure = pki().good
    async with (
        serving() as clear,
        serving() as port,
        serving(certificate=secure) as tls,
        asking({HOST: ADDRESS}) as asker,
    ):
        to = {"host": f"http://{ADDRESS}:{clear.port}/x", "port": f"http://{HOST}:{port.port}/x"}
        to["scheme"] = f"https://{HOST}:{tls.port}/x"
        send(clear, "/go", to[change])
        await asker.ask(f"http://{HOST}:{clear.port}/go", tls_config=TRUST, **secrets)
        landed = {"host": clear, "port": port, "scheme": tls}[change].seen[-1]
    assert landed.path == "/x"
    assert "bi-mat" not in repr(landed)
    assert "authorization" not in landed.headers


async def test_same_origin_keeps_them(secrets: dict[str, Any]) -> None:
    async with serving() as web, asking(NAMES) as asker:
        send(web, "/go", "login?x=1")
        await asker.ask(f"http://A.example:{web.port}/go", **secrets)
    assert web.seen[1].path == "/login?x=1"
    assert web.seen[1].headers["x-key"] == "bi-mat"


METHODS = [
    (301, "POST", "GET", b""),
    (302, "PUT", "GET", b""),
    (303, "HEAD", "HEAD", b""),
    (307, "POST", "POST", b"x"),
    (308, "PUT", "PUT", b"x"),
]


@pytest.mark.parametrize(("status", "method", "then", "body"), METHODS)
async def test_methods(status: int, method: str, then: str, body: bytes) -> None:
    async with serving() as web, asking() as asker:
        send(web, "/go", "/", status)
        await asker.ask(f"http://{ADDRESS}:{web.port}/go", method=method, body="" if method == "HEAD" else "x")
    assert (web.seen[1].method, web.seen[1].body) == (then, body)


async def test_a_body_goes_to_no_other_origin() -> None:
    async with serving() as first, serving(OTHER) as second, asking(NAMES) as asker:
        send(first, "/go", f"http://b.example:{second.port}/", 307)
        result = await asker.ask(f"http://a.example:{first.port}/go", method="POST", body="mat-khau")
    assert result.reason is Reason.REDIRECT_FORBIDDEN
    assert not second.connections


FORBIDDEN = [
    "file:///etc/passwd", "ftp://b.example/", "gopher://b.example:70/_x", "data:text/html,x", "javascript:alert(1)",
    "dict://b.example:11211/stat", "http://user:pw@b.example/", "http://b.example:0/", "http://b.example:99999/",
    "http://0x7f.0.0.1/", "http://2130706433/", "http://127.1/", "http://0177.0.0.1/",
    "http://[::1/", "http://b.example /", "https:///", "//b..example/",
]  # fmt: skip


@pytest.mark.parametrize("location", FORBIDDEN)
async def test_forbidden_locations(location: str) -> None:
    async with serving() as web, asking(NAMES) as asker:
        send(web, "/go", location)
        result = await asker.ask(f"http://a.example:{web.port}/go")
        assert asker.names.asked == ["a.example"]
    assert result.reason is Reason.REDIRECT_FORBIDDEN, result
    assert web.connections == 1


@pytest.mark.parametrize(
    ("location", "then"),
    [
        ("/x", "http://a.example:8080/x"),
        ("x?y=1#z", "http://a.example:8080/d/x?y=1"),
        ("//b.example/", "http://b.example/"),
        ("?q", "http://a.example:8080/d/e?q"),
        ("https://B.EXAMPLE:443", "https://b.example/"),
        ("http://xã.example/đường", "http://xn--x-yfa.example/%C4%91%C6%B0%E1%BB%9Dng"),
        ("http://[2001:DB8::1]:80/", "http://[2001:db8::1]/"),
    ],
)
def test_locations(location: str, then: str) -> None:
    assert str(location_of(parse("http://a.example:8080/d/e"), location.encode())) == then


@pytest.mark.parametrize(
    ("location", "then"),
    [
        (b"/trang chu?a=1", "http://a.example:8080/trang%20chu?a=1"),
        (b" /x \t", "http://a.example:8080/x"),
        (b"/a\tb", "http://a.example:8080/ab"),
        (b"/caf\xe9", "http://a.example:8080/caf%E9"),
        (b"/x?q=\xe9 \\", "http://a.example:8080/x?q=%E9%20%5C"),
        (b"\\x\\y", "http://a.example:8080/x/y"),
        (b"http://a.example\\@b.example/", "http://a.example/@b.example/"),
        (b"http://b.example:/x", "http://b.example/x"),
        (b"https://b.example:", "https://b.example/"),
        (b"http://x\xc3\xa3.example/", "http://xn--x-yfa.example/"),
        (b"/%41%zz", "http://a.example:8080/%41%zz"),
        (b"\\/\\b.example/x", "http://b.example/x"),
        (b"/" + b"a" * 8000, f"http://a.example:8080/{'a' * 8000}"),
        (b"/x\x01y\x01", "http://a.example:8080/x%01y"),
    ],
)
def test_what_is_not_tidy_is_read_as_browsers_read_it(location: bytes, then: str) -> None:
    assert str(location_of(parse("http://a.example:8080/d/e"), location)) == then


@pytest.mark.parametrize(
    "location", [b"http://b.example /", b"http://b\xff.example/", b"http://b%2f.example/", b"http:// /"]
)
def test_what_is_no_host_stays_none(location: bytes) -> None:
    with pytest.raises(BadUrlError):
        location_of(parse("http://a.example/"), location)


async def test_a_cookie_that_a_redirect_sets_is_brought_along() -> None:
    """A portal that knows its visitor by a cookie, and sends him round until he has it."""
    async with serving() as web, asking(NAMES) as asker:
        web.routes["/"] = (
            b"HTTP/1.1 302 Found\r\nLocation: /in\r\nSet-Cookie: seen=1; path=/\r\nContent-Length: 0\r\n\r\n"
        )
        web.routes["/in"] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        url = f"http://a.example:{web.port}/"
        first = await asker.ask(url)
        again = await asker.ask(url)
        beside = await asker.ask(url, headers={"Cookie": "s=1"})
    assert first.reason is again.reason is beside.reason is Reason.OK
    brought = [each.headers.get("cookie") for each in web.seen]
    assert brought[:4] == [None, "seen=1", None, "seen=1"]  # kept within a run, and no longer
    assert sorted((brought[5] or "").split("; ")) == ["s=1", "seen=1"]


@pytest.mark.parametrize(
    ("attributes", "to", "brought"),
    [
        ("", "http://www.a.example:{a}/in", False),  # without Domain for this host alone
        ("; Domain=a.example", "http://www.a.example:{a}/in", True),
        ("; Domain=b.example", "http://b.example:{b}/in", False),  # not its own
        ("; Domain=example", "http://b.example:{b}/in", False),  # a public suffix
        ("; Secure", "http://a.example:{a}/in", False),
        ("; path=/elsewhere", "http://a.example:{a}/in", False),
        ("; Max-Age=0", "http://a.example:{a}/in", False),
    ],
)
async def test_whose_a_cookie_is(attributes: str, to: str, brought: bool) -> None:
    names = NAMES | {"www.a.example": ADDRESS}
    async with serving() as first, serving(OTHER) as second, asking(names) as asker:
        location = to.format(a=first.port, b=second.port)
        cookie = f"Set-Cookie: seen=1{attributes}\r\nContent-Length: 0\r\n\r\n"
        first.routes["/"] = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\n{cookie}".encode()
        first.routes["/in"] = second.routes["/in"] = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        result = await asker.ask(f"http://a.example:{first.port}/")
        landed = (second if second.seen else first).seen[-1]
    assert result.reason is Reason.OK
    assert (landed.path, landed.headers.get("cookie") == "seen=1") == ("/in", brought)


async def test_a_cookie_for_a_public_suffix_is_nobodys() -> None:
    """Two registrable names below com.vn: the first may not speak to the second through a cookie."""
    async with serving() as first, serving(OTHER) as second, asking({"a.com.vn": ADDRESS, "b.com.vn": OTHER}) as asker:
        cookie = b"Set-Cookie: seen=1; Domain=com.vn\r\nContent-Length: 0\r\n\r\n"
        location = f"Location: http://b.com.vn:{second.port}/\r\n".encode()
        first.routes["/"] = b"HTTP/1.1 302 Found\r\n" + location + cookie
        await asker.ask(f"http://a.com.vn:{first.port}/")
    assert "cookie" not in second.seen[0].headers


async def test_ten_redirects_are_followed_and_no_eleventh() -> None:
    async with serving() as web, asking(NAMES) as asker:
        for number in range(11):
            send(web, f"/{number}", f"/{number + 1}" if number < 10 else "/")
        ten = await asker.ask(f"http://a.example:{web.port}/1")
        eleven = await asker.ask(f"http://a.example:{web.port}/0")
    assert (ten.reason, facts(ten).redirects) == (Reason.OK, 10)
    assert eleven.reason is HttpReason.TOO_MANY_REDIRECTS


async def test_the_checked_address_is_the_one_that_is_asked() -> None:
    """A resolver that answers differently each time (rebinding) is asked once per hop; nobody else resolves."""
    async with serving() as web, asking({"localhost": ADDRESS}) as asker:
        result = await asker.ask(f"http://localhost:{web.port}/")
    assert result.reason is Reason.OK
    assert result.address == ADDRESS
    assert asker.names.asked == ["localhost"]
    assert web.seen[0].headers["host"] == f"localhost:{web.port}"


async def test_a_name_that_leads_nowhere() -> None:
    async with serving() as web, asking(NAMES) as asker:
        send(web, "/go", "http://gone.example/")
        result = await asker.ask(f"http://a.example:{web.port}/go")
    assert result.reason is Reason.NAME_NOT_FOUND
    assert facts(result).redirects == 1
    assert facts(result).final_url == "http://gone.example/"


async def test_client_certificate_and_server_name_stay_with_their_origin(monkeypatch: pytest.MonkeyPatch) -> None:
    own = TRUST | {"cert_file": pki().client.pem, "key_file": pki().client.pem, "server_name": HOST}
    async with serving(certificate=pki().good) as first, serving(OTHER, pki().good) as second, asking() as asker:
        send(first, "/go", f"https://{OTHER}:{second.port}/")
        result = await asker.ask(f"https://{ADDRESS}:{first.port}/go", tls_config=own)
    assert result.reason is Reason.TLS_WRONG_NAME  # judged by its own name again
    assert not second.seen


# Proxies


class LittleProxy:
    """Forwards http and tunnels CONNECT, both only to what ``routes`` names; wants a login if one is set."""

    def __init__(self) -> None:
        self.routes: dict[str, tuple[str, int]] = {}
        self.login: str | None = None
        self.heads: list[str] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        self.heads.append(head)
        method, url, _ = head.split("\r\n")[0].split(" ")
        authority = url if method == "CONNECT" else parse(url).authority
        if self.login and f"Proxy-Authorization: Basic {self.login}" not in head:
            writer.write(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        elif authority in self.routes:
            await self._relay(method, head, reader, writer, self.routes[authority])
        else:
            writer.write(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    @staticmethod
    async def _relay(
        method: str, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: tuple[str, int]
    ) -> None:
        there, back = await asyncio.open_connection(*to)
        if method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
        else:
            back.write(head.replace(f"http://{parse(head.split(' ')[1]).authority}", "", 1).encode("latin-1"))

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                sink.write(data)
            sink.close()

        await asyncio.wait(
            [asyncio.create_task(pump(reader, back)), asyncio.create_task(pump(there, writer))], timeout=5
        )


@asynccontextmanager
async def proxying() -> AsyncIterator[tuple[LittleProxy, str]]:
    proxy = LittleProxy()
    server = await asyncio.start_server(proxy.serve, "127.81.0.3", 0)
    try:
        yield proxy, f"http://127.81.0.3:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()
        await server.wait_closed()


async def test_through_a_proxy(secrets: dict[str, Any]) -> None:
    async with proxying() as (proxy, url), serving() as web, serving(certificate=pki().good) as tls, asking() as asker:
        proxy.routes = {f"far.example:{web.port}": (ADDRESS, web.port), f"{HOST}:{tls.port}": (ADDRESS, tls.port)}
        proxy.login = base64.b64encode(b"canbo:bi-mat").decode()
        way = {"url": url, "auth": secrets["basic_auth"], "connect_headers": {"X-Tunnel": "yes"}}
        clear = await asker.ask(f"http://far.example:{web.port}/", proxy=way)
        secure = await asker.ask(f"https://{HOST}:{tls.port}/", proxy=way, tls_config=TRUST, headers={"X-Key": "k"})
        unknown = await asker.ask("https://other.example/", proxy=way)
        stranger = await asker.ask(f"https://{HOST}:{tls.port}/", proxy={"url": url})
    assert clear.reason is secure.reason is Reason.OK
    assert clear.address == "127.81.0.3"
    assert unknown.reason is stranger.reason is HttpReason.PROXY_FAILED
    assert asker.names.asked == ["127.81.0.3"] * 4  # the proxy resolves the target
    connect = proxy.heads[1]
    assert "X-Tunnel: yes" in connect
    assert "X-Key" not in connect
    assert "proxy-authorization" not in tls.seen[0].headers
    assert tls.seen[0].headers["x-key"] == "k"


async def test_a_dead_proxy_and_ways_around_it() -> None:
    dead = {"url": "http://127.81.0.3:9", "no_proxy": ["127.81.0.0/24"]}
    async with serving() as web, asking(NAMES) as asker:
        failed = await asker.ask(f"http://a.example:{web.port}/", proxy=dead)
        around = await asker.ask(f"http://{ADDRESS}:{web.port}/", proxy=dead)
        nameless = await asker.ask("http://a.example/", proxy={"url": "http://gone.example:3128"})
    assert failed.reason is nameless.reason is HttpReason.PROXY_FAILED
    assert around.reason is Reason.OK


@pytest.mark.parametrize(
    ("entry", "url", "through"),
    [
        ("*", "http://a.example/", False),
        ("a.example", "http://a.example/", False),
        (".a.example", "http://x.a.example/", False),
        ("a.example", "http://ba.example/", True),
        ("a.example:8080", "http://a.example/", True),
        ("a.example:8080", "http://a.example:8080/", False),
        ("192.0.2.0/24", "http://192.0.2.9/", False),
        ("192.0.2.0/24", "http://198.51.100.1/", True),
        ("2001:db8::/32", "http://[2001:db8::1]/", False),
        ("[2001:db8::1]:80", "http://[2001:db8::1]/", False),
        ("[2001:db8::1]", "http://[2001:db8::1]/", False),
        ("xã.example", "http://XÃ.example./", False),
        ("*.XÃ.example", "http://a.xn--x-yfa.example/", False),
        ("", "http://a.example/", True),
    ],
)
def test_no_proxy(entry: str, url: str, through: bool) -> None:
    assert goes_through(ProxyOptions("http://p:1", (entry,)), parse(url)) is through
