"""/metrics/snmp: the last reading of every device, under the names of snmp_exporter; and /snmp: one reading.

A reading becomes text when somebody asks, in the thread of who asks, and stays text until the next one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Lock

from agent.engine.snapshot import TargetView
from agent.model import ProbeResult, Target
from agent.probes.snmp.facts import SnmpFacts
from agent.probes.snmp.reading import Reading
from exporters.gzip_body import finish_body, start_body
from exporters.metric import Kind
from exporters.samples import label_set, number
from exporters.snmp_families import SnmpFamily, families

MOST_SHOWN = 500_000
"""Samples of one answer, about 80 MB: beyond it whole devices are left out, and counted."""

_LEFT_OUT = "sansang_snmp_targets_left_out"
_LEFT_OUT_HELP = "Devices whose series did not fit into this answer."


@dataclass(slots=True)
class _ShownReading:
    """A device's last reading, and its text once somebody has asked for it."""

    target: Target
    reading: Reading
    families: Mapping[str, _FamilyText] | None = None
    samples: int = 0


@dataclass(frozen=True, slots=True)
class _FamilyText:
    head: str
    lines: str


class SnmpExposition:
    """Everything that /metrics/snmp shows. update and replace belong to the event loop; render to any one thread."""

    def __init__(self, most: int = MOST_SHOWN) -> None:
        self._most = most
        self._lock = Lock()
        self._readings: dict[str, _ShownReading] = {}

    def update(self, view: TargetView) -> None:
        """Show this device's reading from now on; none after a run that failed, since what it shows is over."""
        if view.target.probe != "snmp":
            return
        reading = reading_of(None if view.last_run is None else view.last_run.result)
        if reading is None:
            if view.target.id in self._readings:
                with self._lock:
                    del self._readings[view.target.id]
            return
        shown = self._readings.get(view.target.id)
        if shown is None or shown.reading is not reading or shown.target is not view.target:
            with self._lock:
                self._readings[view.target.id] = _ShownReading(view.target, reading)

    def replace(self, views: Iterable[TargetView]) -> None:
        """Show another inventory's devices from now on."""
        with self._lock:
            before, self._readings = self._readings, {}
        for view in views:
            shown = before.get(view.target.id)
            if shown is not None and shown.target is view.target:
                self._readings[view.target.id] = shown
            self.update(view)

    def render(self) -> bytes:
        """The whole answer as one gzip member: classic text, as snmp_exporter's jobs expect it."""
        with self._lock:
            readings = list(self._readings.values())
        bodies: dict[str, list[str]] = {}
        left, left_out = self._most, 0
        for shown in sorted(readings, key=lambda shown: shown.target.id):
            rendered = _rendered(shown)
            if shown.samples > left:
                left_out += 1
                continue
            left -= shown.samples
            for name, text in rendered.items():
                bodies.setdefault(name, [text.head]).append(text.lines)
        part = start_body("".join(body).encode() for body in bodies.values())
        return finish_body(part, _gauge(_LEFT_OUT, _LEFT_OUT_HELP, {"": float(left_out)}).encode())


def reading_of(result: ProbeResult | None) -> Reading | None:
    """What a run read; None where it failed, or is no SNMP run."""
    if result is None or not result.success or not isinstance(result.facts, SnmpFacts):
        return None
    return result.facts.reading


def _rendered(shown: _ShownReading) -> Mapping[str, _FamilyText]:
    if shown.families is None:
        target = shown.target
        surroundings = {"instance": target.address, "site": target.site, "target": target.id}
        made = families(shown.reading, surroundings)
        shown.families = {name: _FamilyText(_head(name, family), _lines(name, family)) for name, family in made.items()}
        shown.samples = sum(len(family.lines) for family in made.values())
    return shown.families


@dataclass(frozen=True, slots=True)
class SnmpScrape:
    """One module's run on behalf of a scraper."""

    module: str
    result: ProbeResult
    took_seconds: float


_SCRAPE_GAUGES = (
    ("snmp_scrape_walk_duration_seconds", "Time SNMP walk/bulkwalk took.", "walk_seconds"),
    ("snmp_scrape_packets_sent", "Packets sent for get, bulkget, and walk; including retries.", "packets_sent"),
    ("snmp_scrape_packets_retried", "Packets retried for get, bulkget, and walk.", "packets_retried"),
    ("snmp_scrape_pdus_returned", "PDUs returned from get, bulkget, and walk.", "pdus_returned"),
)


def render_scrape(scrapes: Iterable[SnmpScrape]) -> bytes:
    """The answer of /snmp: every module's series, bare, then how each module's run went."""
    runs = tuple(scrapes)
    return "".join(_scrape_texts(runs)).encode()


def _scrape_texts(runs: tuple[SnmpScrape, ...]) -> Iterator[str]:
    shown: dict[str, SnmpFamily] = {}
    readings = {run.module: reading for run in runs if (reading := reading_of(run.result)) is not None}
    for reading in readings.values():
        for name, family in families(reading).items():
            if name in shown:
                shown[name].lines = family.lines | shown[name].lines
            else:
                shown[name] = family
    for name, family in sorted(shown.items()):
        yield _head(name, family)
        yield _lines(name, family)
    for name, text, field in _SCRAPE_GAUGES:
        yield _gauge(name, text, {_module(module): float(getattr(of, field)) for module, of in readings.items()})
    yield _gauge(
        "snmp_scrape_duration_seconds",
        "Total SNMP time scrape took (walk and processing).",
        {_module(run.module): run.took_seconds for run in runs},
    )
    yield from _verdicts(runs)


def _verdicts(runs: tuple[SnmpScrape, ...]) -> Iterator[str]:
    success = all(run.result.success for run in runs)
    yield _gauge("probe_success", "Whether every module's run was a success.", {"": float(success)})
    words = {
        label_set({"module": run.module, "reason": run.result.reason.value, "verdict": run.result.verdict.value}): 1.0
        for run in runs
    }
    yield _gauge("probe_result_info", "Verdict and reason of each module's run, in the agent's words.", words)


def _module(name: str) -> str:
    return label_set({"module": name})


def _gauge(name: str, text: str, samples: Mapping[str, float]) -> str:
    if not samples:
        return ""
    lines = "".join(f"{name}{labels} {number(value)}\n" for labels, value in samples.items())
    return f"# HELP {name} {text}\n# TYPE {name} gauge\n{lines}"


def _head(name: str, family: SnmpFamily) -> str:
    kind = "counter" if family.kind is Kind.COUNTER else "gauge"
    text = family.help.replace("\\", r"\\").replace("\n", r"\n")
    return f"# HELP {name} {text}\n# TYPE {name} {kind}\n"


def _lines(name: str, family: SnmpFamily) -> str:
    return "".join([f"{name}{labels} {value}\n" for labels, value in family.lines.items()])
