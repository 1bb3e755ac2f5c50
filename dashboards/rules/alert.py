"""What an alert is made of: one frozen row, and the notions that several rows share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agent.model import ReasonCode, Role
from agent.text import Text
from dashboards.queries import select
from dashboards.settings import BuildSettings


class Severity(StrEnum):
    """critical: somebody must act now; warning: this week; info: for machines."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. summary is a fixed sentence (Alertmanager groups by it), description a Prometheus template.

    keep_firing_seconds: how long it goes on after its expression ended; board: where to look, behind Grafana's address;
    labels: what tells rows of one name apart; roles and reasons: what its runbook explains, code by code.
    """

    name: str
    severity: Severity
    expr: str
    summary: Text
    description: Text
    board: str
    for_seconds: int = 0
    keep_firing_seconds: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)
    roles: tuple[Role, ...] = ()
    reasons: tuple[ReasonCode, ...] = ()


DOWN_BY_OWN_FAULT = "target:sansang_target_last_known_up:down_by_own_fault"
"""1 for a target that is down by its own fault as far as is known, else 0; absent while nothing is known of it."""

PATH_UP = "path:sansang_path_up:last_value"
"""Whether a path works, as far as is known."""

NAME_SERVERS = "target:sansang_target_info:dns"
"""1 for each target that is asked by DNS."""

DOWN_FIRING = (
    'ALERTS{alertname=~"Sansang(ConferencePointDown|SiteCutOff|ServiceDown|UplinkRedundancyLost|DnsServerDown)",'
    ' alertstate="firing"}'
)
"""What has been told to be down, target by target."""

AGENT, TARGET = "job, instance", "job, instance, target"
"""What to match by: one agent; one target of it."""
TARGET_LABELS = "job, instance, role, site, target"


def down_by_own_fault(*roles: Role) -> str:
    """Targets of these roles; 1 where they are down by their own fault."""
    pattern = "|".join(roles)
    return f'{DOWN_BY_OWN_FAULT}{{role=~"{pattern}"}}'


def last_value_while_scrape_fails(settings: BuildSettings, name: str, expr: str) -> str:
    """The expression, recorded under that name; while the agent is silent, what was recorded last.

    At most agent_absent_seconds, and only as long as Prometheus asks that agent at all. The rule reads its own sample
    of the evaluation before. `keep_firing_for` in its place would delay every true recovery by as much, and would
    forget at a restart of Prometheus.
    """
    return f"{expr} or ({name} and on ({AGENT}) {_scrape_fails(settings)})"


def firing(name: str, by: str, *matchers: str) -> str:
    """The alerts of that name that fire, with the labels ``by`` only: as the alert's own expression has them."""
    chosen = ", ".join((f'alertname="{name}"', 'alertstate="firing"', *matchers))
    return f"max by ({by}) (ALERTS{{{chosen}}})"


def firing_while_scrape_fails(settings: BuildSettings, own: str) -> str:
    """What was told already (``own``, from ``firing``), while the agent is silent: neither new nor over."""
    return f"{own} and on ({AGENT}) {_scrape_fails(settings)}"


def firing_unless_reported(settings: BuildSettings, own: str, sample: str, by: str = AGENT) -> str:
    """What was told of an agent, while that agent does not say: silent, or just started and not asked yet."""
    up = scrape_up(settings)
    asked = f"({up} and on ({AGENT}) max_over_time({up}[{settings.agent_absent_seconds}s]) == 1)"
    return f"{own} unless on ({by}) {sample} and on ({AGENT}) {asked}"


def firing_while_any_scrape_fails(settings: BuildSettings, own: str, by: str) -> str:
    """What was told of several agents that share the label ``by``, while one of them is silent: it may be as before."""
    return f"{own} and on ({by}) ({firing_while_scrape_fails(settings, own)})"


def suppress_if_already_firing(own: str, expr: str) -> str:
    """The expression, but nothing new of a target of which another alert tells just now that it is down."""
    return f"({expr}) unless on ({TARGET}) (max by ({TARGET}) ({DOWN_FIRING}) unless on ({TARGET}) {own})"


MANY_POINTS = "SansangManyPointsDown"


def suppress_by_mass_outage(settings: BuildSettings, name: str, expr: str) -> str:
    """The expression, but nothing new of a site whose conference point is among many that are down at once.

    Also while that is about to be told. What was told before goes on, so that its end is told; what is left over is
    told when the many are over. Not by Alertmanager's inhibition, which drops the end of what was told.
    """
    many = f'max by ({AGENT}, level) (ALERTS{{alertname="{MANY_POINTS}"}})'
    rooms = f'role="{Role.CONFERENCE}"'
    down = f"{select('sansang_target_last_known_up', rooms)} == 0"
    unit = f"on ({AGENT}, target) group_left (unit) {select('sansang_target_info')}"
    level = f"on ({AGENT}, unit) group_left (level) {select('sansang_unit_info')}"
    among = f"(({down}) + {unit} + {level} and on ({AGENT}, level) {many})"
    return (
        f"({expr}) unless on ({AGENT}, site) {among} unless on ({AGENT}) ({many} and on ({AGENT})"
        f" {_scrape_fails(settings)})"
        f" or ({expr}) and on ({TARGET}) {firing(name, TARGET)}"
    )


def in_maintenance(seconds: int = 0) -> str:
    """Targets in a maintenance window, or that were within so many seconds."""
    window = select("sansang_target_in_maintenance")
    return f"max_over_time({window}[{seconds}s]) == 1" if seconds else f"{window} == 1"


def scrape_up(settings: BuildSettings) -> str:
    """Prometheus's own word on whether the agent's last scrape came back."""
    return f'up{{job="{settings.job}"}}'


def _scrape_fails(settings: BuildSettings) -> str:
    up = scrape_up(settings)
    return f"({up} == 0 and max_over_time({up}[{settings.agent_absent_seconds}s]) == 1)"
