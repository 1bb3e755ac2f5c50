"""Modules of blackbox_exporter and questions to each: the verdict that both monitors give, or each its own.

tests/conformance asks the probes, with what the import makes of the modules; tests/peers asks a blackbox_exporter too.
"""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from typing import Any

from tests.pki import HOST, pki

SECRET = "bi-mat"
IP4 = {"preferred_ip_protocol": "ip4"}


def http(**options: Any) -> dict[str, Any]:
    return {"prober": "http", "timeout": "5s", "http": IP4 | options}


def tcp(*steps: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {"prober": "tcp", "timeout": "5s", "tcp": IP4 | options | {"query_response": list(steps)}}


def dns(**options: Any) -> dict[str, Any]:
    return {"prober": "dns", "timeout": "5s", "dns": IP4 | {"query_name": "a.test", "query_type": "A"} | options}


def answer(status: str = "200 OK", body: bytes = b"hello", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


# --- dialogues: name, steps, greeting, whether the server ends after it, what both say, the regex metric of both
GREETING = b"220 mail.test ESMTP (42) \xff x\r\n"
EXPECT = r"^220 ([^ ]+) (?P<kind>\w+) \((4)(2)\) (.)(none)?"
TEMPLATES = [
    "plain", "EHLO ${1}", "$1|", "$$1|$$", "100$ $", "${kind}$kind|", "$1abc|${1}abc", "${10}${7}|", "$0", "${kind",
    "${}", "$-1", r"a\1\\b\n", "${none}${6}", "$3$4${3}${4}", "${5}|", "${ kind }", "$kindé", "$01|${001}", "\t\r",
]  # fmt: skip
FILLED = {f"filled_{n}": tcp({"expect": EXPECT, "send": text}, {"send": "QUIT"}) for n, text in enumerate(TEMPLATES)}
UNFILLED = {
    f"unfilled_{n}": tcp({"expect": EXPECT}, {"send": text}, {"send": "QUIT"}) for n, text in enumerate(TEMPLATES)
}
STARTTLS: list[dict[str, Any]] = [{"expect": "^220"}, {"send": "STARTTLS\r"}, {"expect": "^220 go"}, {"starttls": True}]


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A module, what the server says, and what both must: the verdict, and whether a pattern failed it."""

    module: str
    greeting: bytes
    end: bool
    success: float
    regex: float
    ours: float | None = None  # where our verdict differs knowingly


DIALOGUES = [
    *(Dialogue(name, GREETING, False, 1, 0) for name in (*FILLED, *UNFILLED)),
    Dialogue("refused_starttls", b"220 hi\n454 no TLS here\n", True, 0, 1),
    Dialogue("unanswered_starttls", b"220 hi\n454 no TLS here\n", False, 0, 0),
    Dialogue("refused_starttls", b"", True, 0, 1),
    Dialogue("refused_starttls", b"550 go away\n", True, 0, 1),
    Dialogue("any_byte", b"a\xe1\xbbb\r\n", True, 1, 0),
    Dialogue("any_byte", b"a\xe1b\r\n", True, 0, 1),
    Dialogue("end_of_text", b"ready\r\r\n", True, 0, 1),
    Dialogue("end_of_text", b"ready\r\n", True, 1, 0),
    Dialogue("end_of_text", b"ready", True, 1, 0),
    Dialogue("long_line", b"x" * 5000 + b" end\n", True, 1, 0, ours=0),
]
TCP = {
    **FILLED,
    **UNFILLED,
    "refused_starttls": tcp(*STARTTLS),
    "unanswered_starttls": tcp(*STARTTLS) | {"timeout": "500ms"},
    "any_byte": tcp({"expect": "^a..b$"}),
    "end_of_text": tcp({"expect": r"ready\z"}),
    "long_line": tcp({"expect": " end$"}),
}


# --- pages: name, module, answer by path, what both say; what our import tells where we differ
@dataclass(frozen=True, slots=True)
class Page:
    """A module and the answers of a server; whether both sent the same lines of these headers."""

    module: str
    answers: dict[bytes, bytes]
    success: float
    ours: float | None = None
    path: str = "/"
    sent: tuple[bytes, ...] = ()
    regex: float | None = None  # probe_failed_due_to_regex of both


GZIP = gzip.compress(b"hello xin ch\xc3\xa0o")
REDIRECTS = {f"/{n}".encode(): answer("302 Found", Location=f"/{n + 1}") for n in range(20)}
HTTP = {
    "plain": http(),
    "unlimited": http(fail_if_body_not_matches_regexp=["hello$"]),
    "of_the_connection": http(headers={"Connection": "close", "TE": "trailers", "Host": ""}),
    "limited": http(body_size_limit="1KB"),
    "limited_matched": http(body_size_limit="1KB", fail_if_body_not_matches_regexp=["hello"]),
    "limited_forbidden": http(body_size_limit="1KB", fail_if_body_matches_regexp=["Error"]),
    "matched_1.0": http(valid_http_versions=["HTTP/1.0"], fail_if_body_not_matches_regexp=["hello$"]),
    "matched_tls": http(fail_if_not_ssl=True, fail_if_header_not_matches=[{"header": "x-a", "regexp": "b"}]),
    "status_999": http(valid_status_codes=[999]),
    "version_2": http(valid_http_versions=["HTTP/2"]),
    "version_11": http(valid_http_versions=["HTTP/1.1", "HTTP/2.0"]),
    "gzip_asked": http(
        compression="gzip", headers={"Accept-Encoding": "gzip"}, fail_if_body_not_matches_regexp=["xin"]
    ),
    "gzip_weighed": http(compression="gzip", headers={"Accept-Encoding": "br, gzip;q=0.5"}),
    "encoding_alone": http(headers={"Accept-Encoding": "gzip"}, fail_if_body_matches_regexp=["xin"]),
    "token": http(authorization={"type": "Token", "credentials": SECRET}),
    "bearer": http(authorization={"credentials": SECRET}),
    "bearer_old": http(bearer_token=SECRET),
    "basic": http(basic_auth={"username": "cán bộ", "password": SECRET}),
    "host": http(headers={"Host": "portal.test"}),
    "headers": http(headers={"X-Number": 1.10, "x-lower": "a", "User-Agent": "u", "Content-Length": "7"}),
    "method_post": http(method="POST", body="a=1"),
    "stays": http(no_follow_redirects=True, valid_status_codes=[302]),
    "stays_too": http(follow_redirects=False),
    "redirect_valid": http(valid_status_codes=[302]),
    "latin": http(fail_if_body_not_matches_regexp=["^caf.$"]),
    "header_missing": http(fail_if_header_not_matches=[{"header": "x-a", "regexp": "b"}]),
    "header_allowed": http(fail_if_header_matches=[{"header": "x-a", "regexp": "b", "allow_missing": True}]),
    "both_ways": http(fail_if_ssl=True, fail_if_not_ssl=True),
}
PAGES = [
    Page("plain", {b"/": answer()}, 1),
    Page("unlimited", {b"/": answer(body=b"x" * 3_000_000 + b"hello")}, 1),
    Page("limited", {b"/": answer(body=b"x" * 1024)}, 1),
    Page("limited", {b"/": answer(body=b"x" * 1025)}, 0),
    Page("status_999", {b"/": answer("999 Odd")}, 1),
    Page("status_999", {b"/": answer()}, 0),
    Page("version_2", {b"/": answer()}, 0),
    Page("version_11", {b"/": answer()}, 1),
    Page("gzip_asked", {b"/": answer(body=GZIP, Content_Encoding="gzip")}, 1, sent=(b"accept-encoding",)),
    Page("gzip_asked", {b"/": answer(body=b"xin")}, 0, ours=1),
    Page("gzip_weighed", {b"/": answer(body=GZIP, Content_Encoding="gzip")}, 1, sent=(b"accept-encoding",)),
    Page("gzip_weighed", {b"/": answer(body=GZIP[:-12], Content_Encoding="gzip")}, 0),
    Page("encoding_alone", {b"/": answer(body=GZIP, Content_Encoding="gzip")}, 1, sent=(b"accept-encoding",)),
    *(Page(name, {b"/": answer()}, 1, sent=(b"authorization",)) for name in ("token", "bearer", "bearer_old", "basic")),
    Page("host", {b"/": answer()}, 1, sent=(b"host",)),
    Page("headers", {b"/": answer()}, 1, sent=(b"x-number", b"x-lower", b"user-agent", b"content-length")),
    Page("of_the_connection", {b"/": answer()}, 1, sent=(b"host",)),
    Page("method_post", {b"/": answer()}, 1, sent=(b"content-length", b"content-type")),
    Page("stays", {b"/": answer("302 Found", Location="/next")}, 1),
    Page("stays_too", {b"/": answer("302 Found", Location="/next"), b"/next": answer()}, 0),
    Page("plain", {b"/": answer("302 Found", Location="/next"), b"/next": answer()}, 1),
    Page("plain", REDIRECTS | {b"/10": answer()}, 1, path="/0"),
    Page("plain", REDIRECTS | {b"/11": answer()}, 0, path="/0"),
    Page("redirect_valid", REDIRECTS, 1, ours=0, path="/0"),
    Page("redirect_valid", {b"/": answer("302 Found")}, 1),
    Page("latin", {b"/": answer(body=b"caf\xe9")}, 1),
    Page("header_missing", {b"/": answer()}, 0),
    Page("header_missing", {b"/": answer(X_A="abc")}, 1),
    Page("header_allowed", {b"/": answer()}, 1),
    Page("header_allowed", {b"/": answer(X_A="abc")}, 0),
    Page("both_ways", {b"/": answer()}, 0),
    Page("limited", {b"/": answer(body=b"hello" * 300)}, 0, regex=0),
    Page("limited_matched", {b"/": answer(body=b"hello" * 300)}, 0, regex=1),
    Page("limited_forbidden", {b"/": answer(body=b"hello" * 300)}, 0, regex=1),
    Page("limited_matched", {b"/": answer("500 Error", body=b"hello" * 300)}, 0, regex=0),
    Page("limited_matched", {b"/": answer(body=b"hello")[:-1]}, 0, regex=1),
    Page("limited", {b"/": answer(body=b"hello")[:-1]}, 0, regex=0),
    Page("limited_matched", {b"/": answer(body=b"hello")[:20]}, 0, regex=0),
    Page("matched_1.0", {b"/": answer(body=b"hello")}, 0, regex=0),
    Page("matched_1.0", {b"/": answer(body=b"hallo")}, 0, regex=1),
    Page("matched_tls", {b"/": answer()}, 0, regex=1),
    Page("matched_tls", {b"/": answer(X_A="b")}, 0, regex=0),
]

# --- records: name, module, records of the answer, what both say
ONE, TWO = "a.test. 300 IN A 127.0.0.1", "a.test. 300 IN A 127.0.0.2"
RULES = {
    "rule_all": {"fail_if_all_match_regexp": [r"127\.0\.0\.1"]},
    "rule_all_of_two": {"fail_if_all_match_regexp": [r"127\.0", r"\tA\t"]},
    "rule_none": {"fail_if_none_matches_regexp": [r"\.9$", r"\.2$"]},
    "rule_not": {"fail_if_not_matches_regexp": ["^a.test.\t300\tIN\tA\t127.0.0.[12]$"]},
    "rule_any": {"fail_if_matches_regexp": [r"\.2$"]},
}
DNS = {
    **{name: dns(validate_answer_rrs=rule) for name, rule in RULES.items()},
    "codes": dns(valid_rcodes=["NXDOMAIN", "NOERROR"]),
    "codes_of_two_names": dns(valid_rcodes=["NOTIMPL", "BADSIG", "NOERROR"]),
    "code_small": dns(valid_rcodes=["noerror"]),
    "code_16": dns(valid_rcodes=["BADVERS", "NOERROR"]),
    "codes_empty": dns(valid_rcodes=[]),
    "codes_null": dns(valid_rcodes=None),
}
RECORDS: list[tuple[str, tuple[str, ...], float, float | None]] = [
    ("rule_all", (ONE,), 1, None),
    ("rule_all", (ONE, TWO), 0, None),
    ("rule_all", (), 1, None),
    ("rule_all_of_two", (ONE, TWO), 1, None),
    ("rule_none", (ONE,), 0, None),
    ("rule_none", (ONE, TWO), 1, None),
    ("rule_none", (), 0, None),
    ("rule_not", (ONE, TWO), 1, None),
    ("rule_not", (), 0, None),
    ("rule_any", (ONE,), 1, None),
    ("rule_any", (ONE, TWO), 0, None),
    ("rule_any", (), 1, None),
    ("codes", (), 1, None),
    ("codes_of_two_names", (), 1, None),
    ("code_small", (ONE,), 0, 1),
    ("code_16", (ONE,), 0, 1),
    ("codes_empty", (ONE,), 0, 1),
    ("codes_null", (ONE,), 1, None),
]
OTHERS = {
    "payload_0": {"prober": "icmp", "timeout": "1s", "icmp": IP4 | {"payload_size": 0}},
    "dns_portal.test": {"prober": "tcp", "timeout": "1s"},
    "HTTP_2XX": http(),
    "http_2xx": http(),
    "missing_password": http(basic_auth={"username": "u", "password_file": "/nonexistent/p"}),
    "missing_authority": http(tls_config={"ca_file": "/nonexistent/ca.pem"}),
    "host_tls": http(headers={"Host": HOST}, tls_config={"ca_file": str(pki().ca_file)}),
}
MODULES: dict[str, Any] = {**TCP, **HTTP, **DNS, **OTHERS}
