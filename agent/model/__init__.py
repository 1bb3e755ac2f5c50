"""The words of the product as types: frozen, no I/O. Everything above speaks in these."""

from agent.model.declaration import (
    Declaration,
    ExposedRun,
    Measurement,
    MetricFamily,
    ReasonText,
    ReasonTexts,
    RunGauge,
    Samples,
    sentences,
)
from agent.model.devices import Component, ComponentFault, ComponentKind, DeviceIdentity, DeviceReport, TrapResult
from agent.model.reasons import Cause, Reason, ReasonCode, UnknownCause, Verdict
from agent.model.results import (
    CertificateFault,
    CertificateFaults,
    Facts,
    Observation,
    ProbeResult,
    ServerTime,
    State,
    Transition,
)
from agent.model.targets import AT_THE_SITE, CheckSettings, Path, Policy, Role, Selection, Target

__all__ = [
    "AT_THE_SITE",
    "Cause",
    "CertificateFault",
    "CertificateFaults",
    "CheckSettings",
    "Component",
    "ComponentFault",
    "ComponentKind",
    "Declaration",
    "DeviceIdentity",
    "DeviceReport",
    "ExposedRun",
    "Facts",
    "Measurement",
    "MetricFamily",
    "Observation",
    "Path",
    "Policy",
    "ProbeResult",
    "Reason",
    "ReasonCode",
    "ReasonText",
    "ReasonTexts",
    "Role",
    "RunGauge",
    "Samples",
    "Selection",
    "ServerTime",
    "State",
    "Target",
    "Transition",
    "TrapResult",
    "UnknownCause",
    "Verdict",
    "sentences",
]
