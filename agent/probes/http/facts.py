"""The facts that a run of the probe `http` measures."""

from __future__ import annotations

from dataclasses import dataclass

from agent.model import (
    Facts,
)

PHASES = ("resolve", "connect", "tls", "processing", "transfer")


@dataclass(frozen=True, slots=True)
class HttpFacts(Facts):
    """What the web probe measured; of the last hop unless said otherwise. Seconds, bytes, UTC seconds since 1970.

    phases are summed over all hops, under blackbox_exporter's names. first_byte_seconds counts from the start of the
    run, redirects included. tls_expiry_timestamp_seconds is the earliest of the verified chain (tls_verified is 1),
    else of the chain as presented. regex_failed is 1 when a pattern failed, or the body that it is for did not
    come whole. hsts is 1 when the answer came over TLS and asks for TLS ever after (RFC 6797). issuer, subject and
    final_url are of hostile origin: for pages only.
    """

    status_code: float | None = None
    http_version: float | None = None
    redirects: float = 0
    content_length: float | None = None
    body_bytes: float | None = None
    phases: tuple[tuple[str, float], ...] = ()
    first_byte_seconds: float | None = None
    tls: float = 0
    close_notify_missing: float = 0
    tls_expiry_timestamp_seconds: float | None = None
    tls_presented_expiry_timestamp_seconds: float | None = None
    tls_verified: float = 0
    last_modified_timestamp_seconds: float | None = None
    regex_failed: float = 0
    hsts: float = 0
    tls_version: str = ""
    tls_cipher: str = ""
    issuer: str = ""
    subject: str = ""
    final_url: str = ""
