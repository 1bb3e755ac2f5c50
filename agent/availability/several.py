"""One figure of several targets: of a role, of a group, of a whole report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agent.availability.figures import GroupFigures, Tally, TargetFigures, counted_together, mean, pooled
from agent.model import Role


@dataclass(frozen=True, slots=True)
class JointFigures:
    """overall: of all targets that count together. roles: of each role that has any, id its value; "" for none."""

    overall: GroupFigures
    roles: tuple[GroupFigures, ...]


def joint_figures(targets: Iterable[TargetFigures]) -> JointFigures:
    """Overall and by role, in the order in which the product lists roles; a target has the role of the period's end."""
    counted = counted_together(targets)
    by_role: dict[str, list[Tally]] = defaultdict(list)
    for target in counted:
        by_role[target.subject.role].append(target.tally)
    roles = (group(role, "", by_role[role]) for role in sorted(by_role, key=_rank))
    return JointFigures(group("", "", [target.tally for target in counted]), tuple(roles))


def group(identity: str, name: str, tallies: Sequence[Tally]) -> GroupFigures:
    """The tallies of targets together, one of each target."""
    shares = [tally.availability for tally in tallies]
    return GroupFigures(
        identity,
        name,
        len(tallies),
        pooled(tallies),
        mean(shares),
        sum(share is not None for share in shares),
        mean([tally.coverage for tally in tallies]),
    )


_RANKS = {role.value: rank for rank, role in enumerate(Role)}


def _rank(role: str) -> tuple[int, str]:
    return _RANKS.get(role, len(_RANKS)), role
