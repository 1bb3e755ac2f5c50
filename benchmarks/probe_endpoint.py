"""`/probe` beside blackbox_exporter's: CPU of the server a request, and how long the asker waits. As root.

One connection that is kept, as Prometheus keeps one for each target, 100 requests a second, each for another address.
Each figure is the server's own CPU, all threads, divided by the requests; the two take turns, and what is printed is
the least and the most of the turns.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.cpu import usage
from benchmarks.inside import world
from benchmarks.probers import AGENT, BLACKBOX, KINDS, address, agent, blackbox_exporter, inventory, row

PACE_SECONDS = 0.01
ASKED = ("icmp", "tcp", "http", "https")


@dataclass(frozen=True, slots=True)
class Turn:
    """What one turn cost a server, and what each request took, sorted."""

    cpu_us: float
    waited_ms: Sequence[float]

    def quantile(self, share: float) -> float:
        return self.waited_ms[int(len(self.waited_ms) * share)]


def ask(connection: HTTPConnection, kind: str, number: int) -> float:
    """Milliseconds that one successful probe took."""
    query = urlencode({"module": kind, "target": KINDS[kind].format(ip=address(number))})
    began = time.perf_counter()
    connection.request("GET", f"/probe?{query}")
    body = connection.getresponse().read()
    waited = (time.perf_counter() - began) * 1000
    assert b"probe_success 1\n" in body.replace(b"1.0\n", b"1\n"), body
    return waited


def turn(where: str, pid: int, kind: str, count: int) -> Turn:
    """So many requests at an even pace."""
    with closing(HTTPConnection(where, timeout=10)) as connection:
        ask(connection, kind, count)  # connects
        began, cpu = time.monotonic(), usage(pid).cpu_seconds
        waited = []
        for number in range(count):
            time.sleep(max(0.0, began + number * PACE_SECONDS - time.monotonic()))
            waited.append(ask(connection, kind, number))
        return Turn((usage(pid).cpu_seconds - cpu) / count * 1e6, sorted(waited))


def idle(pid: int, seconds: float) -> float:
    """What a server costs while nobody asks, in microseconds of CPU for the time that one request has at this pace."""
    cpu = usage(pid).cpu_seconds
    time.sleep(seconds)
    return (usage(pid).cpu_seconds - cpu) / seconds * PACE_SECONDS * 1e6


def line(name: str, turns: Sequence[Turn]) -> str:
    cpu = [each.cpu_us for each in turns]
    p50, p99 = ([each.quantile(share) for each in turns] for share in (0.50, 0.99))
    return (
        f"{name:18} {min(cpu):5.0f}-{max(cpu):5.0f} us of CPU, "
        f"p50 {min(p50):.2f}-{max(p50):.2f} ms, p99 {min(p99):.2f}-{max(p99):.2f} ms"
    )


def compare(directory: Path, kinds: Sequence[str], count: int, turns: int) -> None:
    one = row(0, "icmp", address(0))  # there must be something to watch
    with agent(inventory(directory, one, "60s")) as ours, blackbox_exporter(directory) as theirs:
        print(f"idle: agent {idle(ours, 5):.0f}, blackbox_exporter {idle(theirs, 5):.0f} us a request's time")
        servers = {"agent": (AGENT, ours), "blackbox_exporter": (BLACKBOX, theirs)}
        for kind in kinds:
            found: dict[str, list[Turn]] = {name: [] for name in servers}
            for _ in range(turns):
                for name, (where, pid) in servers.items():
                    found[name].append(turn(where, pid, kind, count))
            for name, each in found.items():
                print(f"{kind:6} {line(name, each)}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=ASKED, help="icmp, tcp, http, https, dns")
    parser.add_argument("--count", type=int, default=500, help="requests a turn")
    parser.add_argument("--turns", type=int, default=3)
    chosen = parser.parse_args()
    with world("benchmarks.probe_endpoint") as directory:
        compare(directory, chosen.kinds, chosen.count, chosen.turns)


if __name__ == "__main__":
    main()
