"""Every command into its errors under ``language: vi``: no sentence that a clerk reads is English.

What is English is told by the words of our own English texts that no Vietnamese text of ours has.
"""

from __future__ import annotations

import ast
import os
import re
import resource
import shlex
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from agent.cli.main import main
from agent.cli.registry import COMMANDS
from agent.ledger.lock import take
from agent.ledger.schema import FILE_NAME
from tests.agent.cli.test_every_command import COPIED, DATA, VIETNAMESE
from tests.agent.reporting.small_ledger import recorded

ROOT = Path(__file__).parents[3]
BAD = ROOT / "tests/data/bad"
WORD = re.compile(r"(?<![\w/.:=@'“%-])[A-Za-z]{3,}(?![\w/:=@'”%-]|\.\w)")
QUOTED = re.compile(
    r"(?:Có:|một trong:?|chỉ dùng:?|các khóa:|các vai trò:) .*"
    r"|'[^']*'|“[^”]*”|\"[^\"]*\"|\([a-z_0-9.]+:\d+\)|\b\w+Error\b|[A-Z_]{2,}"
)
"""Lists of what may be typed, quotations, places in our code, names of what went wrong there, and initials."""
NAMES = {
    "sansang", "csv", "xlsx", "html", "json", "yaml", "grafana", "prometheus", "editor", "admin", "api", "true",
    "folder",
    "administration", "service", "accounts", "provisioning", "viewer", "office", "always", "meetings", "target", "none",
}  # fmt: skip
"""Of products, formats, menus of other programs, and of what people write into a configuration."""


def texts() -> Iterator[tuple[str, str]]:
    """Each text of the product in both languages."""
    for package in ("agent", "exporters", "dashboards"):
        for file in Path(str(import_module(package).__file__)).parent.rglob("*.py"):  # in a wheel too
            code = file.read_text("utf-8")
            for node in ast.walk(ast.parse(code)) if "Text(" in code else ():
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Text":
                    vi, en = (
                        "".join(
                            str(part.value)
                            for part in ast.walk(one)
                            if isinstance(part, ast.Constant) and isinstance(part.value, str)
                        )
                        for one in (*node.args, ast.Constant(""), ast.Constant(""))[:2]
                    )
                    yield vi, en


@cache
def english() -> frozenset[str]:
    """Words that stand in English texts alone."""
    vietnamese: set[str] = set()
    words: set[str] = set()
    for vi, en in texts():
        vietnamese.update(map(str.lower, re.findall("[A-Za-z]+", vi)))
        words.update(map(str.lower, WORD.findall(re.sub(r"\{[^}]*\}", "", en))))
    return frozenset(words - vietnamese - NAMES)


def english_lines(text: str, *unread: str) -> list[str]:
    """Lines with two such words, or with one and nothing Vietnamese beside it."""
    for part in unread:
        text = text.replace(part, "")
    found = []
    for line in text.splitlines():
        prose = QUOTED.sub("", DATA.sub("", COPIED.sub("", line)))
        words = {word.lower() for word in WORD.findall(prose)} & english()
        if len(words) > 1 or (words and not VIETNAMESE.search(line)):
            found.append(f"{line}   <- {', '.join(sorted(words))}")
    return found


@pytest.mark.parametrize(
    ("line", "is_english"),
    [
        ("sansang: the ledger is damaged", True),
        ("không đọc được sansang.yml: permission denied and nothing else", True),
        ("missing", True),
        ("sansang: không có sổ ở /var/lib/sansang/ledger", False),
        ("Grafana không nhận mã truy cập này (401)", False),
    ],
)
def test_the_rule_finds_what_it_is_for(line: str, is_english: bool) -> None:
    assert bool(english_lines(line)) is is_english


@dataclass(frozen=True, slots=True)
class Situation:
    """A folder with sansang.yml and its ledger, and what went wrong there."""

    name: str
    calls: tuple[str, ...]


SPAN = "--from 2025-10-10T08:00Z --to 2025-10-10T09:00Z"
LATER = "--from 2027-10-10T08:00Z --to 2027-10-10T09:00Z"
SIGNED = "--who An --why x"
READ = (
    "ledger verify",
    "ledger export",
    "ledger days",
    "uptime --period 2025-10",
    "maintenance list",
    "amend --list",
    "units",
    "units --late",
)
WRITE = (
    f"maintenance add --site s {LATER} {SIGNED}",
    f"amend --target s/dead --state up {SPAN} {SIGNED}",
    "ledger backup",
    "ledger restore",
)
ERRORS = (
    "check --agent http://h:abc", "check --agent http://127.0.0.1:1", "check --local --site nowhere",
    "check --local --role nonsense", "check --config none.yml", "check --nonsense", "check --lang fr", "check extra",
    "validate none.yml", "validate /proc/self/mem", "validate /dev/null", "validate .. extra", "validate binary.yml",
    "import none.csv", "import sheet.pdf", "import .", "import empty.csv", "import headless.csv", "import nameless.csv",
    "import binary.csv", "import broken.xlsx", "import sheet.csv --replaces nowhere", "import sheet.csv --gone lost",
    "import sheet.csv --renamed x,y", "import sheet.csv", "import sheet.csv --secrets-to x",
    "import --new --replaces a b",
    "import --blackbox sheet.csv", "import --blackbox none.yml", "import --blackbox broken.yml", "import",
    "import --snmp-exporter sheet.csv", "import --snmp-exporter none.yml", "import --snmp-exporter broken.yml",
    "import strange.csv", "import sheet.csv --apply --new",
    "devices -o x.pdf", "devices --period never", "devices --site nowhere", "devices --nonsense", "snmp",
    "snmp nonsense", "snmp import-mib", "snmp import-mib none.txt", "snmp import-mib sheet.csv", "snmp import-mib .",
    "export sheet.pdf", "export sheet.csv", "export /nowhere/sites.csv", "export /proc/sites.xlsx", "export",
    "build nonsense", "build rules --check --out nowhere", "build rules --out /proc/x", "build boards --dry-run",
    "build rules --push http://127.0.0.1:1", "build boards --push nonsense", "build boards --push http://a.example",
    "build boards --push http://127.0.0.1:1 --check", "build boards --push http://127.0.0.1:1 --timeout 0",
    "build boards --push http://127.0.0.1:1 --token-file none", "build boards --push http://127.0.0.1:1 --token-file .",
    "build boards --push http://127.0.0.1:1 --token-file open", "build boards --push http://127.0.0.1:1",
    "build boards --push https://127.0.0.1:1 --token-file token --ca-file none",
    "build boards --push https://127.0.0.1:1 --token-file token --ca-file token",
    "build boards --push https://127.0.0.1:1 --token-file token", "build --config none.yml",
    "build boards --push http://127.0.0.1:1 --token-file token --data-source x",
    "run --config none.yml", "run --config broken.yml", "run --log-level loud", "run --listen-fd x",
    "uptime", "uptime --period last-month", "uptime --period 2025-13", "uptime --period 2025-10-01..2025-09-01",
    "uptime --period 2025-10 --as-of never", "uptime --period 2025-10 --as-of 999999",
    "uptime --period 2025-10 --as-of 1990-01-01T00:00Z", "uptime --period 2025-10 --calendar nowhere",
    "uptime --period 2025-10 --by month", "uptime --period 2025-10 --target s/none", "uptime --period 2025-10 --site x",
    "uptime --period 2025-10 -o report.pdf", "uptime --period 2025-10 -o /nowhere/report.csv",
    "uptime --period 2025-10 -o /proc/report.xlsx", "uptime --period 2025-10 --source nonsense",
    "uptime --period 2025-10 --source prometheus=nonsense",
    "uptime --period 2025-10 --source prometheus=http://127.0.0.1:1",
    "uptime --period 2099-01", "uptime --replay none.json", "uptime --replay empty.csv", "uptime --replay list.json",
    "uptime --replay object.json", "uptime --replay object.json --as-of 1",
    "uptime --replay object.json --source prometheus=http://127.0.0.1:1",
    "uptime --period 2025-10 --replay object.json",
    "score", "score --period 2025-10", "score --sheet none --period 2025-10", "score --sheet none.yml --period 2025-10",
    "score --sheet broken.yml --period 2025-10", "score --sheet list.json --period 2025", "score lost",
    "score validate", "score validate none.yml", "score validate broken.yml", "score validate binary.yml",
    "score import-sheet", "score import-sheet none.xlsx", "score import-sheet broken.xlsx",
    "score import-sheet sheet.pdf", "score import-sheet sheet.csv", "score values", "score values -o x.xlsx",
    "score values --sheet none -o x.xlsx", "score verify", "score verify none.zip", "score verify broken.xlsx",
    "score verify empty.csv --manifest 12",
    "units apply", "units apply none.csv", "units apply sheet.csv", "units apply broken.xlsx", "units apply sheet.pdf",
    "units apply broken.yml", "units lost", "units --config none.yml",
    "maintenance", "maintenance add", f"maintenance add --site none {LATER} {SIGNED}",
    f"maintenance add --site s --from soon --to later {SIGNED}",
    f"maintenance add --site s --from 2027-10-10T09:00Z --to 2027-10-10T08:00Z {SIGNED}",
    f"maintenance add --site s --from 2027-10-10T09:00Z --to 2057-10-10T08:00Z {SIGNED}",
    f"maintenance add --unit none {LATER} {SIGNED}", f"maintenance add --target s {LATER} {SIGNED}",
    f"maintenance add --site s {LATER} --who ' ' --why x", f"maintenance add --site s {LATER} --who a --why ''",
    f"maintenance add --site s {LATER} --who a --why {'x' * 501}",
    f"maintenance add --site s {LATER} {SIGNED} --announced-on never", f"maintenance cancel none {SIGNED}",
    "maintenance cancel", "maintenance lost", f"maintenance add --all --site s {LATER} {SIGNED}",
    "amend", "amend 12a", f"amend 99999 --state up {SPAN} {SIGNED}", f"amend 1 --state up {SPAN} {SIGNED}",
    f"amend --target s/none --state up {SPAN} {SIGNED}", f"amend --outage 999 --state up {SIGNED}",
    f"amend --target s/dead --state up --cause nonsense {SPAN} {SIGNED}", f"amend --target s/dead --state up {SPAN}",
    f"amend --target s/dead --state up {LATER} {SIGNED}", f"amend --target s/dead --state gone {SPAN} {SIGNED}",
    f"amend --target s/dead --state up --from x --to y {SIGNED}",
    f"amend --target s/dead --state up --from 2025-10-10T09:00Z --to 2025-10-10T08:00Z {SIGNED}",
    "ledger", "ledger lost", "ledger verify --path none", "ledger verify --anchor nonsense",
    "ledger verify --anchor 1:00",
    "ledger verify --anchor 1:" + "0" * 64, "ledger verify --anchor 999999:" + "0" * 64,
    "ledger verify --report none.xlsx", "ledger verify --report sheet.csv", "ledger verify --report broken.xlsx",
    "ledger export -o /nowhere/rows", "ledger export -o /dev/full", "ledger days --year 99", "ledger days --year 1999",
    "ledger days --target s/none", "ledger days -o days.pdf", "ledger days --path none", "ledger backup --to /proc/x",
    "ledger restore none", "ledger restore .", "ledger restore",
    "lab status --state none", "lab fail --state none room-07", "lab exec --state none true",
    "lab slow --seconds never all", "lab slow --seconds 1e9 all",
    "lab fail", "lab lost", "lab exec --state none",
    "chek", "--nonsense", "help chek", "check --a",
)  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A configuration in Vietnamese with its ledger, and files of every wrong kind beside it."""
    config = recorded(tmp_path)
    config.write_text(config.read_text("utf-8") + 'listen: 127.0.0.1:1\ninclude: ["sites.d/*"]\n', "utf-8")
    (tmp_path / "sites.d").mkdir()
    for name, content in {
        "sheet.csv": "Tên;Đơn vị;Mã\nUBND xã A;xa-a;s\nUBND xã B;xa-a;t\n",
        "empty.csv": "",
        "headless.csv": "1;2;3\n4;5;6\n",
        "nameless.csv": "Mã;Đơn vị\ns;xa-a\n",
        "strange.csv": "Tên;Đơn vị;Kinh độ;gateway\nA;nowhere;x;999.1.1.1\nA;xa-a;1;a b\n",
        "broken.yml": "organisation: [\n",
        "list.json": "[]",
        "object.json": '{"a": 1}',
        "open": "glsa_x",
        "token": "glsa_x",
    }.items():
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "open").chmod(0o644)
    (tmp_path / "token").chmod(0o600)
    for name in ("binary.csv", "binary.yml", "broken.xlsx"):
        (tmp_path / name).write_bytes(b"\x00\xff\xfe" * 50)
    shutil.copy(tmp_path / "sheet.csv", tmp_path / "sheet.pdf")
    monkeypatch.setenv("SANSANG_CONFIG", str(config))
    monkeypatch.setenv("LANG", "vi_VN.UTF-8")
    monkeypatch.setenv("COLUMNS", "500")
    monkeypatch.delenv("SANSANG_GRAFANA_TOKEN", raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def faults(call: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """English lines of a call; and that it did not say anything where it must."""
    code = None
    with suppress(SystemExit):
        code = main(shlex.split(call))
    out, err = capsys.readouterr()
    text = err if any(word in call for word in ("--json", "ledger export")) else out + err
    silent = [f"{call}: says nothing"] if code != 0 and not text.strip() else []
    return [*silent, *(f"{call}: {line}" for line in english_lines(text, str(folder), call))]


def all_faults(calls: tuple[str, ...], folder: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    return [line for call in calls for line in faults(call, folder, capsys)]


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_a_wrong_call_is_answered_in_vietnamese(command: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    calls = tuple(call for call in ERRORS if (call.split()[0] if call.split()[0] in COMMANDS else "") == command)
    assert calls
    assert all_faults(calls, folder, capsys) == []


def test_every_fault_of_a_configuration_is_vietnamese(capsys: pytest.CaptureFixture[str]) -> None:
    found = {
        case.name: lines
        for case in sorted(BAD.iterdir())
        if (lines := faults(f"validate --lang vi {case / 'sansang.yml'}", case, capsys))
    }
    assert found == {}


def test_without_a_ledger(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(folder / "ledger")
    assert all_faults((*READ, *WRITE), folder, capsys) == []


def test_a_damaged_ledger(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = folder / "ledger" / FILE_NAME
    data = bytearray(file.read_bytes())
    data[len(data) // 2 : len(data) // 2 + 600] = b"\xaa" * 600
    file.write_bytes(data)
    assert all_faults((*READ, *WRITE), folder, capsys) == []


def test_a_file_that_is_no_ledger(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "ledger" / FILE_NAME).write_bytes(b"no ledger" * 500)
    assert all_faults((*READ, *WRITE), folder, capsys) == []


def test_a_ledger_that_another_process_writes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    descriptor = take(folder / "ledger")
    try:
        assert all_faults((*WRITE, "run"), folder, capsys) == []
    finally:
        os.close(descriptor)


def test_a_disk_that_takes_nothing_more(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A limit on the size of files, in place of a full disk."""
    writes = (
        "uptime --period 2025-10 -o r.xlsx",
        "uptime --period 2025-10 -o r.csv",
        "export x.xlsx",
        "build rules --out b",
    )
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        assert all_faults((*WRITE, *writes, "import sheet.csv --apply --new"), folder, capsys) == []
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def agent(*answers: bytes) -> Iterator[str]:
    """Something that gives these answers, one a connection, at an address of its own."""
    with socket.create_server(("127.0.0.1", 0)) as server, ExitStack() as threads:

        def serve() -> None:
            for answer in answers:
                connection, _ = server.accept()
                with connection, suppress(OSError):
                    connection.recv(1 << 16)
                    connection.sendall(answer)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(1 << 16):
                        pass

        thread = threading.Thread(target=serve)
        thread.start()
        threads.callback(thread.join)
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


HEAD = b"HTTP/1.1 %s\r\nConnection: close\r\n\r\n"


@pytest.mark.parametrize(
    "answer",
    [
        HEAD % b"403 Forbidden" + "403 chỉ dùng được từ chính máy giám sát\n".encode(),
        HEAD % b"404 Not Found" + "404 không có trang này; trang chính ở /\n".encode(),
        HEAD % b"409 Conflict" + "409 không có phạm vi này\n".encode(),
        HEAD % b"200 OK" + b"<html>It works</html>",
        HEAD % b"200 OK" + b'{"count": 1, "timezone": "UTC"}\n',
        HEAD % b"200 OK",
        b"",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}",
    ],
)
def test_what_an_agent_or_another_program_answers(
    answer: bytes, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.rmtree(folder / "ledger")
    calls = (
        "check --agent {}",
        f"maintenance add --site s {LATER} {SIGNED} --agent {{}}",
        "amend --list --agent {}",
    )
    store, grafana = "uptime --period 2025-10 --source prometheus={}", "build boards --token-file token --push {}"
    with agent(*[answer] * 5) as url:
        assert all_faults(tuple(call.format(url) for call in (*calls, store, grafana)), folder, capsys) == []
