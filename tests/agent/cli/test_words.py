"""What commands refuse: no English under `language: vi`, and no letter written out as its code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.cli.main import main
from tests.agent.reporting.small_ledger import recorded

_ENGLISH = re.compile(r"\b(the|is|are|was|not|cannot|no|with|which|there|right would be|of|and|denied|directory)\b")
_ESCAPED = re.compile(r"\\x[0-9a-f]{2}|\\u[0-9a-f]{4}")
_SIGNED = ("--who", "Nguyễn Văn A", "--why", "Mất điện")
_SPAN = ("--from", "10/10/2025 08:00", "--to", "10/10/2025 09:00")
_CALLS = (
    ("uptime", "--period", "2026-13"),
    ("uptime", "--period", "tháng mười"),
    ("uptime", "--period", "2026-10-01..hôm qua"),
    ("uptime", "--period", "1200"),
    ("uptime", "--period", "2026-10-15..2026-10-01"),
    ("uptime", "--period", "1970..2199"),
    ("uptime", "--period", "1970-01-01..2199-12-31"),
    ("uptime", "--period", "2025-10", "--as-of", "hôm qua"),
    ("uptime", "--period", "2025-10", "--as-of", "999999"),
    ("uptime", "--period", "2025-10", "--as-of", "01/01/2150 08:00"),
    ("uptime", "--period", "2025-10", "--as-of", "01/01/1999 08:00"),
    ("uptime", "--period", "2025-10", "--as-of", "4711@"),
    ("uptime", "--period", "2025-10", "--source", "kho"),
    ("uptime", "--period", "2025-10", "--source", "prometheus=kho"),
    ("uptime", "--period", "2025-10", "--source", "prometheus=http://127.0.0.1:1"),
    ("uptime", "--period", "2025-10", "--source", "prometheus=http://127.0.0.1:99999"),
    ("uptime", "--period", "2025-10", "--source", "prometheus=http://127.0.0.1:cổng"),
    ("uptime", "--period", "2025-10", "--source", "prometheus=http://[::1"),
    ("uptime", "--period", "2025-10", "--source", "prometheus=http://kho..số-liệu"),
    ("uptime", "--period", "2025-10", "--source", "prometheus=http://127.0.0.1:1/kho số liệu"),
    ("uptime", "--period", "2025-10", "--source", "prometheus=http://127.0.0.1:1", "--as-of", "3"),
    ("uptime", "--replay", "/không/có.json"),
    ("uptime", "--period", "2025-10", "--site", "không-có"),
    ("uptime", "--period", "2025-10", "--calendar", "lịch-lạ"),
    ("uptime", "--period", "2025-10", "-o", "báo cáo.doc"),
    ("uptime", "--period", "2025-10", "-o", "/không/có.xlsx"),
    ("ledger", "verify", "--anchor", "mốc lạ"),
    ("ledger", "verify", "--anchor", "12:abcd"),
    ("ledger", "verify", "--path", "/không/có"),
    ("ledger", "verify", "--report", "/không/có.xlsx"),
    ("ledger", "verify", "--report", "báo cáo.doc"),
    ("ledger", "restore"),
    ("ledger", "restore", "/không/có"),
    ("ledger", "export", "-o", "/không/có/sổ.jsonl"),
    ("ledger", "backup", "--to", "/proc/không"),
    ("ledger", "days"),
    ("ledger", "days", "--year", "1999"),
    ("ledger", "days", "-o", "ngày.ods"),
    ("ledger", "days", "--path", "/không/có"),
    ("amend",),
    ("amend", "999", "--state", "up", *_SPAN, *_SIGNED),
    ("amend", "1", "--state", "up", *_SPAN, *_SIGNED),
    ("amend", "--outage", "999", "--state", "up", *_SIGNED),
    ("amend", "--target", "s/không", "--state", "up", *_SPAN, *_SIGNED),
    ("amend", "--target", "s/dead", "--state", "up", "--cause", "vì mưa", *_SPAN, *_SIGNED),
    ("amend", "--target", "s/dead", "--state", "up", "--from", "hôm qua", "--to", "nay", *_SIGNED),
    (
        "amend",
        "--target",
        "s/dead",
        "--state",
        "up",
        "--from",
        "10/10/2025 09:00",
        "--to",
        "10/10/2025 08:00",
        *_SIGNED,
    ),
    ("amend", "--target", "s/dead", "--state", "up", *_SPAN, "--who", " ", "--why", "x"),
    ("maintenance", "add", "--site", "không-có", *_SPAN, *_SIGNED),
    ("maintenance", "add", "--all", "--from", "tối nay", "--to", "mai", *_SIGNED),
    ("maintenance", "add", "--all", "--from", "10/10/2085 08:00", "--to", "10/10/2085 09:00", *_SIGNED),
    ("maintenance", "cancel", "đợt-một", *_SIGNED),
    ("maintenance", "cancel", "bt-1", *_SIGNED),
    ("check", "--agent", "http://127.0.0.1:1"),
    ("check", "--agent", "máy giám sát"),
    ("check", "--local", "--site", "không-có"),
)
_LAB = (
    ("lab", "status"),
    ("lab", "fail", "xã lạ"),
    ("lab", "exec"),
    ("lab", "run", "--listen", "ở đây"),
    ("lab", "run", "--listen", "192.0.2.1:80"),
)


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return recorded(tmp_path_factory.mktemp("refused"))


def refused(capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]) -> str:
    assert main(arguments) in (1, 2)
    said = capsys.readouterr()
    assert "Traceback" not in said.err
    text = said.err or said.out
    assert text.strip()
    return text


def without_names(text: str) -> str:
    """What is quoted or typed is of no language: paths, options, commands."""
    return re.sub(r"`[^`]*`|\S*/\S*|--[a-z-]+|'[^']*'|[a-z_]+\.[a-z]+", "", text)


@pytest.mark.parametrize("arguments", _CALLS, ids=" ".join)
def test_a_refusal_is_in_the_language_of_the_configuration(
    config: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    call = (*arguments, "--config", str(config))
    vietnamese = refused(capsys, call)
    assert not _ENGLISH.search(without_names(vietnamese)), vietnamese
    assert not _ESCAPED.search(vietnamese), vietnamese
    english = refused(capsys, (*call, "--lang", "en"))
    assert _ENGLISH.search(english) or english != vietnamese, english


@pytest.mark.parametrize("arguments", _LAB, ids=" ".join)
def test_the_lab_refuses_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    state = ("--state", str(tmp_path / "lab"))
    options = (*arguments[:2], *state, *arguments[2:])
    vietnamese = refused(capsys, options)
    assert not _ENGLISH.search(without_names(vietnamese)), vietnamese
    assert refused(capsys, (*arguments[:2], *state, "--lang", "en", *arguments[2:])) != vietnamese
