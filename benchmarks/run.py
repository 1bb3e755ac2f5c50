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
import tempfile
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from benchmarks.cpu import usage

ROOT = Path(__file__).parents[1]
AGENT = "127.0.0.1:10115"
BLACKBOX = "127.0.0.1:9115"
COUNT = 1000
SECONDS = 30
KINDS = {
    "icmp": "{ip}",
    "tcp": "{ip}:80",
    "http": "http://{ip}/",
    "https": "https://{ip}/",
    "dns": "{ip}",
    "sip": "{ip}",
}
MODULES = """
  icmp: {probe: icmp, packets: 1}
  icmp3: {probe: icmp, packets: 3}
  tcp: {probe: tcp}
  http: {probe: http}
  https: {probe: http, tls_config: {verify: false}}
  dns: {probe: dns, query_name: portal.bench.test}
  sip: {probe: sip, tcp_fallback: "off"}
"""
BLACKBOX_MODULES = """
modules:
  icmp: {prober: icmp, timeout: 5s, icmp: {preferred_ip_protocol: ip4}}
  tcp: {prober: tcp, timeout: 5s, tcp: {preferred_ip_protocol: ip4}}
  http: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4}}
  dns: {prober: dns, timeout: 5s, dns: {preferred_ip_protocol: ip4, query_name: portal.bench.test, query_type: A}}
  https: {prober: http, timeout: 5s, http: {preferred_ip_protocol: ip4, tls_config: {insecure_skip_verify: true}}}
"""


def address(number: int) -> str:
    """One of the many addresses of loopback, none of them special."""
    return f"127.{10 + number // 62_500}.{number // 250 % 250}.{1 + number % 250}"


def row(number: int, module: str, where: str) -> str:
    return f'  - {{id: "s/{module}-{number}", name: t, role: service, module: {module}, address: "{where}"}}\n'


def inventory(directory: Path, rows: str, interval: str) -> Path:
    text = f"""organisation: {{name: Bench, language: en}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: u, name: U, level: commune}}]
defaults: {{interval: {interval}, timeout: 5s}}
modules: {MODULES}
sites: [{{id: s, name: S, unit: u}}]
listen: {AGENT}
storage: {{path: {directory}/ledger-{time.monotonic_ns()}}}
targets:
{rows}"""
    path = directory / "sansang.yml"
    path.write_text(text, "utf-8")
    return path


@contextmanager
def agent(config: Path) -> Iterator[int]:
    """A running agent; yields its pid once it answers."""
    log = (config.parent / "agent.log").open("w")
    process = subprocess.Popen([sys.executable, "-m", "agent", "run", "--config", str(config)], cwd=ROOT, stderr=log)
    try:
        wait_for(lambda: bool(metrics()))
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


def wait_for(ready: Callable[[], bool], seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if ready():
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise TimeoutError("did not start")


def metrics() -> str:
    with urllib.request.urlopen(f"http://{AGENT}/metrics", timeout=10) as answer:
        text: str = answer.read().decode()
        return text


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
    config = directory / "blackbox.yml"
    config.write_text(BLACKBOX_MODULES)
    command = ["prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address={BLACKBOX}"]
    process = subprocess.Popen([*command, "--log.level=error"])
    try:
        wait_for(lambda: bool(urllib.request.urlopen(f"http://{BLACKBOX}/-/healthy", timeout=1).read()))

        def probe(number: int) -> bool:
            target = urllib.parse.quote(KINDS[kind].format(ip=address(number)))
            time.sleep(max(0.0, started + number * 10 / COUNT - time.monotonic()))
            url = f"http://{BLACKBOX}/probe?module={kind}&target={target}"
            return b"probe_success 1" in urllib.request.urlopen(url, timeout=10).read()

        begin, started = usage(process.pid).cpu_seconds, time.monotonic()
        with ThreadPoolExecutor(16) as pool:
            assert all(pool.map(probe, range(COUNT)))
        return (usage(process.pid).cpu_seconds - begin) / COUNT * 1e6
    finally:
        process.terminate()
        process.wait(10)


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


def main() -> None:
    """The whole table; run inside a namespace of our own."""
    if os.environ.get("SANSANG_BENCH") != "inside":
        os.environ["SANSANG_BENCH"] = "inside"
        os.execvp("unshare", ["unshare", "--net", sys.executable, "-m", "benchmarks.run", *sys.argv[1:]])
    wanted = sys.argv[1:] or [*KINDS, "mixed"]
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        directory.chmod(0o755)
        command = [sys.executable, "-m", "benchmarks.world", name]
        world = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert world.stdout is not None
        assert world.stdin is not None
        if world.stdout.readline() != b"ready\n":
            raise SystemExit("the world of servers did not start")
        try:
            print(f"us of CPU per probe, {COUNT} targets, 100 probes a second; the prober's own process")
            for kind in wanted:
                if kind == "mixed":
                    mixed(directory, int(os.environ.get("SANSANG_BENCH_TARGETS", "10000")))
                    continue
                line = f"{kind:6} agent {ours(directory, kind):6.0f}"
                if kind != "sip":
                    line += f"   blackbox_exporter {blackbox(directory, kind):6.0f}"
                if kind == "icmp":
                    line += f"   fping {fping(directory):6.0f}"
                print(line, flush=True)
        finally:
            world.stdin.close()
            world.wait(10)


if __name__ == "__main__":
    main()
