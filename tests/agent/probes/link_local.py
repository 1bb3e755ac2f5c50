"""Every probe and an address that needs its zone; test_link_local.py gives each run a network of its own."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import trustme
from pydantic import TypeAdapter

from agent.clock import SystemClock
from agent.lab.listeners.base import Listener
from agent.lab.listeners.dns import DnsListener
from agent.lab.listeners.h323 import H323Point
from agent.lab.listeners.http import HttpListener
from agent.lab.listeners.sip import SipRoom
from agent.lab.listeners.tcp import TcpListener
from agent.model import ProbeResult, Reason
from agent.probes.caching_resolver import CachingResolver
from agent.probes.dns.reasons import DnsReason
from agent.probes.registry import PROBES
from agent.probes.spec import ProbeContext
from tests.probing import target_of

ADDRESS = "fe80::1"
ZONES = ("lo", "1")
LISTENERS: Mapping[str, Callable[[], Listener]] = {
    "tcp": lambda: TcpListener(b"220 ready\r\n"),
    "http": HttpListener,
    "sip": SipRoom,
    "dns": DnsListener,
    "h323": H323Point,
}
WAYS: tuple[tuple[str, dict[str, object]], ...] = (
    ("tcp", {"dialogue": [{"expect": "^220"}]}),
    ("http", {}),
    ("sip", {"tcp_fallback": "off"}),
    ("sip", {"transport": "tcp"}),
    ("dns", {"query_name": "portal.example"}),
    ("dns", {"query_name": "portal.example", "transport": "tcp"}),
    ("h323", {"at_least": "answered"}),
)
OVER_TLS: Mapping[str, dict[str, object]] = {
    "tcp": {"tls": True},
    "http": {},
    "sip": {"transport": "tls"},
    "dns": {"query_name": "a.example", "transport": "tls"},
}


async def run(probe: str, address: str, options: Mapping[str, object], timeout: float = 5.0) -> ProbeResult:
    clock, spec = SystemClock(), PROBES[probe]
    names, shared = CachingResolver(clock, ["127.0.0.1:9"]), spec.open(clock)
    read: Any = TypeAdapter(spec.options).validate_python(dict(options))
    try:
        ctx = ProbeContext(clock, clock.monotonic() + timeout, names, shared)
        return await spec.run(target_of(probe, address, read), read, ctx)
    finally:
        shared.close()
        await names.close()


def address_of(probe: str, zone: str, port: int) -> str:
    return {"http": f"http://[{ADDRESS}%25{zone}]:{port}/", "sip": f"sip:room@[{ADDRESS}%{zone}]:{port}"}.get(
        probe, f"[{ADDRESS}%{zone}]:{port}"
    )


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(("probe", "options"), WAYS)
async def test_it_is_reached(probe: str, options: dict[str, object], zone: str) -> None:
    listener = LISTENERS[probe]()
    await listener.open("::")
    try:
        result = await run(probe, address_of(probe, zone, listener.port), options)
    finally:
        await listener.close()
    assert result.reason in (Reason.OK, DnsReason.BAD_ANSWER), result  # the lab's name server knows no such name
    if isinstance(listener, HttpListener):
        assert listener.seen[0].headers["host"] == f"[{ADDRESS}]:{listener.port}"


@pytest.mark.parametrize("zone", ZONES)
async def test_it_is_pinged(zone: str) -> None:
    assert (await run("icmp", f"{ADDRESS}%{zone}", {"packets": 1})).reason is Reason.OK


@pytest.mark.parametrize("source", [f"{ADDRESS}%lo", None])
async def test_a_source_has_a_zone_too(source: str | None) -> None:
    listener = TcpListener()
    await listener.open("::")
    try:
        result = await run("tcp", f"[{ADDRESS}%lo]:{listener.port}", {"source": source})
    finally:
        await listener.close()
    assert result.reason is Reason.OK, result


@asynccontextmanager
async def recording() -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port, TCP and UDP, that takes what comes and says nothing."""
    heard: list[bytes] = []

    class Ear(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, _addr: object) -> None:
            heard.append(data)

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read(65_536))
        writer.close()

    server = await asyncio.start_server(take, "::", 0)
    port: int = server.sockets[0].getsockname()[1]
    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Ear, local_addr=("::", port))
    try:
        yield port, heard
    finally:
        transport.close()
        server.close()


@pytest.mark.parametrize(("probe", "options"), WAYS[1:])
async def test_no_zone_is_on_the_wire(probe: str, options: dict[str, object]) -> None:
    async with recording() as (port, heard):
        await run(probe, address_of(probe, "lo", port), options, 0.3)
    said = b"".join(heard)
    assert said
    assert not any(zone in said for zone in (b"%lo", b"%25lo"))  # a % alone may be a byte of a random number
    if probe == "sip":
        assert f"OPTIONS sip:room@[{ADDRESS}]:{port} SIP/2.0\r\n".encode() in said


@pytest.mark.parametrize("probe", OVER_TLS)
@pytest.mark.parametrize("zone", ZONES)
async def test_its_certificate_is_for_the_address_and_no_name_is_asked_for(
    probe: str, zone: str, tmp_path: Path
) -> None:
    ca = trustme.CA()
    asked: list[str | None] = []
    ca.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(ADDRESS).configure_cert(context)
    context.sni_callback = lambda _tls, name, _context: asked.append(name)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.close()

    server = await asyncio.start_server(answer, "::", 0, ssl=context)
    address = address_of(probe, zone, server.sockets[0].getsockname()[1]).replace("http:", "https:")
    trust = {"tls_config": {"ca_file": str(tmp_path / "ca.pem")}}
    result = await run(probe, address, OVER_TLS[probe] | trust)
    server.close()
    assert result.reason in (Reason.OK, Reason.CONNECTION_CLOSED), result
    assert asked == [None]


async def test_a_redirect_of_its_own_keeps_the_zone_and_one_with_a_zone_is_not_followed() -> None:
    listener = HttpListener()
    await listener.open("::")
    for path, location in (("/own", f"http://[{ADDRESS}]:{listener.port}/"), ("/zoned", f"http://[{ADDRESS}%25lo]/")):
        listener.routes[path] = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode()
    at = f"http://[{ADDRESS}%25lo]:{listener.port}"
    found = [(await run("http", f"{at}{path}", {})).reason for path in ("/own", "/zoned")]
    await listener.close()
    assert found == [Reason.OK, Reason.REDIRECT_FORBIDDEN]


@pytest.mark.parametrize("probe", ["icmp", *LISTENERS])
@pytest.mark.parametrize(
    ("host", "said"),
    [
        (f"{ADDRESS}%nosuch0", "this machine has no interface nosuch0"),
        (f"{ADDRESS}%77", "this machine has no interface 77"),
        (ADDRESS, f"say over which interface, as {ADDRESS}%eth0"),
    ],
)
async def test_an_interface_that_is_not_there_is_our_fault_and_says_so(probe: str, host: str, said: str) -> None:
    options: dict[str, object] = {"query_name": "a.example"} if probe == "dns" else {}
    result = await run(probe, host if probe == "icmp" else f"[{host}]:9", options)
    assert result.reason is Reason.LOCAL_ERROR
    assert said in result.detail
