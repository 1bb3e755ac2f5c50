"""The probe dns against dnsmasq, unbound (validating, over TLS too) and knot (signing); blackbox_exporter beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from agent.model import ProbeResult, Reason, ReasonCode
from agent.probes.dns.facts import DnsFacts
from agent.probes.dns.options import DnsOptions, Records
from agent.probes.dns.probe import SPEC
from agent.probes.dns.reasons import DnsReason
from agent.probes.options import Transport
from agent.probes.tls.options import TlsOptions
from tests.peers.name_servers import NameServers
from tests.pki import HOST, pki
from tests.probing import run_probe

pytestmark = pytest.mark.peers
PORTAL = DnsOptions("portal.lab.example")
TRUSTED = TlsOptions(ca_file=pki().ca_file, server_name=HOST)
TIMEOUT_SECONDS = 3.0
LOSING_SECONDS = 1.0


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NameServers]:
    running = NameServers(tmp_path_factory.mktemp("dns"), pki().good.pem)
    try:
        running.start()
        running.start_blackbox({name: theirs for name, _, _, _, theirs, _ in COMPARED})
        yield running
    finally:
        running.stop()


async def ask(servers: NameServers, server: str, options: DnsOptions, timeout: float = TIMEOUT_SECONDS) -> ProbeResult:
    return await run_probe(SPEC, servers.at[server], options, timeout=timeout)


def facts_of(result: ProbeResult) -> DnsFacts:
    assert isinstance(result.facts, DnsFacts)
    return result.facts


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
@pytest.mark.parametrize("server", ["dnsmasq", "knot", "unbound"])
async def test_each_answers_on_both_transports(servers: NameServers, server: str, transport: Transport) -> None:
    result = await ask(servers, server, replace(PORTAL, transport=transport))
    assert (result.reason, facts_of(result).rcode) == (Reason.OK, 0), result.detail
    assert [line.split()[-1] for line in facts_of(result).records] == ["127.0.1.80"]


@pytest.mark.parametrize(
    ("name", "kind", "record"),
    [
        ("portal.lab.example", "AAAA", "AAAA 2001:db8::80"),
        ("www.lab.example", "CNAME", "CNAME portal.lab.example."),
        ("lab.example", "MX", "MX 10 mail.lab.example."),
        ("lab.example", "TXT", 'TXT "v=test"'),
        ("_sip._udp.lab.example", "SRV", "SRV 10 10 5060 portal.lab.example."),
        ("192.0.2.80", "PTR", "PTR portal.lab.example."),
    ],
)
async def test_record_types(servers: NameServers, name: str, kind: str, record: str) -> None:
    result = await ask(servers, "dnsmasq", DnsOptions(name, kind))
    assert (result.reason, facts_of(result).records[0].partition(" IN ")[2]) == (Reason.OK, record)


async def test_a_big_answer_comes_over_tcp(servers: NameServers) -> None:
    result = await ask(servers, "knot", DnsOptions("big.lab.example", "TXT"))
    facts = facts_of(result)
    assert (result.reason, facts.transport, facts.truncated, facts.answers) == (Reason.OK, "tcp", 1, 1)


async def test_a_signed_zone_is_authenticated_by_the_resolver_alone(servers: NameServers) -> None:
    demanding = replace(PORTAL, authenticated=True)
    assert (await ask(servers, "unbound", demanding)).reason is Reason.OK
    assert (await ask(servers, "knot", demanding)).reason is DnsReason.NOT_AUTHENTICATED


async def test_the_serial_of_the_zone(servers: NameServers) -> None:
    result = await ask(servers, "knot", DnsOptions("lab.example", "SOA", recursion=False))
    assert (result.reason, (facts_of(result).serial or 0) >= 2026112401) == (Reason.OK, True)  # signing raises it


async def test_over_tls(servers: NameServers) -> None:
    options = replace(PORTAL, transport=Transport.TLS, tls_config=TRUSTED)
    good = await ask(servers, "unbound-tls", options)
    stranger = await ask(
        servers, "unbound-tls", replace(options, tls_config=replace(TRUSTED, ca_file=pki().self_signed.pem))
    )
    assert good.reason is Reason.OK, good.detail
    assert stranger.reason is Reason.TLS_UNTRUSTED


MATCHED, UNMATCHED = r"127\.0\.1\.80", r"192\.0\.2\.1"
A: dict[str, Any] = {"query_name": "portal.lab.example", "query_type": "A"}
COMPARED: list[tuple[str, str, DnsOptions, ReasonCode, dict[str, Any], bool]] = []


def compared(
    name: str, server: str, ours: DnsOptions, reason: ReasonCode, theirs: dict[str, Any], *, differs: bool = False
) -> None:
    """A row of the comparison: the same question put to both, and whether blackbox is known to see it otherwise."""
    module = {"prober": "dns", "timeout": "2s", "dns": {"preferred_ip_protocol": "ip4"} | theirs}
    COMPARED.append((name, server, ours, reason, module, differs))


def rule(name: str) -> dict[str, Any]:
    return A | {"validate_answer_rrs": {name: [MATCHED]}}


def unmet(name: str) -> dict[str, Any]:
    return A | {"validate_answer_rrs": {name: [UNMATCHED]}}


def matching(**patterns: tuple[str, ...]) -> DnsOptions:
    return replace(PORTAL, answer=Records(**patterns))


compared("good", "dnsmasq", PORTAL, Reason.OK, A)
compared("tcp", "knot", replace(PORTAL, transport=Transport.TCP), Reason.OK, A | {"transport_protocol": "tcp"})
compared("refused", "unbound", DnsOptions("a.refused.test"), DnsReason.BAD_RCODE, A | {"query_name": "a.refused.test"})
compared("dropped", "unbound", DnsOptions("a.dropped.test"), Reason.TIMEOUT, A | {"query_name": "a.dropped.test"})
compared("absent", "unbound", DnsOptions("a.nothere.test"), DnsReason.BAD_RCODE, A | {"query_name": "a.nothere.test"})
compared(
    "absent-wanted", "unbound", DnsOptions("a.nothere.test", rcodes=("NXDOMAIN",)), Reason.OK,
    A | {"query_name": "a.nothere.test", "valid_rcodes": ["NXDOMAIN"]},
)  # fmt: skip
compared("none-met", "dnsmasq", matching(none_matches=(UNMATCHED,)), Reason.OK, unmet("fail_if_matches_regexp"))
compared(
    "none-unmet", "dnsmasq", matching(none_matches=(MATCHED,)), DnsReason.BAD_ANSWER, rule("fail_if_matches_regexp")
)
compared("all-met", "dnsmasq", matching(all_match=(MATCHED,)), Reason.OK, rule("fail_if_not_matches_regexp"))
compared(
    "all-unmet", "dnsmasq", matching(all_match=(UNMATCHED,)), DnsReason.BAD_ANSWER, unmet("fail_if_not_matches_regexp")
)
compared("any-met", "dnsmasq", matching(any_matches=(MATCHED,)), Reason.OK, rule("fail_if_none_matches_regexp"))
compared(
    "any-unmet",
    "dnsmasq",
    matching(any_matches=(UNMATCHED,)),
    DnsReason.BAD_ANSWER,
    unmet("fail_if_none_matches_regexp"),
)
compared(
    "not-all", "dnsmasq", matching(not_all_match=(MATCHED,)), DnsReason.BAD_ANSWER, rule("fail_if_all_match_regexp"),
    differs=True,
)  # fmt: skip
compared(
    "no-data",
    "knot",
    DnsOptions("portal.lab.example", "MX"),
    DnsReason.BAD_ANSWER,
    A | {"query_type": "MX"},
    differs=True,
)


@pytest.mark.parametrize("row", COMPARED, ids=[row[0] for row in COMPARED])
async def test_the_same_verdict_as_blackbox_exporter(servers: NameServers, row: tuple[Any, ...]) -> None:
    name, server, ours, reason, _, differs = row
    result = await ask(servers, server, ours, LOSING_SECONDS)
    assert result.reason is reason, result.detail
    assert (servers.blackbox(name, server) != result.success) == differs
