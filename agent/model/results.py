"""What probe runs found, and the states that follow from it.

Instants named ``*_ms`` are integer milliseconds of boottime of the running boot unless the name says ``wall``. In
reports and their arithmetic (agent/reporting, agent/availability's figures and maintenance) they are UTC.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from agent.model.devices import DeviceReport
from agent.model.reasons import Cause, Reason, ReasonCode, Verdict
from agent.model.targets import Target
from agent.text import Text


class State(IntEnum):
    """Exactly one per target and instant; the number is the value of sansang_target_state."""

    DOWN = 0
    UP = 1
    DEGRADED = 2
    UNKNOWN = 3


class Facts:
    """Base of what a probe measured. Each probe derives one frozen slotted dataclass of plain fields.

    A metric of the catalogue names the field it shows; a field holding ``tuple[tuple[str, float], ...]`` gives
    one sample per label value. None means not measured in this run.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class CertificateFault:
    """One thing wrong with a certificate chain.

    edge_wall_ms: of a fault that our clock alone says, the UTC instant before which (TLS_NOT_YET_VALID) or after
    which (all others) it is true; None where no clock has a part in it, or the instant is not known.
    """

    reason: Reason
    edge_wall_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CertificateFaults:
    """What is wrong with the certificate that host (a name or numeric address) had to show; the first decides."""

    host: str
    faults: tuple[CertificateFault, ...]


@dataclass(frozen=True, slots=True)
class ServerTime:
    """The time as a server told it in its answer: UTC in [wall_ms, wall_ms + span_ms]; host as it was asked.

    The usual span is the second to which a Date header is written (RFC 9110 section 5.6.7).
    """

    host: str
    wall_ms: int
    span_ms: int = 1_000


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What one probe run found.

    took_seconds covers the whole run; address is the numeric address probed ("" if none was reached);
    detail is free text of possibly hostile origin: for logs and pages only, never a label.
    certificate: all that is wrong with it, None when nothing is; server_time: what the answer says the time is.
    clock_doubted: the verdict rests on a clock of ours that nothing synchronises.
    clock_offset_seconds: our clock minus the true time, where time servers that agree prove it wrong; else None.
    remedy: where this machine forbids the probe, the command that permits it, ready to be typed.
    device: what the target says of itself and its parts; None of a probe that does not ask.
    detail_text: the detail in each language, of a probe that words it itself; people read it instead of detail.
    """

    verdict: Verdict
    reason: ReasonCode
    took_seconds: float
    facts: Facts | None = None
    address: str = ""
    stale_address: bool = False
    detail: str = ""
    certificate: CertificateFaults | None = None
    server_time: ServerTime | None = None
    clock_doubted: bool = False
    clock_offset_seconds: float | None = None
    remedy: str = ""
    device: DeviceReport | None = None
    detail_text: Text | None = None

    @classmethod
    def of(cls, reason: ReasonCode, took_seconds: float, facts: Facts | None = None, detail: str = "") -> ProbeResult:
        """A result whose verdict follows from its reason."""
        return cls(reason.verdict, reason, took_seconds, facts, detail=detail)

    @property
    def success(self) -> bool:
        """Whether the target answered as it should (degraded included)."""
        return self.verdict.success


@dataclass(frozen=True, slots=True)
class Observation:
    """A finished run: which target, seen by whom, started when (boottime ms), and what it found."""

    target: Target
    observer: str
    start_ms: int
    took_ms: int
    result: ProbeResult


@dataclass(frozen=True, slots=True)
class Transition:
    """A change of one target's state, back-dated to effective_at_ms; an UNKNOWN has an UnknownCause."""

    target: str
    state: State
    cause: Cause
    effective_at_ms: int
    confirmed_at_ms: int
