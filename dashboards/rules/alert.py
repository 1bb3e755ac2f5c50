"""An alert as one frozen row, and the PromQL that several alerts share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agent.model import ReasonCode, Role, State
from agent.text import Text
from dashboards.queries import select
from dashboards.settings import BuildSettings


class Severity(StrEnum):
    """critical: somebody must act now; warning: this week; info: to know, told once, and for machines."""

    CRITICAL = "critical"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. summary is a fixed sentence (Alertmanager groups by it), description a Prometheus template.

    keep_firing_seconds: how long it goes on firing after its expression has ended; board: path of the board to look at,
    below Grafana's address; labels: tell rows of one name apart; roles and reasons: those that its runbook explains.
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
"""1 for a target that is down by its own fault (as last known), else 0; absent while nothing is known of it."""

PATH_UP = "path:sansang_path_up:last_value"
"""1 while a path works (as last known), else 0."""

NAME_SERVERS = "target:sansang_target_info:dns"
"""1 for each target that the probe dns asks."""

DOWN_FIRING = (
    "ALERTS{alertname=~"
    '"Sansang(ConferencePointDown|SiteCutOff|ServiceDown|UplinkRedundancyLost|DnsServerDown|SnmpSilent)",'
    ' alertstate="firing"}'
)
"""The firing alerts that say of one target that it is down."""

AGENT, TARGET = "job, instance", "job, instance, target"
"""Labels to match on: one agent; one target of it."""
TARGET_LABELS = "job, instance, role, site, target"


def down_by_own_fault(*roles: Role) -> str:
    """The recording of targets of these roles: 1 where they are down by their own fault."""
    pattern = "|".join(roles)
    return f'{DOWN_BY_OWN_FAULT}{{role=~"{pattern}"}}'


def last_value_while_scrape_fails(settings: BuildSettings, name: str, expr: str) -> str:
    """The expression, recorded under that name; while scrapes of the agent fail, the value recorded last.

    For at most agent_absent_seconds, and only while Prometheus scrapes that agent at all. The rule reads its own sample
    of the evaluation before. `keep_firing_for` in its place would delay every true recovery by as much, and would
    be forgotten at a restart of Prometheus.
    """
    return f"{expr} or ({name} and on ({AGENT}) {_scrape_fails(settings)})"


def firing(name: str, by: str, *matchers: str) -> str:
    """The firing alerts of that name, with the labels ``by`` only, as the alert's own expression has them."""
    selector = ", ".join((f'alertname="{name}"', 'alertstate="firing"', *matchers))
    return f"max by ({by}) (ALERTS{{{selector}}})"


def firing_while_scrape_fails(settings: BuildSettings, own: str) -> str:
    """Alerts that fire already (``own``, from ``firing``), while scrapes of the agent fail: neither new nor over."""
    return f"{own} and on ({AGENT}) {_scrape_fails(settings)}"


def firing_unless_reported(settings: BuildSettings, own: str, sample: str, by: str = AGENT) -> str:
    """Alerts of an agent that fire already, while the agent does not report that sample: silent, or just started."""
    up = scrape_up(settings)
    reporting = f"({up} and on ({AGENT}) max_over_time({up}[{settings.agent_absent_seconds}s]) == 1)"
    return f"{own} unless on ({by}) {sample} and on ({AGENT}) {reporting}"


def reported_by_device(settings: BuildSettings, name: str, by: str, fresh: str) -> str:
    """The expression of an alert about what a device tells of itself, with the labels ``by``; not in maintenance.

    What fires already goes on while the device tells nothing: while it is down, its state is unknown, or scrapes of the
    agent fail.
    """
    own, state = firing(name, by), select("sansang_target_state")
    unheard = f"{own} and on ({TARGET}) ({state} == {State.DOWN} or {state} == {State.UNKNOWN})"
    return (
        f"(max by ({by}) ({fresh}) or {unheard} or {firing_while_scrape_fails(settings, own)})"
        f" unless on ({TARGET}) {in_maintenance()}"
    )


def beyond(sample: str, comparison: str, seconds: int) -> str:
    """A measured figure that is beyond its limit now, and in the mean of so many seconds."""
    return f"{select(sample)} {comparison} and avg_over_time({select(sample)}[{seconds}s]) {comparison}"


def firing_while_any_scrape_fails(settings: BuildSettings, own: str, by: str) -> str:
    """Alerts about several agents that share the label ``by``, while scrapes of one of them fail."""
    return f"{own} and on ({by}) ({firing_while_scrape_fails(settings, own)})"


def suppress_if_already_firing(own: str, expr: str) -> str:
    """The expression, without new alerts for a target that another alert reports as down."""
    return f"({expr}) unless on ({TARGET}) (max by ({TARGET}) ({DOWN_FIRING}) unless on ({TARGET}) {own})"


MANY_POINTS = "SansangManyPointsDown"


def suppress_by_mass_outage(settings: BuildSettings, name: str, expr: str) -> str:
    """The expression, without new alerts for a site whose conference point is part of a mass outage.

    Also while the alert of the mass outage is pending. Alerts that fired before go on, so that their end is sent; what
    is still down when the mass outage ends is sent then. Alertmanager's inhibition cannot do this: it drops the ends of
    alerts that were sent.
    """
    many = f'max by ({AGENT}, level) (ALERTS{{alertname="{MANY_POINTS}"}})'
    role = f'role="{Role.CONFERENCE}"'
    down = f"{select('sansang_target_last_known_up', role)} == 0"
    unit = f"on ({AGENT}, target) group_left (unit) {select('sansang_target_info')}"
    level = f"on ({AGENT}, unit) group_left (level) {select('sansang_unit_info')}"
    among = f"(({down}) + {unit} + {level} and on ({AGENT}, level) {many})"
    return (
        f"({expr}) unless on ({AGENT}, site) {among} unless on ({AGENT}) ({many} and on ({AGENT})"
        f" {_scrape_fails(settings)})"
        f" or ({expr}) and on ({TARGET}) {firing(name, TARGET)}"
    )


def in_maintenance(seconds: int = 0) -> str:
    """Targets that are in a maintenance window, or were in one within so many seconds."""
    window = select("sansang_target_in_maintenance")
    return f"max_over_time({window}[{seconds}s]) == 1" if seconds else f"{window} == 1"


def snmp_checks() -> str:
    """Checks that only ask a device about itself: their silence is not the device's, and they have alerts of their own.

    An SNMP check that the inventory gives another role counts as what it says it is.
    """
    return select("sansang_target_info", 'probe="snmp"', f'role="{Role.DEVICE}"')


def scrape_up(settings: BuildSettings) -> str:
    """Prometheus's own series for the success of the agent's last scrape."""
    return f'up{{job="{settings.job}"}}'


def _scrape_fails(settings: BuildSettings) -> str:
    up = scrape_up(settings)
    return f"({up} == 0 and max_over_time({up}[{settings.agent_absent_seconds}s]) == 1)"
