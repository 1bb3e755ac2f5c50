"""Devices that answer badly: what the client makes of them within its deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable

import pytest

from agent.clock import SystemClock
from agent.lab.devices.device import DeviceKind
from agent.lab.devices.made import DEVICES
from agent.lab.listeners.snmp import COMMUNITY, SnmpListener
from agent.model import Reason
from agent.probes.snmp import ber
from agent.probes.snmp.client import SnmpClient, SnmpFailure, SnmpShared
from agent.probes.snmp.credential import SnmpCredential
from agent.probes.snmp.message import PduType, SnmpVersion
from agent.probes.snmp.values import encode_oid
from tests.agent.probes.snmp.scripted_agent import asked, relay, response, scripted_agent

SYSTEM = [encode_oid(f"1.3.6.1.2.1.1.{scalar}.0") for scalar in (1, 2, 3, 5)]
IF_DESCR, IF_OPER = encode_oid("1.3.6.1.2.1.2.2.1.2"), encode_oid("1.3.6.1.2.1.2.2.1.8")
IN_OCTETS_64 = encode_oid("1.3.6.1.2.1.31.1.1.1.6")
ABSENT = encode_oid("1.3.6.1.2.1.99.1.0")
PORTS = 24
TAGS = {int(kind): kind for kind in PduType}


@pytest.fixture
async def shared() -> AsyncIterator[SnmpShared]:
    opened = SnmpShared(SystemClock())
    yield opened
    opened.close()


@pytest.fixture
async def switch() -> AsyncIterator[SnmpListener]:
    listener = SnmpListener(DEVICES[DeviceKind.SWITCH]("switch", SystemClock()))
    await listener.open("127.0.0.1")
    yield listener
    await listener.close()


def client(
    shared: SnmpShared, port: int, timeout: float = 2.0, version: SnmpVersion = SnmpVersion.V2C, retries: int = 0
) -> SnmpClient:
    clock = SystemClock()
    credential = SnmpCredential("test", "here", version, community=COMMUNITY.encode())
    deadline = clock.monotonic() + timeout
    return SnmpClient(
        shared, credential, address="127.0.0.1", port=port, clock=clock, deadline=deadline, retries=retries
    )


async def failure(asking: SnmpClient) -> SnmpFailure:
    with pytest.raises(SnmpFailure) as failed:
        await asking.get(SYSTEM)
    return failed.value


Numbered = Callable[[bytes], Iterable[bytes]]
BROKEN: tuple[tuple[Numbered, str], ...] = (
    (lambda _: (b"\x00garbage that is no BER at all",), "no SNMP message"),
    (lambda request: (response(request, [(SYSTEM[0], b"\x04\2hi")])[:-3],), "longer than what holds it"),
    (lambda request: (response(request, [(SYSTEM[0], b"\x04\2hi")], flip=0x55),), "an answer to no request of ours"),
    (lambda request: (request,), "no response"),
    (lambda request: (response(request, [(SYSTEM[0], b"\x1f\1\0")]),), "unknown type"),
)


@pytest.mark.parametrize(("script", "why"), BROKEN)
async def test_what_is_no_answer_is_passed_over_until_the_deadline(
    shared: SnmpShared, switch: SnmpListener, script: Numbered, why: str
) -> None:
    async with scripted_agent(script) as agent:
        began = time.monotonic()
        failed = await failure(client(shared, agent.port, 0.3))
        assert (failed.reason, why in failed.detail) == (Reason.PROTOCOL_ERROR, True), failed.detail
        assert 0.2 < time.monotonic() - began < 1.0
    async with relay(switch.port, before=script) as noisy:
        assert len(await client(shared, noisy.port).get(SYSTEM)) == len(SYSTEM), "the true answer behind it counts"


async def test_an_answer_from_another_address_or_port_is_none(shared: SnmpShared) -> None:
    answers: list[bytes] = []

    def keep(request: bytes) -> tuple[bytes, ...]:
        answers.append(response(request, [(SYSTEM[0], b"\x04\2hi")]))
        return ()

    for host in ("127.0.0.1", "127.9.9.9"):
        async with scripted_agent(keep) as agent, scripted_agent(lambda _: (), host) as other:
            asking = asyncio.create_task(failure(client(shared, agent.port, 0.4)))
            while not agent.requests:
                await asyncio.sleep(0.01)
            udp = shared.udp.socket(2, "", "127.0.0.1")
            other.transport.sendto(answers[-1], ("127.0.0.1", udp.port))
            failed = await asking
        assert failed.reason is Reason.PROTOCOL_ERROR, host
        assert "another" in failed.detail


async def test_duplicates_and_late_answers_are_no_fault(shared: SnmpShared, switch: SnmpListener) -> None:
    async with relay(switch.port, change=lambda _, answer: (answer, answer, answer)) as agent:
        rows = await client(shared, agent.port).walk([IF_DESCR, IF_OPER], 100)
    assert [len(column) for column in rows.values()] == [PORTS, PORTS]


async def test_silence_is_a_timeout_and_lost_requests_are_repeated(shared: SnmpShared, switch: SnmpListener) -> None:
    async with scripted_agent(lambda _: ()) as agent:
        assert (await failure(client(shared, agent.port, 0.3))).reason is Reason.TIMEOUT
    switch.drops_first = 1
    asking = client(shared, switch.port, 3.0, retries=2)
    assert len(await asking.get(SYSTEM)) == len(SYSTEM)
    assert (asking.packets_sent, asking.packets_retried) == (2, 1)


@pytest.mark.parametrize("version", [SnmpVersion.V1, SnmpVersion.V2C])
async def test_what_a_device_does_not_have_is_absent(
    shared: SnmpShared, switch: SnmpListener, version: SnmpVersion
) -> None:
    asking = client(shared, switch.port, version=version)
    values = await asking.get([ABSENT, *SYSTEM, ABSENT[:-1] + b"\5"])
    assert list(values) == SYSTEM
    assert asking.trouble == ""


@pytest.mark.parametrize("version", [SnmpVersion.V1, SnmpVersion.V2C])
async def test_a_walk_ends_where_its_column_does(
    shared: SnmpShared, switch: SnmpListener, version: SnmpVersion
) -> None:
    rows = await client(shared, switch.port, version=version).walk([IF_DESCR, ABSENT, IN_OCTETS_64, IF_OPER], 100)
    of_64_bits = PORTS if version is SnmpVersion.V2C else 0
    assert [len(column) for column in rows.values()] == [PORTS, 0, of_64_bits, PORTS]


async def test_too_big_and_truncated_answers_are_asked_for_in_smaller_parts(
    shared: SnmpShared, switch: SnmpListener
) -> None:
    def too_big(request: bytes, answer: bytes) -> tuple[bytes, ...]:
        return (response(request, [], status=1),) if len(answer) > 300 else (answer,)

    def truncated(_: bytes, answer: bytes) -> tuple[bytes, ...]:
        return (answer[:300],)

    def silent(_: bytes, answer: bytes) -> tuple[bytes, ...]:
        return (answer,) if len(answer) <= 300 else ()

    for change in (too_big, truncated, silent):
        async with relay(switch.port, change=change) as agent:
            asking = client(shared, agent.port, 4.0)
            await asking.get(SYSTEM[2:])
            rows = await asking.walk([IF_DESCR, IF_OPER], 100)
            assert [len(column) for column in rows.values()] == [PORTS, PORTS], change
            sent = asking.packets_sent
            again = client(shared, agent.port, 4.0)
            await again.walk([IF_DESCR, IF_OPER], 100)
            assert again.packets_sent < sent, "what was learned is remembered"


async def test_names_that_do_not_grow_end_a_walk(shared: SnmpShared) -> None:
    def stuck(request: bytes) -> tuple[bytes, ...]:
        return (response(request, [(IF_DESCR + bytes((1 + row % 3,)), b"\x04\1x") for row in range(6)]),)

    async with scripted_agent(stuck) as agent:
        with pytest.raises(SnmpFailure) as failed:
            await client(shared, agent.port).walk([IF_DESCR], 100)
    assert (failed.value.reason, len(agent.requests)) == (Reason.TOO_LARGE, 1)


async def test_endless_tables_and_huge_values_have_their_bounds(shared: SnmpShared) -> None:
    row = 0

    def endless(request: bytes) -> tuple[bytes, ...]:
        nonlocal row
        rows = range(row, row + 20)
        row += 20
        return (
            response(
                request, [(IF_DESCR + b"\x84" + bytes((each // 100 | 128, each % 100)), b"\x04\1x") for each in rows]
            ),
        )

    async with scripted_agent(endless) as agent:
        with pytest.raises(SnmpFailure) as failed:
            await client(shared, agent.port).walk([IF_DESCR], 500)
        assert (failed.value.reason, "over 500 rows" in failed.value.detail) == (Reason.TOO_LARGE, True)
        assert len(agent.requests) <= 27

    async def of_size(size: int) -> int:
        def huge(request: bytes) -> tuple[bytes, ...]:
            return (response(request, [(SYSTEM[0], ber.tlv(4, b"v" * size))]),)

        async with scripted_agent(huge) as agent:
            return len((await client(shared, agent.port).get(SYSTEM[:1]))[SYSTEM[0]].content)  # type: ignore[arg-type]

    assert await of_size(4000) == 4000
    assert await of_size(60_000) == 4096


async def test_a_run_takes_two_mebibytes_at_most(shared: SnmpShared) -> None:
    count = 0

    def heavy(request: bytes) -> tuple[bytes, ...]:
        nonlocal count
        count += 1
        return (response(request, [(IF_DESCR + bytes((count,)), ber.tlv(4, b"v" * 60_000))]),)

    async with scripted_agent(heavy) as agent:
        with pytest.raises(SnmpFailure) as failed:
            await client(shared, agent.port, 5.0).walk([IF_DESCR], 10_000)
    assert (failed.value.reason, count) == (Reason.TOO_LARGE, 35)


async def test_errors_cost_the_values_they_are_about_and_are_told(shared: SnmpShared, switch: SnmpListener) -> None:
    def general_error(request: bytes, answer: bytes) -> tuple[bytes, ...]:
        _, names, _ = asked(request)
        return (response(request, [], 5, names.index(SYSTEM[1]) + 1),) if SYSTEM[1] in names else (answer,)

    async with relay(switch.port, change=general_error) as agent:
        asking = client(shared, agent.port)
        assert list(await asking.get(SYSTEM)) == [SYSTEM[0], *SYSTEM[2:]]
        assert asking.trouble == "genErr at 1.3.6.1.2.1.1.2.0"


async def test_a_refusal_speaks_of_us(shared: SnmpShared) -> None:
    async with scripted_agent(lambda request: (response(request, [], 16),)) as agent:
        failed = await failure(client(shared, agent.port))
    assert (failed.reason, failed.detail) == (Reason.NOT_PERMITTED, "authorizationError")


async def test_an_agent_without_getbulk_is_asked_by_getnext(shared: SnmpShared, switch: SnmpListener) -> None:
    def no_bulk(request: bytes, answer: bytes) -> tuple[bytes, ...]:
        return (response(request, [], 5),) if asked(request)[0] is PduType.GET_BULK else (answer,)

    async with relay(switch.port, change=no_bulk) as agent:
        rows = await client(shared, agent.port).walk([IF_DESCR], 100)
        assert len(rows[IF_DESCR]) == PORTS
        kinds = [asked(request)[0] for request in agent.requests]
    assert kinds.count(PduType.GET_BULK) == 1


async def test_a_silent_device_holds_up_no_other(shared: SnmpShared, switch: SnmpListener) -> None:
    async with scripted_agent(lambda _: ()) as silent, scripted_agent(lambda _: (b"\xff" * 900,) * 20) as loud:
        bad = [failure(client(shared, agent.port, 0.6)) for agent in (silent, loud) for _ in range(20)]
        waiting = asyncio.gather(*bad)
        began = time.monotonic()
        for _ in range(20):
            assert len(await client(shared, switch.port).get(SYSTEM)) == len(SYSTEM)
        assert time.monotonic() - began < 0.6
        await waiting
