"""CPU per ping and error of the round-trip time of the icmp probe. Runs itself in a private network; about 20 s.

    python benchmarks/icmp_rtt.py

CPU: user and system time of this process per echo request, run and verdict included. On loopback the kernel's work for
the reply is done inside our own sendto, so it is counted too.
RTT error: what the probe measured less what an AF_PACKET capture in another process saw (kernel times of the request
leaving and the reply arriving), with the event loop idle, and with half of it burnt in slices of 5 ms.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import multiprocessing.connection
import os
import socket
import struct
import sys
import time
from collections.abc import Callable

import uvloop

from agent.clock import SystemClock
from agent.model import Policy, Role, Target
from agent.probes.icmp.facts import IcmpFacts
from agent.probes.icmp.options import IcmpOptions
from agent.probes.icmp.probe import open_sockets, run
from agent.probes.icmp.sockets import EchoSockets
from agent.probes.resolver import IpFamily, Resolved
from agent.probes.spec import ProbeContext

INSIDE = "SANSANG_PRIVATE_NET"
CLOCK = SystemClock()
POLICY = Policy(60_000, 5_000, 5_000, 3, 1, 5_000)
ECHO_REPLY, ECHO_REQUEST = 0, 8
OUTGOING = 4


class Numeric:
    """Every host is its own address."""

    async def resolve(self, host: str, family: IpFamily, deadline: float) -> Resolved:  # noqa: ARG002 (the contract's)
        return Resolved(host, stale=False, took_seconds=0.0)


RESOLVER = Numeric()


def targets(count: int, options: IcmpOptions) -> list[Target]:
    addresses = (f"127.{1 + n // 60_000}.{n // 250 % 240}.{1 + n % 250}" for n in range(count))
    return [Target(a, a, "s", "u", Role.LAN, "ping", "icmp", a, options, POLICY) for a in addresses]


async def probe(target: Target, options: IcmpOptions, sockets: EchoSockets) -> IcmpFacts:
    context = ProbeContext(CLOCK, CLOCK.monotonic() + 5.0, RESOLVER, sockets)
    facts = (await run(target, options, context)).facts
    if not isinstance(facts, IcmpFacts):
        raise TypeError(facts)
    return facts


async def paced(chosen: list[Target], options: IcmpOptions, rate: float, sockets: EchoSockets) -> list[IcmpFacts]:
    """Start the runs evenly, rate a second in slices of 10 ms, and wait for all."""
    loop = asyncio.get_running_loop()
    start, tasks = loop.time(), []
    for number, target in enumerate(chosen):
        tasks.append(asyncio.create_task(probe(target, options, sockets)))
        if number % max(1, int(rate / 100)) == 0:
            await asyncio.sleep(max(0.0, start + number / rate - loop.time()))
    return await asyncio.gather(*tasks)


async def at_once(chosen: list[Target], options: IcmpOptions, sockets: EchoSockets) -> list[IcmpFacts]:
    """A hundred runs in flight, as fast as it goes."""
    found: list[IcmpFacts] = []
    for first in range(0, len(chosen), 100):
        found += await asyncio.gather(*(probe(target, options, sockets) for target in chosen[first : first + 100]))
    return found


async def cost(name: str, count: int, options: IcmpOptions, rate: float | None) -> None:
    sockets = open_sockets(CLOCK)
    chosen = targets(count, options)
    await at_once(chosen[:200], IcmpOptions(packets=1), sockets)  # warm
    cpu, wall = time.process_time(), time.perf_counter()
    found = await (at_once(chosen, options, sockets) if rate is None else paced(chosen, options, rate, sockets))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    sent, received = sum(facts.sent for facts in found), sum(facts.received for facts in found)
    print(
        f"{name:34} {sent:6} pings  {cpu / sent * 1e6:6.1f} us CPU a ping  {cpu / wall:5.3f} core  "
        f"{sent - received} lost  {sockets.drops.total()} dropped"
    )
    sockets.close()


def capture(pipe: multiprocessing.connection.Connection) -> None:
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    tap.bind(("lo", 0))
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
    tap.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    tap.settimeout(0.2)
    left: dict[str, int] = {}
    came: dict[str, int] = {}
    pipe.send("ready")
    while not pipe.poll():
        try:
            data, ancillary, _, sender = tap.recvmsg(64, 64)
        except TimeoutError:
            continue
        seconds, rest = struct.unpack("qq", ancillary[0][2])
        if data[9] == 1 and data[20] == ECHO_REQUEST and sender[2] == OUTGOING:
            left[socket.inet_ntoa(data[16:20])] = seconds * 10**9 + rest
        elif data[9] == 1 and data[20] == ECHO_REPLY and sender[2] != OUTGOING:
            came[socket.inet_ntoa(data[12:16])] = seconds * 10**9 + rest
    pipe.send({address: came[address] - left[address] for address in came.keys() & left.keys()})


async def burn() -> None:
    while True:
        end = time.perf_counter() + 0.005
        while time.perf_counter() < end:
            pass
        await asyncio.sleep(0.005)


async def accuracy(name: str, count: int, load: Callable[[], asyncio.Task[None]] | None) -> None:
    here, there = multiprocessing.Pipe()
    child = multiprocessing.Process(target=capture, args=(there,), daemon=True)
    child.start()
    if not here.poll(10):
        raise RuntimeError("the capture did not start")
    here.recv()
    sockets, options = open_sockets(CLOCK), IcmpOptions(packets=1)
    chosen = targets(count, options)
    burning = load() if load else None
    found = await paced(chosen, options, 1000, sockets)
    if burning is not None:
        burning.cancel()
    await asyncio.sleep(0.3)
    here.send("stop")
    truth = here.recv()
    child.join(10)
    sockets.close()
    measured = {t.address: facts.rtt_mean_seconds for t, facts in zip(chosen, found, strict=True)}
    errors = sorted(rtt * 1e6 - truth[a] / 1e3 for a, rtt in measured.items() if rtt is not None and a in truth)
    true = sorted(truth.values())
    print(
        f"{name:34} {len(errors):6} pings  true RTT p50 {true[len(true) // 2] / 1e3:5.1f} us  error p50 "
        f"{errors[len(errors) // 2]:5.1f}  p99 {errors[len(errors) * 99 // 100]:6.1f}  max {errors[-1]:7.1f} us"
    )


async def main() -> None:
    await cost("flat out, 1 packet a run", 10_000, IcmpOptions(packets=1), None)
    await cost("flat out, 3 packets 50 ms apart", 3_000, IcmpOptions(), None)
    await cost("167 runs/s (10,000/min), 3 packets", 800, IcmpOptions(), 167)
    await cost("1,107 runs/s (66,420/min), 1 packet", 4_000, IcmpOptions(packets=1), 1107)
    await accuracy("RTT, loop idle", 3_000, None)
    await accuracy("RTT, half of the loop burnt", 3_000, lambda: asyncio.create_task(burn()))


if __name__ == "__main__":
    if INSIDE not in os.environ:
        inner = f"ip link set lo up && exec {sys.executable} {os.path.abspath(__file__)}"  # noqa: PTH100
        command = ["unshare", "--user", "--map-root-user", "--net", "sh", "-c", inner]
        os.execvpe(command[0], command, os.environ | {INSIDE: "1"})
    uvloop.run(main())
