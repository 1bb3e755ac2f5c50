"""What the parsers and the system say of a file, in Vietnamese."""

from __future__ import annotations

import csv
import errno
import os
from pathlib import Path

import pytest

from agent.explain.system_errors import in_vietnamese, why
from agent.inventory.messages.parsers import parser_text
from agent.inventory.sources.yaml_source import read_yaml
from agent.regular_file import read_regular
from agent.text import Text

_BROKEN = [
    "a:\n\t- b", "a: b: c", "a: [1, 2", "a: {b: 1", "a: 'x", 'a: "\\q"', "a: @b", "- a\nb: c", "a: &", "a: *", "a: %x",
    "a: [1\nb: 2",
    "? a\n? b: c: d", "a: - b", "key\nother: 1", "a: |x\n  b", "%YAML x\n---\na: 1", "a: 'x\n---\n'", "a: !<x",
]  # fmt: skip


@pytest.mark.parametrize("text", _BROKEN)
def test_every_syntax_error_of_yaml_is_vietnamese(text: str) -> None:
    _, (found, *_) = read_yaml("x.yml", text)
    if found.message == "yaml_syntax":
        detail = found.values["detail"]
        assert isinstance(detail, Text)
        assert detail.vi != detail.en
    assert not {"found", "expected", "the", "allowed"} & set(found.fault("vi").wrong.split())


@pytest.mark.parametrize("text", ['"a', '"a"b,c', "x" * 200_000])
def test_errors_of_csv_are_vietnamese(text: str) -> None:
    with pytest.raises(csv.Error) as told:
        list(csv.reader([text], strict=True))
    assert parser_text(str(told.value)).vi != str(told.value)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EISDIR, errno.EIO, errno.ELOOP, errno.ENAMETOOLONG])
def test_the_system_speaks_vietnamese(number: int) -> None:
    assert not in_vietnamese(os.strerror(number)).isascii()


def test_what_is_no_file_is_said_in_both_languages(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", tmp_path / "\0"):
        with pytest.raises(OSError, match=r"regular file|this name") as told:
            read_regular(place, 1)
        said = str(told.value.strerror)
        assert in_vietnamese(said) == why(told.value, "vi") != said
        assert why(told.value, "en") == said


def test_a_decimal_comma_between_braces_is_one_fault_at_the_number(tmp_path: Path) -> None:
    _, found = read_yaml(
        str(tmp_path / "x.yml"), "sites: [{id: a, slo: 99,9, name: A}, {id: b, slo: '99,9'}, {slo: 99, note: }]"
    )
    assert [one.fault("vi").wrong for one in found] == ["99,9 trong ngoặc nhọn bị hiểu là hai giá trị, 99 và 9"]
    assert [one.fault("vi").right for one in found] == ["ghi 99.9, dùng dấu chấm"]
