"""The probe `ntp` in every situation of the conformance suite."""

from __future__ import annotations

from agent.lab.listeners.ntp import NtpServer
from agent.model import Reason
from agent.probes.ntp.options import NtpOptions
from tests.conformance.situations import DATAGRAMS, SHARED_SOCKET, Case, Situation, datagrams

CASES = (
    Case(
        "ntp",
        "ntp",
        NtpOptions(),
        datagrams(NtpServer),
        SHARED_SOCKET
        | {
            Situation.REFUSED: (Reason.REFUSED,),
            Situation.SILENT: (Reason.TIMEOUT,),
            Situation.GARBAGE: (Reason.PROTOCOL_ERROR,),
            Situation.ENDLESS: (Reason.TIMEOUT,),  # answers to requests that we did not make
            Situation.DRIPPING: (Reason.PROTOCOL_ERROR,),
            Situation.STALLED: (Reason.PROTOCOL_ERROR,),
        },
        DATAGRAMS,
    ),
)
