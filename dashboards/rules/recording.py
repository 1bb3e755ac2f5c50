"""Recording rules: how many targets are ready, per level and role; and the last known states that the alerts read."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Role
from dashboards.queries import select
from dashboards.rules.alert import (
    AGENT,
    DOWN_BY_OWN_FAULT,
    DOWN_FIRING,
    NAME_SERVERS,
    PATH_UP,
    TARGET,
    TARGET_LABELS,
    in_maintenance,
    last_value_while_scrape_fails,
    snmp_checks,
)
from dashboards.settings import BuildSettings


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording rule, named ``level:metric:operations``."""

    name: str
    expr: str


_READY = "level_role:sansang_unit_targets:ready"
_ALL = "level_role:sansang_unit_targets:sum"


def _counted(*matchers: str) -> str:
    targets, units = select("sansang_unit_targets", *matchers), select("sansang_unit_info")
    return f"sum by (job, level, role) ({targets} * on (job, instance, unit) group_left (level) {units})"


READINESS = (
    Recording(_READY, _counted('state=~"up|degraded"')),
    Recording(_ALL, _counted()),
    Recording("level_role:sansang_unit_targets:ready_ratio", f"{_READY} / ({_ALL} > 0)"),
)
"""k, n and k/n of each role at each level; summed separately and divided last, so that no unit counts twice."""

_LAN = "level:sansang_site_lan_ready"
_LAN_OF_UNIT = (
    f"min by (job, instance, unit) ({select('sansang_site_lan_ready')} * on (job, instance, site) group_left (unit)"
    f" {select('sansang_site_info')}) * on (job, instance, unit) group_left (level) {select('sansang_unit_info')}"
)
LANS = (
    Recording(f"{_LAN}:ready", f"sum by (job, level) ({_LAN_OF_UNIT})"),
    Recording(f"{_LAN}:known", f"count by (job, level) ({_LAN_OF_UNIT})"),
    Recording(f"{_LAN}:ready_ratio", f"{_LAN}:ready / {_LAN}:known"),
)
"""Units of each level in which every LAN is in order, of those of which that is known."""


def last_known(settings: BuildSettings) -> tuple[Recording, ...]:
    """The last known states that the alerts read; they keep their value while scrapes of the agent fail."""
    return (
        Recording(
            DOWN_BY_OWN_FAULT, last_value_while_scrape_fails(settings, DOWN_BY_OWN_FAULT, _down_by_own_fault(settings))
        ),
        Recording(PATH_UP, last_value_while_scrape_fails(settings, PATH_UP, select("sansang_path_up"))),
        Recording(NAME_SERVERS, last_value_while_scrape_fails(settings, NAME_SERVERS, _name_servers())),
    )


def _name_servers() -> str:
    targets = select("sansang_target_info", 'probe="dns"')
    return f"max by ({TARGET_LABELS}) ({targets})"


POINTS_DOWN, POINTS_KNOWN = "level:sansang_target_up:down", "level:sansang_target_up:known"


def count_points(condition: str) -> str:
    """Conference points of each level that meet the condition, outside maintenance; absent where none does."""
    unit, level = (
        f"* on ({AGENT}, {by}) group_left ({name}) {select(info)}"
        for by, name, info in (("target", "unit", "sansang_target_info"), ("unit", "level", "sansang_unit_info"))
    )
    return f"count by ({AGENT}, level) ((({condition}) unless on ({TARGET}) {in_maintenance()}) {unit} {level})"


def with_fault_at_site(points: str) -> str:
    """Only points at whose own site a target is down by its own fault; others are explained by another site's line."""
    return f"({points} and on ({AGENT}, site) {DOWN_BY_OWN_FAULT} == 1)"


_POINT_UP = select("sansang_target_up", f'role="{Role.CONFERENCE}"')
POINTS = (
    Recording(POINTS_DOWN, count_points(with_fault_at_site(f"{_POINT_UP} == 0"))),
    Recording(POINTS_KNOWN, count_points(_POINT_UP)),
    Recording("level:sansang_target_up:down_ratio", f"{POINTS_DOWN} / {POINTS_KNOWN}"),
)
"""Conference points of each level that are down by a fault of their own site, and those whose state is known."""


def _down_by_own_fault(settings: BuildSettings) -> str:
    """1 for a target that is down (last known state), 0 for others and while its outage is excused; no SNMP checks.

    Excuses: maintenance; a gateway that is silent but passes traffic; a parent that is down. The last one holds for
    resolve_hold seconds after the parent is back, because targets behind it are probed again only in their next round.
    It does not hold for an alert that fired before the parent went down: that must not look like a recovery.
    """
    resolve_hold = settings.timing.resolve_hold
    down = f"({select('sansang_target_last_known_up')} unless on ({TARGET}) {snmp_checks()})"
    still_firing = f"{DOWN_BY_OWN_FAULT} == 1 and on ({TARGET}) {DOWN_FIRING}"
    excuses = (
        in_maintenance(),
        *_silent_but_passing(resolve_hold),
        f"(max_over_time({select('sansang_target_upstream_down')}[{resolve_hold}s]) == 1 unless ({still_firing}))",
    )
    return f"0 * ({' or '.join(excuses)}) and {down} or ({down} == bool 0)"


def _silent_but_passing(resolve_hold: int) -> tuple[str, ...]:
    """Targets that are silent while something behind them answers.

    For an uplink that proves nothing where the site has another one: the answers may have come that way. With the other
    uplink up, this one is down by its own fault; with the other one and everything else at the site down as well, the
    site is cut off.
    """
    sample, last_known = "sansang_target_silent_but_passing", "sansang_target_last_known_up"
    site, line, other = f"{AGENT}, site", f'role="{Role.UPLINK}"', f'role!="{Role.UPLINK}"'
    dead = f"({select(last_known, line)} == 0 unless on ({TARGET}) {select(sample, line)} == 1)"
    behind = f"({select(last_known, other)} unless on ({TARGET}) {snmp_checks()})"
    cut = f"({dead} and on ({site}) {behind} == 0 unless on ({site}) {behind} == 1)"
    line_passes = f"max_over_time({select(sample, line)}[{resolve_hold}s]) == 1"
    return (
        f"max_over_time({select(sample, other)}[{resolve_hold}s]) == 1",
        f"({line_passes} unless on ({site}) {select(last_known, line)} == 1 unless on ({site}) {cut})",
    )
