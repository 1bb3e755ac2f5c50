"""A running agent and configurations that it cannot take: each is refused in words, shown, and changes nothing."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import xlsxwriter

from agent.inventory.restart import RESTART_KEYS
from tests.agent.cli.commands.run.test_months import metrics
from tests.agent.cli.commands.test_check import call, running
from tests.agent.cli.conftest import Served, free_port

SUCCESSFUL = "sansang_config_last_reload_successful"
BANNER = {"vi": "Cấu hình trên đĩa bị từ chối", "en": "The configuration on the disk was refused"}
BUGS = 'sansang_internal_errors_total{where="reload"}'


def asked(served: Served, method: str, path: str) -> tuple[int, str]:
    parts = urlsplit(served.address)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def workbook(spoil: Callable[[dict[str, bytes]], None]) -> bytes:
    """A sheet of one site, its parts changed."""
    whole, made = BytesIO(), BytesIO()
    with xlsxwriter.Workbook(whole) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "name", "unit"])
        sheet.write_row(1, 0, ["s2", "Ten", "u"])
    with zipfile.ZipFile(whole) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    spoil(parts)
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def _index(parts: dict[str, bytes]) -> None:
    parts[SHEET] = parts[SHEET].replace(b"<v>0</v>", b"<v>999</v>")


def _bomb(parts: dict[str, bytes]) -> None:
    parts[SHEET] = b"0" * 70_000_000


def _nothing(parts: dict[str, bytes]) -> None:
    parts.clear()


def _row(parts: dict[str, bytes]) -> None:
    parts[SHEET] = parts[SHEET].replace(b'<row r="1"', b'<row r="x"')


def _texts(parts: dict[str, bytes]) -> None:
    parts["xl/sharedStrings.xml"] = b"<sst>" + b"<si><t/></si>" * 2_000_000 + b"</sst>"


BOOKS = {"index": _index, "bomb": _bomb, "empty": _nothing, "row": _row, "texts": _texts}
INCLUDES = (
    "books/index.xlsx",
    "books/bomb.xlsx",
    "books/empty.xlsx",
    "books/row.xlsx",
    "books/texts.xlsx",
    "books/cut.xlsx",
    "a\\0.csv",
)
KINDS = ("folder.csv", "folder.yml", "pipe.yml", "pipe.xlsx", "gone.yml", "latin.yml", "deep.yml", "\\ud800.csv")


def hostile(served: Served) -> dict[str, str]:
    """Configurations by what is wrong with them; what they include lies beside them."""
    here, good = served.config.parent, served.config.read_text("utf-8")
    (here / "books").mkdir()
    for name, spoil in BOOKS.items():
        (here / f"books/{name}.xlsx").write_bytes(workbook(spoil))
    (here / "books/cut.xlsx").write_bytes(workbook(lambda _: None)[:-40])
    for name in ("folder.csv", "folder.yml"):
        (here / name).mkdir()
    for name in ("pipe.yml", "pipe.xlsx"):
        os.mkfifo(here / name)
    (here / "latin.yml").write_bytes('units: [{id: v, name: "Xã", level: commune}]'.encode("latin-1"))
    (here / "deep.yml").write_text("[" * 50_000)
    found = {f"include {name}": f'{good}include: ["{name}"]\n' for name in (*INCLUDES, *KINDS)}
    found |= {
        "surrogate in a name": good.replace("name: Thử", r'name: "\ud800x"'),
        "control character in a name": good.replace("name: Tốt", r'name: "a\e[2J"'),
        "nul in an address": good.replace('"127.0.0.1:', r'"127.0.0.1\0:'),
        "nul in a path": good.replace("{probe: tcp}", r'{probe: tcp, tls: true, tls_config: {ca_file: "/a\0b"}}'),
        "nul in the storage": good.replace("storage: {path: ", r'storage: {reserve: 1MiB, path: "/a\0b", x: '),
        "nul in a key": good + '"a\\0b": 1\n',
        "impossible escape": good + 'x: "\\UFFFFFFFF"\n',
        "nested": good + "x: " + "[" * 50_000,
        "control characters": good + "\x00\x01",
        "nothing": "",
    }
    return found


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_what_cannot_be_taken_is_refused_in_words(served: Served, language: str) -> None:
    good = served.config.read_text("utf-8").replace("language: vi", f"language: {language}")
    served.config.write_text(good, "utf-8")
    cases = hostile(served)
    said: dict[str, tuple[int, str, float, bool]] = {}

    def work() -> tuple[str, tuple[int, str], float, float]:
        with running(served.config, served.address) as agent:
            for name, text in cases.items():
                served.config.write_text(text, "utf-8")
                status, body = asked(served, "POST", "/-/reload")
                banner = BANNER[language] in asked(served, "GET", "/")[1]
                said[name] = status, body, metrics(served)[SUCCESSFUL], banner
            served.config.write_text(good, "utf-8")
            taken = asked(served, "POST", "/-/reload")
            after = metrics(served)
            assert BANNER[language] not in asked(served, "GET", "/")[1]
            agent.terminate()
            return agent.communicate(timeout=10)[1], taken, after[SUCCESSFUL], after[BUGS]

    log, taken, successful, bugs = await asyncio.to_thread(work)

    assert {name: (status, shown, banner) for name, (status, _, shown, banner) in said.items()} == dict.fromkeys(
        cases, (500, 0, True)
    )
    first = {"vi": "cấu hình bị từ chối, cấu hình cũ vẫn chạy", "en": "the configuration was refused, the one before"}
    for name, (_, body, _, _) in said.items():
        lines = body.splitlines()
        assert lines[0].startswith(first[language]), name
        assert str(served.config.parent) in lines[1], name
    targets = {"vi": "2 mục tiêu\n", "en": "2 targets\n"}
    assert (taken, successful, bugs) == ((200, targets[language]), 1, 0)
    refusals = [line for line in log.splitlines() if "configuration_refused" in line]
    assert len(refusals) == len(cases)
    assert all(str(served.config.parent) in line for line in refusals)
    assert "Traceback" not in log


CHANGED: dict[str, Callable[[str], str]] = {
    "listen": lambda text: text.replace("listen: 127.0.0.1:", f"listen: 127.0.0.1:{free_port()} #"),
    "organisation.observer": lambda text: text.replace("language: vi", "language: vi, observer: other"),
    "organisation.observer_was": lambda text: text.replace("language: vi", "language: vi, observer_was: [other]"),
    "organisation.timezone": lambda text: text.replace("language: vi", "language: vi, timezone: Asia/Tokyo"),
    "storage.path": lambda text: text.replace("storage: {path: ", "storage: {path: /tmp/other"),
    "storage.reserve": lambda text: text.replace("storage: {", "storage: {reserve: 2MiB, "),
    "traps.listen": lambda text: f"{text}traps: {{listen: 127.0.0.1:1162}}\n",
}


async def test_what_is_read_at_the_start_alone_is_refused_alike(served: Served) -> None:
    good = served.config.read_text("utf-8")
    assert set(CHANGED) == set(RESTART_KEYS)
    said: dict[str, tuple[int, str]] = {}

    def work() -> tuple[int, str]:
        with running(served.config, served.address):
            for key, change in CHANGED.items():
                served.config.write_text(change(good), "utf-8")
                said[key] = asked(served, "POST", "/-/reload")
                assert metrics(served)[SUCCESSFUL] == 0, key
            both = CHANGED["storage.path"](CHANGED["organisation.observer"](good))
            served.config.write_text(both, "utf-8")
            said["both"] = asked(served, "POST", "/-/reload")
            served.config.write_text(good, "utf-8")
            return asked(served, "POST", "/-/reload")

    again = await asyncio.to_thread(work)

    sentence = "chỉ đổi được khi khởi động lại, khởi động lại bộ giám sát (systemctl restart sansang)"
    for key in CHANGED:
        status, body = said[key]
        assert status == 500
        assert body.splitlines()[1].startswith(f"{served.config}: {key}: {sentence}")
    assert [line.split(": ")[1] for line in said["both"][1].splitlines()[1:]] == [
        "organisation.observer",
        "storage.path",
    ]
    assert again[0] == 200


@pytest.mark.parametrize("name", sorted(BOOKS))
async def test_an_odd_workbook_gets_a_sentence_from_validate_and_import(served: Served, name: str) -> None:
    book = served.config.parent / "a.xlsx"
    book.write_bytes(workbook(BOOKS[name]))
    text = served.config.read_text("utf-8")
    served.config.write_text(f"{text}include: [a.xlsx, sites.d/*.yml]\n", "utf-8")
    arguments = (("validate", str(served.config)), ("import", str(book), "--config", str(served.config)))
    done = [await asyncio.to_thread(call, *one) for one in arguments]

    for one in done:
        assert one.returncode == 2
        assert one.stderr.startswith(str(book)), one.stderr
        assert "Traceback" not in one.stderr


async def test_a_bug_of_ours_is_a_sentence_too(served: Served, tmp_path: Path) -> None:
    """Whatever reading trips over, here because a table of the program is spoilt."""
    program = "import sys; from agent.inventory import load; load.resolve_names = None\n"
    program += "from agent.cli.main import main; sys.exit(main(['validate', sys.argv[1], '--lang', 'en']))"

    def work() -> tuple[int, str]:
        command = [sys.executable, "-c", program, str(served.config)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr

    code, said = await asyncio.to_thread(work)

    assert code == 2
    assert said.startswith(f"{served.config}: this program failed while reading it: TypeError: ")
    assert "(load.py:" in said
    assert "Traceback" not in said


async def test_a_file_of_1_6_million_empty_entries_is_refused_while_the_agent_goes_on(served: Served) -> None:
    good = served.config.read_text("utf-8")
    answers: list[int] = []

    def talk() -> tuple[int, str]:
        with running(served.config, served.address):
            served.config.write_text(f"{good.partition('targets:')[0]}targets: [{'{},' * 1_600_000}{{}}]\n", "utf-8")
            with ThreadPoolExecutor(1) as pool:
                reload = pool.submit(asked, served, "POST", "/-/reload")
                while not reload.done():
                    answers.append(asked(served, "GET", "/-/healthy")[0])
            said = reload.result()
            assert metrics(served)[SUCCESSFUL] == 0
            assert [row["target"] for row in json.loads(asked(served, "GET", "/api/v1/targets")[1])["targets"]]
            return said

    status, said = await asyncio.to_thread(talk)

    assert (status, len(said.splitlines())) == (500, 2)
    assert "200000" in said
    assert len(answers) > 10, "the loop answers others meanwhile"
    assert set(answers) == {200}
