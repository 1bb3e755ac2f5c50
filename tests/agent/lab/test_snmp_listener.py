"""The listener seen through pysnmp's messages and bytes written here, not through our probe."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import rfc1901, rfc1905
from pysnmp.proto.api import v2c

from agent.lab.devices.device import DeviceKind
from agent.lab.devices.made import DEVICES
from agent.lab.listeners.base import Misbehaviour
from agent.lab.listeners.snmp import COMMUNITY, SnmpListener
from tests.clock import TravellingClock

V1, V2C = 0, 1
DESCRIPTION, OBJECT_ID, UPTIME = ((1, 3, 6, 1, 2, 1, 1, number, 0) for number in (1, 2, 3))
NAMES = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1)
STATES = (1, 3, 6, 1, 2, 1, 2, 2, 1, 8)
OCTETS_64 = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6)
LAST = (1, 3, 6, 1, 9)
NO_INSTANCE, NO_OBJECT = "No Such Instance currently exists at this OID", "No Such Object currently exists at this OID"
END_OF_VIEW = "No more variables left in this MIB View"


@dataclass(frozen=True)
class Heard:
    """An answer as pysnmp reads it: error status and index, names and printed values, the size of the datagram."""

    status: int
    index: int
    variables: tuple[tuple[tuple[int, ...], str], ...]
    size: int


def listener(kind: DeviceKind = DeviceKind.SWITCH) -> SnmpListener:
    return SnmpListener(DEVICES[kind]("switch-01", TravellingClock()))


def asked(pdu: object, names: Sequence[tuple[int, ...]], version: int = V2C, community: str = COMMUNITY) -> bytes:
    v2c.apiPDU.set_defaults(pdu)
    v2c.apiPDU.set_request_id(pdu, 77)
    v2c.apiPDU.set_varbinds(pdu, [(name, v2c.Null("")) for name in names])
    message = v2c.Message()
    v2c.apiMessage.set_defaults(message)
    message.setComponentByPosition(0, version)
    v2c.apiMessage.set_community(message, community)
    v2c.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


def bulk(names: Sequence[tuple[int, ...]], single: int, repetitions: int) -> bytes:
    pdu = v2c.GetBulkRequestPDU()
    v2c.apiBulkPDU.set_defaults(pdu)
    v2c.apiBulkPDU.set_request_id(pdu, 77)
    v2c.apiBulkPDU.set_non_repeaters(pdu, single)
    v2c.apiBulkPDU.set_max_repetitions(pdu, repetitions)
    v2c.apiBulkPDU.set_varbinds(pdu, [(name, v2c.Null("")) for name in names])
    message = v2c.Message()
    v2c.apiMessage.set_defaults(message)
    v2c.apiMessage.set_community(message, COMMUNITY)
    v2c.apiMessage.set_pdu(message, pdu)
    return bytes(encoder.encode(message))


async def answer(agent: SnmpListener, request: bytes, wait: float = 2.0) -> bytes:
    """What comes back; b"" for silence."""
    await agent.open("127.0.0.1")
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        client.connect(("127.0.0.1", agent.port))
        client.send(request)
        try:
            return await asyncio.wait_for(loop.sock_recv(client, 65_507), wait)
        except TimeoutError:
            return b""
        finally:
            await agent.close()


def read(datagram: bytes) -> Heard:
    message, rest = decoder.decode(datagram, asn1Spec=rfc1901.Message())
    assert (rest, bytes(message[1])) == (b"", COMMUNITY.encode())
    pdu = message[2].getComponent()
    assert (message[2].getName(), int(pdu[0])) == ("response", 77)
    variables = tuple((tuple(each[0]), each[1].getComponent(1).prettyPrint()) for each in pdu[3])
    return Heard(int(pdu[1]), int(pdu[2]), variables, len(datagram))


async def heard(request: bytes, kind: DeviceKind = DeviceKind.SWITCH) -> Heard:
    return read(await answer(listener(kind), request))


async def test_its_bytes_are_those_of_the_standard() -> None:
    name = bytes.fromhex("060b2b060102011f0101010103")  # ifName.3
    variable = b"\x30" + bytes([len(name) + 2]) + name + b"\x05\x00"
    pdu = bytes.fromhex("02014d020100020100") + b"\x30" + bytes([len(variable)]) + variable
    head = bytes.fromhex("020101") + b"\x04" + bytes([len(COMMUNITY)]) + COMMUNITY.encode()
    body = head + b"\xa0" + bytes([len(pdu)]) + pdu
    said = await answer(listener(), b"\x30" + bytes([len(body)]) + body)
    value = b"\x04\x05Gi0/3"
    told = b"\x30" + bytes([len(name) + len(value)]) + name + value
    pdu = bytes.fromhex("02014d020100020100") + b"\x30" + bytes([len(told)]) + told
    body = head + b"\xa2" + bytes([len(pdu)]) + pdu
    assert said == b"\x30" + bytes([len(body)]) + body


async def test_get_tells_what_is_there_and_what_is_not() -> None:
    said = await heard(asked(v2c.GetRequestPDU(), [OBJECT_ID, (*STATES, 1), (*STATES, 99), (*LAST, 0)]))
    assert [value for _, value in said.variables] == ["1.3.6.1.4.1.9.1.2559", "1", NO_INSTANCE, NO_OBJECT]
    assert (said.status, said.index) == (0, 0)


async def test_a_missing_name_is_an_error_in_version_1() -> None:
    said = await heard(asked(v2c.GetRequestPDU(), [DESCRIPTION, (*STATES, 99)], V1))
    assert (said.status, said.index) == (2, 2)


async def test_version_1_has_no_64_bit_counters() -> None:
    assert (await heard(asked(v2c.GetRequestPDU(), [(*OCTETS_64, 1)], V1))).status == 2
    said = await heard(asked(v2c.GetNextRequestPDU(), [OCTETS_64], V1))
    assert said.variables[0][0] == (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 14, 1)
    said = await heard(asked(v2c.GetNextRequestPDU(), [OCTETS_64]))
    assert said.variables[0][0] == (*OCTETS_64, 1)


async def test_bulk_walks_several_columns_at_once() -> None:
    said = await heard(bulk([UPTIME[:-1], NAMES, STATES], 1, 3))
    assert [name for name, _ in said.variables] == [
        UPTIME, (*NAMES, 1), (*STATES, 1), (*NAMES, 2), (*STATES, 2), (*NAMES, 3), (*STATES, 3),
    ]  # fmt: skip
    assert [value for _, value in said.variables[1:3]] == ["Gi0/1", "1"]


async def test_bulk_fills_one_frame_and_stops_at_the_end_of_the_view() -> None:
    assert 1000 < (await heard(bulk([STATES], 0, 100))).size < 1500
    said = await heard(bulk([(*LAST, 0)], 0, 100))
    assert said.variables == (((*LAST, 0), END_OF_VIEW),)


async def test_an_answer_that_is_too_big_is_refused() -> None:
    said = await heard(asked(v2c.GetRequestPDU(), [DESCRIPTION] * 20))
    assert (said.status, said.variables) == (1, ())


async def test_nothing_can_be_set() -> None:
    assert (await heard(asked(v2c.SetRequestPDU(), [DESCRIPTION]))).status == 17


@pytest.mark.parametrize(
    "request_bytes",
    [
        asked(v2c.GetRequestPDU(), [UPTIME], community="public"),
        asked(v2c.GetRequestPDU(), [UPTIME])[:-3],
        encoder.encode(rfc1905.noSuchObject),
        b"\x30\x84\xff\xff\xff\xff",
        b"",
    ],
)
async def test_a_wrong_community_and_rubbish_are_met_with_silence(request_bytes: bytes) -> None:
    assert await answer(listener(), request_bytes, 0.05) == b""


async def test_it_misbehaves_as_told() -> None:
    request, replies = asked(v2c.GetRequestPDU(), [UPTIME]), {}
    for misbehaviour in (Misbehaviour.NONE, Misbehaviour.GARBAGE, Misbehaviour.STALL, Misbehaviour.SILENT):
        agent = listener()
        agent.misbehaviour = misbehaviour
        replies[misbehaviour] = await answer(agent, request, 0.05 if misbehaviour is Misbehaviour.SILENT else 2)
    whole = replies[Misbehaviour.NONE]
    assert whole.startswith(replies[Misbehaviour.STALL])
    assert replies[Misbehaviour.GARBAGE].startswith(b"\x00\xff")
    assert replies[Misbehaviour.SILENT] == b""


async def test_every_device_can_be_walked_to_its_end() -> None:
    for kind in DeviceKind:
        device = DEVICES[kind]("x-01", TravellingClock())
        oids = [each.oid for each in device.objects]
        assert oids == sorted(set(oids))
        said = await heard(asked(v2c.GetNextRequestPDU(), [oids[-1]]), kind)
        assert said.variables == ((oids[-1], END_OF_VIEW),)
