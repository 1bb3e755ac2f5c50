"""`sansang score validate`: what a sheet holds, every fault of it, and names that the inventory must know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from agent.cli.main import main

ROOT = Path(__file__).parents[4]
COMMUNE = ROOT / "config" / "scoring" / "commune-illustrative.yml"
INVENTORY = ROOT / "config" / "examples" / "province-65"


def validate(*arguments: object) -> int:
    return main(["score", "validate", *map(str, arguments)])


def test_a_good_sheet_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert validate(COMMUNE, "--lang", "vi") == 0
    out = capsys.readouterr().out
    assert "47 chỉ tiêu trong 8 nhóm, thang 1000 điểm" in " ".join(out.split())
    assert "Biểu minh họa: không cơ quan nào ban hành." in out


def test_a_good_sheet_for_programs(capsys: pytest.CaptureFixture[str]) -> None:
    assert validate(COMMUNE, "--json") == 0
    document = json.loads(capsys.readouterr().out)
    (sheet,) = document["sheets"]
    assert (document["ok"], sheet["criteria"], sheet["maximum"], sheet["illustrative"]) == (True, 47, "1000", True)
    assert sheet["scored"] == 46
    assert len(sheet["digest"]) == 64


def test_every_fault_of_every_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad.yml"
    text = COMMUNE.read_text(encoding="utf-8")
    bad.write_text(
        text.replace("formula: ratio", "formula: ratoi", 1).replace("maximum: 1000", "maximum: 999"), "utf-8"
    )
    assert validate(COMMUNE, bad, tmp_path / "none.yml", "--lang", "en") == 2
    faults = capsys.readouterr().err
    assert "unknown kind 'ratoi', did you mean 'ratio'?" in faults
    assert f"{tmp_path}/none.yml: no such file" in faults
    assert "999" not in faults  # sums say nothing while a criterion cannot be read


def test_faults_for_programs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate(tmp_path / "none.yml", "--json", "--lang", "en") == 2
    document = json.loads(capsys.readouterr().out)
    assert [fault["wrong"] for fault in document["faults"]] == ["no such file"]


def test_names_must_be_the_inventorys(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert validate(COMMUNE, "--config", INVENTORY) == 0
    other = tmp_path / "other.yml"
    text = COMMUNE.read_text(encoding="utf-8").replace("calendar: desk", "calendar: desks")
    other.write_text(text.replace("levels: [commune]", "levels: [comune]"), "utf-8")
    capsys.readouterr()
    assert validate(other, "--config", INVENTORY, "--lang", "en") == 2
    faults = capsys.readouterr().err
    assert "sheet.levels[0]: the configuration has no level 'comune', did you mean 'commune'?" in faults
    assert faults.count("the configuration has no calendar 'desks', did you mean 'desk'?") == 2


def test_no_sheet_is_no_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert validate("--lang", "en") == 2
    assert "Name a score sheet" in capsys.readouterr().err
