"""What the API says about targets and runs, as JSON values. Contacts, options and secrets have no place here."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum

from agent.availability.instants import iso_utc
from agent.characters import cleaned
from agent.engine.adhoc.check import CheckResult
from agent.engine.snapshot import ComponentView, PathView, SiteOutageView, TargetView
from agent.model import Component, DeviceIdentity, DeviceReport, ProbeResult

_IDENTITY = tuple(field.name for field in fields(DeviceIdentity))
Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]


def encode(value: Json) -> bytes:
    """One line of ASCII: nothing hidden, nothing that ends a line but its end."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).encode("ascii")


def of_view(view: TargetView) -> dict[str, Json]:
    """A target, its confirmed state, and its last run."""
    target, run = view.target, view.last_run
    return {
        "target": target.id,
        "name": target.name,
        "site": target.site,
        "unit": target.unit,
        "role": target.role.value,
        "module": target.module,
        "probe": target.probe,
        "address": target.address,
        "state": view.state.name.lower(),
        "cause": view.cause.value,
        "since": iso_utc(view.since_wall_ms),
        "confirmed": iso_utc(view.confirmed_wall_ms),
        "last_known_up": view.last_known_up,
        "upstream": view.upstream,
        "upstream_name": view.upstream_name,
        "silent_but_passing": view.silent_but_passing,
        "in_maintenance": view.in_maintenance,
        "components": [of_component_view(part) for part in view.components],
        "booted": None if view.booted_wall_ms is None else iso_utc(view.booted_wall_ms),
        "identity": None if view.device_identity is None else of_identity(view.device_identity),
        "last_run": None if run is None else {"start": iso_utc(run.start_wall_ms), **of_result(run.result)},
    }


def of_path(view: PathView) -> dict[str, Json]:
    """A path, and which of its anchors have answered since the agent began to ask them."""
    return {
        "path": view.id,
        "up": view.up,
        "since": iso_utc(view.since_wall_ms),
        "targets_behind": view.targets_behind,
        "silent_but_passing": view.silent_but_passing,
        "anchors": [{"address": anchor.address, "answered": anchor.answered} for anchor in view.anchors],
    }


def of_outage(view: SiteOutageView) -> dict[str, Json]:
    """When a whole site was down last; end is null while it is, cause until it is known."""
    return {
        "site": view.site,
        "start": iso_utc(view.start_wall_ms),
        "end": None if view.end_wall_ms is None else iso_utc(view.end_wall_ms),
        "cause": None if view.cause is None else view.cause.value,
    }


def of_result(result: ProbeResult) -> dict[str, Json]:
    """What one run found. detail is free text of possibly hostile origin."""
    return {
        "verdict": result.verdict.value,
        "reason": result.reason.value,
        "success": result.success,
        "took_seconds": result.took_seconds,
        "address": result.address,
        "stale_address": result.stale_address,
        "detail": result.detail,
        "detail_text": None if result.detail_text is None else dict(result.detail_text._asdict()),
        "clock_doubted": result.clock_doubted,
        "clock_offset_seconds": result.clock_offset_seconds,
        "facts": plain(result.facts),
    }


def of_device(report: DeviceReport) -> dict[str, Json]:
    """What a device said of itself in one run. Its texts are of hostile origin, cleaned."""
    return {
        "uptime_seconds": None if report.uptime_ms is None else report.uptime_ms / 1000,
        "identity": None if report.identity is None else of_identity(report.identity),
        "components": [of_component(part) for part in report.components],
    }


def of_identity(identity: DeviceIdentity) -> dict[str, Json]:
    """What a device says it is; "" where it does not say."""
    return {name: cleaned(getattr(identity, name)) for name in _IDENTITY}


def of_component(part: Component) -> dict[str, Json]:
    """A part of a device; fault is null where it is in order."""
    return {
        "component": part.id,
        "kind": part.kind.value,
        "fault": None if part.fault is None else part.fault.value,
        "name": cleaned(part.name),
        "text": cleaned(part.text),
        "named": part.named,
        "disabled": part.disabled,
        "operational": part.operational,
    }


def of_component_view(part: ComponentView) -> dict[str, Json]:
    """A part as it is known over time; since is null where no change of it is known."""
    since = None if part.since_wall_ms is None else iso_utc(part.since_wall_ms)
    return {**of_component(part.component), "matters": part.matters, "since": since}


def of_row(row: CheckResult) -> dict[str, Json]:
    """One line of a check: the target as confirmed, this run, and the command that permits a forbidden one."""
    device = None if row.result.device is None else of_device(row.result.device)
    run: dict[str, Json] = {**of_result(row.result), "device": device}
    return {**of_view(row.view), "run": run, "hint": row.result.remedy or None}


def plain(value: object) -> Json:
    """Facts as JSON: dataclasses and pairs of name and number become objects; what is not finite becomes null.

    A field that a dataclass leaves out of its repr is left out here too: it is raw and may be large.
    """
    if isinstance(value, Enum):
        return plain(value.value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if is_dataclass(value):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value) if field.repr}
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return _sequence(value)
    return str(value)


def _sequence(value: tuple[object, ...] | list[object]) -> Json:
    pairs = [item for item in value if isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str)]
    if value and len(pairs) == len(value):
        return {str(key): plain(item) for key, item in pairs}
    return [plain(item) for item in value]
