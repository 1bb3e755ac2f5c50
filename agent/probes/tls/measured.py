"""What a run over TLS tells for a day's sums: whether the certificate was good, and when it ends."""

from __future__ import annotations

from agent.model import ProbeResult, Verdict
from agent.model.measured import BooleanFact, RunMeasured


def certificate_good(result: ProbeResult, *, verify: bool) -> bool | None:
    """Whether the certificate that a run saw was good; None where nobody looked, or our own clock is in doubt."""
    if not verify or result.clock_doubted:
        return None
    return result.certificate is None or result.verdict is not Verdict.FAILED


def measured_over_tls(result: ProbeResult, expiry: float | None, *, verify: bool) -> RunMeasured | None:
    """What a run tells of which nothing but its certificate is summed; None where it saw none."""
    if expiry is None and result.certificate is None:
        return None
    good = certificate_good(result, verify=verify)
    return RunMeasured(None, () if good is None else ((BooleanFact.CERTIFICATE, good),), expiry)
