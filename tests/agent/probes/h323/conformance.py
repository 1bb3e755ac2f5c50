"""The probe `h323` in every situation of the conformance suite."""

from __future__ import annotations

from agent.lab.listeners.h323 import H323Point
from agent.model import Reason
from agent.probes.h323.options import H323Answer, H323Options
from agent.probes.h323.reasons import H323Reason
from tests.conformance.situations import STREAM, Case, Situation, at_port, serving, stream

CASES = (
    Case(
        "h323",
        "h323",
        H323Options(),
        serving(H323Point, at_port),
        stream(silent=(H323Reason.PORT_ONLY,)) | {Situation.CLOSED: (Reason.OK,)},
    ),
    Case(
        "h323, an answer demanded",
        "h323",
        H323Options(at_least=H323Answer.ANSWERED),
        serving(H323Point, at_port),
        STREAM,
    ),
)
