"""The facts that a run of the probe `h323` measures."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Facts


@dataclass(frozen=True, slots=True)
class H323Facts(Facts):
    """The facts of a run. answer is an H323Answer or "" (nothing of the kind); message and release name what came."""

    connect_seconds: float
    answer: str = ""
    message: str = ""
    release: str = ""
