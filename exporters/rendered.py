"""All samples of one inventory: per family one entry for each target, site, unit role or path, kept up to date.

Not safe for threads by itself: Exposition guards it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from agent.availability.periods import MONTHS
from agent.engine.snapshot import PathView, SiteOutageView, TargetView
from agent.inventory.entities import Inventory, Site
from agent.inventory.schema.rows import Unit
from agent.model import Role, State, Target
from agent.probes.registry import asks_devices
from agent.reporting.months import MonthShares
from exporters.catalog import (
    AVAILABILITY_RATIO,
    COVERAGE_RATIO,
    PATH_UP,
    SITE_INFO,
    SITE_LAN_READY,
    SITE_OUTAGE_END,
    SITE_READY,
    STATE_NAMES,
    TARGET_INFO,
    TARGET_ROWS,
    TARGET_SLO,
    UNIT_INFO,
    UNIT_TARGETS,
    Metric,
    TargetValue,
    TargetValues,
)
from exporters.families import (
    ABSENT,
    Column,
    Family,
    KeyedColumns,
    MetricColumn,
    MetricLines,
    column,
    of_units,
)
from exporters.readiness import SiteLan, SiteReadiness
from exporters.samples import label_set, label_value, number, split_label
from exporters.target_values import port_down

_STATES = range(len(STATE_NAMES))
_OF_MONTHS = (AVAILABILITY_RATIO, COVERAGE_RATIO)
_NAMED_LABELS = frozenset(("component", "port", "sensor", "supply"))
"""Their values are names that people or devices gave, and need to be escaped; the others are of closed sets."""


def _columns(metric: Metric, count: int) -> tuple[Column, ...]:
    return tuple(column(count) for _ in metric.keys)


class _TargetFamilies:
    """Families of targets: their units and the text of their labels are made once for all."""

    def __init__(self, targets: Sequence[Target]) -> None:
        self._targets = targets
        self._labels = [label_set(_labels(target)) for target in targets]
        self._units = tuple(target.unit for target in targets)
        self._split: dict[str, list[tuple[str, str]]] = {}

    def lines(self, metric: Metric, lines: list[str]) -> Family:
        return MetricLines(metric, lines, self._units)

    def column(self, metric: Metric, values: Column) -> Family:
        return MetricColumn(metric, values, self._labels, self._units)

    def keyed(self, metric: Metric, columns: tuple[Column, ...]) -> Family:
        if metric.label not in self._split:
            self._split[metric.label] = list(self._split_labels(metric.label))
        return KeyedColumns(metric, metric.keys, columns, self._split[metric.label], self._units)

    def _split_labels(self, label: str) -> Iterator[tuple[str, str]]:
        known: dict[str, str] = {}  # many begin alike
        for target in self._targets:
            before, after = split_label(_labels(target), label)
            yield known.setdefault(before, before), after


@dataclass(frozen=True, slots=True)
class _Rows:
    """Where the values of each target of one probe go, shared by these targets. devices: the probe asks such."""

    devices: bool
    values: tuple[tuple[Column, TargetValue], ...]
    keyed: tuple[tuple[tuple[Column, ...], TargetValues], ...]
    labelled: tuple[tuple[list[str], str, str, TargetValues], ...]
    facts: tuple[tuple[Column, str], ...]
    fact_pairs: tuple[tuple[list[str], str, str, str], ...]


@dataclass(slots=True)
class _UnitCounts:
    """The number of a unit's targets in each state, and the index of their line."""

    index: int
    counts: list[int]


@dataclass(frozen=True, slots=True)
class _SiteLine:
    """A site's readiness, that of its LAN, and the index of their lines."""

    index: int
    readiness: SiteReadiness
    lan: SiteLan


@dataclass(slots=True)
class _TargetEntry:
    """A target's place in the lists and columns, and the state that it is counted in."""

    index: int
    rows: _Rows
    target: Target
    unit_role: _UnitCounts | None
    site: _SiteLine | None
    counts: tuple[list[int], ...]
    state: State = State.UNKNOWN


class RenderedMetrics:
    """All lines that come from the inventory, the target views and the path views."""

    def __init__(self, inventory: Inventory) -> None:
        count = len(inventory.targets)
        self._columns = {metric: column(count) for metric in TARGET_ROWS if not metric.label}
        self._keyed = {metric: _columns(metric, count) for metric in (*TARGET_ROWS, *_OF_MONTHS) if metric.keys}
        self._lines = {metric: [""] * count for metric in TARGET_ROWS if metric.label and not metric.keys}
        self._rows = {probe: self._rows_of(probe) for probe in {target.probe for target in inventory.targets}}
        sites = len(inventory.sites)
        self._site_ready, self._site_lan, self._site_outage = [""] * sites, [""] * sites, [""] * sites
        self._unit_targets: list[str] = []
        self._unit_keys: list[tuple[str, Role]] = []
        self._site_names = [label_set({"site": site.id}) for site in inventory.sites]
        self._sites = {site.id: _SiteLine(i, SiteReadiness(site), SiteLan()) for i, site in enumerate(inventory.sites)}
        self._unit_roles: dict[tuple[str, Role], _UnitCounts] = {}
        self._slots = {target.id: self._slot(i, target) for i, target in enumerate(inventory.targets)}
        for tally in self._unit_roles.values():
            self._render_unit(tally)
        self._subunits: dict[str, list[str]] = {}
        for unit in inventory.units:
            self._subunits.setdefault(unit.parent or "", []).append(unit.id)
        self._path_index = {path.id: i for i, path in enumerate(inventory.paths)}
        self._path_lines = [""] * len(inventory.paths)
        self.families = self._families(inventory)

    def update(self, view: TargetView) -> None:
        """Render one target anew; a target that is not in the inventory is passed over."""
        slot = self._slots.get(view.target.id)
        if slot is None:
            return
        _render(slot, view)
        if view.state is not slot.state:
            self._move(slot, view.state)
        if slot.rows.devices:
            self._note_ports(view)

    def update_site_outage(self, view: SiteOutageView) -> None:
        """Render when everything at a site was last down; an unknown site is passed over."""
        site = self._sites.get(view.site)
        if site is None:
            return
        line = ""
        if view.end_wall_ms is not None and view.cause is not None:
            labels = label_set({"cause": view.cause.value, "site": view.site})
            line = f"{SITE_OUTAGE_END.sample}{labels} {number(round(view.end_wall_ms / 1000))}\n"
        self._site_outage[site.index] = line

    def update_months(self, shares: MonthShares) -> None:
        """Render the months of all targets anew; who is not among them has none."""
        for place, period in enumerate(MONTHS):
            availability, coverage = (self._keyed[metric][place] for metric in _OF_MONTHS)
            for target, slot in self._slots.items():
                month = next((month for month in shares.get(target, ()) if month.period == period), None)
                availability[slot.index] = _number(None if month is None else month.availability)
                coverage[slot.index] = _number(None if month is None else month.coverage)

    def update_path(self, view: PathView) -> None:
        """Render one path anew; an unknown one is passed over."""
        index = self._path_index.get(view.id)
        if index is not None:
            labels = label_set({"path": view.id})
            self._path_lines[index] = "" if view.up is None else f"{PATH_UP.sample}{labels} {number(view.up)}\n"

    def of_unit(self, families: Sequence[Family], unit: str) -> Iterator[Family]:
        """Of each family what is of that unit and of those below it; of one that is of no units nothing."""
        return of_units(families, self._below(unit).__contains__)

    def _below(self, unit: str) -> set[str]:
        below: set[str] = set()
        waiting = [unit]
        while waiting:
            one = waiting.pop()
            if one not in below:
                below.add(one)
                waiting += self._subunits.get(one, ())
        return below

    def _families(self, inventory: Inventory) -> tuple[Family, ...]:
        observer = inventory.organisation.observer
        units = tuple(unit.id for unit in inventory.units)
        sites = tuple(site.unit for site in inventory.sites)
        of_targets = _TargetFamilies(inventory.targets)
        return (
            of_targets.lines(TARGET_INFO, [_target_info(target, observer) for target in inventory.targets]),
            of_targets.lines(TARGET_SLO, [_target_slo(target) for target in inventory.targets]),
            *(self._of_targets(metric, of_targets) for metric in (*TARGET_ROWS, *_OF_MONTHS)),
            MetricLines(SITE_INFO, [_site_info(site) for site in inventory.sites], sites),
            MetricLines(SITE_READY, self._site_ready, sites),
            MetricLines(SITE_LAN_READY, self._site_lan, sites),
            MetricLines(SITE_OUTAGE_END, self._site_outage, sites),
            MetricLines(UNIT_INFO, [_unit_info(unit) for unit in inventory.units], units),
            MetricLines(UNIT_TARGETS, self._unit_targets, tuple(unit for unit, _ in self._unit_keys)),
            MetricLines(PATH_UP, self._path_lines),
        )

    def _of_targets(self, metric: Metric, families: _TargetFamilies) -> Family:
        if metric.keys:
            return families.keyed(metric, self._keyed[metric])
        if metric.label:
            return families.lines(metric, self._lines[metric])
        return families.column(metric, self._columns[metric])

    def _rows_of(self, probe: str) -> _Rows:
        devices = asks_devices(probe)
        rows = [metric for metric in TARGET_ROWS if devices or not metric.of_devices]
        facts = [(metric, fact.field) for metric in rows for fact in metric.facts if fact.probe == probe]
        lines, columns, keyed = self._lines, self._columns, self._keyed
        return _Rows(
            devices,
            tuple((columns[row], row.value) for row in rows if row.value is not None),
            tuple((keyed[row], row.values) for row in rows if row.values is not None and row.keys),
            tuple((lines[row], row.sample, row.label, row.values) for row in rows if row.values and not row.keys),
            tuple((columns[row], field) for row, field in facts if not row.label),
            tuple((lines[row], row.sample, row.label, field) for row, field in facts if row.label),
        )

    def _slot(self, index: int, target: Target) -> _TargetEntry:
        rows = self._rows[target.probe]
        unit_role = None if rows.devices and target.role is Role.DEVICE else self._unit_role(target)
        site = self._sites.get(target.site)
        needed = None if site is None else site.readiness.counts_of(target.role)
        lan = site.lan.counts if site is not None and target.role is Role.LAN else None
        counted = (None if unit_role is None else unit_role.counts, needed, lan)
        counts = tuple(states for states in counted if states is not None)
        for states in counts:
            states[State.UNKNOWN] += 1
        return _TargetEntry(index, rows, target, unit_role, None if needed is None else site, counts)

    def _unit_role(self, target: Target) -> _UnitCounts:
        key = (target.unit, target.role)
        if key not in self._unit_roles:
            self._unit_roles[key] = _UnitCounts(len(self._unit_keys), [0] * len(_STATES))
            self._unit_keys.append(key)
            self._unit_targets.append("")
        return self._unit_roles[key]

    def _move(self, slot: _TargetEntry, state: State) -> None:
        for states in slot.counts:
            states[slot.state] -= 1
            states[state] += 1
        slot.state = state
        if slot.unit_role is not None:
            self._render_unit(slot.unit_role)
        if slot.site is not None:
            self._render_site(slot.site)

    def _render_site(self, site: _SiteLine) -> None:
        ready = site.readiness.ready()
        line = "" if ready is None else f"{SITE_READY.sample}{self._site_names[site.index]} {number(ready)}\n"
        self._site_ready[site.index] = line
        self._render_lan(site)

    def _render_lan(self, site: _SiteLine) -> None:
        ready = site.lan.ready()
        line = "" if ready is None else f"{SITE_LAN_READY.sample}{self._site_names[site.index]} {number(ready)}\n"
        self._site_lan[site.index] = line

    def _note_ports(self, view: TargetView) -> None:
        site = self._sites.get(view.target.site)
        if site is None:
            return
        known, target = site.lan.port_down, view.target.id
        if port_down(view) is not (target in known):
            known ^= {target}
            self._render_lan(site)

    def _render_unit(self, tally: _UnitCounts) -> None:
        unit, role = self._unit_keys[tally.index]
        before, after = split_label({"role": role.value, "unit": unit}, UNIT_TARGETS.labels[1])
        self._unit_targets[tally.index] = "".join(
            f"{UNIT_TARGETS.sample}{before}{STATE_NAMES[state]}{after} {number(tally.counts[state])}\n"
            for state in _STATES
        )


def _render(slot: _TargetEntry, view: TargetView) -> None:
    index, rows = slot.index, slot.rows
    for values, value in rows.values:
        values[index] = _number(value(view))
    for columns, pairs in rows.keyed:
        for values, (_, sample) in zip(columns, pairs(view), strict=True):
            values[index] = sample
    for lines, name, label, of_view in rows.labelled:
        lines[index] = _labelled(name, label, slot.target, of_view(view))
    facts = None if view.last_run is None else view.last_run.result.facts
    for values, field in rows.facts:
        values[index] = _number(getattr(facts, field, None))
    for lines, name, label, field in rows.fact_pairs:
        lines[index] = _labelled(name, label, slot.target, getattr(facts, field, None) or ())


def _number(sample: float | None) -> float:
    return ABSENT if sample is None else sample


def _labelled(name: str, label: str, target: Target, pairs: Iterable[tuple[str, float]]) -> str:
    """Most have none: labels are put in words only where there are some."""
    found = list(pairs)
    if not found:
        return ""
    if label in _NAMED_LABELS:
        found = [(label_value(key), value) for key, value in found]
    return _pairs(name, split_label(_labels(target), label), found)


def _pairs(name: str, label: tuple[str, str], pairs: Iterable[tuple[str, float]]) -> str:
    """Keys need no escape: they come from closed sets (states, reasons, phases), or have it."""
    before, after = label
    start, end = name + before, after + " "
    return "".join([f"{start}{key}{end}{number(value)}\n" for key, value in pairs])


def _labels(target: Target) -> dict[str, str]:
    return {"role": target.role.value, "site": target.site, "target": target.id}


def _target_slo(target: Target) -> str:
    """Inventories give percentages."""
    if target.slo is None:
        return ""
    return f"{TARGET_SLO.sample}{label_set(_labels(target))} {number(float(Decimal(target.slo) / 100))}\n"


def _target_info(target: Target, observer: str) -> str:
    return _info(
        TARGET_INFO,
        address=target.address,
        calendar=target.calendar,
        module=target.module,
        name=target.name,
        observer=observer,
        probe=target.probe,
        role=target.role.value,
        site=target.site,
        target=target.id,
        unit=target.unit,
    )


def _site_info(site: Site) -> str:
    latitude, longitude = ("", "") if site.location is None else map(str, site.location)
    return _info(
        SITE_INFO,
        calendar=site.calendar,
        latitude=latitude,
        longitude=longitude,
        name=site.name,
        profile=site.profile or "",
        site=site.id,
        unit=site.unit,
    )


def _unit_info(unit: Unit) -> str:
    return _info(
        UNIT_INFO, code=unit.code or "", level=unit.level, name=unit.name, parent=unit.parent or "", unit=unit.id
    )


def _info(metric: Metric, **labels: str) -> str:
    return f"{metric.sample}{label_set(labels)} {number(1)}\n"
