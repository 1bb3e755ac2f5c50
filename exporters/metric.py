"""The description of a metric in the catalogue: type, scope, and the source of its values."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from agent.engine.snapshot import TargetView

if TYPE_CHECKING:  # boards and rules read the catalogue without the engine
    from agent.engine.agent_stats import AgentStats


class Kind(StrEnum):
    """Metric types in use; the value is OpenMetrics' word."""

    COUNTER = "counter"
    GAUGE = "gauge"
    INFO = "info"
    HISTOGRAM = "histogram"


class Scope(StrEnum):
    """The kind of object that one series of a metric is about."""

    TARGET = "target"
    SITE = "site"
    UNIT = "unit"
    PATH = "path"
    AGENT = "agent"
    SHEET = "sheet"


@dataclass(frozen=True, slots=True)
class Fact:
    """The field of a probe's facts that a metric shows."""

    probe: str
    field: str


TargetValue = Callable[[TargetView], float | None]
TargetValues = Callable[[TargetView], Iterable[tuple[str, float]]]
AgentValue = Callable[["AgentStats"], float | None]
AgentValues = Callable[["AgentStats"], Iterable[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Metric:
    """One family. Exactly one source is set, or none where the exposition counts by itself (site, unit, path, info).

    value and values read a TargetView (None or nothing: no series); facts name a field per probe; agent and agents
    read AgentStats. label is the one label that tells the samples of one target or of the agent apart; keys are its
    values where they are few and always the same. of_devices: only targets whose protocol asks devices about themselves
    can have it.
    """

    name: str
    kind: Kind
    scope: Scope
    help: str
    labels: tuple[str, ...] = ()
    label: str = ""
    value: TargetValue | None = None
    values: TargetValues | None = None
    facts: tuple[Fact, ...] = ()
    agent: AgentValue | None = None
    agents: AgentValues | None = None
    of_devices: bool = False
    keys: tuple[str, ...] = ()

    @property
    def sample(self) -> str:
        """The name of its samples (of a histogram: of the family)."""
        return self.name + {Kind.COUNTER: "_total", Kind.INFO: "_info"}.get(self.kind, "")
