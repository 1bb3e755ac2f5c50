"""The probe `http` in every situation of the conformance suite."""

from __future__ import annotations

from pathlib import Path

from agent.lab.listeners.http import HttpListener
from agent.model import Reason
from agent.probes.http.options import HttpOptions
from tests.conformance.situations import STREAM, TRUSTED, Case, at_port, serving, stream
from tests.pki import pki


def _web_over_tls() -> HttpListener:
    pem = Path(pki().good.pem)
    return HttpListener(certificate=(pem, pem))


CASES = (
    Case(
        "http",
        "http",
        HttpOptions(),
        serving(HttpListener, lambda listener: f"http://{at_port(listener)}/"),
        STREAM,
    ),
    Case(
        "http over TLS",
        "http",
        HttpOptions(tls_config=TRUSTED),
        serving(_web_over_tls, lambda listener: f"https://{at_port(listener)}/"),
        stream(silent=(Reason.TIMEOUT, Reason.STALLED), garbage=Reason.TLS_REQUIRED),
    ),
)
