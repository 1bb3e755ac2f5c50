"""Short notation for stories whose answer a person can work out: seconds, letters, one line of states."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple

S = 1000
HOUR = 3600
VERDICTS = {"o": "ok", "d": "degraded", "f": "failed", "e": "local_error"}
STATES = {"up", "degraded", "down"}


class Tale(NamedTuple):
    """`expected`: the keys of the first target's answer that the tale is about."""

    name: str
    document: dict[str, Any]
    expected: dict[str, Any]


def utc(text: str) -> int:
    """Seconds since 1970 of a UTC time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


def probes(text: str, boot: str = "b", took: int = 1000) -> list[list[Any]]:
    """`0o 60f` is an ok probe at 0 s and a failed one at 60 s; each takes a second."""
    return [[boot, int(float(word[:-1]) * S), took, VERDICTS[word[-1]]] for word in text.split()]


def every(step: int, start: int, end: int, letter: str = "o") -> str:
    return " ".join(f"{second}{letter}" for second in range(start, end, step))


def states(text: str) -> list[dict[str, Any]]:
    """`0 up 60 dns 90` is UP from 0 to 60 s and then UNKNOWN(dns) to 90 s; `-` is not configured."""
    words = text.split()
    return [
        {
            "start_utc_ms": int(float(start) * S),
            "end_utc_ms": int(float(end) * S),
            "state": name if name in STATES else "unknown",
            "cause": None if name in STATES else name,
        }
        for (start, end), name in zip(pairwise(words[::2]), words[1::2], strict=True)
        if name != "-"
    ]


def outage(start: float, end: float, counted: float, confirmed: float) -> dict[str, int]:
    keys = ("start_utc_ms", "end_utc_ms", "counted_ms", "confirmed_utc_ms")
    return {key: int(value * S) for key, value in zip(keys, (start, end, counted, confirmed), strict=True)}


def span(start: float, end: float | None) -> dict[str, int | None]:
    return {"start_utc_ms": int(start * S), "end_utc_ms": None if end is None else int(end * S)}


def blind(start: float, end: float, cause: str) -> dict[str, Any]:
    return {**span(start, end), "cause": cause}


def window(name: str, start: float, end: float, recorded: float) -> dict[str, Any]:
    return {"id": name, **span(start, end), "recorded_utc_ms": int(recorded * S)}


def anchor(boot: str, at: float, wall: float, *, synchronised: bool = True) -> dict[str, Any]:
    return {"boot": boot, "at_ms": int(at * S), "wall_utc_ms": int(wall * S), "synchronised": synchronised}


def run(boot: str, start: float, end: float | None = None, how: str = "stop", w: float | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"boot": boot, "start_ms": int(start * S), "end": "running" if end is None else how}
    if end is not None:
        found["end_ms"] = int(end * S)
    if w is not None:
        found["watermark_ms"] = int(w * S)
    return found


def day_hours(*pairs: tuple[str, str], days: str = "mon tue wed thu fri sat sun") -> dict[str, Any]:
    return {day: [list(pair) for pair in pairs] for day in days.split()}


def weekly(hours: dict[str, Any], zone: str = "UTC", **more: Any) -> dict[str, Any]:
    return {"kind": "weekly", "zone": zone, "seasons": [{"from": "01-01", "to": "12-31", "hours": hours}], **more}


def tale(name: str, said: str | list[list[Any]], end: float, expected: dict[str, Any], **given: Any) -> Tale:
    """One boot whose clock is UTC, a running agent, a target configured from 0, a report of [0, end): or as given."""
    policy = {"interval_ms": 60 * S, "timeout_ms": 5 * S, "fail_after": 3, "recover_after": 1} | given.pop("policy", {})
    target = {
        "id": "t",
        "policy": policy,
        "configured": given.pop("configured", [span(0, None)]),
        "blind": given.pop("blind", []),
        "probes": probes(said) if isinstance(said, str) else said,
    }
    document = {
        "version": 1,
        "period": {"from": 0, "to": int(end * S)},
        "agent_runs": [run("b", 0)],
        "clock_anchors": [anchor("b", 0, 0)],
        "targets": [target],
    }
    return Tale(name, document | given, expected)
