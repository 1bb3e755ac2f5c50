"""1,000 targets, 100 of them refused, black-holed, stalled in TLS or dripping: the other 900 must not feel it."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.peers.agent_process import AgentProcess, Check, Config, FaultNetwork, boottime_ms, host, pings, server
from tests.peers.witness import Witness

pytestmark = [
    pytest.mark.peers,
    pytest.mark.alone,
    pytest.mark.timeout(120),
    pytest.mark.skipif(os.geteuid() != 0, reason="namespaces with more than one host need root"),
]

INTERVAL, TIMEOUT, MEASURED = 5.0, 2.0, 15.0
GOOD = [
    *pings(300),
    *(Check(f"khu/port-{n}", "port", f"{host(300 + n)}:81") for n in range(300)),
    *(Check(f"khu/page-{n}", "web", f"http://{host(600 + n)}/") for n in range(300)),
]
BAD = [
    *(Check(f"te/refused-{n}", "port", f"{host(1000 + n)}:9") for n in range(25)),
    *(Check(f"te/hole-{n}", "port", f"{host(1100 + n)}:81") for n in range(25)),
    *(Check(f"te/stall-{n}", "web", f"https://{host(1200 + n)}:82/") for n in range(25)),
    *(Check(f"te/drip-{n}", "web", f"http://{host(1300 + n)}:83/") for n in range(25)),
]
HOLES = ", ".join(host(1100 + n) for n in range(25))


@pytest.fixture
def network() -> Iterator[FaultNetwork]:
    with FaultNetwork() as net, server(net):
        net.drop(f"ip daddr {{ {HOLES} }}")
        yield net


def address(check: Check) -> str:
    return check.address.removeprefix("http://").rstrip("/").partition(":")[0]


def lateness(network: FaultNetwork, folder: Path, checks: list[Check]) -> list[float]:
    """Milliseconds between due instant and arrival in the district, of every probe of the 900, sorted."""
    folder.mkdir()
    with AgentProcess(network, folder, Config(checks, INTERVAL, TIMEOUT)) as agent, Witness(network) as witness:
        agent.start()
        agent.until(lambda: agent.states()["UP"] == len(GOOD), INTERVAL + 15, "the 900 are UP")
        if len(checks) > len(GOOD):
            agent.until(lambda: agent.states()["DOWN"] == len(BAD), 30, "the 100 are DOWN")
        changes = len(agent.changes())
        begin_ms = boottime_ms()
        time.sleep(MEASURED)
        end_ms = boottime_ms()
        assert len(agent.changes()) == changes  # nobody changes state
        interval_ms = int(INTERVAL * 1000)
        return sorted(late for c in GOOD for late in witness.lateness(c.id, address(c), interval_ms, begin_ms, end_ms))


def test_a_hundred_bad_targets_delay_nobody(network: FaultNetwork, tmp_path: Path) -> None:
    alone = lateness(network, tmp_path / "alone", GOOD)
    beside = lateness(network, tmp_path / "beside", [*GOOD, *BAD])
    without, among = (found[len(found) * 99 // 100] for found in (alone, beside))
    print(f"p99 {without:.1f} ms without, {among:.1f} ms with; {len(alone)} and {len(beside)} probes")
    expected = len(GOOD) * MEASURED / INTERVAL
    assert all(abs(len(found) - expected) < expected * 0.02 for found in (alone, beside))
    assert among <= without + 50
