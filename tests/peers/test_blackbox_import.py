"""A blackbox.yml taken over by the command, and a real blackbox_exporter with the same file: asked the same questions.

Each row says what both must say; where they differ knowingly, it names the difference that the import told.
"""

from __future__ import annotations

import asyncio
import base64
import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.agent.cli.conftest import free_port
from tests.agent.cli.test_check import running
from tests.peers.blackbox import blackbox, probe
from tests.peers.test_blackbox import figures
from tests.peers.told import Told, lines, pages, records
from tests.pki import HOST, pki

pytestmark = pytest.mark.peers

SECRET = "bi-mat"
IP4 = {"preferred_ip_protocol": "ip4"}


def http(**options: Any) -> dict[str, Any]:
    return {"prober": "http", "timeout": "3s", "http": IP4 | options}


def tcp(*steps: dict[str, Any], **options: Any) -> dict[str, Any]:
    return {"prober": "tcp", "timeout": "1500ms", "tcp": IP4 | options | {"query_response": list(steps)}}


def dns(**options: Any) -> dict[str, Any]:
    return {"prober": "dns", "timeout": "1s", "dns": IP4 | {"query_name": "a.test", "query_type": "A"} | options}


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
    Dialogue("refused_starttls", b"220 hi\n454 no TLS here\n", False, 0, 0),
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


GZIP = gzip.compress(b"hello xin ch\xc3\xa0o")
REDIRECTS = {f"/{n}".encode(): answer("302 Found", Location=f"/{n + 1}") for n in range(20)}
HTTP = {
    "plain": http(),
    "unlimited": http(fail_if_body_not_matches_regexp=["hello$"]),
    "limited": http(body_size_limit="1KB"),
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
    "code_small": dns(valid_rcodes=["noerror"]),
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
    ("code_small", (ONE,), 0, 1),
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


@dataclass(frozen=True, slots=True)
class Both:
    """The ports of both, and what the import said."""

    ours: int
    theirs: int
    said: str

    async def ask(self, target: str, module: str) -> tuple[dict[str, float], dict[str, float]]:
        """Their figures first, then ours."""
        theirs = await asyncio.to_thread(probe, self.theirs, target, module)
        ours = await asyncio.to_thread(probe, self.ours, target, module)
        return figures(theirs), figures(ours)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Both]:
    """One file: blackbox_exporter reads it, `sansang import` takes it over, the agent serves what was written."""
    folder, port = tmp_path_factory.mktemp("taken"), free_port()
    config = folder / "sansang.yml"
    config.write_text(_configuration(folder, port), "utf-8")
    (folder / "sites.d").mkdir()
    with blackbox(folder, MODULES) as theirs:
        said = _import(folder / "blackbox.yml", config, folder / "secrets")
        with running(config, f"http://127.0.0.1:{port}"):
            yield Both(port, theirs, said)


def _configuration(folder: Path, port: int) -> str:
    target = {"id": "s/p", "role": "device", "module": "p", "address": "127.0.0.1", "interval": "1h"}
    return json.dumps(
        {
            "organisation": {"name": "Thử", "language": "en"},
            "levels": [{"id": "l", "name": {"vi": "L", "en": "L"}}],
            "units": [{"id": "u", "name": "U", "level": "l"}],
            "sites": [{"id": "s", "name": "S", "unit": "u"}],
            "modules": {"p": {"probe": "icmp"}},
            "targets": [target],
            "include": ["sites.d/*.yml"],
            "listen": f"127.0.0.1:{port}",
            "storage": {"path": str(folder / "ledger")},
            "probe_endpoint": {"allow": ["127.0.0.0/8"]},
        }
    )


def _import(file: Path, config: Path, secrets: Path) -> str:
    command = [sys.executable, "-m", "agent", "import", "--blackbox", str(file), "--config", str(config)]
    done = subprocess.run(
        [*command, "--apply", "--secrets-to", str(secrets)], capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.parametrize("one", DIALOGUES, ids=lambda one: f"{one.module}-{one.greeting[:20]!r}-{one.end}")
async def test_a_dialogue_says_and_judges_the_same(one: Dialogue, both: Both) -> None:
    async with lines(one.greeting, {b"QUIT\n": b""}, end=one.end) as told:
        theirs, ours = await both.ask(f"127.0.0.1:{told.port}", one.module)
        async with asyncio.timeout(5):
            while len(told.heard) < 2:
                await asyncio.sleep(0.01)
    expected = one.success if one.ours is None else one.ours
    assert (theirs["probe_success"], ours["probe_success"]) == (one.success, expected)
    assert theirs["probe_failed_due_to_regex"] == one.regex
    if one.ours is None:
        assert ours["probe_failed_due_to_regex"] == one.regex
        assert told.heard[1] == told.heard[0]


def _sent(told: Told, names: tuple[bytes, ...]) -> list[list[bytes]]:
    """Of each request the lines with these headers, names in lower case, in order of the alphabet."""
    return [
        sorted(
            name.lower() + b":" + value.strip()
            for name, _, value in (line.partition(b":") for line in head.split(b"\r\n")[1:])
            if name.lower() in names
        )
        for head in told.heard
    ]


@pytest.mark.parametrize(
    "one", PAGES, ids=lambda one: f"{one.module}-{one.success}-{next(iter(one.answers.values()))[9:30]!r}"
)
async def test_a_page_is_asked_for_and_judged_the_same(one: Page, both: Both) -> None:
    async with pages(one.answers) as told:
        theirs, ours = await both.ask(f"http://127.0.0.1:{told.port}{one.path}", one.module)
    expected = one.success if one.ours is None else one.ours
    assert (theirs["probe_success"], ours["probe_success"]) == (one.success, expected)
    if one.sent:
        first, second = _sent(told, one.sent)
        assert second == first
    if one.ours is None:
        assert ours["probe_failed_due_to_regex"] == theirs["probe_failed_due_to_regex"]


@pytest.mark.parametrize(("module", "answer", "success", "ours"), RECORDS, ids=lambda value: str(value)[:30])
async def test_rules_on_records_judge_the_same(
    module: str, answer: tuple[str, ...], success: float, ours: float | None, both: Both
) -> None:
    async with records(*answer) as told:
        theirs, mine = await both.ask(f"127.0.0.1:{told.port}", module)
    assert (theirs["probe_success"], mine["probe_success"]) == (success, success if ours is None else ours)
    assert [len(data) for data in told.heard] == [len(told.heard[0])] * 2  # the same question, without EDNS


async def test_the_host_header_is_the_tls_name(both: Both) -> None:
    async with pages({b"*": answer()}, pki().good.context()) as told:
        theirs, ours = await both.ask(f"https://127.0.0.1:{told.port}/", "host_tls")
    assert (theirs["probe_success"], ours["probe_success"]) == (1, 1)
    assert told.names == [HOST, HOST]


def _redirecting(answers: dict[bytes, bytes], location: str, status: str = "302 Found") -> None:
    answers[b"/"] = answer(status, Location=location, Set_Cookie="door=open; Path=/")


async def test_cookies_go_by_the_name_of_the_host(both: Both) -> None:
    """There the first ones hang on the address, and are lost when a redirect names the host."""
    answers = {b"/in": answer()}
    async with pages(answers) as told:
        for location, theirs_sent in (("/in", 1), (f"http://localhost:{told.port}/in", 0)):
            told.heard.clear()
            _redirecting(answers, location)
            await both.ask(f"http://localhost:{told.port}/", "plain")
            assert [b"door=open" in head for head in told.heard] == [False, bool(theirs_sent), False, True]
    assert "cookies belong to the name of the host" in both.said


@pytest.mark.parametrize("module", ["basic", "token", "bearer"])
async def test_credentials_stay_with_the_first_origin(module: str, both: Both) -> None:
    answers: dict[bytes, bytes] = {}
    async with pages(answers) as told, pages({b"/in": answer()}) as other:
        _redirecting(answers, f"http://127.0.0.1:{other.port}/in")
        await both.ask(f"http://127.0.0.1:{told.port}/", module)
    assert [b"authorization:" in head.lower() for head in told.heard] == [True, True]
    assert [b"authorization:" in head.lower() for head in other.heard] == [True, False]
    assert "not sent once a redirect leaves the first scheme, host or port" in both.said


async def test_a_body_stays_with_the_first_origin(both: Both) -> None:
    answers: dict[bytes, bytes] = {}
    async with pages(answers) as told, pages({b"/in": answer()}) as other:
        _redirecting(answers, f"http://127.0.0.1:{other.port}/in", "307 Temporary Redirect")
        theirs, ours = await both.ask(f"http://127.0.0.1:{told.port}/", "method_post")
    assert (theirs["probe_success"], ours["probe_success"], len(other.heard)) == (1, 0, 1)
    assert "never sent to another origin" in both.said


async def test_the_host_header_after_a_redirect(both: Both) -> None:
    """Relative: kept by both. To the first origin by its whole URL: kept here, replaced there."""
    answers = {b"/in": answer()}
    async with pages(answers) as told:
        for location, theirs_sent in (("/in", True), (f"http://127.0.0.1:{told.port}/in", False)):
            told.heard.clear()
            _redirecting(answers, location)
            await both.ask(f"http://127.0.0.1:{told.port}/", "host")
            assert [b"Host: portal.test" in head for head in told.heard] == [True, theirs_sent, True, True]
    assert "kept on redirects inside the first origin" in both.said


async def test_names_with_dots_and_capitals_and_no_name_at_all(both: Both) -> None:
    async with pages({b"/": answer()}) as told:
        for module in ("HTTP_2XX", "dns_portal.test", ""):
            address = f"127.0.0.1:{told.port}"
            theirs, ours = await both.ask(address, module)
            assert (theirs["probe_success"], ours["probe_success"]) == (1, 1), module


async def test_a_ping_without_payload_size(both: Both) -> None:
    theirs, ours = await both.ask("127.0.0.1", "payload_0")
    assert (theirs["probe_success"], ours["probe_success"]) == (1, 1)


def test_what_is_missing_fails_its_module_alone(both: Both) -> None:
    for name, file in (("missing_password", "/nonexistent/p"), ("missing_authority", "/nonexistent/ca.pem")):
        assert [line for line in both.said.splitlines() if f"modules.{name}." in line and file in line]


def test_no_secret_left_its_file(both: Both) -> None:
    assert SECRET not in both.said
    assert base64.b64encode(SECRET.encode()).decode() not in both.said
