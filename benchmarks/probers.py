"""The probers under measurement, each a process of its own: the agent and blackbox_exporter."""

from __future__ import annotations

import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_ROOT = Path(__file__).parents[1]
AGENT = "127.0.0.1:10115"
BLACKBOX = "127.0.0.1:9115"
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
    """One line under ``targets:``."""
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
probe_endpoint: {{allow: [127.0.0.0/8]}}
targets:
{rows}"""
    path = directory / "sansang.yml"
    path.write_text(text, "utf-8")
    return path


@contextmanager
def agent(config: Path, program: tuple[str, ...] = ("-m", "agent")) -> Iterator[int]:
    """A running agent; yields its pid once it answers."""
    log = (config.parent / "agent.log").open("w")
    process = subprocess.Popen([sys.executable, *program, "run", "--config", str(config)], cwd=_ROOT, stderr=log)
    try:
        wait_for(lambda: bool(metrics()))
        yield process.pid
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def blackbox_exporter(directory: Path) -> Iterator[int]:
    """Debian's, with a module of each kind that it has; yields its pid once it answers."""
    config = directory / "blackbox.yml"
    config.write_text(BLACKBOX_MODULES)
    command = ["prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address={BLACKBOX}"]
    process = subprocess.Popen([*command, "--log.level=error"])
    try:
        wait_for(lambda: bool(urllib.request.urlopen(f"http://{BLACKBOX}/-/healthy", timeout=1).read()))
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
