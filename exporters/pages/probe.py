"""`debug=true`: the run in plain text, as blackbox_exporter lays it out: log, metrics, module settings."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum

from agent.characters import cleaned
from agent.explain.clock import DOUBTED
from agent.model import ExposedRun, Target
from agent.probes.options import Secret
from exporters.blackbox import render


def debug_page(target: Target, run: ExposedRun, refused: str) -> str:
    """Everything that explains one run; secrets show where they come from, never what they are."""
    metrics = render(target.probe, run, openmetrics=False).decode()
    settings = "\n".join(_settings(target))
    return (
        f"Logs for the probe:\n{''.join(_log(target, run, refused))}\n\n\n"
        f"Metrics that would have been returned:\n{metrics}\n\n\nModule configuration:\n{settings}\n"
    )


def _log(target: Target, run: ExposedRun, refused: str) -> Iterator[str]:
    result = run.result
    yield f"probe={target.probe} module={target.module} target={cleaned(target.address)}"
    yield f" timeout_seconds={run.timeout_seconds}\n"
    if result.address:
        stale = " (the last good one: the resolver fails)" if result.stale_address else ""
        yield f"address={result.address}{stale} lookup_seconds={run.lookup_seconds:.6f}\n"
    if refused:
        yield f"not followed: {cleaned(refused)}\n"
    yield f"verdict={result.verdict.value} reason={result.reason.value} duration_seconds={result.took_seconds:.6f}\n"
    if result.clock_doubted:
        yield f"clock: {DOUBTED.en}\n"
    if result.detail:
        yield f"detail: {cleaned(result.detail)}\n"


def _settings(target: Target) -> Iterator[str]:
    yield f"probe: {target.probe}"
    yield f"timeout: {target.policy.timeout_ms}ms"
    yield from _fields(target.options, "")


def _fields(options: object, indent: str) -> Iterator[str]:
    if not is_dataclass(options):
        return
    for field in fields(options):
        value = getattr(options, field.name)
        if is_dataclass(value):
            yield f"{indent}{field.name}:"
            yield from _fields(value, indent + "  ")
        else:
            yield f"{indent}{field.name}: {_value(value)}"


def _value(value: object) -> str:
    """One line; a body may be anything, so only its length is shown."""
    if isinstance(value, Secret):
        return repr(value)
    if isinstance(value, bytes):
        return f"{len(value)} bytes"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, tuple | list | frozenset):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    if value is None or isinstance(value, bool | int | float | ipaddress.IPv4Address | ipaddress.IPv6Address):
        return str(value)
    return cleaned(value if isinstance(value, str) else repr(value))
