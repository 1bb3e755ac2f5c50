"""What a run of the probe `http` tells for a day's sums."""

from __future__ import annotations

from agent.model import ProbeResult
from agent.model.measured import BooleanFact, RunMeasured
from agent.probes.http.facts import HttpFacts
from agent.probes.http.options import HttpOptions
from agent.probes.tls.measured import certificate_good


def measured(result: ProbeResult, options: HttpOptions) -> RunMeasured | None:
    """First byte of a run that succeeded; HTTPS, its certificate and HSTS of the last answer, whatever it was."""
    facts = result.facts
    if not isinstance(facts, HttpFacts):
        return None
    answers: list[tuple[BooleanFact, bool]] = []
    if facts.tls:
        good = certificate_good(result, verify=options.tls_config.verify)
        if good is not None:
            answers += ((BooleanFact.HTTPS, good), (BooleanFact.CERTIFICATE, good))
    elif facts.status_code is not None:
        answers.append((BooleanFact.HTTPS, False))
    if facts.status_code is not None:
        answers.append((BooleanFact.HSTS, facts.hsts > 0))
    first_byte = facts.first_byte_seconds if result.success else None
    if not answers and first_byte is None and facts.tls_expiry_timestamp_seconds is None:
        return None
    return RunMeasured(first_byte, tuple(answers), facts.tls_expiry_timestamp_seconds)
