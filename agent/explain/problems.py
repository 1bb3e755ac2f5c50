"""What stands first where faults are listed, and which of them are one: the same on the page and in `sansang check`.

A fault and all that it cuts off is one trouble; the troubles of a site are one entry. First come places that are cut
off, the one with the most targets behind first; then single faults, conference points before devices; then the older.
What lies in announced maintenance comes last.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from agent.model import Role

BY_WEIGHT = (Role.CONFERENCE, Role.ONE_STOP, Role.PORTAL, Role.SERVICE, Role.UPLINK, Role.LAN, Role.DEVICE)
"""The roles, what is missed first in front; an uplink without which a place is cut off is judged by what it cuts."""
_WEIGHT: Mapping[Role, int] = {role: place for place, role in enumerate(BY_WEIGHT)}

_Order = tuple[bool, bool, int, int, int, str]


@dataclass(frozen=True, slots=True)
class FailingTarget:
    """A target that is not well. since_ms: on any one clock; upstream: the target on the way to it that is down."""

    target: str
    site: str
    role: Role
    since_ms: int = 0
    upstream: str | None = None
    in_maintenance: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault, and what it cuts off; cuts: whether a whole place is cut off by it."""

    root: FailingTarget
    behind: tuple[FailingTarget, ...] = ()
    cuts: bool = False


@dataclass(frozen=True, slots=True)
class SiteProblems:
    """All troubles whose root lies at one site, the worst first."""

    site: str
    problems: tuple[Problem, ...]

    @property
    def affected(self) -> int:
        """How many targets that are."""
        return sum(1 + len(problem.behind) for problem in self.problems)


def worst_first(faulty: Iterable[FailingTarget], linked: Collection[str] = ()) -> tuple[SiteProblems, ...]:
    """The faults by place. linked: sites that have an uplink that works; no uplink cuts them off."""
    known = {failing.target: failing for failing in faulty}
    behind: dict[str, list[FailingTarget]] = {
        target: [] for target, failing in known.items() if _is_root(failing, known)
    }
    for failing in known.values():
        if failing.target not in behind and failing.upstream is not None:
            behind[failing.upstream].append(failing)
    places: dict[str, list[Problem]] = {}
    for target, children in behind.items():
        root = known[target]
        cuts = bool(children) or (root.role is Role.UPLINK and root.site not in linked)
        problem = Problem(root, tuple(sorted(children, key=_weight)), cuts)
        places.setdefault(root.site, []).append(problem)
    sorted_places = [SiteProblems(site, tuple(sorted(problems, key=_order))) for site, problems in places.items()]
    return tuple(sorted(sorted_places, key=lambda place: _order(place.problems[0])))


def _is_root(failing: FailingTarget, known: Mapping[str, FailingTarget]) -> bool:
    """Whether nothing that is listed explains it; an upstream is the farthest, so it has none itself."""
    above = None if failing.upstream is None else known.get(failing.upstream)
    return above is None or above.upstream in known


def _weight(failing: FailingTarget) -> tuple[int, str]:
    return _WEIGHT[failing.role], failing.target


def _order(problem: Problem) -> _Order:
    root, every = problem.root, (problem.root, *problem.behind)
    planned = all(failing.in_maintenance for failing in every)
    role = min((_WEIGHT[failing.role] for failing in problem.behind), default=_WEIGHT[root.role])
    return planned, not problem.cuts, -len(every) if problem.cuts else 0, role, root.since_ms, root.target
