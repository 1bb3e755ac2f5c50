"""The tables of packed evidence: which file has which records, in which columns."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeVar

from agent.availability.intervals import Interval
from agent.availability.maintenance import AppliedWindow, BookedWindow, ClockQuality
from agent.scoring.evidence import (
    DeviceEvidence,
    FactEvidence,
    FeatureDays,
    GivenValue,
    MeasuredSpan,
    Placement,
    SignedCorrection,
    TargetEvidence,
    UnitPeriod,
)
from agent.scoring.package.cells import (
    CAUSE,
    COUNTS,
    DAY,
    END,
    IDS,
    OPTIONAL_DAY,
    OPTIONAL_INSTANT,
    OPTIONAL_NUMBER,
    SPANS,
    START,
    STATE,
    TEXT,
    WHOLE,
    YES_NO,
    Cell,
    chosen,
)
from agent.scoring.package.tables import TableOf
from agent.scoring.values import Document

FOLDER = "evidence/"
_RecordT = TypeVar("_RecordT")
_DOCUMENT: Mapping[str, Cell] = {"document_number": TEXT, "document_dated": OPTIONAL_DAY, "document_note": TEXT}

# the columns of each record: a cell for each of its fields, in the order of the fields; the heading is the field's name
UNIT_CELLS: Mapping[str, Cell] = {
    "id": TEXT, "name": TEXT, "code": TEXT, "level": TEXT, "parent": TEXT, "spans": SPANS, "successors": IDS,
}  # fmt: skip
PLACEMENT_CELLS: Mapping[str, Cell] = {"start_ms": START, "end_ms": END, "unit": TEXT, "site": TEXT}
STATE_CELLS: Mapping[str, Cell] = {
    "start_ms": START, "end_ms": END, "state": STATE, "cause": CAUSE, "confirmed_ms": START, "number": WHOLE,
}  # fmt: skip
WINDOW_CELLS: Mapping[str, Cell] = {"id": TEXT, "start_ms": START, "end_ms": END, "excluded": YES_NO}
MEASURED_CELLS: Mapping[str, Cell] = {"start_ms": START, "end_ms": END, "days": WHOLE, "first_byte": COUNTS}
FEATURE_CELLS: Mapping[str, Cell] = {"feature": TEXT, "last_day": DAY, "yes": WHOLE, "no": WHOLE}
BOOKED_CELLS: Mapping[str, Cell] = {
    "id": TEXT, "scope": TEXT, "start_wall_ms": START, "end_wall_ms": END, "recorded_wall_ms": START, "who": TEXT,
    "why": TEXT, "announced_on": TEXT, "cancelled_wall_ms": OPTIONAL_INSTANT, "quality": chosen(ClockQuality),
}  # fmt: skip
SIGNED_CELLS: Mapping[str, Cell] = {
    "seq": WHOLE, "refers_to": WHOLE, "target": TEXT, "start_ms": START, "end_ms": END, "state": STATE, "cause": TEXT,
    "recorded_ms": START, "who": TEXT, "why": TEXT,
}  # fmt: skip
TARGET_CELLS: Mapping[str, Cell] = {  # what a target has several of is in tables of its own
    "target": TEXT, "name": TEXT, "role": TEXT, "probe": TEXT, "slo": OPTIONAL_NUMBER,
    "beside": YES_NO, "device_made_on": OPTIONAL_DAY, "device_first_seen_ms": OPTIONAL_INSTANT,
}  # fmt: skip
FACT_CELLS: Mapping[str, Cell] = {"owner": TEXT, "fact": TEXT, "value": TEXT, "unit": TEXT, **_DOCUMENT}
GIVEN_CELLS: Mapping[str, Cell] = {
    "criterion": TEXT, "measure": WHOLE, "unit": TEXT, "a": OPTIONAL_NUMBER, "b": OPTIONAL_NUMBER, "choice": TEXT,
    **_DOCUMENT,
}  # fmt: skip


def _own(record: type[Any], name: str, cells: Mapping[str, Cell]) -> TableOf[Any]:
    """A table whose columns are the fields of its records."""
    names = [field.name for field in fields(record)]
    if names != list(cells):
        raise TypeError(f"{record.__name__} has the fields {names}, its table {list(cells)}")
    return TableOf(f"{FOLDER}{name}.csv", cells, _values(names), record)


def _owned(record: type[Any], name: str, cells: Mapping[str, Cell]) -> TableOf[tuple[str, Any]]:
    """A table of what a target, or a site, has several of: its id first."""
    plain = _own(record, name, cells)
    return TableOf(
        plain.name,
        {"of": TEXT, **cells},
        lambda owned: (owned[0], *plain.values(owned[1])),
        lambda owner, *values: (owner, record(*values)),
    )


def _values(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    return lambda record: tuple(getattr(record, name) for name in names)


def _target_values(target: TargetEvidence) -> tuple[Any, ...]:
    device = target.device
    plain = (getattr(target, name) for name in list(TARGET_CELLS)[:-2])
    return (*plain, None if device is None else device.made_on, None if device is None else device.first_seen_ms)


def _target(*values: Any) -> TargetEvidence:
    *plain, made_on, seen_ms = values
    device = None if made_on is None and seen_ms is None else DeviceEvidence(made_on, seen_ms)
    named = dict(zip(TARGET_CELLS, plain, strict=False))
    return TargetEvidence(placements=(), states=(), hours={}, device=device, **named)


def _documented(record: Callable[..., _RecordT]) -> Callable[..., _RecordT]:
    return lambda *values: record(*values[:-3], Document(*values[-3:]))


def _document_values(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    own = _values(names)
    return lambda record: (*own(record), record.document.number, record.document.dated, record.document.note)


_measured_values, _feature_values = _values(list(MEASURED_CELLS)), _values(list(FEATURE_CELLS))
PAIRS: Mapping[str, Cell] = {"key": TEXT, "value": TEXT}


def pairs(name: str, cells: Mapping[str, Cell]) -> TableOf[tuple[Any, ...]]:
    """A table of plain rows."""
    return TableOf(f"{FOLDER}{name}.csv", cells, tuple, lambda *values: values)


UNITS: TableOf[UnitPeriod] = _own(UnitPeriod, "units", UNIT_CELLS)
SITES = pairs("sites", {"site": TEXT, "name": TEXT})
SITE_PLACES: TableOf[tuple[str, Placement]] = _owned(Placement, "site-placements", PLACEMENT_CELLS)
TARGETS = TableOf(f"{FOLDER}targets.csv", TARGET_CELLS, _target_values, _target)
PLACES: TableOf[tuple[str, Placement]] = _owned(Placement, "placements", PLACEMENT_CELLS)
STATES: TableOf[tuple[str, Interval]] = _owned(Interval, "states", STATE_CELLS)
CORRECTED: TableOf[tuple[str, Interval]] = _owned(Interval, "corrected-states", STATE_CELLS)
HOURS = pairs("hours", {"of": TEXT, "calendar": TEXT, "start_ms": START, "end_ms": END, "sha256": TEXT})
WINDOWS: TableOf[tuple[str, AppliedWindow]] = _owned(AppliedWindow, "maintenance-of-targets", WINDOW_CELLS)
MEASURED: TableOf[tuple[str, MeasuredSpan]] = TableOf(
    f"{FOLDER}measured-spans.csv",
    {"of": TEXT, **MEASURED_CELLS},
    lambda owned: (owned[0], *_measured_values(owned[1])),
    lambda owner, *values: (owner, MeasuredSpan(*values)),
)
FEATURES: TableOf[tuple[str, int, FeatureDays]] = TableOf(  # by the target and the start of its span
    f"{FOLDER}measured-features.csv",
    {"of": TEXT, "span_start_ms": START, **FEATURE_CELLS},
    lambda owned: (*owned[:2], *_feature_values(owned[2])),
    lambda owner, start_ms, *values: (owner, start_ms, FeatureDays(*values)),
)
FACTS = TableOf(
    f"{FOLDER}facts.csv", FACT_CELLS, _document_values(["owner", "fact", "value", "unit"]), _documented(FactEvidence)
)
GIVEN = TableOf(
    f"{FOLDER}given.csv",
    GIVEN_CELLS,
    _document_values(["criterion", "measure", "unit", "a", "b", "choice"]),
    _documented(GivenValue),
)
BOOKED: TableOf[BookedWindow] = _own(BookedWindow, "maintenance", BOOKED_CELLS)
SIGNED: TableOf[SignedCorrection] = _own(SignedCorrection, "corrections", SIGNED_CELLS)
IN_FORCE = pairs("inventories", {"sha256": TEXT, "start_ms": START, "end_ms": END})
CALENDAR_NAMES = pairs("calendars", {"calendar": TEXT, "sha256": TEXT})
TERMS = pairs("terms", PAIRS)
CALENDARS = f"{FOLDER}calendars/"
