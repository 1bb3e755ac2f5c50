"""`make bench-nation` (root): the whole country, 66,420 targets a minute, beside a bare loop that probes the same.

python -m benchmarks.nation [COMMUNES ...] [--seconds S] [--interval 60s] [--profile FILE]

Everything runs in a network namespace of its own. CPU is that of all threads of the process, from the kernel.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cpu import usage
from benchmarks.inside import world
from benchmarks.nation_mix import COMMUNES, write_inventory
from benchmarks.probers import AGENT, wait_for
from benchmarks.run import lateness, quantile, total
from benchmarks.snmp_devices import switches

_ROOT = Path(__file__).parents[1]
SETTLING_SECONDS = 75  # the first round and its confirmations


def scraped(query: str = "") -> tuple[str, float, int]:
    """The metrics, the seconds until they were here, and their packed size."""
    request = urllib.request.Request(f"http://{AGENT}/metrics{query}", headers={"Accept-Encoding": "gzip"})
    began = time.perf_counter()
    with urllib.request.urlopen(request, timeout=60) as answer:
        packed = answer.read()
    seconds = time.perf_counter() - began
    return gzip.decompress(packed).decode(), seconds, len(packed)


def asked(path: str) -> str:
    with urllib.request.urlopen(f"http://{AGENT}{path}", timeout=60) as answer:
        text: str = answer.read().decode()
    return text


@dataclass(frozen=True)
class Start:
    """Seconds from the command until it answered that it is ready, and until something was probed."""

    pid: int
    ready_seconds: float
    probed_seconds: float


@contextmanager
def started(config: Path, program: tuple[str, ...]) -> Iterator[Start]:
    """The agent, ended at the end; how long that took is printed."""
    log = (config.parent / "agent.log").open("w")
    began = time.monotonic()
    process = subprocess.Popen([sys.executable, *program, "run", "--config", str(config)], cwd=_ROOT, stderr=log)
    try:
        wait_for(lambda: asked("/-/ready") != "", 120)
        ready = time.monotonic() - began
        wait_for(lambda: total(scraped()[0], "sansang_probes_total") > 0, 60)
        yield Start(process.pid, ready, time.monotonic() - began)
    finally:
        begun = time.monotonic()
        process.terminate()
        process.wait(60)
        print(f"  stopped after {time.monotonic() - begun:.1f} s", flush=True)


def measured(config: Path, seconds: float, settling_seconds: float, program: tuple[str, ...]) -> None:
    """Start, settle, measure a span without a scrape, then a scrape, and say what was found."""
    with started(config, program) as start:
        print(f"  ready after {start.ready_seconds:.1f} s, first probes seen after {start.probed_seconds:.1f} s")
        time.sleep(settling_seconds)
        text, _, _ = scraped()
        time.sleep(2)
        before, begin, began = usage(start.pid), lateness(text), time.monotonic()
        probes, overruns = (total(text, f"sansang_{name}_total") for name in ("probes", "probe_overruns"))
        time.sleep(seconds)
        now, passed = usage(start.pid), time.monotonic() - began
        scrape_began = usage(start.pid).cpu_seconds
        text, waited, size = scraped()
        scrape_cpu = usage(start.pid).cpu_seconds - scrape_began
        done = total(text, "sansang_probes_total") - probes
        core = (now.cpu_seconds - before.cpu_seconds) / passed
        late = quantile(begin, lateness(text), 0.99) * 1000
        overruns = total(text, "sansang_probe_overruns_total") - overruns
        print(
            f"  agent: {core:.3f} core, {done / passed * 60:.0f} probes a minute, {core * passed / done * 1e6:.0f} us "
            f"a probe, lateness p99 <= {late:.0f} ms, overruns {overruns:.0f}, RSS {now.rss_mib:.0f} MiB"
        )
        print(
            f"  scrape: {scrape_cpu - waited * core:.2f} s of CPU beside the probing, {waited:.1f} s, "
            f"{text.count(chr(10))} lines, {len(text) / 1e6:.0f} MB, {size / 1e6:.1f} packed; "
            f"RSS {usage(start.pid).rss_mib:.0f} MiB after it",
            flush=True,
        )


def bare(folder: Path, seconds: float, targets_a_minute: int) -> None:
    command = [sys.executable, "-m", "benchmarks.bare_loop", str(folder), str(seconds), str(targets_a_minute)]
    found = subprocess.run(command, cwd=_ROOT, check=True, capture_output=True, text=True)
    print(f"  {found.stdout.strip()}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("communes", type=int, nargs="*", default=[COMMUNES])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--interval", default="60s")
    parser.add_argument("--settle", type=float, default=SETTLING_SECONDS)
    parser.add_argument("--profile", type=Path, help="run the agent under cProfile, whose figures go to this file")
    chosen = parser.parse_args()
    program: tuple[str, ...] = ("-m", "agent")
    if chosen.profile is not None:
        program = ("-m", "cProfile", "-o", str(chosen.profile.absolute()), *program)
    with world("benchmarks.nation") as folder, switches():
        print(f"load of the machine {os.getloadavg()[0]:.1f}")
        for communes in chosen.communes:
            rate = communes * 20 * 60 // int(re.sub(r"\D", "", chosen.interval))
            print(f"{communes * 20} targets, {rate} a minute")
            bare(folder, min(chosen.seconds, 30), rate)
            measured(write_inventory(folder, communes, chosen.interval), chosen.seconds, chosen.settle, program)


if __name__ == "__main__":
    main()
