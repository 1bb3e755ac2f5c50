"""What a run of the probe `sip` tells for a day's sums."""

from __future__ import annotations

from agent.model import ProbeResult
from agent.model.measured import RunMeasured
from agent.probes.sip.facts import SipFacts
from agent.probes.sip.options import SipOptions
from agent.probes.tls.measured import measured_over_tls


def measured(result: ProbeResult, options: SipOptions) -> RunMeasured | None:
    """Whether the certificate was good; nothing of a run without TLS."""
    expiry = result.facts.tls_expiry_timestamp_seconds if isinstance(result.facts, SipFacts) else None
    return measured_over_tls(result, expiry, verify=options.tls_config.verify)
