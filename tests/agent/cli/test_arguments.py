"""The command line speaks the language of who calls: lists, help, and what is wrong with a call."""

from __future__ import annotations

import argparse
import ast
import inspect
import os
from pathlib import Path

import pytest

from agent.cli.arguments import argparse_in, folded
from agent.cli.language import language_of_call
from agent.cli.main import main
from agent.cli.registry import COMMANDS

_OF_PROGRAMMERS = (
    "is not callable",
    "option string",
    "invalid argument for",
    "cannot ",
    "dest=",
    "conflict",
    "mode %r",
)
"""Sentences about a parser that is built wrong, which nobody who calls it can meet."""


@pytest.fixture(autouse=True)
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No configuration is found, and the environment names no language."""
    monkeypatch.chdir(tmp_path)
    for name in ("SANSANG_CONFIG", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    assert end.value.code == 2
    out, err = capsys.readouterr()
    assert not out
    return err


@pytest.mark.parametrize("asked", [(), ("help",), ("help", "help"), ("--help",), ("-h",)])
def test_every_command_is_listed(asked: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(asked) == 0

    out = capsys.readouterr().out
    assert [name for name in COMMANDS if f"\n  {name} " not in out] == []
    assert max(map(len, out.splitlines())) <= 80
    assert "Xem hằng ngày" in out


def test_help_about_a_command_is_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    for asked in (["help", "maintenance", "add"], ["maintenance", "add", "--help"]):
        with pytest.raises(SystemExit) as end:
            main(asked)
        assert end.value.code == 0
        out = capsys.readouterr().out
        assert out.startswith("cách dùng: sansang maintenance add")
        assert "ghi một đợt; chỉ được trừ nếu ghi trước khi bắt đầu" in out


@pytest.mark.parametrize(
    ("arguments", "vi", "en"),
    [
        (("chek",), "không có lệnh “chek”. Có phải ý bạn là check?", "there is no command “chek”. Did you mean check?"),
        (("help", "valdate"), "ý bạn là validate?", "Did you mean validate?"),
        (("main",), "ý bạn là maintenance?", "Did you mean maintenance?"),
        (("xyz",), "Có: check, uptime", "There are: check, uptime"),
        (("uptime", "--perod", "2026"), "không có tùy chọn --perod. Có phải ý bạn là --period", "mean --period"),
        (("check", "--role", "uplnk"), "--role: không có giá trị “uplnk”. Có phải ý bạn là uplink?", "mean uplink?"),
        (("maintenance", "ad"), "không có lệnh “ad”. Có phải ý bạn là add?", "mean add?"),
        (("maintenance",), "còn thiếu lệnh. Có: add, cancel, list", "a command is missing. There are: add,"),
        (("--config", "x", "check"), "Tùy chọn đứng sau lệnh", "Options stand after the command"),
        (("import",), "còn thiếu: file", "the following arguments are required: file"),
        (("uptime",), "cần một trong các tùy chọn: --period --replay", "one of the arguments --period --replay"),
        (("check", "--site"), "--site: cần một giá trị theo sau", "argument --site: expected one argument"),
        (("check", "everything"), "thừa tham số: everything", "unrecognized arguments: everything"),
        (("check", "--all=1"), "tùy chọn này không nhận giá trị, mà lại có '1'", "ignored explicit argument '1'"),
        (("check", "--a"), "--a viết tắt chưa rõ: có thể là --agent, --all", "ambiguous option"),
        (("amend", "12a"), "“12a” không phải là số của một dòng", "“12a” is not the number of a row"),
        (
            ("lab", "slow", "--seconds", "x", "all"),
            "'x' không phải là giá trị dùng được",
            "invalid _seconds value: 'x'",
        ),
    ],
)
def test_a_wrong_call_is_told_with_what_would_be_right(
    arguments: tuple[str, ...], vi: str, en: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert vi in refused(capsys, *arguments)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    assert en in refused(capsys, *arguments)


def test_whose_language_a_call_is_answered_in(nowhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert language_of_call([]) == "vi"
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert language_of_call(["check"]) == "en"
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    assert language_of_call(["check"]) == "en", "C names no language"
    (nowhere / "sansang.yml").write_text("organisation:\n  name: Thử\n\nunits: []\n", "utf-8")
    assert language_of_call(["check"]) == "vi", "what an organisation speaks that does not say"
    (nowhere / "en.yml").write_text("# x\norganisation: {name: Test, language: en}\n", "utf-8")
    assert language_of_call(["check", "--config", "en.yml"]) == "en"
    assert language_of_call(["check", "--config=en.yml", "--lang=vi"]) == "vi"
    assert language_of_call(["check", "--config", "en.yml", "--lang", "fr"]) == "en"
    assert language_of_call(["check", "--config", "none.yml"]) == "en"


def test_the_language_is_not_looked_for_in_a_pipe_that_nobody_fills(nowhere: Path) -> None:
    os.mkfifo(nowhere / "pipe.yml")
    assert language_of_call(["check", "--config", "pipe.yml", "--lang", "fr"]) == "vi"


def test_every_sentence_of_argparse_has_its_vietnamese() -> None:
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(argparse))) if isinstance(node, ast.Call)]
    said = {
        str(argument.value)
        for call in calls
        if isinstance(call.func, ast.Name) and call.func.id in ("_", "ngettext")
        for argument in call.args
        if isinstance(argument, ast.Constant)
    }
    met = {text for text in said if not any(part in text for part in _OF_PROGRAMMERS)}
    before = os.environ.get("LANGUAGE")
    with argparse_in("vi"):
        import gettext

        assert len(met) > 20
        same = {text for text in met if gettext.gettext(text) == text == gettext.ngettext(text, f"{text}s", 2)}
    assert {text for text in same if not text.endswith("arguments") and text != ".__call__() not defined"} == set()
    assert os.environ.get("LANGUAGE") == before


class Terminal:
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_lines_of_its_width_and_commands_in_one_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    text = "one two three four five six seven `sansang help maintenance add`, then on\n  and in"

    assert folded(text, Terminal()) == (
        "one two three four five six\nseven\n`sansang help maintenance add`,\nthen on\n  and in"
    )
