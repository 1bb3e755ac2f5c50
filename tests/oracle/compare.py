"""Where two answers differ, in words short enough to read in a failing test."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any


def differences(expected: dict[str, Any], actual: dict[str, Any]) -> list[str]:
    """One line for every place where they differ; windows recorded late may stand in any order."""
    return list(_differences("", expected, actual))


def _differences(path: str, expected: Any, actual: Any) -> Iterator[str]:
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted({*expected, *actual}):
            yield from _in_key(f"{path}.{key}".lstrip("."), key, expected, actual)
    elif path.endswith("retroactive") and isinstance(expected, list) and isinstance(actual, list):
        if sorted(expected) != sorted(actual):
            yield f"{path}: expected {expected}, got {actual}"
    elif isinstance(expected, list) and isinstance(actual, list) and not path.endswith("exact"):
        if len(expected) != len(actual):
            yield f"{path}: expected {len(expected)} entries, got {len(actual)}"
        for index, (one, two) in enumerate(zip(expected, actual, strict=False)):
            yield from _differences(f"{path}[{index}]", one, two)
    elif expected != actual or type(expected) is not type(actual):
        yield f"{path}: expected {expected!r}, got {actual!r}"


def _in_key(path: str, key: str, expected: dict[str, Any], actual: dict[str, Any]) -> Iterator[str]:
    if key not in actual:
        yield f"{path}: missing"
    elif key not in expected:
        yield f"{path}: not expected"
    else:
        yield from _differences(path, expected[key], actual[key])
