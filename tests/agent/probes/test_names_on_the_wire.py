"""What a peer gets to see of a name, and what its certificate must cover: the same for every probe."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest
import trustme
from pydantic import TypeAdapter

from agent.clock import SystemClock
from agent.lab.listeners.http import HttpListener
from agent.model import Reason
from agent.probes.caching_resolver import CachingResolver
from agent.probes.http.redirect import location_of, parse
from agent.probes.registry import PROBES
from agent.probes.resolver import Resolved
from agent.probes.spec import ProbeContext
from tests.agent.probes.http.asking import ADDRESS, asking, serving
from tests.probing import run_probe, target_of

OVER_TLS: Mapping[str, dict[str, object]] = {
    "tcp": {"tls": True},
    "http": {},
    "sip": {"transport": "tls"},
    "dns": {"query_name": "a.example", "transport": "tls"},
}
FORMS = {"http": "https://{}:{}/", "sip": "sip:room@{}:{}"}
FOUND = Resolved("127.0.0.1", stale=False, took_seconds=0.0)
NAMES = [  # as written, as resolved, as asked for in TLS, as the certificate has it
    ("good.example.", "good.example.", "good.example", "good.example"),
    ("Good.EXAMPLE", "good.example", "good.example", "good.example"),
    ("xã.example", "xn--x-yfa.example", "xn--x-yfa.example", "xn--x-yfa.example"),
    ("XA\u0303.example", "xn--x-yfa.example", "xn--x-yfa.example", "xn--x-yfa.example"),
    ("faß.wild.example.", "xn--fa-hia.wild.example.", "xn--fa-hia.wild.example", "*.wild.example"),
    ("phong_hop.wild.example", "phong_hop.wild.example", "phong_hop.wild.example", "*.wild.example"),
]


def options_of(probe: str, given: Mapping[str, object]) -> object:
    spec = PROBES[probe]
    options: object = TypeAdapter(spec.options).validate_python(dict(given))
    return options


@cache
def authority() -> tuple[trustme.CA, str]:
    ca, path = trustme.CA(), Path(mkdtemp(prefix="names-")) / "ca.pem"
    ca.cert_pem.write_to_path(str(path))
    return ca, str(path)


@pytest.mark.parametrize("probe", OVER_TLS)
@pytest.mark.parametrize(("written", "resolved", "asked_for", "certified"), NAMES)
async def test_the_server_name_and_the_certificate(
    probe: str, written: str, resolved: str, asked_for: str, certified: str
) -> None:
    ca, ca_file = authority()
    names: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(certified).configure_cert(context)
    context.sni_callback = lambda _tls, name, _context: names.append(name)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    address = FORMS.get(probe, "{}:{}").format(written, server.sockets[0].getsockname()[1])
    given = OVER_TLS[probe] | {"tls_config": {"ca_file": ca_file}}
    options = options_of(probe, given)
    result = await run_probe(PROBES[probe], address, options, names={resolved: FOUND})
    server.close()
    assert result.reason in (Reason.OK, Reason.CONNECTION_CLOSED), result
    assert {*names} == {asked_for}


@pytest.mark.parametrize(
    ("written", "uri"),
    [
        ("room@Good.example.:{}", "sip:room@good.example:{}"),
        ("sip:xã.example:{}", "sip:xn--x-yfa.example:{}"),
        ("[::ffff:127.0.0.1]:{}", "sip:127.0.0.1:{}"),
    ],
)
async def test_the_sip_uri(written: str, uri: str) -> None:
    said: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        said.append(await reader.readuntil(b"\r\n\r\n"))
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    options = options_of("sip", {"transport": "tcp"})
    known = {"good.example.": FOUND, "xn--x-yfa.example": FOUND}
    await run_probe(PROBES["sip"], written.format(port), options, names=known)
    server.close()
    assert said[0].startswith(f"OPTIONS {uri.format(port)} SIP/2.0\r\n".encode())


@pytest.mark.parametrize(
    ("written", "host"),
    [("Good.example.", "good.example."), ("xã.example", "xn--x-yfa.example"), (f"[::ffff:{ADDRESS}]", ADDRESS)],
)
async def test_the_host_header(written: str, host: str) -> None:
    async with serving(ADDRESS) as web, asking({"good.example.": ADDRESS, "xn--x-yfa.example": ADDRESS}) as asker:
        result = await asker.ask(f"http://{written}:{web.port}/")
    assert result.reason is Reason.OK
    assert web.seen[0].headers["host"] == f"{host}:{web.port}"


async def test_a_dns_question_beyond_ascii_is_asked_as_browsers_ask_it() -> None:
    heard: list[bytes] = []

    class Ear(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _addr: object) -> None:
            heard.append(data)

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Ear, local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    options = options_of("dns", {"query_name": "faß.Xã.example"})
    await run_probe(PROBES["dns"], f"127.0.0.1:{port}", options, timeout=0.2)
    transport.close()
    assert b"\x0axn--fa-hia\x09xn--x-yfa\x07example\x00" in heard[0]


@pytest.mark.parametrize(
    ("location", "family", "reason"),
    [
        ("http://[::1]:{}/", "ip4", Reason.NO_ADDRESS),
        ("http://[::1]:{}/", "prefer_ip4", Reason.OK),
        ("http://[::ffff:127.81.0.1]:{}/", "ip4", Reason.OK),
        ("http://0.0.0.0:{}/", "prefer_ip4", Reason.REDIRECT_FORBIDDEN),
        ("http://[::]:{}/", "prefer_ip6", Reason.REDIRECT_FORBIDDEN),
        ("http://localhost.:{}/", "ip4", Reason.REFUSED),
    ],
)
async def test_where_a_redirect_may_lead_under_a_family(location: str, family: str, reason: Reason) -> None:
    clock = SystemClock()
    names, shared, six = CachingResolver(clock, ["127.0.0.1:9"]), PROBES["http"].open(clock), HttpListener()
    options = options_of("http", {"family": family})
    async with serving(ADDRESS) as web:
        await six.open("::1", web.port)
        head = f"HTTP/1.1 302 Found\r\nLocation: {location.format(web.port)}\r\nContent-Length: 0\r\n\r\n"
        web.routes["/go"] = head.encode()
        target = target_of("http", f"http://{ADDRESS}:{web.port}/go", options)
        result = await PROBES["http"].run(target, options, ProbeContext(clock, clock.monotonic() + 5, names, shared))
        await six.close()
    shared.close()
    await names.close()
    assert result.reason is reason, result
    assert len(six.seen) == (family == "prefer_ip4" and "::1" in location)


@pytest.mark.parametrize("host", ["fe80::1", "fe80::a:1", "febf::1"])
def test_a_redirect_from_a_link_local_address_stays_on_its_interface(host: str) -> None:
    base = parse(f"http://[{host}%25eth0]/")
    for location in (b"/there", b"there", b"//[fe9a::2]/", b"http://[feb0::2]:81/"):
        assert location_of(base, location).zone == "eth0", location
    for location in (b"http://[fec0::1]/", b"http://[2001:db8::1]/", b"http://192.0.2.1/", b"http://fe80.example/"):
        assert location_of(base, location).zone == "", location
