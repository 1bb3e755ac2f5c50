"""The order of `sansang check`: that of the landing page, from the runs of just now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from agent.cli.clients.agent_api import TargetCheck
from agent.explain.problems import FailingTarget, worst_first
from agent.model import Role, Verdict


def ordered(rows: Sequence[TargetCheck]) -> list[TargetCheck]:
    """What failed, each followed by what lies behind it; what we could not measure; what is poor; what is well."""
    linked = {row.site for row in rows if row.role is Role.UPLINK and row.verdict in _WORKS}
    return [row for verdict in _VERDICTS for row in _of(verdict, rows, linked)]


_WORKS = (Verdict.OK, Verdict.DEGRADED)
_VERDICTS = (Verdict.FAILED, Verdict.LOCAL_ERROR, Verdict.DEGRADED, Verdict.OK)


def _of(verdict: Verdict, rows: Iterable[TargetCheck], linked: set[str]) -> Iterable[TargetCheck]:
    mine = {row.target: row for row in rows if row.verdict is verdict}
    if verdict is Verdict.OK:
        return (mine[target] for target in sorted(mine))
    places = worst_first(map(_failing, mine.values()), linked)
    found = (one for place in places for problem in place.problems for one in (problem.root, *problem.behind))
    return (mine[one.target] for one in found)


def _failing(row: TargetCheck) -> FailingTarget:
    since_ms = 0 if row.since is None else int(row.since.timestamp() * 1000)
    return FailingTarget(row.target, row.site, row.role, since_ms, row.upstream, row.in_maintenance)
