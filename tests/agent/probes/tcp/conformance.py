"""The probe `tcp` in every situation of the conformance suite."""

from __future__ import annotations

from agent.lab.listeners.tcp import TcpListener
from agent.model import Reason
from agent.probes.tcp.dialogue import DialogueStep
from agent.probes.tcp.options import TcpOptions
from tests.conformance.situations import TRUSTED, Case, at_port, serving, stream
from tests.pki import pki

CASES = (
    Case(
        "tcp",
        "tcp",
        TcpOptions(dialogue=(DialogueStep(expect="^220 "), DialogueStep(send="QUIT"))),
        serving(lambda: TcpListener(b"220 ready and waiting\r\n"), at_port),
        stream(garbage=Reason.BAD_DIALOGUE),
    ),
    Case(
        "tcp over TLS",
        "tcp",
        TcpOptions(tls=True, tls_config=TRUSTED),
        serving(lambda: TcpListener(certificate=pki().good.pem), at_port),
        stream(
            silent=(Reason.STALLED,),
            garbage=Reason.TLS_REQUIRED,
            endless=(Reason.TLS_FAILED, Reason.TOO_LARGE),
        ),
    ),
)
