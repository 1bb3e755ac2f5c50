"""A small district in situations made up, each told by the agent's own exposition to a real Prometheus.

What a lab's agent says takes a minute to come about, and a lab has one agent. Here the exposition of the product is
given views of a district's targets, and is served where an agent would listen: the queries of the boards, the scraping,
the staleness and the rules are real. The lab's own worlds (test_boards_lab.py) say the same of a real agent.
"""

from __future__ import annotations

import gzip
import re
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from agent.availability.outage_cause import OutageCause
from agent.clock import SystemClock
from agent.engine.agent_stats import AgentStats, ResolverStats
from agent.engine.engine import EngineStats
from agent.engine.lateness import LATENESS_BOUNDS_SECONDS, LatenessStats
from agent.engine.reload import ReloadStats
from agent.engine.rounds import RoundStats
from agent.engine.snapshot import ComponentView, LastRun, PathView, SiteOutageView, TargetView
from agent.engine.upkeep.ledger_upkeep import DiskSpace, LedgerUpkeepStats
from agent.engine.upkeep.timekeeper import TimekeeperStats
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.lab.certificates import Authority
from agent.lab.district import district
from agent.lab.inventory import LabFiles, inventory_yaml
from agent.lab.snmp_credentials import write_credentials
from agent.model import (
    Component,
    ComponentFault,
    ComponentKind,
    Facts,
    ProbeResult,
    Reason,
    ReasonCode,
    State,
    Target,
    UnknownCause,
)
from agent.probes.icmp.reasons import IcmpReason
from agent.probes.registry import PROBES
from agent.probes.snmp.facts import SnmpFacts
from agent.reporting.months import MonthShare
from dashboards.settings import AlertTiming
from exporters.prometheus import Exposition
from tests.peers.board_scores import scored
from tests.peers.board_wall import until
from tests.peers.prometheus_process import JOB, ask, prometheus

COMMUNES = 3
DISTRICT = district(COMMUNES)
CUT, POINT = (office.id for office in DISTRICT.communes[:2])
"""The site that is cut off, and that of the point seen."""
HALL, PORT_SEEN = DISTRICT.sites[0].id, "Phòng họp"
REMEMBERED_MINUTES = (15, 6)
"""From when on, and until when: longer ago than Prometheus takes a figure for one of now."""
PACE = AlertTiming(resolve_hold=6, absent_after=5)
_SCRAPES_ENOUGH = 16  # once a second: more than a step of the widest subquery of the boards
_BOOKED_SECONDS = 3 * 86400.0


@dataclass(frozen=True, slots=True)
class Measured(Facts):
    """What runs of every protocol of the district found, as far as metrics show it."""

    loss_ratio: float | None = None
    rtt_mean_seconds: float | None = None
    rtt_seconds: float | None = None
    jitter_seconds: float | None = None
    mos: float | None = None
    hop_limit: float | None = None
    status_code: float | None = None
    in_use: float | None = None
    first_byte_seconds: float | None = None
    phases: tuple[tuple[str, float], ...] = ()
    tls_expiry_timestamp_seconds: float | None = None
    connect_seconds: float | None = None
    rcode: float | None = None
    answers: float | None = None


Stand = tuple[State, ReasonCode | UnknownCause]
WELL: Stand = (State.UP, Reason.OK)
FAILED = (State.DOWN, State.UNKNOWN)
"""What failed runs come to; the agent blames itself for those of what is unknown."""


@dataclass(frozen=True, slots=True)
class Situation:
    """of: the state of each target and why; path: whether the agent's own way works; agents: whether each answers."""

    of: Callable[[Target], Stand]
    path: bool = True
    agents: tuple[bool, ...] = (True,)


def _well(_: Target) -> Stand:
    return WELL


def _slow(target: Target) -> Stand:
    if target.id == f"{HALL}/switch-snmp":
        return State.DEGRADED, Reason.COMPONENT_FAILED
    return (State.DEGRADED, IcmpReason.HIGH_LOSS) if target.id == f"{POINT}/uplink" else WELL


def _broken(target: Target) -> Stand:
    down = target.site == CUT or target.id in (f"{POINT}/room", "dc/one-stop")
    return (State.DOWN, Reason.TIMEOUT) if down else WELL


def _unseen(target: Target) -> Stand:
    return (State.UNKNOWN, UnknownCause.LOCAL_ERROR) if target.id == f"{POINT}/room" else WELL


def _behind(target: Target) -> Stand:
    return (State.UNKNOWN, UnknownCause.MONITOR_NET) if target.paths else WELL


SITUATIONS: Mapping[str, Situation] = {
    "health": Situation(_well),
    "degraded": Situation(_slow),
    "down": Situation(_broken),
    "unknown": Situation(_unseen),
    "path lost": Situation(_behind, path=False),
    "silent": Situation(_well, agents=(False,)),
    "one of two silent": Situation(_well, agents=(True, False)),
    "two agents": Situation(_broken, agents=(True, True)),
}


def inventory(folder: Path) -> Inventory:
    """The lab's district, as its agent reads it."""
    file = folder / "inventory.yaml"
    ca_file = Authority(folder / "pki", SystemClock()).ca_file
    file.write_text(
        inventory_yaml(DISTRICT, "127.0.0.1:1", folder, LabFiles(ca_file, write_credentials(folder))), "utf-8"
    )
    return load(file, PROBES)


def exposition(known: Inventory, situation: Situation, seconds: float) -> bytes:
    """What the agent says when the situation has lasted so many seconds."""
    made = Exposition(known, _stats)
    for target in known.targets:
        made.update(_view(target, situation, seconds))
    for path in known.paths:
        made.update_path(PathView(path.id, situation.path, _began_ms(), len(known.targets)))
    made.update_site_outage(SiteOutageView(POINT, _began_ms() - 7_200_000, _began_ms(), OutageCause.POWER))
    made.update_months({target.id: _months(target, situation) for target in known.targets})
    made.update_scores([scored(known, POINT, _began_ms())])
    return gzip.decompress(made.render(openmetrics=False))


def _view(target: Target, situation: Situation, seconds: float) -> TargetView:
    state, cause = situation.of(target)
    run = ProbeResult.of(Reason.TIMEOUT if state in FAILED else _reason(cause), 0.02, _facts(target, state))
    cut = f"{target.site}/uplink" if state is State.DOWN and target.parents else None
    upstream = cut if cut and situation.of(target)[0] is State.DOWN and target.site == CUT else None
    booked = [0.0] * len(State)
    booked[State.UP], booked[state] = _BOOKED_SECONDS, _BOOKED_SECONDS * (state is State.UP) + seconds
    failed = state in FAILED
    return TargetView(
        target,
        state,
        cause,
        since_wall_ms=_began_ms(),
        confirmed_wall_ms=_began_ms(),
        last_known_up=state is not State.DOWN,
        last_run=LastRun(_began_ms(), run),
        upstream=upstream,
        upstream_name="Đường truyền" if upstream else "",
        probes=1000 + int(seconds),
        failures=int(seconds) * failed,
        failure_reasons={Reason.TIMEOUT: int(seconds)} if failed else {},
        state_seconds=(booked[0], booked[1], booked[2], booked[3]),
        components=_parts(target, state),
        booted_wall_ms=_began_ms() - 90 * 86_400_000 if target.probe == "snmp" else None,
    )


def _reason(cause: ReasonCode | UnknownCause) -> ReasonCode:
    return cause if isinstance(cause, ReasonCode) else Reason.OK


def _facts(target: Target, state: State) -> Facts:
    """As such a run finds them: of silence there is nothing but the loss."""
    if state in FAILED:
        return Measured(loss_ratio=1.0) if target.probe == "icmp" else Measured()
    loss = 0.08 if state is State.DEGRADED else 0.0
    expiry = time.time() + 200.5 * 86400 if target.address.startswith("https:") else None
    found: dict[str, Facts] = {
        "icmp": Measured(loss_ratio=loss, rtt_mean_seconds=0.012, jitter_seconds=0.001, mos=4.4, hop_limit=64),
        "sip": Measured(rtt_seconds=0.011, status_code=200, in_use=0),
        "http": Measured(
            status_code=200,
            first_byte_seconds=0.2,
            phases=(("resolve", 0.002), ("connect", 0.01), ("tls", 0.03), ("processing", 0.15), ("transfer", 0.01)),
            tls_expiry_timestamp_seconds=expiry,
        ),
        "dns": Measured(rtt_seconds=0.004, rcode=0, answers=1),
        "h323": Measured(connect_seconds=0.01),
        "tcp": Measured(connect_seconds=0.01),
        "snmp": _reported(target, state),
    }
    return found[target.probe]


def _reported(target: Target, state: State) -> SnmpFacts:
    """What the hall's and the first commune's devices tell of themselves."""
    common = SnmpFacts(rtt_seconds=0.004, uptime_seconds=90 * 86400.0, version="2c", cpu_ratio=0.12)
    kind = target.id.partition("/")[2]
    if kind == "uplink-snmp":
        return replace(
            common, memory_used_ratio=0.4, temperatures_celsius=(("cpu", 51),), lte_rsrp_dbm=-97, lte_sinr_db=11
        )
    if kind == "switch-snmp":
        up = float(state is not State.DEGRADED)
        return replace(
            common,
            temperatures_celsius=(("cpu", 44), ("sfp", 39)),
            ports_up=(("Gi0/1", 1), (PORT_SEEN, up), ("Gi0/4", 0)),
            port_speeds=(("Gi0/1", 125e6), (PORT_SEEN, 125e6)),
            port_utilisation_ratios=(("Gi0/1", 0.42), (PORT_SEEN, 0.01)),
            port_errors=(("Gi0/1", 0), (PORT_SEEN, 0.4)),
            port_broadcast_ratios=(("Gi0/1", 0.03), (PORT_SEEN, 0.25)),
            port_receive_powers=(("Gi0/1", -21.5),),
        )
    if kind == "ups-snmp":
        return replace(
            common,
            cpu_ratio=None,
            ups_on_battery=0,
            ups_battery_replace=0,
            ups_runtime_seconds=2400,
            ups_charge_ratio=1,
            ups_load_ratio=0.31,
        )
    return common


def _parts(target: Target, state: State) -> tuple[ComponentView, ...]:
    if not target.id.endswith("/switch-snmp"):
        return ()
    fault = ComponentFault.PORT_DOWN if state is State.DEGRADED else None
    port = Component("port:Gi0/3", ComponentKind.PORT, fault, PORT_SEEN, named=True, operational=fault is None)
    return (ComponentView(port, matters=True, since_wall_ms=_began_ms()),)


def _months(target: Target, situation: Situation) -> tuple[MonthShare, ...]:
    this_month = 0.98 if situation.of(target)[0] is State.DOWN else 0.9995
    return (MonthShare("this_month", this_month, 0.999), MonthShare("last_month", 0.998, 1.0))


def _stats() -> AgentStats:
    now_ms = int(time.time() * 1000)
    counts = (now_ms // 1000 % 100_000, *[0] * len(LATENESS_BOUNDS_SECONDS))
    return AgentStats(
        observer="lab",
        engine=EngineStats(rounds=RoundStats(lateness=LatenessStats(counts))),
        clock=TimekeeperStats(synchronised=True),
        ledger=LedgerUpkeepStats(verify_success=True, backup_wall_ms=now_ms - 3 * 3600 * 1000),
        reload=ReloadStats(success_wall_ms=now_ms - 86400 * 1000),
        resolver=ResolverStats(up=True, failures=0),
        disk=DiskSpace(60 * 2**30, 100 * 2**30),
        dropped_packets=dict.fromkeys(PROBES, 0),
    )


def _began_ms() -> int:
    """Twenty minutes ago, on the minute."""
    return (int(time.time()) // 60 - 20) * 60_000


class Speaker(ThreadingHTTPServer):
    """Where an agent would listen: says what it is told to say, or nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.said: Callable[[], bytes] | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_address[1]}"


class _Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Speaker)
        if server.said is None:
            self.send_error(503)
            return
        body = server.said()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain; version=0.0.4")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is told."""


@contextmanager
def speaking(count: int) -> Iterator[list[Speaker]]:
    speakers = [Speaker() for _ in range(count)]
    for speaker in speakers:
        threading.Thread(target=speaker.serve_forever, daemon=True).start()
    try:
        yield speakers
    finally:
        for speaker in speakers:
            speaker.shutdown()
            speaker.server_close()


@dataclass(frozen=True, slots=True)
class Watched:
    """A Prometheus at url that scrapes the agents of a situation, all of which speak at first."""

    url: str
    agents: Mapping[Speaker, bool]

    def resolve_hold(self) -> None:
        """Return when it has scraped them often enough for rates, and has missed those that fell silent."""
        speakers = {speaker.address for speaker in self.agents}
        silent = {speaker.address for speaker, speaks in self.agents.items() if not speaks}
        until(lambda: _scrapes(self.url) == dict.fromkeys(speakers, True))
        for speaker, speaks in self.agents.items():
            if not speaks:
                speaker.said = None
        until(lambda: self._known("sansang_build_info") == speakers - silent)
        until(lambda: self._known(_SILENCE) == silent)

    def _known(self, query: str) -> set[str]:
        return {one["metric"].get("instance", "") for one in ask(self.url, query)}


def remember(folder: Path, known: Inventory, agents: Sequence[str]) -> None:
    """Blocks of some minutes in health, as Prometheus would have them of these agents."""
    now = int(time.time()) // 60 * 60
    lines = [
        f'{name}{{{labels}{"," * bool(labels)}instance="{agent}",job="{JOB}"}} {value} {now - 60 * ago}'
        for ago in range(*REMEMBERED_MINUTES, -1)
        for name, labels, value in _samples(exposition(known, Situation(_well), -60.0 * ago))
        for agent in agents
    ]
    text = folder / "history.txt"
    text.write_text("\n".join([*lines, "# EOF", ""]), "utf-8")
    command = ["promtool", "tsdb", "create-blocks-from", "openmetrics", str(text), str(folder / "tsdb")]
    subprocess.run(command, check=True, capture_output=True, timeout=30)


def _samples(text: bytes) -> Iterator[tuple[str, str, str]]:
    for line in text.decode().splitlines():
        found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
        if found:
            yield found[1], found[2] or "", found[3]


@contextmanager
def watched(folder: Path, known: Inventory, situation: Situation) -> Iterator[Watched]:
    """The situation, from now on."""
    began = time.time()
    folder.mkdir()
    with speaking(len(situation.agents)) as speakers:
        for speaker in speakers:
            speaker.said = lambda: exposition(known, situation, time.time() - began)
        first, *others = (speaker.address for speaker in speakers)
        remember(folder, known, [first, *others])
        with prometheus(folder, first, others=others, timing=PACE) as url:
            yield Watched(url, dict(zip(speakers, situation.agents, strict=True)))


_SILENCE = 'ALERTS{alertname="SansangAgentSilent", alertstate="firing"}'


def _scrapes(url: str) -> dict[str, bool]:
    """Of each agent, whether the windows of the boards hold enough of it."""
    counted = ask(url, f"count_over_time(sansang_build_info[{2 * _SCRAPES_ENOUGH}s])")
    return {one["metric"]["instance"]: float(one["value"][1]) > _SCRAPES_ENOUGH for one in counted}
