"""Notifications: heard from the inventory's addresses only, within bounds, and good for a probe, never for a state."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

import pytest

from agent.clock import SystemClock
from agent.engine.runner import Transports
from agent.engine.systemd import HandedIn, systemd_sockets
from agent.engine.traps import TrapReceiver, trap_socket
from agent.errors import SansangError
from agent.model import Policy, Role, Target, TrapResult
from agent.probes.registry import PROBES
from agent.probes.spec import NothingShared, ProbeSpec
from agent.text import Text

GOOD, OTHER, FORGED = b"good", b"other", b"forged"
READ = {GOOD: TrapResult.ACCEPTED, OTHER: TrapResult.IGNORED, FORGED: TrapResult.UNAUTHENTICATED}


def read_trap(options: object, _shared: object, datagram: bytes) -> TrapResult:
    if datagram == b"for the second" and options != "second":
        return TrapResult.UNAUTHENTICATED
    return READ.get(datagram, TrapResult.ACCEPTED if datagram == b"for the second" else TrapResult.MALFORMED)


SPEC: ProbeSpec[Any, Any] = replace(PROBES["icmp"], open=lambda _clock: NothingShared(), read_trap=read_trap)
TIMING = Policy(60_000, 1_000, 1_000, 3, 1, 1_000)


def target(id_: str, address: str, probe: str = "icmp", options: object = "first") -> Target:
    return Target(id_, id_, "site", "unit", Role.DEVICE, "m", probe, address, options, TIMING)


def transports() -> Transports:
    return Transports({"icmp": SPEC, "tcp": PROBES["tcp"]}, SystemClock())


class World:
    """A receiver on a socket of its own, and devices that send to it."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self.probed: list[str] = []
        udp = trap_socket("127.0.0.1:0", None)
        self.port = udp.getsockname()[1]
        self.receiver = TrapReceiver(udp, transports(), SystemClock(), self.probed.append)
        self.receiver.watch(targets)
        self.receiver.start()

    async def send(self, address: str, *datagrams: bytes) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
            device.bind((address, 0))
            for datagram in datagrams:
                device.sendto(datagram, ("127.0.0.1", self.port))
        before = -1
        while sum(self.receiver.counts.values()) != before:
            before = sum(self.receiver.counts.values())
            await asyncio.sleep(0.03)

    @property
    def counts(self) -> dict[TrapResult, int]:
        return {result: count for result, count in self.receiver.counts.items() if count}


@pytest.fixture
async def world() -> AsyncIterator[World]:
    made = World([target("a/switch", "127.3.0.2"), target("a/port", "127.3.0.2"), target("a/page", "127.3.0.3", "tcp")])
    yield made
    made.receiver.close()


async def test_an_authentic_one_has_every_target_at_its_sender_probed(world: World) -> None:
    await world.send("127.3.0.2", GOOD)

    assert world.probed == ["a/switch", "a/port"]
    assert world.counts == {TrapResult.ACCEPTED: 1}


@pytest.mark.parametrize(
    ("address", "datagram", "result"),
    [
        ("127.3.0.9", GOOD, TrapResult.UNKNOWN_SENDER),
        ("127.3.0.3", GOOD, TrapResult.UNKNOWN_SENDER),  # a target, but not of a protocol with notifications
        ("127.3.0.2", FORGED, TrapResult.UNAUTHENTICATED),
        ("127.3.0.2", OTHER, TrapResult.IGNORED),
        ("127.3.0.2", b"", TrapResult.MALFORMED),
        ("127.3.0.2", GOOD * 1000, TrapResult.MALFORMED),
    ],
)
async def test_any_other_is_counted_and_probes_nothing(
    world: World, address: str, datagram: bytes, result: TrapResult
) -> None:
    await world.send(address, datagram)

    assert world.probed == []
    assert world.counts == {result: 1}


async def test_the_credential_of_any_target_at_the_address_will_do() -> None:
    world = World([target("a/switch", "127.3.0.2"), target("a/other", "127.3.0.2", options="second")])
    await world.send("127.3.0.2", b"for the second")
    world.receiver.close()

    assert world.counts == {TrapResult.ACCEPTED: 1}


async def test_a_device_that_sends_without_end_is_read_a_few_times_a_second(world: World) -> None:
    await world.send("127.3.0.2", *[GOOD] * 300)

    assert 2 <= world.counts[TrapResult.ACCEPTED] <= 6
    assert world.counts[TrapResult.RATE_LIMITED] >= 250
    await world.send("127.3.0.9", GOOD)
    assert world.counts[TrapResult.UNKNOWN_SENDER] == 1


async def test_a_flood_takes_a_bounded_share_of_the_loop(world: World) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind(("127.3.0.9", 0))
        for _ in range(500):  # no turn of the loop in between
            device.sendto(GOOD, ("127.0.0.1", world.port))
    await asyncio.sleep(0)
    await asyncio.sleep(0)

    assert sum(world.receiver.counts.values()) <= 64


async def test_after_a_reload_others_are_heard(world: World) -> None:
    world.receiver.watch([target("b/ups", "127.3.0.9"), target("b/name", "ups.example")])
    await world.send("127.3.0.2", GOOD)
    await world.send("127.3.0.9", GOOD)

    assert world.probed == ["b/ups"]
    assert world.counts == {TrapResult.UNKNOWN_SENDER: 1, TrapResult.ACCEPTED: 1}


async def test_an_ipv4_sender_on_a_socket_of_both_families_is_known() -> None:
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.bind(("::", 0))
    udp.setblocking(False)
    probed: list[str] = []
    receiver = TrapReceiver(udp, transports(), SystemClock(), probed.append)
    receiver.watch([target("a/switch", "127.3.0.2")])
    receiver.start()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as device:
        device.bind(("127.3.0.2", 0))
        device.sendto(GOOD, ("127.0.0.1", udp.getsockname()[1]))
    await asyncio.sleep(0.05)
    receiver.close()

    assert probed == ["a/switch"]


def test_a_port_that_cannot_be_had_is_told_in_both_languages() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(SansangError) as refusal:
            trap_socket(listen, None)

    text = refusal.value.text
    assert isinstance(text, Text)
    assert listen in text.vi
    assert listen in text.en


@pytest.mark.parametrize(
    ("environment", "handed_in"),
    [
        ({}, HandedIn()),
        ({"LISTEN_PID": "8", "LISTEN_FDS": "1"}, HandedIn()),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "1"}, HandedIn(http=3)),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "1", "LISTEN_FDNAMES": "traps"}, HandedIn(traps=3)),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "sansang.socket:traps"}, HandedIn(3, 4)),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "traps:sansang.socket"}, HandedIn(4, 3)),
    ],
)
def test_sockets_of_systemd_are_told_by_their_names(environment: dict[str, str], handed_in: HandedIn) -> None:
    assert systemd_sockets(environment, 7) == handed_in
