"""Content of the landing page's lists: one entry for each place that is cut off, lost path, or cause."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.engine.snapshot import PathView, TargetView
from agent.explain.problems import FailingTarget, SiteProblems, worst_first
from agent.model import Cause, Role, State, UnknownCause

_WORKS = (State.UP, State.DEGRADED)


@dataclass(frozen=True, slots=True)
class LostPath:
    """A path that is lost, and the targets behind it of which nobody can say more."""

    path: PathView
    views: tuple[TargetView, ...]


@dataclass(frozen=True, slots=True)
class UnknownGroup:
    """Targets that are unknown by one cause."""

    cause: Cause
    views: tuple[TargetView, ...]


@dataclass(frozen=True, slots=True)
class ProblemLists:
    """All that is not well, each list the worst first; a target stands in one of them."""

    lost: tuple[LostPath, ...]
    down: tuple[SiteProblems, ...]
    blind: tuple[UnknownGroup, ...]
    degraded: tuple[SiteProblems, ...]


def lists(views: Sequence[TargetView], paths: Sequence[PathView] = ()) -> ProblemLists:
    """Sort out what is not well."""
    unknown = [view for view in views if view.state is State.UNKNOWN]
    lost, rest = _lost(unknown, paths)
    linked = {view.target.site for view in views if view.target.role is Role.UPLINK and view.state in _WORKS}
    return ProblemLists(lost, _places(views, State.DOWN, linked), _blind(rest), _places(views, State.DEGRADED, linked))


def _places(views: Sequence[TargetView], state: State, linked: set[str]) -> tuple[SiteProblems, ...]:
    """The sites with targets in that state, worst first; only a target that is down cuts others off."""
    failing = (_failing(view) for view in views if view.state is state)
    return worst_first(failing, linked if state is State.DOWN else {view.target.site for view in views})


def _failing(view: TargetView) -> FailingTarget:
    target = view.target
    upstream = view.upstream if view.state is State.DOWN else None
    return FailingTarget(target.id, target.site, target.role, view.since_wall_ms, upstream, view.in_maintenance)


def _lost(unknown: Sequence[TargetView], paths: Sequence[PathView]) -> tuple[tuple[LostPath, ...], list[TargetView]]:
    """The paths that are lost with what is unknown by that (of several lost paths: under the first), and the rest."""
    by_path: dict[str, list[TargetView]] = {path.id: [] for path in paths if path.up is False}
    rest = []
    for view in unknown:
        path_id = next((path for path in view.target.paths if path in by_path), None)
        if path_id is None or view.cause is not UnknownCause.MONITOR_NET:
            rest.append(view)
        else:
            by_path[path_id].append(view)
    lost = [LostPath(path, tuple(by_path[path.id])) for path in paths if path.id in by_path]
    return tuple(sorted(lost, key=lambda lost_path: (-lost_path.path.targets_behind, lost_path.path.id))), rest


def _blind(unknown: Sequence[TargetView]) -> tuple[UnknownGroup, ...]:
    by_cause: dict[Cause, list[TargetView]] = {}
    for view in unknown:
        by_cause.setdefault(view.cause, []).append(view)
    groups = [UnknownGroup(cause, tuple(views)) for cause, views in by_cause.items()]
    return tuple(sorted(groups, key=lambda group: (-len(group.views), group.cause.value)))


def by_site(views: Sequence[TargetView]) -> Mapping[str, list[TargetView]]:
    """The views grouped by site, in the order of the inventory."""
    sites: dict[str, list[TargetView]] = {}
    for view in views:
        sites.setdefault(view.target.site, []).append(view)
    return sites
