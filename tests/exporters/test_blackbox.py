from __future__ import annotations

import re
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as read_openmetrics
from prometheus_client.parser import text_string_to_metric_families as read_classic

from agent.model import ExposedRun, Facts, Policy, ProbeResult, Reason, ReasonCode, Role, Target
from agent.probes.dns.facts import DnsFacts
from agent.probes.h323.facts import H323Facts
from agent.probes.http.facts import HttpFacts
from agent.probes.http.options import BasicAuth, HttpOptions
from agent.probes.http.reasons import HttpReason
from agent.probes.icmp.facts import IcmpFacts
from agent.probes.options import Secret
from agent.probes.registry import PROBES
from agent.probes.sip.facts import SipFacts
from agent.probes.tcp.facts import TcpFacts
from exporters.blackbox import COMMON, address_hash, render
from exporters.pages.probe import debug_page

PAGE = Path(__file__).parents[2] / "docs" / "probe-endpoint.md"
PHASES = tuple((phase, 0.1) for phase in ("resolve", "connect", "tls", "processing", "transfer"))
ENDS = {"tls_expiry_timestamp_seconds": 2e9, "tls_presented_expiry_timestamp_seconds": 1.9e9, "tls_verified": 1}
TLS = ENDS | {"tls_version": "TLSv1.3", "tls_cipher": "TLS_AES_128_GCM_SHA256"}
FACTS: dict[str, Facts] = {
    "http": HttpFacts(200, 1.1, 1, None, 3, PHASES, 0.2, 1, last_modified_timestamp_seconds=1e9, **TLS),  # type: ignore[arg-type]
    "tcp": TcpFacts(0.1, **TLS),  # type: ignore[arg-type]
    "icmp": IcmpFacts(3, 3, 0, 0.0, 0.1, 0.2, 0.3, 0.01, 64, 4.4, 0.0, ""),
    "sip": SipFacts("tls", 0, 200, 1, 0.2, "x", **ENDS),  # type: ignore[arg-type]
    "h323": H323Facts(0.1, "status"),
    "dns": DnsFacts("tls", 0, 0, 0, 1, 0, 0, 2_026_112_401, 0.1, ("x",), **ENDS),  # type: ignore[arg-type]
}


def shown(reason: ReasonCode = Reason.OK, facts: Facts | None = None) -> ExposedRun:
    result = ProbeResult.of(reason, 0.5, facts, "\x1b[31mred")
    return ExposedRun(ProbeResult(result.verdict, reason, 0.5, facts, "127.0.0.1", detail=result.detail), 5.0, 0.25)


@pytest.mark.parametrize("probe", sorted(FACTS))
def test_a_whole_run_shows_every_family_in_both_formats(probe: str) -> None:
    whole = shown(facts=FACTS[probe])
    names = [gauge.name for gauge in (*COMMON, *PROBES[probe].declaration.gauges)]
    classic = read_classic(render(probe, whole, openmetrics=False).decode())
    openmetrics = read_openmetrics(render(probe, whole, openmetrics=True).decode())  # type: ignore[no-untyped-call]
    assert [family.name for family in classic] == names
    assert [family.name.removesuffix("_info") for family in openmetrics] == [n.removesuffix("_info") for n in names]


@pytest.mark.parametrize("probe", ["http", "tcp", "sip", "dns"])
def test_the_presented_chain_and_the_verified_one_are_told_apart(probe: str) -> None:
    lines = render(probe, shown(facts=FACTS[probe]), openmetrics=False).decode().splitlines()
    assert "probe_ssl_earliest_cert_expiry 1.9e+09" in lines
    assert "probe_ssl_last_chain_expiry_timestamp_seconds 2e+09" in lines


def test_a_run_without_facts_shows_what_is_common() -> None:
    families = list(read_classic(render("http", shown(Reason.NAME_NOT_FOUND), openmetrics=False).decode()))
    assert [family.name for family in families] == [gauge.name for gauge in COMMON]
    assert families[0].samples[0].value == 0.0


def test_what_was_not_announced_is_minus_one_and_versions_are_go_s() -> None:
    lines = render("http", shown(facts=FACTS["http"]), openmetrics=False).decode().splitlines()
    assert "probe_http_content_length -1.0" in lines
    assert 'probe_tls_version_info{version="TLS 1.3"} 1.0' in lines
    assert 'probe_http_duration_seconds{phase="tls"} 0.1' in lines


def test_the_hash_of_an_address_is_blackbox_exporters() -> None:
    assert [address_hash(""), address_hash("127.0.0.1")] == [0.0, 3668918509.0]


def test_every_name_stands_on_its_page_and_none_that_is_left_out_is_shown() -> None:
    pages = [
        PAGE,
        *PAGE.parent.glob("probes/*.md"),
    ]  # a protocol that blackbox_exporter lacks has its rows on its own page
    lines = "\n".join(page.read_text(encoding="utf-8") for page in pages)
    rows = re.findall(r"^\| ([a-z0-9, ]+) \| `(probe_\w+)` \| (.+) \|$", lines, re.MULTILINE)
    documented = {
        (probe, name) for probes, name, text in rows if not text.startswith("left out") for probe in probes.split(", ")
    }
    shows = {("all", gauge.name) for gauge in COMMON} | {
        (probe, gauge.name) for probe, spec in PROBES.items() for gauge in spec.declaration.gauges
    }
    assert documented == shows


def test_the_debug_page_shows_no_secret_and_no_control_character() -> None:
    options = HttpOptions(basic_auth=BasicAuth("u", Secret("hunter2", "file /x")), bearer=None)
    policy = Policy(60_000, 5_000, 5_000, 3, 1, 5_000)
    target = Target("s/web", "", "s", "", Role.PORTAL, "web", "http", "http://h.example/", options, policy)
    page = debug_page(target, shown(HttpReason.BAD_STATUS, FACTS["http"]), "")
    assert "hunter2" not in page
    assert "\x1b" not in page
    assert "  password: <secret from file /x>" in page
    assert page.index("Logs for") < page.index("\nprobe_success 0.0\n") < page.index("Module configuration")
