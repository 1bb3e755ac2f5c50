"""Our engine and pysnmp's, behind its gate, at the same agents, good and bad; where they differ the case says how."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable
from typing import NamedTuple

import pytest

from agent.clock import SystemClock
from agent.lab.devices.device import DeviceKind
from agent.lab.devices.made import DEVICES
from agent.lab.listeners.snmp import COMMUNITY, SnmpListener
from agent.model import Reason, ReasonCode
from agent.probes.snmp import ber
from agent.probes.snmp.credential import AuthProtocol, PrivacyProtocol, SnmpCredential
from agent.probes.snmp.message import SnmpVersion
from agent.probes.snmp.reasons import SnmpReason
from agent.probes.snmp.values import encode_oid
from tests.agent.probes.snmp.pysnmp_agent import credential_of, pysnmp_agent
from tests.agent.probes.snmp.scripted_agent import Script, asked, relay, response, scripted_agent
from tests.agent.probes.snmp.snmp_engines import ENGINES, MakeEngine

pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

NAME, LOCATION, ABSENT = "1.3.6.1.2.1.1.5.0", "1.3.6.1.2.1.1.6.0", "1.3.6.1.2.1.99.1.0"
COLUMN = "1.3.6.1.2.1.2.2.1.2"
V1, V2C = (
    SnmpCredential("test", "here", version, community=COMMUNITY.encode())
    for version in (SnmpVersion.V1, SnmpVersion.V2C)
)
SHA_AES = (AuthProtocol.SHA256, PrivacyProtocol.AES128)
BOTH = pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)


@pytest.fixture
async def switch() -> AsyncIterator[SnmpListener]:
    listener = SnmpListener(DEVICES[DeviceKind.SWITCH]("switch", SystemClock()))
    await listener.open("127.0.0.1")
    yield listener
    await listener.close()


@pytest.mark.parametrize("credential", [V1, V2C], ids=["v1", "v2c"])
async def test_both_read_the_same_values_and_rows(switch: SnmpListener, credential: SnmpCredential) -> None:
    asking = [make("127.0.0.1", switch.port, credential, 2.0) for make in ENGINES.values()]
    values = [await engine.get([NAME, LOCATION]) for engine in asking]
    rows = [await engine.walk([COLUMN]) for engine in asking]
    assert values[0] == values[1]
    assert rows[0] == rows[1]
    assert (len(values[0]), len(rows[0])) == (2, 24)


@BOTH
async def test_v3_is_read_by_both(engine: MakeEngine) -> None:
    async with pysnmp_agent([SHA_AES]) as (port, _):
        asking = engine("127.0.0.1", port, credential_of(*SHA_AES), 2.0)
        values = await asking.get(["1.3.6.1.2.1.1.2.0", ABSENT])
        assert isinstance(values, dict)
        assert list(values) == ["1.3.6.1.2.1.1.2.0"]
        stranger = credential_of(*SHA_AES, user="nobody")
        assert await engine("127.0.0.1", port, stranger, 0.4).get([NAME]) is Reason.NOT_PERMITTED


@BOTH
@pytest.mark.parametrize("credential", [V1, V2C], ids=["v1", "v2c"])
async def test_what_is_missing(switch: SnmpListener, engine: MakeEngine, credential: SnmpCredential) -> None:
    values = await engine("127.0.0.1", switch.port, credential, 2.0).get([ABSENT, NAME])
    if credential is V1 and engine is ENGINES["pysnmp"]:
        assert values is SnmpReason.SNMP_ERROR, "noSuchName costs pysnmp the whole answer; ours asks for the rest"
    else:
        assert isinstance(values, dict)
        assert list(values) == [NAME]


class Bad(NamedTuple):
    """What an agent answers, and what ours and pysnmp make of it."""

    script: Script
    ours: ReasonCode | None
    pysnmp: ReasonCode | None


def _named(value: bytes = b"\x04\2hi", flip: int = 0, status: int = 0) -> Script:
    return lambda request: (response(request, [(encode_oid(NAME), value)], status, int(status > 0), flip),)


def _many(request: bytes) -> Iterable[bytes]:
    return (response(request, [(encode_oid(NAME), b"\x04\2hi")] * 21),)


GARBLED, LARGE, FAULT = Reason.PROTOCOL_ERROR, Reason.TOO_LARGE, SnmpReason.SNMP_ERROR
BAD = {
    "silent": Bad(lambda _: (), Reason.TIMEOUT, Reason.TIMEOUT),
    "garbage": Bad(lambda _: (b"\x00garbage that is no BER at all",), GARBLED, GARBLED),
    "truncated": Bad(lambda request: (next(iter(_named()(request)))[:-3],), GARBLED, GARBLED),
    "wrong id": Bad(_named(flip=0x55), GARBLED, GARBLED),
    "duplicate": Bad(lambda request: (*_named()(request),) * 3, None, None),
    "huge value": Bad(_named(ber.tlv(4, b"v" * 40_000)), None, LARGE),  # ours keeps 4,096 octets of it
    "21 variables": Bad(_many, None, LARGE),
    "genErr": Bad(_named(status=5), None, FAULT),  # costs ours the one value
    "authorizationError": Bad(_named(status=16), Reason.NOT_PERMITTED, Reason.NOT_PERMITTED),
}


@BOTH
@pytest.mark.parametrize("case", BAD)
async def test_a_bad_agent(engine: MakeEngine, case: str) -> None:
    bad, began = BAD[case], time.monotonic()
    async with scripted_agent(bad.script) as agent:
        values = await engine("127.0.0.1", agent.port, V2C, 0.3).get([NAME])
    reason = None if isinstance(values, dict) else values
    assert reason is (bad.ours if engine is ENGINES["ours"] else bad.pysnmp)
    assert time.monotonic() - began < 5.0  # pysnmp looks at its clock each half second, on a busy machine later


class Calling(asyncio.DatagramProtocol):
    """Gives what came to a function, which answers when and from where it likes."""

    def __init__(self, received: Callable[[bytes, tuple[str, int]], object]) -> None:
        self._received = received

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._received(data, addr)


@BOTH
@pytest.mark.parametrize("host", ["127.0.0.1", "127.9.9.9"])
async def test_an_answer_from_another_port_or_address_is_none(engine: MakeEngine, host: str) -> None:
    async with scripted_agent(lambda _: (), host) as other:
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
            lambda: Calling(lambda data, addr: other.transport.sendto(next(iter(_named()(data))), addr)),
            local_addr=("127.0.0.1", 0),
        )
        port = transport.get_extra_info("sockname")[1]
        assert await engine("127.0.0.1", port, V2C, 0.3).get([NAME]) is Reason.PROTOCOL_ERROR
        transport.close()


def _too_big(request: bytes, answer: bytes) -> Iterable[bytes]:
    return (response(request, [], 1),) if len(asked(request)[1]) > 1 else (answer,)


def _standing(request: bytes, _: bytes) -> Iterable[bytes]:
    return (response(request, [(encode_oid(COLUMN + ".7"), b"\x04\2hi")]),)


@BOTH
async def test_too_big_is_cured_by_ours_alone(switch: SnmpListener, engine: MakeEngine) -> None:
    async with relay(switch.port, change=_too_big) as agent:
        values = await engine("127.0.0.1", agent.port, V2C, 1.0).get([NAME, LOCATION])
    assert values is FAULT if engine is ENGINES["pysnmp"] else len(values) == 2


@BOTH
async def test_a_walk_that_goes_round_in_circles_ends(switch: SnmpListener, engine: MakeEngine) -> None:
    async with relay(switch.port, change=_standing) as agent:
        assert await engine("127.0.0.1", agent.port, V2C, 1.0).walk([COLUMN]) is LARGE


@BOTH
async def test_a_slow_agent_is_waited_for(engine: MakeEngine) -> None:
    loop = asyncio.get_running_loop()

    def slow(data: bytes, addr: tuple[str, int]) -> None:
        loop.call_later(0.1, transport.sendto, next(iter(_named()(data))), addr)

    transport, _ = await loop.create_datagram_endpoint(lambda: Calling(slow), local_addr=("127.0.0.1", 0))
    port = transport.get_extra_info("sockname")[1]
    assert await engine("127.0.0.1", port, V2C, 1.0).get([NAME]) == {NAME: b"hi"}
    transport.close()
