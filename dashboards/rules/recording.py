"""Recording rules: how many are ready, per level and role; and who is to blame, which the alerts stand on."""

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
"""k, n and k/n of each role at each level: summed apart and divided last, so that no unit counts twice."""


def last_known(settings: BuildSettings) -> tuple[Recording, ...]:
    """What the alerts stand on, kept while the agent is silent."""
    return (
        Recording(
            DOWN_BY_OWN_FAULT, last_value_while_scrape_fails(settings, DOWN_BY_OWN_FAULT, _down_by_own_fault(settings))
        ),
        Recording(PATH_UP, last_value_while_scrape_fails(settings, PATH_UP, select("sansang_path_up"))),
        Recording(NAME_SERVERS, last_value_while_scrape_fails(settings, NAME_SERVERS, _name_servers())),
    )


def _name_servers() -> str:
    asked = select("sansang_target_info", 'probe="dns"')
    return f"max by ({TARGET_LABELS}) ({asked})"


POINTS_DOWN, POINTS_KNOWN = "level:sansang_target_up:down", "level:sansang_target_up:known"


def count_points(condition: str) -> str:
    """How many conference points of each level fulfil it, outside maintenance; absent where none does."""
    unit, level = (
        f"* on ({AGENT}, {by}) group_left ({name}) {select(info)}"
        for by, name, info in (("target", "unit", "sansang_target_info"), ("unit", "level", "sansang_unit_info"))
    )
    return f"count by ({AGENT}, level) ((({condition}) unless on ({TARGET}) {in_maintenance()}) {unit} {level})"


def with_fault_at_site(points: str) -> str:
    """Those at whose site something is to blame: what a line of another site explains has its cause there already."""
    return f"({points} and on ({AGENT}, site) {DOWN_BY_OWN_FAULT} == 1)"


_POINT_UP = select("sansang_target_up", f'role="{Role.CONFERENCE}"')
POINTS = (
    Recording(POINTS_DOWN, count_points(with_fault_at_site(f"{_POINT_UP} == 0"))),
    Recording(POINTS_KNOWN, count_points(_POINT_UP)),
    Recording("level:sansang_target_up:down_ratio", f"{POINTS_DOWN} / {POINTS_KNOWN}"),
)
"""Conference points of each level that are down by a fault of their own site, among those whose state is known."""


def _down_by_own_fault(settings: BuildSettings) -> str:
    """0 while something excuses a target that is down, else whether it is known to be down.

    Excuses: maintenance; a gateway that is silent but passes traffic; a parent that is down. The last one holds for
    settle seconds after the parent is back, because what lies behind is asked again only in its next round. It does
    not hold for what was told before its parent went down: that must not look like a recovery.
    """
    resolve_hold, down = settings.timing.resolve_hold, select("sansang_target_last_known_up")
    still_told = f"{DOWN_BY_OWN_FAULT} == 1 and on ({TARGET}) {DOWN_FIRING}"
    excuses = (
        in_maintenance(),
        *_silent_but_passing(resolve_hold),
        f"(max_over_time({select('sansang_target_upstream_down')}[{resolve_hold}s]) == 1 unless ({still_told}))",
    )
    return f"0 * ({' or '.join(excuses)}) and {down} or ({down} == bool 0)"


def _silent_but_passing(resolve_hold: int) -> tuple[str, ...]:
    """Silent, but something behind it answers.

    Of a line that proves nothing where the site has another: the answers may have come that way. With the other line up
    this one is blamed; with the other one down, and everything else at the site down as well, the site is cut off.
    """
    sample, last_known = "sansang_target_silent_but_passing", "sansang_target_last_known_up"
    site, line, other = f"{AGENT}, site", f'role="{Role.UPLINK}"', f'role!="{Role.UPLINK}"'
    dead = f"({select(last_known, line)} == 0 unless on ({TARGET}) {select(sample, line)} == 1)"
    behind = select(last_known, other)
    cut = f"({dead} and on ({site}) {behind} == 0 unless on ({site}) {behind} == 1)"
    line_passes = f"max_over_time({select(sample, line)}[{resolve_hold}s]) == 1"
    return (
        f"max_over_time({select(sample, other)}[{resolve_hold}s]) == 1",
        f"({line_passes} unless on ({site}) {select(last_known, line)} == 1 unless on ({site}) {cut})",
    )
