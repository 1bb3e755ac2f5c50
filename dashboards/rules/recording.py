"""Recording rules: how many are ready, per level and role; and who is to blame, which the alerts stand on."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Role
from dashboards.queries import select
from dashboards.rules.row import BLAMED, PATHS, carried
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
    )


def _blamed(settings: Settings) -> str:
    """0 while something excuses a target that is down, else whether it is known to be down.

    Excuses: maintenance; a gateway that is silent but passes traffic; a parent that is down. The last one holds for
    settle seconds after the parent is back, because what lies behind is asked again only in its next round. It does
    not hold for what was told before its parent went down: that must not look like a recovery.
    """
    settle, down = settings.pace.settle, select("sansang_target_last_known_up")
    told = 'ALERTS{alertname=~"Sansang.+(Down|CutOff)", alertstate="firing"}'
    still_told = f"{BLAMED} == 1 and on (job, instance, target) {told}"
    excuses = (
        f"{select('sansang_target_in_maintenance')} == 1",
        *_passing(settle),
        f"(max_over_time({select('sansang_target_upstream_down')}[{settle}s]) == 1 unless ({still_told}))",
    )
    return f"0 * ({' or '.join(excuses)}) and {down} or ({down} == bool 0)"


def _passing(settle: int) -> tuple[str, ...]:
    """Silent, but something behind it answers.

    Of a line that proves nothing where the site has another: the answers may have come that way. With the other line up
    this one is blamed; with the other one down, and nothing at the site known to be up, the site is cut off.
    """
    sample, known = "sansang_target_silent_but_passing", "sansang_target_last_known_up"
    site, line, other = "job, instance, site", f'role="{Role.UPLINK}"', f'role!="{Role.UPLINK}"'
    dead = f"({select(known, line)} == 0 unless on (job, instance, target) {select(sample, line)} == 1)"
    alive = f"{select(known, other)} == 1"
    cut = f"({dead} unless on ({site}) {alive})"
    line_passes = f"max_over_time({select(sample, line)}[{settle}s]) == 1"
    return (
        f"max_over_time({select(sample, other)}[{settle}s]) == 1",
        f"({line_passes} unless on ({site}) {select(known, line)} == 1 unless on ({site}) {cut})",
    )
