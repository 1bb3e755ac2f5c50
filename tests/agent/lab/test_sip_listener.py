"""The lab's room asked by hand: plain sockets and plain strings on both sides."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator

import pytest

from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.sip import SipRoom
from tests.pki import HOST, pki


def request(method: str = "OPTIONS", uri: str = "sip:127.0.0.1") -> bytes:
    lines = (
        f"{method} {uri} SIP/2.0",
        "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKhand",
        "From: <sip:me@127.0.0.1>;tag=1",
        f"To: <{uri}>",
        "Call-ID: by-hand",
        f"CSeq: 7 {method}",
        "Content-Length: 0",
        "",
        "",
    )
    return "\r\n".join(lines).encode()


@pytest.fixture
async def room() -> AsyncIterator[SipRoom]:
    opened = SipRoom(pki().good.context())
    await opened.open("127.0.0.1")
    yield opened
    await opened.close()


class Heard(asyncio.DatagramProtocol):
    def __init__(self) -> None:
        self.queue: asyncio.Queue[bytes] = asyncio.Queue()

    def datagram_received(self, data: bytes, _addr: object) -> None:
        self.queue.put_nowait(data)


async def over_udp(room: SipRoom, data: bytes, wait: float = 2.0) -> bytes | None:
    loop = asyncio.get_running_loop()
    transport, heard = await loop.create_datagram_endpoint(Heard, remote_addr=("127.0.0.1", room.port))
    try:
        transport.sendto(data)
        return await asyncio.wait_for(heard.queue.get(), wait)
    except TimeoutError:
        return None
    finally:
        transport.close()


async def over_tcp(room: SipRoom, data: bytes, wait: float = 2.0) -> bytes | None:
    """What came until the other side closed or `wait` was over; None when the connection was reset."""
    reader, writer = await asyncio.open_connection("127.0.0.1", room.port)
    heard = bytearray()
    try:
        async with asyncio.timeout(wait):
            writer.write(data)
            while piece := await reader.read(4096):
                heard += piece
                if heard.endswith(b"\r\n\r\n"):
                    break
    except TimeoutError:
        pass
    except ConnectionResetError:
        return None
    finally:
        writer.transport.abort()
    return bytes(heard)


@pytest.mark.parametrize("ask", [over_udp, over_tcp])
async def test_it_answers_and_copies_what_ties_the_answer_to_the_request(room: SipRoom, ask) -> None:  # type: ignore[no-untyped-def]
    room.status = 486
    lines = (await ask(room, request())).decode().split("\r\n")
    assert lines[:6] == [
        "SIP/2.0 486 Busy Here",
        "Via: SIP/2.0/UDP 127.0.0.1:9;branch=z9hG4bKhand",
        "From: <sip:me@127.0.0.1>;tag=1",
        "To: <sip:127.0.0.1>;tag=lab",
        "Call-ID: by-hand",
        "CSeq: 7 OPTIONS",
    ]
    assert lines[-3:] == ["Content-Length: 0", "", ""]
    assert (room.requests, room.invites) == (1, 0)


async def test_it_answers_over_tls(room: SipRoom) -> None:
    context = ssl.create_default_context(cafile=pki().ca_file)
    reader, writer = await asyncio.open_connection("127.0.0.1", room.tls_port, ssl=context, server_hostname=HOST)
    writer.write(request()[:50])
    writer.write(request()[50:])
    assert (await reader.readline()) == b"SIP/2.0 200 OK\r\n"
    writer.transport.abort()


async def test_a_registrar_knows_its_rooms(room: SipRoom) -> None:
    room.users = {"room-01"}
    answers = [await over_udp(room, request(uri=f"sip:{who}lab.test")) for who in ("room-01@", "room-02@", "")]
    assert [answer and answer[8:11] for answer in answers] == [b"200", b"404", b"200"]


async def test_invites_are_counted_and_refused(room: SipRoom) -> None:
    assert (await over_udp(room, request("INVITE")) or b"").startswith(b"SIP/2.0 405 ")
    assert room.invites == 1


@pytest.mark.parametrize(
    ("misbehaviour", "udp", "tcp"),
    [
        (Misbehaviour.SILENT, None, b""),
        (Misbehaviour.GARBAGE, b"\x00\xffnot", b"\x00\xffnot"),
        (Misbehaviour.ENDLESS, b"SIP/2.0 100 ", b"SIP/2.0 200 OK\r\nX-Padding"),
        (Misbehaviour.DRIP, b"S", b"S"),
        (Misbehaviour.STALL, b"SIP/2.0 100 ", b"SIP/2.0 200 OK\r\nVia"),
        (Misbehaviour.CLOSE, None, b""),
        (Misbehaviour.RESET, None, None),
    ],
)
async def test_every_vice_is_as_described(
    room: SipRoom, misbehaviour: Misbehaviour, udp: bytes | None, tcp: bytes | None
) -> None:
    room.misbehaviour = misbehaviour
    by_udp, by_tcp = await asyncio.gather(over_udp(room, request(), 0.2), over_tcp(room, request(), 0.2))
    assert (by_udp is None) == (udp is None)
    assert (by_udp or b"").startswith(udp or b"")
    assert (by_tcp is None) == (tcp is None)
    assert (by_tcp or b"").startswith(tcp or b"")
    if misbehaviour is Misbehaviour.ENDLESS:
        assert len(by_tcp or b"") > 64 * 1024


async def test_a_room_deaf_over_udp_still_answers_over_tcp(room: SipRoom) -> None:
    room.ignores_udp = True
    assert await over_udp(room, request(), 0.1) is None
    assert (await over_tcp(room, request()) or b"").startswith(b"SIP/2.0 200")


async def test_a_closed_room_refuses_on_every_port(room: SipRoom) -> None:
    await room.close()
    for port in (room.port, room.tls_port):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
