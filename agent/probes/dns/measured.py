"""What a run of the probe `dns` tells for a day's sums."""

from __future__ import annotations

from agent.model import ProbeResult
from agent.model.measured import BooleanFact, RunMeasured
from agent.probes.dns.facts import DnsFacts
from agent.probes.dns.options import DnsOptions
from agent.probes.tls.measured import measured_over_tls

_NOERROR, _NXDOMAIN = 0, 3


def measured(result: ProbeResult, options: DnsOptions) -> RunMeasured | None:
    """Whether the answer was authenticated; of a question for AAAA whether there were any; the certificate over TLS."""
    facts = result.facts
    if not isinstance(facts, DnsFacts):
        return None
    answers: list[tuple[BooleanFact, bool]] = []
    if facts.rcode in (_NOERROR, _NXDOMAIN):  # any other says nothing about the name
        answers.append((BooleanFact.DNSSEC, bool(facts.authenticated)))
        if options.query_type == "AAAA":
            answers.append((BooleanFact.IPV6, facts.rcode == _NOERROR and bool(facts.answers)))
    over_tls = measured_over_tls(result, facts.tls_expiry_timestamp_seconds, verify=options.tls_config.verify)
    if over_tls is None:
        return RunMeasured(None, tuple(answers)) if answers else None
    return RunMeasured(None, (*answers, *over_tls.answers), over_tls.certificate_expiry)
