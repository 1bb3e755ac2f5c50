"""`make floods` (root): 100 honest targets of each kind beside one peer that floods, one flood after the other.

Each flood meets an agent of its own, in a network namespace without any other network. First its targets are all UP;
then come some seconds without the flood, the control, and the same with it. DOWN is counted in the ledger, standstills
by the agent itself, lateness by its histogram; /-/healthy is asked for all the time. Fails when a limit is broken:
on a machine that is busy with other things it may.

    python -m benchmarks.floods [--agent PROGRAM] [--seconds 20] [--each 100] [NAME ...]
"""

from __future__ import annotations

import argparse
import contextlib
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from agent.ledger.reader import Reader
from agent.ledger.rows import StateChange
from agent.model import State
from benchmarks.cpu import usage
from benchmarks.flooders import DNS_PORT, NESTED_PATHS, PEER, SIP_PORT, WEB_PORT
from benchmarks.inside import world
from benchmarks.probers import AGENT, address, metrics, wait_for
from benchmarks.run import lateness, quantile, total
from benchmarks.world import DNS_TCP_PORT, DNS_TLS_PORT, H323_PORT, SIP_TCP_PORT, SIP_TLS_PORT

_ROOT = Path(__file__).parents[1]
_TLS_PORT = 9300
_OURS = str(Path(sys.executable).with_name("sansang"))
LATE_SECONDS, GROWN_MIB = 0.1, 16.0
GIVE_UP_SECONDS = 30
_STALLS, _RUN_DELAY = "sansang_loop_stalls_total", "sansang_loop_stalls_run_delay_total"
_FAILED = 'sansang_probe_failures_total{[^}]*target="honest/[^}]*}'

_OPEN = "tls_config: {verify: false}"
HONEST = {  # module and address of each kind
    "icmp": ("{probe: icmp}", "{ip}"),
    "tcp": ("{probe: tcp}", "{ip}:80"),
    "tcp-tls": (f"{{probe: tcp, tls: true, {_OPEN}}}", "{ip}:443"),
    "http": ("{probe: http}", "http://{ip}/"),
    "https": (f"{{probe: http, {_OPEN}}}", "https://{ip}/"),
    "dns-udp": ("{probe: dns, query_name: portal.bench.test}", "{ip}"),
    "dns-tcp": ("{probe: dns, query_name: portal.bench.test, transport: tcp}", f"{{ip}}:{DNS_TCP_PORT}"),
    "dns-tls": (f"{{probe: dns, query_name: portal.bench.test, transport: tls, {_OPEN}}}", f"{{ip}}:{DNS_TLS_PORT}"),
    "sip-udp": ("{probe: sip, tcp_fallback: 'off'}", "{ip}"),
    "sip-tcp": ("{probe: sip, transport: tcp}", f"{{ip}}:{SIP_TCP_PORT}"),
    "sip-tls": (f"{{probe: sip, transport: tls, {_OPEN}}}", f"{{ip}}:{SIP_TLS_PORT}"),
    "h323": ("{probe: h323}", f"{{ip}}:{H323_PORT}"),
}
_OFTEN = "interval: 2s, timeout: 1500ms"
_ASKS = f"query_name: a.example, {_OFTEN}"
_AT_TLS = f"127.0.0.1:{_TLS_PORT}"
_NAMES = {
    "udp": (f"{{probe: dns, {_ASKS}}}", f"{PEER}:{DNS_PORT}"),
    "tcp": (f"{{probe: dns, transport: tcp, {_ASKS}}}", f"{PEER}:{DNS_PORT}"),
}
_ROOM = {"room": (f"{{probe: sip, tcp_fallback: 'off', {_OFTEN}}}", f"{PEER}:{SIP_PORT}")}
_TLS = {
    "http": (f"{{probe: http, {_OPEN}, {_OFTEN}}}", f"https://{_AT_TLS}/"),
    "tcp": (f"{{probe: tcp, tls: true, {_OPEN}, dialogue: [{{expect: '^hello'}}], {_OFTEN}}}", _AT_TLS),
    "sip": (f"{{probe: sip, transport: tls, {_OPEN}, {_OFTEN}}}", _AT_TLS),
    "dns": (f"{{probe: dns, transport: tls, {_OPEN}, {_ASKS}}}", _AT_TLS),
}
Targets = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Flood:
    """What floods, and which targets of the agent ask it. {certificate} in the command is a PEM file."""

    title: str
    command: Sequence[str]
    targets: Targets


def _flooder(kind: str) -> Sequence[str]:
    return "-m", "benchmarks.flooders", kind


def _below_tls(kind: str) -> Flood:
    command = ("-m", "tests.agent.probes.tls.floods", kind, str(_TLS_PORT), "{certificate}")
    return Flood(f"TLS: {kind}", command, _TLS)


FLOODS = {
    "dear-records": Flood("DNS records whose text is dear", _flooder("dear-records"), _NAMES),
    "dns-datagrams": Flood("DNS datagrams", _flooder("dns-datagrams"), {"udp": _NAMES["udp"]}),
    "key-updates": _below_tls("key updates"),
    "key-updates-back": _below_tls("key updates that want one back"),
    "tickets": _below_tls("tickets"),
    "one-byte": _below_tls("one byte a record"),
    "nested-codings": Flood(
        "nested Content-Encodings",
        _flooder("nested-codings"),
        {
            f"deep-{path[1:]}": (f"{{probe: http, compression: any, {_OFTEN}}}", f"http://{PEER}:{WEB_PORT}{path}")
            for path in NESTED_PATHS
        },
    ),
    "sip-small": Flood("SIP datagrams, small", _flooder("sip-small"), _ROOM),
    "sip-folded": Flood("SIP datagrams, folded", _flooder("sip-folded"), _ROOM),
    "sip-strangers": Flood("SIP datagrams from strangers", _flooder("sip-strangers"), _ROOM),
    "icmp-errors": Flood("ICMP errors", _flooder("icmp-errors"), {}),
}


# -- the agent --------------------------------------------------------------------------------------------------------


def configuration(directory: Path, each: int, flood: Flood) -> Path:
    """Targets of one module a kind; those that ask the flooding peer besides."""
    kinds = {**HONEST, **{f"flood-{name}": target for name, target in flood.targets.items()}}
    modules = "".join(f"  {kind}: {module}\n" for kind, (module, _) in kinds.items())
    honest = [
        (f"honest/{kind}-{n}", kind, where.format(ip=address(1000 * row + n)))
        for row, (kind, (_, where)) in enumerate(HONEST.items())
        for n in range(each)
    ]
    asking = [(f"flood/{name}", f"flood-{name}", where) for name, (_, where) in flood.targets.items()]
    rows = "".join(
        f'  - {{id: "{id_}", role: service, module: {module}, address: "{where}"}}\n'
        for id_, module, where in (*honest, *asking)
    )
    directory.mkdir()
    path = directory / "sansang.yml"
    path.write_text(
        f"""organisation: {{name: Bench, language: en}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: u, name: U, level: commune}}]
sites: [{{id: honest, name: Honest, unit: u}}, {{id: flood, name: Flood, unit: u}}]
defaults: {{interval: 5s, timeout: 1s, confirm_interval: 1s, reprobe_budget: 1000/s}}
listen: {AGENT}
storage: {{path: {directory}/storage}}
modules:
{modules}targets:
{rows}""",
        "utf-8",
    )
    return path


@contextmanager
def running(program: str, config: Path) -> Iterator[int]:
    """`sansang run` with that configuration; its pid once it answers."""
    with (config.parent / "agent.log").open("wb") as log:
        process = subprocess.Popen([program, "run", "--config", str(config)], cwd=config.parent, stderr=log)
    try:
        wait_for(lambda: process.poll() is None and bool(metrics()))
        yield process.pid
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def all_up(count: int) -> bool:
    found = re.findall(r'^sansang_target_state{[^}]*target="honest/[^}]*} (\S+)', metrics(), re.MULTILINE)
    return len(found) == count == sum(float(value) == 1 for value in found)


def honest_in(storage: Path, state: State, since_ms: int) -> dict[str, str]:
    """Honest targets that came into that state since that instant of boottime, and why, as the ledger has it."""
    reader = Reader.open(storage)
    try:
        rows = [stored.row for stored in reader.only(StateChange)]
    finally:
        reader.close()
    changes = [row for row in rows if isinstance(row, StateChange) and row.committed_at_ms >= since_ms]
    honest = [row for row in changes if row.target.startswith("honest/")]
    return {row.target: row.cause.value for row in honest if row.state is state}


def by_kind(targets: Mapping[str, str]) -> str:
    """How many of each kind, by cause."""
    counts = Counter((target.split("/")[1].rpartition("-")[0], cause) for target, cause in targets.items())
    return ", ".join(f"{many} {kind} {cause}" for (kind, cause), many in counts.most_common())


# -- what is measured -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Window:
    """Some seconds of an agent. stalls is None where it does not count them; core: share of one core that it used."""

    stalls: float | None
    of_machine: float
    slowest_seconds: float
    late_seconds: float
    failed: float
    peak_mib: float
    core: float


def watched(pid: int, seconds: float) -> Window:
    """Ask for its health all the time, and compare what it shows before and after."""
    Path(f"/proc/{pid}/clear_refs").write_text("5", "ascii")  # the peak of its memory begins anew, proc(5)
    before, cpu, began = shown(), usage(pid).cpu_seconds, time.monotonic()
    slowest = 0.0
    while time.monotonic() - began < seconds:
        slowest = max(slowest, answered())
        time.sleep(0.03)
    passed, cpu, after = time.monotonic() - began, usage(pid).cpu_seconds - cpu, shown()
    grown = {name: total(after, name) - total(before, name) for name in (_STALLS, _RUN_DELAY, _FAILED)}
    return Window(
        grown[_STALLS] if f"\n{_STALLS} " in after else None,
        grown[_RUN_DELAY],
        slowest,
        quantile(lateness(before), lateness(after), 0.99),
        grown[_FAILED],
        _peak_mib(pid),
        cpu / passed,
    )


def answered() -> float:
    """Seconds until it said that it is well; it is asked no longer than GIVE_UP_SECONDS."""
    asked = time.monotonic()
    connection = HTTPConnection(AGENT, timeout=GIVE_UP_SECONDS)
    with contextlib.suppress(OSError):
        connection.request("GET", "/-/healthy")
        connection.getresponse().read()
    connection.close()
    return time.monotonic() - asked


def shown() -> str:
    """Its metrics, once it has time for them."""
    until = time.monotonic() + 2 * GIVE_UP_SECONDS
    while True:
        try:
            return metrics()
        except OSError:
            if time.monotonic() > until:
                raise


def _peak_mib(pid: int) -> float:
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text("ascii"))
    return int(peak) / 1024


@contextmanager
def flooding(flood: Flood, certificate: Path) -> Iterator[None]:
    """The peer floods while the block runs; it is nicer than the agent, which has to live beside it."""
    command = [part.format(certificate=certificate) for part in flood.command]
    process = subprocess.Popen(["nice", "-n", "5", sys.executable, *command], cwd=_ROOT)
    time.sleep(1.0)  # until it listens
    try:
        yield
        if process.poll() is not None:
            raise SystemExit(f"{flood.title}: the peer ended")
    finally:
        process.kill()
        process.wait()


@dataclass(frozen=True)
class Measured:
    """What one flood did; control is the same agent before it."""

    flood: Flood
    control: Window
    beside: Window
    down: Mapping[str, str]
    unknown: Mapping[str, str]

    def broken(self) -> list[str]:
        """Which limits it broke."""
        limits = (
            (bool(self.down), f"honest targets DOWN: {by_kind(self.down)}"),
            (self.own_stalls > 0, f"{self.own_stalls:.0f} standstills"),
            (self.beside.late_seconds > LATE_SECONDS, f"lateness p99 {self.beside.late_seconds} s"),
            (self.grown_mib > GROWN_MIB, f"{self.grown_mib:.0f} MiB more"),
        )
        return [f"{self.flood.title}: {words}" for is_broken, words in limits if is_broken]

    @property
    def own_stalls(self) -> float:
        """Standstills beside the flood for which the machine had a processor."""
        return (self.beside.stalls or 0) - self.beside.of_machine

    @property
    def grown_mib(self) -> float:
        return self.beside.peak_mib - self.control.peak_mib

    def row(self) -> str:
        """One row of the table: with the flood, and in brackets without."""
        on, off = self.beside, self.control
        cells = (
            self.flood.title,
            f"{len(self.down)}",
            f"{len(self.unknown)}",
            f"{_count(on)} ({_count(off)})",
            f"{on.slowest_seconds * 1e3:.0f} ({off.slowest_seconds * 1e3:.0f}) ms",
            f"{on.late_seconds * 1e3:.0f} ({off.late_seconds * 1e3:.0f}) ms",
            f"{self.grown_mib:+.1f} MiB",
            f"{on.failed:.0f} ({off.failed:.0f})",
            f"{on.core:.2f} ({off.core:.2f})",
        )
        return f"| {' | '.join(cells)} |"


HEAD = (
    "| Flood | DOWN | UNKNOWN | standstills | slowest answer | lateness p99, at most | RSS | failed runs | core |\n"
    "|---|---|---|---|---|---|---|---|---|"
)


def _count(window: Window) -> str:
    if window.stalls is None:
        return "?"
    return f"{window.stalls:.0f}" + (f", {window.of_machine:.0f} by the machine" if window.of_machine else "")


def measured(directory: Path, name: str, arguments: argparse.Namespace) -> Measured:
    flood, config = FLOODS[name], configuration(directory / name, arguments.each, FLOODS[name])
    storage = config.parent / "storage"
    with running(arguments.agent, config) as pid:
        wait_for(lambda: all_up(arguments.each * len(HONEST)), 120)
        time.sleep(2)  # what the start left to do
        since_ms = time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000
        control = watched(pid, arguments.seconds / 2)
        with flooding(flood, directory / "good.both.pem"):
            beside = watched(pid, arguments.seconds)
        time.sleep(1)  # what was found is written
    down, unknown = (honest_in(storage, state, since_ms) for state in (State.DOWN, State.UNKNOWN))
    return Measured(flood, control, beside, down, unknown)


def main() -> None:
    """The table; exit code 1 if a limit is broken. Run inside a namespace of its own."""
    parser = argparse.ArgumentParser("benchmarks.floods")
    parser.add_argument("--agent", default=_OURS, metavar="PROGRAM", help="the `sansang` to measure")
    parser.add_argument("--seconds", type=float, default=20.0, help="of each flood; the control takes half of it")
    parser.add_argument("--each", type=int, default=100, help="honest targets of each kind")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(FLOODS))
    arguments = parser.parse_args()
    broken: list[str] = []
    blind: list[str] = []
    with world("benchmarks.floods") as directory:
        both = (directory / "good.pem").read_text() + (directory / "good.key").read_text()
        (directory / "good.both.pem").write_text(both)
        print(f"{arguments.each} honest targets of each kind ({', '.join(HONEST)}); in brackets without the flood")
        print(HEAD, flush=True)
        for name in arguments.names or FLOODS:
            try:
                found = measured(directory, name, arguments)
            except OSError as error:
                broken.append(f"{FLOODS[name].title}: the agent does not answer: {error}")
                continue
            print(found.row(), flush=True)
            broken += found.broken()
            if found.unknown:
                blind.append(f"{found.flood.title}: honest targets UNKNOWN: {by_kind(found.unknown)}")
    print("\n".join([*blind, *(broken or ["no limit is broken"])]))
    sys.exit(bool(broken))


if __name__ == "__main__":
    main()
