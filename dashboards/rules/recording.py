"""Recording rules: how many are ready, per level and role; and who is to blame, which the alerts stand on."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Role
from dashboards.queries import select
from dashboards.rules.row import AGENT, BLAMED, NAME_SERVERS, PATHS, TARGET, TARGET_LABELS, TOLD_DOWN, carried, planned
from dashboards.settings import Settings


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


def known(settings: Settings) -> tuple[Recording, ...]:
    """What the alerts stand on, kept while the agent is silent."""
    return (
        Recording(BLAMED, carried(settings, BLAMED, _blamed(settings))),
        Recording(PATHS, carried(settings, PATHS, select("sansang_path_up"))),
        Recording(NAME_SERVERS, carried(settings, NAME_SERVERS, _name_servers())),
    )


def _name_servers() -> str:
    asked = select("sansang_target_info", 'probe="dns"')
    return f"max by ({TARGET_LABELS}) ({asked})"


POINTS_DOWN, POINTS_KNOWN = "level:sansang_target_up:down", "level:sansang_target_up:known"


def of_points(condition: str) -> str:
    """How many conference points of each level fulfil it, outside maintenance; absent where none does."""
    unit, level = (
        f"* on ({AGENT}, {by}) group_left ({name}) {select(info)}"
        for by, name, info in (("target", "unit", "sansang_target_info"), ("unit", "level", "sansang_unit_info"))
    )
    return f"count by ({AGENT}, level) ((({condition}) unless on ({TARGET}) {planned()}) {unit} {level})"


def by_its_site(points: str) -> str:
    """Those at whose site something is to blame: what a line of another site explains has its cause there already."""
    return f"({points} and on ({AGENT}, site) {BLAMED} == 1)"


_POINT_UP = select("sansang_target_up", f'role="{Role.CONFERENCE}"')
POINTS = (
    Recording(POINTS_DOWN, of_points(by_its_site(f"{_POINT_UP} == 0"))),
    Recording(POINTS_KNOWN, of_points(_POINT_UP)),
    Recording("level:sansang_target_up:down_ratio", f"{POINTS_DOWN} / {POINTS_KNOWN}"),
)
"""Conference points of each level that are down by a fault of their own site, among those whose state is known."""


def _blamed(settings: Settings) -> str:
    """0 while something excuses a target that is down, else whether it is known to be down.

    Excuses: maintenance; a gateway that is silent but passes traffic; a parent that is down. The last one holds for
    settle seconds after the parent is back, because what lies behind is asked again only in its next round. It does
    not hold for what was told before its parent went down: that must not look like a recovery.
    """
    settle, down = settings.pace.settle, select("sansang_target_last_known_up")
    still_told = f"{BLAMED} == 1 and on ({TARGET}) {TOLD_DOWN}"
    excuses = (
        planned(),
        *_passing(settle),
        f"(max_over_time({select('sansang_target_upstream_down')}[{settle}s]) == 1 unless ({still_told}))",
    )
    return f"0 * ({' or '.join(excuses)}) and {down} or ({down} == bool 0)"


def _passing(settle: int) -> tuple[str, ...]:
    """Silent, but something behind it answers.

    Of a line that proves nothing where the site has another: the answers may have come that way. With the other line up
    this one is blamed; with the other one down, and everything else at the site down as well, the site is cut off.
    """
    sample, known = "sansang_target_silent_but_passing", "sansang_target_last_known_up"
    site, line, other = f"{AGENT}, site", f'role="{Role.UPLINK}"', f'role!="{Role.UPLINK}"'
    dead = f"({select(known, line)} == 0 unless on ({TARGET}) {select(sample, line)} == 1)"
    behind = select(known, other)
    cut = f"({dead} and on ({site}) {behind} == 0 unless on ({site}) {behind} == 1)"
    line_passes = f"max_over_time({select(sample, line)}[{settle}s]) == 1"
    return (
        f"max_over_time({select(sample, other)}[{settle}s]) == 1",
        f"({line_passes} unless on ({site}) {select(known, line)} == 1 unless on ({site}) {cut})",
    )
