"""1,000 switches asked by SNMP, beside snmp_exporter at the same pace: python -m benchmarks.snmp_devices [KIND ...]

As root. Every address of 127.0.0.0/8 is a switch of 48 ports, in a network namespace of its own. Each figure is the
prober's own CPU, all threads; of the agent also of one that asks nobody, with as many targets at the same pace.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cpu import usage
from benchmarks.inside import world
from benchmarks.probers import AGENT, address, agent, inventory, metrics, row, wait_for
from benchmarks.run import lateness, quantile, total
from tests.peers.snmp_exporter import get5_objects, snmp_exporter

_ROOT = Path(__file__).parents[1]
SECONDS = 25
IDLE = ("-m", "benchmarks.idle_agent")
OURS = ("-m", "agent")


@dataclass(frozen=True)
class Load:
    """So many targets, each asked so often with these objects; whether snmp_exporter has a module for them."""

    objects: str
    targets: int
    interval_seconds: int
    exporter: bool = True


LOADS = {
    "get5": Load("objects: [{folder}/get5.yml]", 1000, 10),
    "default": Load("", 1000, 20, exporter=False),
    "if_mib": Load("objects: [if_mib]", 200, 20),
}


@dataclass(frozen=True)
class Figures:
    """Of one agent: seconds until all had answered, CPU a probe, p99 of lateness, memory."""

    all_seconds: float
    probe_us: float
    late_ms: float
    rss_mib: float


def configured(directory: Path, load: Load) -> Path:
    (directory / "get5.yml").write_text(get5_objects())
    credentials = directory / "credentials.yml"
    credentials.write_text("commune: {version: 2c, community: public}\n")
    credentials.chmod(0o600)
    rows = "".join(row(number, "asked", address(number)) for number in range(load.targets))
    config = inventory(directory, rows, f"{load.interval_seconds}s")
    settings = f"probe: snmp, credentials: {{file: {credentials}}}"
    objects = load.objects.format(folder=directory)
    module = f"  asked: {{{settings}{', ' + objects if objects else ''}}}\n"
    config.write_text(config.read_text("utf-8").replace("modules: \n", f"modules:\n{module}"), "utf-8")
    return config


def measured(directory: Path, load: Load, program: tuple[str, ...]) -> Figures:
    """Started, until every target has answered; timed once what is asked in the beginning alone is behind."""
    config = configured(directory, load)
    began = time.monotonic()
    with agent(config, program) as pid:
        wait_for(lambda: answered() == load.targets, 120)
        until_all = time.monotonic() - began
        time.sleep(load.interval_seconds)
        text = metrics()
        begin, before, probes = usage(pid).cpu_seconds, lateness(text), total(text, "sansang_probes_total")
        time.sleep(SECONDS)
        now, text = usage(pid), metrics()
        done = total(text, "sansang_probes_total") - probes
        assert total(text, "sansang_probe_failures_total") == 0
        assert answered() == load.targets
        late = quantile(before, lateness(text), 0.99) * 1000
        return Figures(until_all, (now.cpu_seconds - begin) / done * 1e6, late, now.rss_mib)


def answered() -> int:
    """How many targets are up by their last run."""
    with urllib.request.urlopen(f"http://{AGENT}/api/v1/targets", timeout=10) as answer:
        return sum(target["state"] == "up" for target in json.load(answer)["targets"])


def exporter(directory: Path, module: str, load: Load) -> tuple[float, float]:
    """Microseconds of CPU a scrape and MiB of snmp_exporter, asked at the same pace as Prometheus asks it."""
    with snmp_exporter(directory, "public") as (port, pid):

        def scrape(number: int) -> bool:
            time.sleep(max(0.0, started + number * load.interval_seconds / load.targets - time.monotonic()))
            url = f"http://127.0.0.1:{port}/snmp?module={module}&target={address(number)}"
            return b"sysUpTime" in urllib.request.urlopen(url, timeout=20).read()

        begin, started = usage(pid).cpu_seconds, time.monotonic()
        with ThreadPoolExecutor(16) as pool:
            assert all(pool.map(scrape, range(load.targets)))
        now = usage(pid)
        return (now.cpu_seconds - begin) / load.targets * 1e6, now.rss_mib


@contextmanager
def switches() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "benchmarks.snmp_switch"], cwd=_ROOT)
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def line(directory: Path, kind: str) -> str:
    load = LOADS[kind]
    idle, ours = (measured(directory, load, program) for program in (IDLE, OURS))
    text = (
        f"{kind}: {load.targets} targets in {load.interval_seconds} s: all up after {ours.all_seconds:.1f} s "
        f"(asking nobody {idle.all_seconds:.1f}); a probe {ours.probe_us:.0f} us, asking nobody {idle.probe_us:.0f}, "
        f"difference {ours.probe_us - idle.probe_us:.0f}; lateness p99 <= {ours.late_ms:.0f} ms "
        f"(asking nobody {idle.late_ms:.0f}); RSS {ours.rss_mib:.0f} MiB (asking nobody {idle.rss_mib:.0f})"
    )
    if load.exporter:
        scrape_us, rss_mib = exporter(directory, kind, load)
        text += f"; snmp_exporter {scrape_us:.0f} us, RSS {rss_mib:.0f} MiB"
    return text


def main() -> None:
    with world("benchmarks.snmp_devices") as directory, switches():
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
        for kind in sys.argv[1:] or LOADS:
            print(line(directory, kind), flush=True)


if __name__ == "__main__":
    main()
