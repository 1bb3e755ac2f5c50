"""What an alert is made of: one frozen row, and the two notions that several rows share."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from agent.explain.words import Words
from dashboards.settings import Settings


class Severity(StrEnum):
    """critical: somebody must act now; warning: this week; info: for machines."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. summary is a fixed sentence (Alertmanager groups by it), description a Prometheus template.

    keep_firing_seconds: how long it goes on after its expression ended; board: where to look, behind Grafana's address.
    """

    name: str
    severity: Severity
    expr: str
    summary: Words
    description: Words
    board: str
    for_seconds: int = 0
    keep_firing_seconds: int = 0


BLAMED = "target:sansang_target_last_known_up:blamed"
"""1 for a target that is down by its own fault as far as is known, else 0; absent while nothing is known of it."""

PATHS = "path:sansang_path_up:carried"
"""Whether a path works, as far as is known."""


def carried(settings: Settings, name: str, expr: str) -> str:
    """The expression, recorded under that name; while the agent is silent, what was recorded last.

    At most agent_absent_seconds, and only as long as Prometheus asks that agent at all. The rule reads its own sample
    of the evaluation before. `keep_firing_for` in its place would delay every true recovery by as much, and would
    forget at a restart of Prometheus.
    """
    up = answering(settings)
    missed = f"({up} == 0 and max_over_time({up}[{settings.agent_absent_seconds}s]) == 1)"
    return f"{expr} or ({name} and on (job, instance) {missed})"


def answering(settings: Settings) -> str:
    """Prometheus's own word on whether the agent's last scrape came back."""
    return f'up{{job="{settings.job}"}}'
