"""The facts that a run of the probe `dns` measures."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Facts


@dataclass(frozen=True, slots=True)
class DnsFacts(Facts):
    """The measurements of a run. records are the answer's own, cleaned: for pages only, never a label.

    transport is the one that brought the last answer; truncated is 1 when UDP's was cut and TCP had to be asked.
    rtt_seconds runs from the first query on that transport to its answer, a connection not counted.
    """

    transport: str
    truncated: int = 0
    rcode: int | None = None
    authenticated: int | None = None
    answers: int | None = None
    authorities: int | None = None
    additionals: int | None = None
    serial: int | None = None
    rtt_seconds: float | None = None
    records: tuple[str, ...] = ()
    tls_expiry_timestamp_seconds: int | None = None
    tls_presented_expiry_timestamp_seconds: int | None = None
    tls_verified: int = 0
