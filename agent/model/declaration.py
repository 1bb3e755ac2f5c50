"""What a protocol's folder declares of itself, as plain data: agent/probes/registry.py is the way to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agent.model.reasons import ReasonCode
from agent.model.results import ProbeResult
from agent.model.targets import Role
from agent.text import Text


@dataclass(frozen=True, slots=True)
class ReasonText:
    """what: what happened and on whose side; advice: what to check or do first. One or two short sentences each."""

    what: Text
    advice: Text


def sentences(what_vi: str, what_en: str, advice_vi: str, advice_en: str) -> ReasonText:
    """A text on four lines, as the tables of them are written."""
    return ReasonText(Text(what_vi, what_en), Text(advice_vi, advice_en))


ReasonTexts = Mapping[ReasonCode, Mapping[Role, ReasonText]]
"""Every role has sentences of its own for every reason: a silent room is looked at elsewhere than a silent portal."""


@dataclass(frozen=True, slots=True)
class MetricFamily:
    """A gauge of targets: its name as OpenMetrics has it, its HELP text, and its label beside those of the target."""

    name: str
    help: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Measurement:
    """A field of the protocol's facts, and the family that shows it; several protocols may share a family."""

    field: str
    family: MetricFamily


@dataclass(frozen=True, slots=True)
class ExposedRun:
    """One run as ``/probe`` shows it; timeout and lookup of names in seconds."""

    result: ProbeResult
    timeout_seconds: float
    lookup_seconds: float


Samples = Iterable[tuple[Mapping[str, str], float | None]]
"""Labels and value of each sample; a value of None is left out."""


@dataclass(frozen=True, slots=True)
class RunGauge:
    """A gauge on the page of one run (``/probe``). samples reads the run and its facts, once there are any."""

    name: str
    help: str
    samples: Callable[[ExposedRun, Any], Samples]


@dataclass(frozen=True, slots=True)
class Declaration:
    """All that the rooms above need to know of a protocol.

    reasons: its own, beside those that every protocol may give; texts: what people read of each of them.
    measurements: in the order of the exposition; unexposed: numeric facts without a metric, and why.
    gauges: what ``/probe`` shows beside what it shows of every run.
    """

    reasons: tuple[ReasonCode, ...] = ()
    texts: ReasonTexts = field(default_factory=dict)
    measurements: tuple[Measurement, ...] = ()
    unexposed: Mapping[str, str] = field(default_factory=dict)
    gauges: tuple[RunGauge, ...] = ()
