"""What /metrics costs: one update, and one scrape, against prometheus_client with the same series.

    .venv/bin/python benchmarks/exposition.py [SERIES]

CPU seconds of this process, median of five (three for prometheus_client); nothing else is started.
"""

from __future__ import annotations

import gzip
import random
import statistics
import sys
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from agent.engine.agent_stats import AgentStats
from agent.engine.snapshot import LastRun, TargetView
from agent.inventory.entities import CanonicalForm, EngineSettings, Inventory, Organisation, Site
from agent.inventory.schema.rows import Unit
from agent.model import Policy, ProbeResult, Reason, Role, State, Target
from agent.probes.icmp.facts import IcmpFacts
from exporters.prometheus import Exposition

POLICY = Policy(60_000, 5_000, 5_000, 3, 1, 5_000)
RANDOM = random.Random(1)


def cpu(work: Callable[[], object], times: int = 5) -> float:
    """Median CPU seconds of one call."""
    found = []
    for _ in range(times):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found)


def district(count: int) -> Inventory:
    roles = (Role.UPLINK, Role.LAN, Role.CONFERENCE, Role.PORTAL)
    targets = tuple(
        Target(
            f"site-{i // 4:05d}/check-{i % 4}",
            f"Điểm cầu {i}",
            f"site-{i // 4:05d}",
            f"unit-{i // 40:04d}",
            roles[i % 4],
            "ping",
            "icmp",
            f"127.{i >> 16 & 255}.{i >> 8 & 255}.{i & 255}",
            None,
            POLICY,
        )
        for i in range(count)
    )
    sites = tuple(Site(one, one, "unit-0000") for one in sorted({target.site for target in targets}))
    units = tuple(Unit(one, one, "commune") for one in sorted({target.unit for target in targets}))
    return Inventory(
        Organisation("x"), (), units, sites, targets, (), (), EngineSettings(), "", "", CanonicalForm(lambda: b"")
    )


def view(target: Target, run: int) -> TargetView:
    low, mean, high = sorted(RANDOM.uniform(0.001, 0.05) for _ in range(3))
    facts = IcmpFacts(3, 3, 0, 0.0, low, mean, high, RANDOM.uniform(0, 0.001), 62, 4.41, 0.0, "")
    last = LastRun(1_772_326_800_000 + RANDOM.randrange(60_000), ProbeResult.of(Reason.OK, mean + 0.1, facts))
    return TargetView(target, State.UP, Reason.OK, 0, 0, True, last, probes=run, state_seconds=(0.0, run, 0.0, 0.0))


class Same(Collector):
    """prometheus_client's custom collector with as many gauges of the same labels."""

    def __init__(self, targets: tuple[Target, ...], families: int) -> None:
        self._labels = [(target.role.value, target.site, target.id) for target in targets]
        self._families = families

    def collect(self) -> Iterator[GaugeMetricFamily]:
        for number in range(self._families):
            family = GaugeMetricFamily(f"metric_{number}", "A metric", labels=("role", "site", "target"))
            for labels in self._labels:
                family.add_metric(labels, 0.001234)
            yield family


def longest_pause(exposition: Exposition) -> float:
    """How late this thread comes to its updates, at worst, while another one renders (wall milliseconds)."""
    scrape = threading.Thread(target=exposition.render, kwargs={"openmetrics": True})
    one = exposition_view(exposition)
    scrape.start()
    worst = 0.0
    while scrape.is_alive():
        start = time.perf_counter()
        time.sleep(0.001)
        exposition.update(one)
        worst = max(worst, time.perf_counter() - start - 0.001)
    return worst * 1000


def exposition_view(exposition: Exposition) -> TargetView:
    target_id = next(iter(exposition._tables._slots))  # noqa: SLF001 - a benchmark may look
    return view(Target(target_id, "", "", "", Role.LAN, "", "icmp", "", None, POLICY), 9)


def main(series: int) -> None:
    inventory = district(1)
    one = Exposition(inventory, AgentStats)
    one.update(view(inventory.targets[0], 1))
    per_target = sum(
        line.startswith(b"sansang_") and b'target="' in line
        for line in gzip.decompress(one.render(openmetrics=False)).splitlines()
    )
    inventory = district(series // per_target)
    views = [view(target, 1) for target in inventory.targets]
    exposition = Exposition(inventory, AgentStats)
    first = cpu(lambda: deque(map(exposition.update, views), 0), 1)
    again = [replace(one, probes=2) for one in views]
    update = cpu(lambda: deque(map(exposition.update, again), 0), 3)
    count = len(views)
    print(f"targets {count}, series of targets {count * per_target} ({per_target} each)")
    each = update / count * 1e6
    print(f"first update of all {first:.3f} s; later {each:.2f} us a target, {each / per_target:.3f} us a line")

    def fresh() -> None:
        exposition.update(views[0])
        exposition.render(openmetrics=True)

    packed = exposition.render(openmetrics=True)
    body = gzip.decompress(packed)
    print(f"scrape {cpu(fresh):.3f} s, {len(body) / 1e6:.1f} MB, packed {len(packed) / 1e6:.1f} MB")
    print(f"zlib alone, level 1 {cpu(lambda: zlib.compress(body, 1)):.3f} s")
    print(f"scrape, nothing changed {cpu(lambda: exposition.render(openmetrics=True)):.4f} s")
    print(f"updates beside a scrape late by at most {longest_pause(exposition):.1f} ms")
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Same(inventory.targets, per_target))
    print(f"prometheus_client, custom collector {cpu(lambda: generate_latest(registry), 3):.3f} s")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 400_000)
