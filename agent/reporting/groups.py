"""Figures of targets of one site, unit or level together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from agent.availability.figures import (
    GroupFigures,
    PlaceShare,
    Subject,
    Tally,
    TargetFigures,
    UnitIndex,
    counted_together,
    pooled,
)
from agent.availability.several import group
from agent.scoring.evidence import UnitBasis

_KEYS: Mapping[str, Callable[[Subject], tuple[str, str]]] = {
    "site": lambda subject: (subject.site, subject.site_name),
    "unit": lambda subject: (subject.unit, subject.unit_name),
    "level": lambda subject: (subject.level, subject.level),
}


def groups(targets: Sequence[TargetFigures], by: str, units: UnitBasis = UnitBasis.AS_WAS) -> Iterable[GroupFigures]:
    """Targets of one site, unit or level together, by id; one that moved counts in each for the time it was there.

    As the mean of indices, a unit of today also has those of the units that its time was in.
    """
    if by not in _KEYS:
        return
    counted = counted_together(targets)
    indices = _indices(counted) if by == "unit" and units is UnitBasis.TODAY_MEAN else {}
    members: dict[str, dict[str, list[Tally]]] = defaultdict(lambda: defaultdict(list))
    names: dict[str, str] = {}
    for target in counted:
        for part in target.parts:
            identity, names[identity] = _KEYS[by](part.subject)
            members[identity][target.target].append(part.tally)
    for identity, tallies_of in sorted(members.items()):
        figures = group(identity, names[identity], [pooled(parts) for parts in tallies_of.values()])
        yield replace(figures, indices=indices.get(identity, ()))


def _indices(targets: Iterable[TargetFigures]) -> dict[str, tuple[UnitIndex, ...]]:
    """By unit of today: the units that its targets were in, each with all their milliseconds in one sum."""
    shares: dict[str, dict[str, list[PlaceShare]]] = defaultdict(lambda: defaultdict(list))
    for target in targets:
        for share in target.origins:
            shares[target.subject.unit][share.subject.unit].append(share)
    return {today: tuple(_pooled(of_units)) for today, of_units in shares.items()}


def _pooled(of_units: Mapping[str, Sequence[PlaceShare]]) -> Iterator[UnitIndex]:
    for unit, shares in sorted(of_units.items()):
        targets = {share.subject.target for share in shares}
        yield UnitIndex(unit, shares[-1].subject.unit_name, len(targets), pooled([share.tally for share in shares]))
