"""Why a run of `ntp` may end, beside the reasons that every protocol has."""

from __future__ import annotations

from agent.model import ReasonCode, Verdict


class NtpReason(ReasonCode):
    NOT_SYNCHRONISED = "not_synchronised"  # the server says that it follows no source
    CLOCK_OFFSET = "clock_offset", Verdict.DEGRADED
    HIGH_ROOT_DISPERSION = "high_root_dispersion", Verdict.DEGRADED
