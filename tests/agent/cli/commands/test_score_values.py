"""`sansang score values`: the workbook to fill in, for one unit or a level, by a sheet that is named or known."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from agent.cli.main import main
from agent.errors import ConfigError
from agent.scoring.document.load import load_sheet
from agent.scoring.given.asked import asked_values
from agent.scoring.given.read import read_given

ROOT = Path(__file__).parents[4]
COMMUNE = ROOT / "config" / "scoring" / "commune-illustrative.yml"
INVENTORY = ROOT / "config" / "examples" / "province-65"


def values(*arguments: object) -> int:
    return main(["score", "values", "--config", str(INVENTORY), *map(str, arguments)])


def test_a_row_for_each_value_of_a_unit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "gia-tri.xlsx"
    asked = asked_values(load_sheet(COMMUNE))
    units = [unit for unit in load_workbook_units(out, capsys) if unit]
    assert len(units) == len(asked)
    assert len(set(units)) == 1
    assert read_given(out, load_sheet(COMMUNE), set(units)) == ()


def load_workbook_units(out: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    assert values("--sheet", COMMUNE, "-o", out, "--lang", "vi") == 0
    assert "Điền các ô vàng" in capsys.readouterr().out
    page = load_workbook(out).active
    assert page is not None
    first = str(page["A2"].value)
    assert values("--sheet", COMMUNE, "--unit", first, "-o", out, "--force") == 0
    page = load_workbook(out).active
    assert page is not None
    return [str(cell.value) for cell in page["A"][1:]]


def test_a_file_that_may_be_filled_in_is_not_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "gia-tri.xlsx"
    out.write_bytes(b"mine")
    assert values("--sheet", COMMUNE, "-o", out, "--lang", "en") == 2
    assert "--force writes over it" in capsys.readouterr().err
    assert out.read_bytes() == b"mine"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--sheet", "xa-2031", "-o", "a.xlsx"], "there is no score sheet 'xa-2031'"),
        (["--sheet", COMMUNE, "-o", "a.csv"], "ends in .xlsx"),
        (["--sheet", COMMUNE, "-o", "a.xlsx", "--unit", "xa-khong-co"], "no unit 'xa-khong-co'"),
        (["--sheet", COMMUNE, "-o", "a.xlsx", "--level", "huyen"], "no unit of the levels huyen"),
    ],
)
def test_what_cannot_be_made_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[object],
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert values(*arguments, "--lang", "en") == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_filled_file_with_faults_names_each_cell(tmp_path: Path) -> None:
    out = tmp_path / "gia-tri.xlsx"
    assert values("--sheet", COMMUNE, "-o", out, "--force") == 0
    book = load_workbook(out)
    page = book.active
    assert page is not None
    for cell in page["G"][1:4]:
        cell.value = "chưa có"
    book.save(out)
    with pytest.raises(ConfigError) as refused:
        read_given(out, load_sheet(COMMUNE))
    assert {fault.cell for fault in refused.value.faults} <= {"ô G2", "ô G3", "ô G4", "ô I2", "ô I3", "ô I4"}
    assert len(refused.value.faults) == 3
