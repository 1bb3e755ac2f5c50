from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from agent.errors import ConfigError
from agent.inventory.blackbox.translate import RULES, translate
from agent.inventory.importing.proposal import write
from agent.inventory.importing.propose_blackbox import propose_blackbox
from agent.inventory.load import load
from agent.inventory.sources.files import Files, read_document
from agent.probes.registry import PROBES

DATA = Path(__file__).parents[3] / "data" / "blackbox"
EVERY, SECRET = DATA / "every-option.yml", DATA / "every-secret.yml"
EVERY_MODULE = ["web", "web_more", "mail", "ping", "name", "zone", "update"]
ASKED = {
    "probe": "dns",
    "timeout": "5s",
    "family": "prefer_ip6",
    "query_name": "a.example",
    "query_type": "ANY",
    "min_answers": 0,
    "udp_payload": 0,
}
UNLIMITED = 64 * 1024 * 1024
MAIN = """
organisation: {name: Huyện A, language: vi}
levels: [{id: district, name: {vi: Huyện}}]
units: [{id: a, name: A, level: district}]
sites: [{id: dc, name: DC, unit: a}]
modules: {p: {probe: icmp}}
targets: [{id: dc/ping, name: Ping, role: device, module: p, address: 192.0.2.1}]
include: [sites.d/*.yml]
"""


def document(file: Path) -> Any:
    source, findings = read_document(Files(), file)
    assert (source is not None, findings) == (True, [])
    return source.data() if source else None


@pytest.fixture
def config(tmp_path: Path) -> Path:
    main = tmp_path / "sansang.yml"
    main.write_text(MAIN, encoding="utf-8")
    return main


def test_every_option_has_its_counterpart_or_its_sentence() -> None:
    modules, notes = translate(document(EVERY))
    assert modules == {
        "web": {
            "probe": "http",
            "timeout": "7s",
            "family": "ip4",
            "status": [200, 302],
            "http_versions": ["HTTP/1.1", "HTTP/2.0"],
            "method": "POST",
            "headers": {"Accept-Language": "vi", "X-Office": ["old", "an-loc"]},
            "body_size_limit": 10 * 1024 * 1024,
            "compression": "gzip",
            "follow_redirects": False,
            "tls": "required",
            "body_not_matches": ["Bảo trì"],
            "body_matches": ["Đăng nhập"],
            "header_not_matches": [{"header": "Server", "regexp": "old", "allow_missing": True}],
            "header_matches": [{"header": "Content-Type", "regexp": "html"}],
            "tls_config": {
                "server_name": "motcua.example",
                "verify": False,
                "min_version": "TLS12",
                "max_version": "TLS13",
            },
            "proxy": {"url": "http://192.0.2.9:3128", "no_proxy": ["192.0.2.0/24", "example.vn"]},
            "http2": "off",
            "source": "192.0.2.2",
            "body": '{"a": 1}',
        },
        "web_more": {
            "probe": "http",
            "family": "prefer_ip6",
            "body_size_limit": UNLIMITED,
            "follow_redirects": True,
        },
        "mail": {
            "probe": "tcp",
            "timeout": "5s",
            "family": "prefer_ip6",
            "source": "192.0.2.2",
            "tls": False,
            "dialogue": [
                {"expect": "^220 ([^ ]+)", "send": r"EHLO \1"},
                {"expect_bytes": "250"},
                {"send": "STARTTLS"},
                {"expect": "^220"},
                {"starttls": True},
            ],
            "tls_config": {"server_name": "mail.example"},
        },
        "ping": {
            "probe": "icmp",
            "timeout": "2s",
            "family": "prefer_ip4",
            "packets": 1,
            "source": "192.0.2.2",
            "dont_fragment": True,
            "size": 128,
            "ttl": 9,
        },
        "name": ASKED,
        "zone": {
            "probe": "dns",
            "timeout": "5s",
            "family": "prefer_ip4",
            "query_name": "xa-a.example",
            "query_type": "SOA",
            "min_answers": 0,
            "udp_payload": 0,
            "source": "192.0.2.2",
            "transport": "tls",
            "tls_config": {"server_name": "ns.example"},
            "query_class": "CH",
            "recursion": False,
            "rcodes": ["NOERROR", "NXDOMAIN"],
            "answer": {"none_matches": ["a"], "all_match_or_empty": ["b"], "all_match": ["c"], "any_matches": ["d"]},
            "authority": {"none_matches": ["e"]},
            "additional": {"none_matches": ["f"]},
        },
        "update": ASKED,
    }
    assert [(".".join(map(str, note.trail)), note.message.removeprefix("blackbox_")) for note in notes] == [
        ("modules.web.http.compression", "compression"),
        ("modules.web.http.fail_if_body_json_matches_cel", "cel"),
        ("modules.web.http.fail_if_body_json_not_matches_cel", "cel"),
        ("modules.web.http.skip_resolve_phase_with_proxy", "proxy_resolves"),
        ("modules.web_more", "timeout"),
        ("modules.web_more.http.body_size_limit", "size"),
        ("modules.web_more.http.basic_auth.username_file", "username_file"),
        ("modules.web_more.http.basic_auth", "no_password"),
        ("modules.web_more.http.authorization", "authorization"),
        ("modules.web_more.http.proxy_from_environment", "proxy_environment"),
        ("modules.web_more.http.oauth2", "oauth2"),
        ("modules.web_more.http.enable_http3", "http3"),
        ("modules.web_more.http.tls_config.ca", "inline"),
        ("modules.web_more.http.fail_if_everything", "unknown"),
        ("modules.web_more.http", "redirects"),
        ("modules.mail.tcp.query_response.0.labels", "labels"),
        ("modules.mail.tcp.query_response.0.expect", "expect"),
        ("modules.mail.tcp.query_response.1.expect_bytes", "expect_bytes"),
        ("modules.mail.tcp.query_response.4.starttls", "starttls"),
        ("modules.mail.tcp.source_ip_address", "source"),
        ("modules.ping.icmp.dont_fragment", "dont_fragment"),
        ("modules.name.dns", "dns_answer"),
        ("modules.name.dns", "truncated"),
        ("modules.zone.dns.validate_answer_rrs.fail_if_all_match_regexp", "all_match"),
        ("modules.zone.dns.validate_additional_rrs.fail_if_odd", "unknown"),
        ("modules.zone.dns", "dns_answer"),
        ("modules.update.dns.query_class", "query_class"),
        ("modules.update.dns", "dns_answer"),
        ("modules.update.dns", "truncated"),
        ("modules.grpc.prober", "prober"),
        ("modules.socket.prober", "prober"),
        ("modules.chat.prober", "prober"),
    ]


def test_the_samples_hold_every_option_that_has_a_rule() -> None:
    given = {prober: set[str]() for prober in RULES}
    for file in (EVERY, SECRET):
        for module in document(file)["modules"].values():
            if module["prober"] in given:
                given[module["prober"]] |= set(module.get(module["prober"], {}))
    missing = {prober: set(rules) - given[prober] for prober, rules in RULES.items()}
    files = {"bearer_token_file", "body_file"}  # these want a file that is there
    assert missing == {
        "http": files,
        "tcp": {"preferred_ip_protocol", "ip_protocol_fallback"},
        "icmp": {"ip_protocol_fallback"},
        "dns": set(),
    }


def test_what_is_written_is_a_configuration_that_loads(config: Path) -> None:
    proposal = propose_blackbox(config, EVERY, PROBES)
    assert proposal.target == config.parent / "sites.d" / "every-option.yml"
    assert [row["id"] for row in proposal.changes["modules"].added] == EVERY_MODULE
    assert len(proposal.notes) == 32
    assert "không dùng biểu thức CEL" in str(proposal.notes[1])
    write(proposal)
    inventory = load(config, PROBES)
    assert sorted(inventory.modules) == sorted([*EVERY_MODULE, "p"])
    assert not propose_blackbox(config, EVERY, PROBES)


def test_secrets_in_clear_are_refused_each_at_its_place_and_shown_nowhere(config: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        propose_blackbox(config, SECRET, PROBES, "en")
    said = [str(fault) for fault in caught.value.faults]
    assert [fault.path.removeprefix("modules.web.http.") for fault in caught.value.faults] == [
        "headers.Authorization",
        "http_headers.X-Key.secrets",
        "http_headers.Cookie.values",
        "basic_auth.password",
        "authorization.credentials",
        "bearer_token",
        "proxy_url",
        "proxy_connect_header.Proxy-Authorization",
        "tls_config.key",
    ]
    assert not [line for line in said if "bi-mat" in line]
    assert all("put it into a file of its own (chmod 600)" in line for line in said)


def test_secrets_in_files_stay_in_their_files(config: Path) -> None:
    secret = config.parent / "token"
    secret.write_text("bi-mat", encoding="ascii")
    secret.chmod(0o600)
    file = config.parent / "bb.yml"
    http = f"http: {{authorization: {{credentials_file: {secret}}}, body_file: {secret}}}"
    auth = f"http: {{basic_auth: {{username: canbo, password_file: {secret}}}}}"
    header = f"http: {{http_headers: {{X-Key: {{files: [{secret}]}}}}, bearer_token_file: {secret}}}"
    rows = "".join(f"  m{n}: {{prober: http, timeout: 5s, {each}}}\n" for n, each in enumerate((http, auth, header)))
    file.write_text(f"modules:\n{rows}", encoding="utf-8")
    text = propose_blackbox(config, file, PROBES).text
    assert "bi-mat" not in text
    assert text.count(f'{{"file": "{secret}"}}') == 5


@pytest.mark.parametrize("text", ["modules: {}\n", "a: 1\n", "[]\n", "modules: {a: 1}\n"])
def test_a_file_without_modules_is_refused_or_said(config: Path, text: str) -> None:
    file = config.parent / "bb.yml"
    file.write_text(text, encoding="utf-8")
    modules, notes = translate(document(file))
    assert modules == {}
    assert notes[-1].message in ("blackbox_empty", "blackbox_form")
