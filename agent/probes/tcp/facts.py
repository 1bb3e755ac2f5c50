"""The facts that a run of the probe `tcp` measures."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import Facts, Reason


@dataclass(frozen=True, slots=True)
class TcpFacts(Facts):
    """The measurements of a run; the tls_* fields stay None or "" without TLS.

    connect_seconds is the kernel's round trip of the handshake unless a SYN was repeated, then the whole wait.
    tls_expiry_timestamp_seconds is the earliest end in the verified chain; of one that failed, as presented.
    expect_failed is 1 when the service ended before a line of it matched, None without a dialogue.
    """

    connect_seconds: float | None = None
    tls_seconds: float | None = None
    tls_expiry_timestamp_seconds: float | None = None
    tls_presented_expiry_timestamp_seconds: float | None = None
    tls_verified: float = 0
    tls_version: str = ""
    tls_cipher: str = ""
    tls_subject: str = ""
    tls_names: tuple[str, ...] = ()
    tls_issuer: str = ""
    tls_fingerprint: str = ""
    tls_faults: tuple[Reason, ...] = ()
    expect_failed: float | None = None
