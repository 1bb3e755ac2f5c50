"""Which targets, sites and units count for a scored unit: those of its own, and of all units below it that fit."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from agent.model import Role
from agent.scoring.evidence import Evidence, Placement, TargetEvidence, UnitPeriod
from agent.scoring.measures import Area


class UnitTree:
    """The units of a period, each below the one that it belongs to."""

    def __init__(self, units: Iterable[UnitPeriod]) -> None:
        self.units: Mapping[str, UnitPeriod] = {unit.id: unit for unit in units}
        self._above: dict[str, tuple[str, ...]] = {}

    def above(self, unit: str) -> tuple[str, ...]:
        """The unit itself and all that it belongs to, upwards; () for a unit that was not there."""
        if unit not in self._above:
            chain: list[str] = []
            at = unit
            while at in self.units and at not in chain:
                chain.append(at)
                at = self.units[at].parent
            self._above[unit] = tuple(chain)
        return self._above[unit]

    def within(self, unit: str, area: Area) -> Iterator[UnitPeriod]:
        """The units that an area has as members: of its level, else all below the unit, else the unit alone."""
        below = [other for other in self.units.values() if unit in self.above(other.id)]
        if area.level:
            return (other for other in below if other.level == area.level)
        return (other for other in below if other.id != unit or len(below) == 1)

    def fits(self, unit: str, area: Area) -> bool:
        """Whether the sites of that unit may count in the area, by its level."""
        return not area.level or (unit in self.units and self.units[unit].level == area.level)


def selects(area: Area, target: TargetEvidence, site: str) -> bool:
    """Whether the area asks for the target while it hangs on that site; a device beside only if it is asked for."""
    chosen = area.selection
    asked_for = Role.DEVICE in chosen.roles or bool(chosen.targets)
    return (
        chosen.includes(target.target, site, target.role)
        and (not chosen.probes or target.probe in chosen.probes)
        and (not target.beside or asked_for)
    )


def placements_by_unit(
    tree: UnitTree, area: Area, target: TargetEvidence, scored: Collection[str]
) -> Mapping[str, tuple[Placement, ...]]:
    """Of each scored unit for which the target counts in the area: the placements in which it does."""
    counted: dict[str, list[Placement]] = {}
    for placement in target.placements:
        if tree.fits(placement.unit, area) and selects(area, target, placement.site):
            for unit in tree.above(placement.unit):
                if unit in scored:
                    counted.setdefault(unit, []).append(placement)
    return {unit: tuple(placements) for unit, placements in counted.items()}


def counted_targets(area: Area, evidence: Evidence, unit: str) -> tuple[TargetEvidence, ...]:
    """The targets that count for the unit in the area, in the order of the evidence."""
    tree = UnitTree(evidence.units)
    return tuple(target for target in evidence.targets if placements_by_unit(tree, area, target, (unit,)))
