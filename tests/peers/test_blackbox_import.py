"""A blackbox.yml taken over by the command, and a real blackbox_exporter with the same file: asked the same questions.

Each row says what both must say; where they differ knowingly, it names the difference that the import told.
"""

from __future__ import annotations

import asyncio
import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import free_port
from tests.conformance.blackbox_rows import DIALOGUES, MODULES, PAGES, RECORDS, SECRET, Dialogue, Page, answer
from tests.conformance.told import Told, lines, pages, records
from tests.peers.blackbox import blackbox, probe
from tests.peers.test_blackbox import figures
from tests.pki import HOST, pki

pytestmark = pytest.mark.peers


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
    assert one.regex in (None, ours["probe_failed_due_to_regex"])


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


@pytest.mark.parametrize(
    ("name", "file"), [("missing_password", "/nonexistent/p"), ("missing_authority", "/nonexistent/ca.pem")]
)
async def test_what_is_missing_fails_its_module_alone(name: str, file: str, both: Both) -> None:
    assert [line for line in both.said.splitlines() if f"modules.{name}." in line and file in line]
    async with pages({b"/": answer()}) as told:
        theirs, ours = await both.ask(f"http://127.0.0.1:{told.port}/", name)
    assert (theirs["probe_success"], ours["probe_success"], told.heard) == (0, 0, [])


def test_no_secret_left_its_file(both: Both) -> None:
    assert SECRET not in both.said
    assert base64.b64encode(SECRET.encode()).decode() not in both.said
