"""Options of a blackbox.yml by themselves: what each becomes, and what is said of it. tests/peers asks the real one."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from agent.inventory.blackbox.dialogue import filled
from agent.inventory.blackbox.http import size
from agent.inventory.blackbox.module import milliseconds, whole
from agent.inventory.blackbox.translate import translate
from agent.inventory.messages.blackbox import BLACKBOX_MESSAGES

ALWAYS: dict[str, dict[str, Any]] = {
    "http": {"body_size_limit": 64 * 1024 * 1024},
    "tcp": {},
    "icmp": {"packets": 1, "size": 28},
    "dns": {"query_type": "ANY", "min_answers": 0, "udp_payload": 0},
}
SILENT: dict[str, dict[str, Any]] = {
    "http": {"body_size_limit": "64MiB", "follow_redirects": False},
    "dns": {"transport_protocol": "tcp"},
}
KEPT: dict[str, dict[str, Any]] = {"http": {"follow_redirects": False}, "dns": {"transport": "tcp"}}

# prober, its options, what becomes of them, what is said. Options of SILENT are given too where nothing else is said.
Row = tuple[str, dict[str, Any], dict[str, Any] | None, list[str]]
ROWS: list[Row] = [
    ("http", {"valid_status_codes": [999, "200"]}, {"status": [999, 200]}, []),
    ("http", {"valid_status_codes": [200, 1000]}, {"status": [200]}, ["never"]),
    ("http", {"valid_status_codes": []}, {}, []),
    ("http", {"valid_status_codes": ["2xx"]}, None, ["refused"]),
    ("http", {"valid_http_versions": ["HTTP/2"]}, {"http_versions": ["HTTP/2"]}, ["version"]),
    ("http", {"valid_http_versions": ["HTTP/1.1", "HTTP/2"]}, {"http_versions": ["HTTP/1.1"]}, ["version"]),
    ("http", {"method": "post"}, {"method": "post"}, ["method"]),
    ("http", {"compression": "GZIP"}, {"compression": "gzip"}, ["compression"]),
    ("http", {"compression": "identity"}, {}, []),
    ("http", {"compression": "gzip", "headers": {"Accept-Encoding": "gzip"}},
     {"compression": "gzip", "headers": {"Accept-Encoding": "gzip"}}, ["compression"]),
    ("http", {"headers": {"Host": "a.example"}},
     {"headers": {"Host": "a.example"}, "tls_config": {"server_name": "a.example"}}, []),
    ("http", {"headers": {"host": "A.example:8443"}},
     {"headers": {"host": "A.example:8443"}, "tls_config": {"server_name": "a.example"}}, ["host_port"]),
    ("http", {"headers": {"Host": "a.example"}, "tls_config": {"server_name": "b.example"}},
     {"headers": {"Host": "a.example"}, "tls_config": {"server_name": "b.example"}}, []),
    ("http", {"headers": {"Connection": "close", "X": "y", "Host": ""}, "http_headers": {"TE": {"values": ["a"]}}},
     {"headers": {"X": "y"}}, ["connection", "connection"]),
    ("http", {"headers": {"X-Number": 5, "X-Flag": True, "Content-Length": "5"}},
     {"headers": {"X-Number": "5", "X-Flag": "true"}}, ["unsent"]),
    ("http", {"body": "a", "body_file": "/b"}, None, ["refused"]),
    ("http", {"body_file": "/b", "body": "a"}, None, ["refused"]),
    ("http", {"headers": {"X-A": "1"}, "http_headers": {"X-A": {"values": ["2", 3]}}},
     {"headers": {"X-A": ["1", "2", "3"]}}, []),
    ("http", {"no_follow_redirects": True}, {"follow_redirects": False}, []),
    ("http", {"fail_if_ssl": "yes"}, {"tls": "forbidden"}, []),
    ("http", {"fail_if_ssl": True, "fail_if_not_ssl": "on"}, {"tls": "required"}, ["never"]),
    ("http", {"fail_if_ssl": "maybe"}, None, ["refused"]),
    ("http", {"headers": {"X": ["a"]}}, None, ["refused"]),
    ("http", {"headers": "X: a"}, None, ["refused"]),
    ("http", {"tls_config": {"ca_file": ["a"]}}, None, ["refused"]),
    ("http", {"valid_status_codes": {"a": 1}}, None, ["refused"]),
    ("http", {"fail_if_body_matches_regexp": [["a"]]}, None, ["refused"]),
    ("http", {"fail_if_header_matches": {"header": "x"}}, None, ["refused"]),
    ("tcp", {"query_response": {"send": "a"}}, None, ["refused"]),
    ("dns", {"query_name": ["a"]}, None, ["refused"]),
    ("http", {"authorization": {"type": "Token", "credentials_file": "/t"}},
     {"authorization": {"type": "Token", "credentials": {"file": "/t"}}}, ["file_once"]),
    ("http", {"authorization": {"credentials_file": "/t"}}, {"bearer": {"file": "/t"}}, ["file_once"]),
    ("http", {"authorization": {"type": "basic", "credentials_file": "/t"}}, None, ["refused"]),
    ("http", {"body_size_limit": "1.5KB"}, {"body_size_limit": 1536}, []),
    ("http", {"body_size_limit": "10mb"}, None, ["refused"]),
    ("http", {"tls_config": {"min_version": "TLS13", "insecure_skip_verify": True, "ca_file": "/c"}},
     {"tls_config": {"min_version": "TLS13", "verify": False, "ca_file": "/c"}}, ["ca_unread"]),
    ("http", {"tls_config": {"max_version": "1.2"}}, None, ["refused"]),
    ("http", {"fail_if_header_matches": [{"header": "X"}]}, None, ["refused"]),
    ("tcp", {"query_response": [{"expect": "", "starttls": False}, {}, {"send": ""}]},
     {"dialogue": [{"expect": ""}]}, []),
    ("tcp", {"query_response": [{"send": 5}, {"send": r"a\1 $1"}]},
     {"dialogue": [{"send": "5"}, {"send": r"a\\1 $1"}]}, []),
    ("tcp", {"query_response": [{"send": "\udcd2"}]}, None, ["binary"]),
    ("tcp", {"tls": "yes", "source_ip_address": ""}, {"tls": True}, []),
    ("icmp", {"payload_size": 0}, {"size": 28}, []),
    ("icmp", {"payload_size": "0x40"}, {"size": 64}, []),
    ("icmp", {"payload_size": 8}, {"size": 16}, ["payload"]),
    ("icmp", {"dont_fragment": True, "ttl": 0}, {"dont_fragment": True}, ["dont_fragment"]),
    ("dns", {"query_name": "a", "validate_answer_rrs": {"fail_if_all_match_regexp": ["x"]}, "query_type": "A"},
     {"query_name": "a", "query_type": "A", "answer": {"all_match_or_empty": ["x"]}}, ["all_match"]),
    ("dns", {"query_name": "a", "query_type": "DS", "validate_answer_rrs": {"fail_if_matches_regexp": ["x"]}},
     {"query_name": "a", "query_type": "DS", "answer": {"none_matches": ["x"]}}, ["record_text"]),
    ("tcp", {"source_ip_address": "127.0.0.5"}, {"source": "127.0.0.5"}, ["source"]),
    ("tcp", {"source_ip_address": "::1"}, {"source": "::1"}, []),
    ("dns", {"query_name": "a", "valid_rcodes": []}, {"query_name": "a"}, ["never"]),
    ("dns", {"query_name": "a", "valid_rcodes": None}, {"query_name": "a"}, []),
    (
        "dns",
        {"query_name": "a", "valid_rcodes": ["NOTIMPL", "BADSIG"]},
        {"query_name": "a", "rcodes": ["NOTIMP", "BADVERS"]},
        [],
    ),
    ("dns", {"query_name": "a", "valid_rcodes": ["noerror"]}, {"query_name": "a", "rcodes": ["noerror"]}, ["never"]),
    ("dns", {"query_name": "a", "transport_protocol": "tls"}, {"query_name": "a", "transport": "tls"}, ["never"]),
    ("dns", {"query_name": "a", "dns_over_tls": "true"}, {"query_name": "a", "transport": "tls"}, []),
    ("dns", {"query_name": "a", "recursion_desired": "off"}, {"query_name": "a", "recursion": False}, []),
]  # fmt: skip


@pytest.mark.parametrize(("prober", "options", "becomes", "said"), ROWS, ids=lambda value: str(value)[:60])
def test_an_option_keeps_its_meaning_or_is_named(
    prober: str, options: dict[str, Any], becomes: dict[str, Any] | None, said: list[str]
) -> None:
    given = SILENT.get(prober, {}) | options
    modules, notes = translate({"modules": {"m": {"prober": prober, "timeout": "5s", prober: given}}})
    whole_module = {"probe": prober, "timeout": "5s", "family": "prefer_ip6", **ALWAYS[prober], **KEPT.get(prober, {})}
    assert modules.get("m") == (None if becomes is None else whole_module | becomes)
    always = ["dns_answer"] if prober == "dns" and becomes is not None else []
    assert [note.message.removeprefix("blackbox_") for note in notes if note.message != "blackbox_dns_answer"] == said
    assert [note.message.removeprefix("blackbox_") for note in notes if note.message == "blackbox_dns_answer"] == always


@pytest.mark.parametrize(
    ("http", "said"),
    [
        ({}, ["size", "redirects"]),
        ({"basic_auth": {"username": "u", "password_file": "/p"}}, ["file_once", "size", "redirects", "credentials"]),
        ({"http_headers": {"X": {"files": ["/p"]}}}, ["file_once", "size", "redirects", "credentials"]),
        ({"body": "x"}, ["size", "redirects", "body_redirected"]),
        ({"valid_status_codes": [200, 302]}, ["size", "redirects", "redirect_status"]),
        ({"headers": {"Host": "a"}}, ["size", "host", "redirects"]),
        ({"headers": {"X": "a"}, "body_size_limit": "1MB", "follow_redirects": False}, []),
    ],
)
def test_what_redirects_and_bodies_do_otherwise_is_named(http: dict[str, Any], said: list[str]) -> None:
    _, notes = translate({"modules": {"m": {"prober": "http", "timeout": "5s", "http": http}}})
    assert [note.message.removeprefix("blackbox_") for note in notes] == said


# template, expect, what it is here: as Regexp.Expand of Go fills it
TEMPLATES = [
    ("PONG ${1}", "PING :([^ ]+)", r"PONG \1"),
    ("PONG $1", None, "PONG $1"),
    ("$$5 $", "x", "$5 $"),
    ("${name}-$name", "(?P<name>x)", r"\1-\1"),
    ("${none}$none|", "(x)", "|"),
    ("$1abc|${1}abc", "(x)", r"|\1abc"),
    ("$0 ${0} $00 $01", "x", r"\0 \0  "),
    ("${10}${11}", "(a)" * 10, r"\g<10>"),
    ("$1_", "(?P<a>x)", ""),
    ("${1", "(x)", "${1"),
    ("${}", "(x)", "${}"),
    ("$-1", "(x)", "$-1"),
    ("$é", "(x)", ""),
    (r"a\1\\b", "(x)", r"a\\1\\\\b"),
    (r"\${1}", "(x)", r"\\\1"),
    ("$1", "(", ""),
]


@pytest.mark.parametrize(("template", "expect", "ours"), TEMPLATES)
def test_a_template_is_read_as_go_expands_it(template: str, expect: str | None, ours: str) -> None:
    assert filled(template, expect) == ours


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("1m30s", 90_000), ("1.5s", 1500), (".5s", 500), ("5.s", 5000),
        ("100us", Fraction(1, 10)), ("0", 0), ("-1s", -1000),
        ("+2h", 7_200_000), ("1\u00b5s", Fraction(1, 1000)), ("5", None), ("5 s", None),
        ("1d", None), ("", None), ("s", None),
    ],
)  # fmt: skip
def test_durations_are_go_s(written: str, length: Fraction | int | None) -> None:
    assert milliseconds(written) == length


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("017", 15), ("0o17", 15), ("0x1F", 31), ("1_000", 1000), ("-5", -5), ("5.5", 5), ("2e2", 200), ("x", None),
        (7, 7), (None, 0), ("0", 0),
    ],
)  # fmt: skip
def test_integers_are_go_s(written: object, number: int | None) -> None:
    assert whole(written) == number


@pytest.mark.parametrize(
    ("written", "count"),
    [("10MB", 10 * 1024**2), ("1.5KiB", 1536), ("1MiB512KB", 1536 * 1024), ("7B", 7), ("0", 0),
     ("-1B", 0), ("5", None), ("1mb", None)],
)  # fmt: skip
def test_sizes_are_those_of_alecthomas_units(written: str, count: int | None) -> None:
    assert size(written) == count


@pytest.mark.parametrize(
    ("timeout", "ours", "said"),
    [("1m30s", "90s", []), ("1500ms", "1500ms", []), ("0s", None, ["timeout"]), (5, None, ["refused"])],
)
def test_timeouts(timeout: object, ours: str | None, said: list[str]) -> None:
    modules, notes = translate({"modules": {"m": {"prober": "tcp", "timeout": timeout}}})
    assert modules.get("m", {}).get("timeout") == ours
    assert [note.message.removeprefix("blackbox_") for note in notes] == said


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ({"prober": "tcp", "timeout": "1s", "http": {"method": "GET"}}, ["other_prober"]),
        ({"prober": "tcp", "timeout": "1s", "timeuot": "2s"}, ["unknown"]),
        ({"prober": "tcp", "timeout": "1s", "tcp": []}, ["refused"]),
        ([], ["form"]),
        ({"timeout": "1s"}, ["prober"]),
    ],
)
def test_what_a_module_itself_says(module: object, said: list[str]) -> None:
    assert [note.message.removeprefix("blackbox_") for note in translate({"modules": {"m": module}})[1]] == said


@pytest.mark.parametrize(
    ("name", "taken"),
    [("dns_portal.test", True), ("HTTP_2XX", True), ("a", True),
     ("http 2xx", False), ("đo", False), ("a/b", False), ("", False)],
)  # fmt: skip
def test_names(name: str, taken: bool) -> None:
    modules, notes = translate({"modules": {name: {"prober": "tcp", "timeout": "1s"}}})
    assert (name in modules, [note.message for note in notes]) == (taken, [] if taken else ["blackbox_name"])


@pytest.mark.parametrize(
    ("header", "secret"),
    [
        ("Authorization", True), ("X-Api-Key", True), ("apikey", True), ("PRIVATE-TOKEN", True),
        ("X-Amz-Security-Token", True),
        ("Cookie", True), ("X-Session-Id", True), ("X_Secret", True), ("X-Author", False), ("Accept", False),
        ("Idempotency-Key", False), ("X-Tokens-Left", False), ("Host", False),
    ],
)  # fmt: skip
def test_headers_that_look_like_secrets_are_treated_so(header: str, secret: bool) -> None:
    http = {"headers": {header: "x"}, **SILENT["http"]}
    _, notes = translate({"modules": {"m": {"prober": "http", "timeout": "1s", "http": http}}})
    assert [note.message for note in notes] == (["blackbox_secret"] if secret else [])


def test_every_sentence_stands_in_two_languages() -> None:
    assert all(all(all(sentence) for sentence in pair) and pair[0] != pair[1] for pair in BLACKBOX_MESSAGES.values())
