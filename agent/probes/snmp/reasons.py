"""Why a run of `snmp` may end, beside the reasons that every protocol has."""

from __future__ import annotations

from agent.model import ReasonCode, Verdict


class SnmpReason(ReasonCode):
    NO_SNMP_ANSWER = "no_snmp_answer"  # silent, while ping on the same address answers
    PORT_DOWN = "port_down"  # of a target that is one port of a device
    PORT_NOT_FOUND = "port_not_found"
    SNMP_ERROR = "snmp_error", Verdict.DEGRADED  # answered with an error-status
    OVER_LIMIT = "over_limit", Verdict.DEGRADED  # beyond a limit under `degraded:`; the detail says which
