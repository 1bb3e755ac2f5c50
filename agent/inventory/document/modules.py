"""Modules: the part that every module has, and the typed options that its probe declares."""

from __future__ import annotations

from collections.abc import Container, Mapping
from functools import partial
from typing import Any

from agent.errors import Fault
from agent.inventory.document.parts import ModuleRow, Parts, Registry, validated
from agent.inventory.document.validation import allowed_keys
from agent.inventory.findings import Finding, Located, SourceFile, Trail, missing, unknown, unknown_reference
from agent.inventory.schema.rows import TIMING_KEYS, ProbeTiming
from agent.probes.spec import ProbeSpec

_OF_FILES = ("secret_file", "secret_mode", "secret_text", "credentials_file", "body_file", "tls_file")


def read_module(parts: Parts, source: SourceFile, trail: Trail, data: object, registry: Registry) -> None:
    """Add one module to the parts, or its findings."""
    name = str(trail[-1])
    row = _module(parts, source, trail, data, registry)
    if row is None:
        parts.refuse("module", name)
    else:
        parts.modules.append(Located(source, trail, row))


def _module(parts: Parts, source: SourceFile, trail: Trail, data: object, registry: Registry) -> ModuleRow | None:
    if not isinstance(data, dict):
        parts.findings.append(Finding(source.place(trail), "not_mapping"))
        return None
    probe = data.get("probe")
    if not isinstance(probe, str):
        parts.findings.append(missing(source, trail, "probe"))
        return None
    if probe not in registry:
        parts.findings.append(unknown_reference(source.place((*trail, "probe")), "probe", probe, registry))
        return None
    spec = registry[probe]
    timing = validated(
        ProbeTiming, source, trail, {key: data[key] for key in TIMING_KEYS if key in data}, parts.findings
    )
    findings: list[Finding] = []
    options = _options(findings, source, trail, data, spec)
    unread = (
        tuple(findings) if options is not None and all(finding.message in _OF_FILES for finding in findings) else ()
    )
    if not unread:
        parts.findings.extend(findings)
    if timing is None or options is None:
        return None
    read_again = partial(_read_again, source, trail, data, spec) if unread else None
    return ModuleRow(str(trail[-1]), spec, timing, options, unread, read_again)


def used_without_files(parts: Parts) -> list[Finding]:
    """The files that could not be used, of modules that a target or a path needs and that cannot do without."""
    used = {path.value.module for path in parts.paths} | {target.value.module for target in parts.targets}
    used.update(check.value.module for profile in parts.profiles for check in profile.value.checks)
    needed = (entry.value for entry in parts.modules if entry.value.id in used)
    return [finding for module in needed if not module.spec.works_without_files for finding in module.unread]


def unread_files(parts: Parts, used: Container[str]) -> tuple[list[Finding], list[Finding]]:
    """The files that could not be used: of modules that no target has, and of those that some target has."""
    modules = [entry.value for entry in parts.modules]
    return (
        [finding for module in modules if module.id not in used for finding in module.unread],
        [finding for module in modules if module.id in used for finding in module.unread],
    )


def _read_again(source: SourceFile, trail: Trail, data: Mapping[str, Any], spec: ProbeSpec[Any, Any]) -> object | Fault:
    """The options with their files as they are now, or what is wrong with the first that cannot be used."""
    findings: list[Finding] = []
    options = _options(findings, source, trail, data, spec)
    return findings[0].fault("en") if findings else options


def _options(
    findings: list[Finding], source: SourceFile, trail: Trail, data: Mapping[str, Any], spec: ProbeSpec[Any, Any]
) -> object | None:
    """The probe's own options; unknown keys are said here, where the choices include the module's own keys."""
    fields = allowed_keys(spec.options, ())
    choices = ("probe", *TIMING_KEYS, *fields)
    strange = [key for key in data if key not in choices]
    for key in strange:
        place = source.place((*trail, key), key=True)
        findings.append(unknown(place, "unknown_key", {"key": key}, key, choices))
    options: object = validated(
        spec.options, source, trail, {key: data[key] for key in fields if key in data}, findings
    )
    return None if strange else options
