"""`make bench` (root): CPU per probe beside blackbox_exporter and fping in one run, then 10,000 mixed targets a minute.

Everything runs in a network namespace of its own; each figure is the prober's own CPU, all threads, divided by
finished probes.
"""

from __future__ import annotations

import os
import re
import resource
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from benchmarks.cpu import usage
from benchmarks.inside import world
from benchmarks.probers import BLACKBOX, KINDS, address, agent, blackbox_exporter, inventory, metrics, row

COUNT = 1000
SECONDS = 30


def total(text: str, name: str) -> float:
    return sum(float(line.rpartition(" ")[2]) for line in text.splitlines() if re.match(rf"{name}[{{ ]", line))


def ours(directory: Path, kind: str) -> float:
    """Microseconds of the agent's CPU per finished probe: scheduling, states, metrics and ledger included."""
    module = kind
    rows = "".join(row(n, module, KINDS[kind].format(ip=address(n))) for n in range(COUNT))
    with agent(inventory(directory, rows, "10s")) as pid:
        time.sleep(12)
        begin, probes = usage(pid).cpu_seconds, total(metrics(), "sansang_probes_total")
        time.sleep(SECONDS)
        cpu = usage(pid).cpu_seconds - begin
        text = metrics()
        done = total(text, "sansang_probes_total") - probes
        failed = total(text, "sansang_probe_failures_total")
    assert failed == 0, f"{kind}: {failed} probes failed"
    return cpu / done * 1e6


def blackbox(directory: Path, kind: str) -> float:
    """The same, of blackbox_exporter asked at the same pace over HTTP, as Prometheus asks it."""
    with blackbox_exporter(directory) as pid:

        def probe(number: int) -> bool:
            target = urllib.parse.quote(KINDS[kind].format(ip=address(number)))
            time.sleep(max(0.0, started + number * 10 / COUNT - time.monotonic()))
            url = f"http://{BLACKBOX}/probe?module={kind}&target={target}"
            return b"probe_success 1" in urllib.request.urlopen(url, timeout=10).read()

        begin, started = usage(pid).cpu_seconds, time.monotonic()
        with ThreadPoolExecutor(16) as pool:
            assert all(pool.map(probe, range(COUNT)))
        return (usage(pid).cpu_seconds - begin) / COUNT * 1e6


def fping(directory: Path) -> float:
    """fping at the same pace: one ping to each target, 100 a second."""
    targets = directory / "targets"
    targets.write_text("\n".join(address(n) for n in range(COUNT)))
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(["fping", "-C1", "-q", "-i10", "-f", str(targets)], check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / COUNT * 1e6


def mixed_rows(targets: int) -> str:
    """60 % pings of three packets, 10 % each of TCP, SIP, HTTP, HTTPS; 5 % dead, 2 % slow, 1 % flapping."""
    rows = []
    for n in range(targets):
        kind = ("icmp3",) * 6 + ("tcp", "sip", "http", "https")
        module = kind[n % 10]
        ip = address(n)
        if n % 20 == 7:
            ip = f"127.250.{n // 250 % 250}.{1 + n % 250}"
        where = KINDS[module.rstrip("3")].format(ip=ip)
        if n % 50 == 8:
            module, where = "http", f"http://{ip}:8081/"
        if n % 100 == 16:
            module, where = "tcp", f"{ip}:8082"
        rows.append(row(n, module, where))
    return "".join(rows)


def lateness(text: str) -> dict[float, float]:
    found = re.findall(r'sansang_probe_lateness_seconds_bucket\{le="([^"]+)"\} (\S+)', text)
    return {float(bound): float(count) for bound, count in found}


def quantile(before: dict[float, float], after: dict[float, float], share: float) -> float:
    grown = {bound: after[bound] - before[bound] for bound in after}
    return next(bound for bound in sorted(grown) if grown[bound] >= share * max(grown.values()))


def mixed(directory: Path, targets: int) -> None:
    """The load that a province's server carries, at its real pace, scraped every 15 s."""
    with agent(inventory(directory, mixed_rows(targets), "60s")) as pid:
        time.sleep(90)  # the first minute and its confirmations are not the normal load
        text = metrics()
        begin, before, probes = usage(pid).cpu_seconds, lateness(text), total(text, "sansang_probes_total")
        started = time.monotonic()
        for _ in range(8):
            time.sleep(15)
            text = metrics()
        passed = time.monotonic() - started
        now = usage(pid)
        done = total(text, "sansang_probes_total") - probes
        core = (now.cpu_seconds - begin) / passed
        each = (now.cpu_seconds - begin) / done * 1e6
        p99 = quantile(before, lateness(text), 0.99)
        down = total(text, "sansang_unit_targets")
        print(
            f"mixed: {targets} targets a minute ({down:.0f} counted), {done / passed * 60:.0f} probes a minute: "
            f"{core:.3f} core, {each:.0f} us a probe, lateness p99 <= {p99 * 1000:.0f} ms, "
            f"RSS {now.rss_mib:.0f} MiB, overruns {total(text, 'sansang_probe_overruns_total'):.0f}"
        )


def line(directory: Path, kind: str) -> str:
    """One row of the table."""
    text = f"{kind:6} agent {ours(directory, kind):6.0f}"
    if kind != "sip":
        text += f"   blackbox_exporter {blackbox(directory, kind):6.0f}"
    if kind == "icmp":
        text += f"   fping {fping(directory):6.0f}"
    return text


def main() -> None:
    """The whole table; run inside a namespace of our own."""
    with world("benchmarks.run") as directory:
        print(f"us of CPU per probe, {COUNT} targets, 100 probes a second; the prober's own process")
        for kind in sys.argv[1:] or [*KINDS, "mixed"]:
            if kind == "mixed":
                mixed(directory, int(os.environ.get("SANSANG_BENCH_TARGETS", "10000")))
            else:
                print(line(directory, kind), flush=True)


if __name__ == "__main__":
    main()
