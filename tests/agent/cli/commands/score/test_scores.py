"""`sansang score --sheet --period`: the points out of a real ledger, as table, JSON, CSV and workbook."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction
from pathlib import Path

import jsonschema
import openpyxl
import pytest

from agent.cli.main import main
from agent.scoring.document.canonical import sheet_yaml
from agent.scoring.measures import Counted, FactMeasure, ShareMeasure, UptimeMeasure, UptimeTest
from exporters.scores.json_file import schema
from tests.agent.reporting.scoring.score_ledger import rows, sheet, write

Printed = pytest.CaptureFixture[str]
CONFIG = """\
organisation: {{name: Tỉnh Phú Thọ, language: {language}}}
levels: [{{id: province, name: {{vi: Tỉnh}}}}, {{id: commune, name: {{vi: Xã}}}}]
units:
  - {{id: phu-tho, name: Tỉnh Phú Thọ, level: province}}
  - {{id: xa-a, name: Xã A, level: commune, parent: phu-tho}}
sites: [{{id: a1, name: A1, unit: xa-a}}]
modules: {{ping: {{probe: icmp}}}}
targets: [{{id: a1/uplink, name: A, role: uplink, module: ping, address: 127.0.0.1}}]
storage: {{path: {ledger}}}
scoring: {{sheets: [thu.yml]}}
"""
_MEASURES = (UptimeMeasure(), ShareMeasure(Counted.SITES, UptimeTest(Fraction(98, 100))), FactMeasure("fibre"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration with its ledger and a sheet of three rows beside it."""
    place = tmp_path_factory.mktemp("score")
    write(place / "ledger", rows())
    (place / "thu.yml").write_text(sheet_yaml(sheet(*_MEASURES)), "utf-8")
    (place / "sansang.yml").write_text(CONFIG.format(language="vi", ledger=place / "ledger"), "utf-8")
    return place


def score(folder: Path, *options: str) -> int:
    return main(["score", "--config", str(folder / "sansang.yml"), "--period", "2026-Q1", *options])


def test_all_units_of_the_sheets_levels_have_their_places(folder: Path, capsys: Printed) -> None:
    assert score(folder) == 0

    out = capsys.readouterr().out
    assert "TẠM TÍNH: 3 đơn vị còn chỉ tiêu chưa chấm" in out
    assert all(name in out for name in ("Xã A", "Xã B", "Xã C"))
    assert "Lập lại đúng kết quả này: sansang score --sheet thu --period 2026-Q1 --as-of " in out


def test_of_one_unit_every_row_is_explained(folder: Path, capsys: Printed) -> None:
    assert score(folder, "--unit", "xa-a", "--lang", "en") == 0

    out = capsys.readouterr().out
    assert "PROVISIONAL: " in out
    assert "6 targets worked for " in out
    assert "“fibre” is not declared" in out


def test_json_keeps_to_its_schema_and_the_printed_command_gives_it_again(folder: Path, capsys: Printed) -> None:
    assert score(folder, "--level", "commune", "--json") == 0
    text = capsys.readouterr().out
    document = json.loads(text)
    jsonschema.validate(document, json.loads(schema()))
    again = document["method"]["repeat"].split()[1:]

    assert main([*again, "--json", "--config", str(folder / "sansang.yml")]) == 0
    assert capsys.readouterr().out == text


def test_files_are_of_one_computation(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    names = [tmp_path / f"diem.{kind}" for kind in ("json", "csv", "xlsx")]

    assert score(folder, "--unit", "xa-b", *(word for name in names for word in ("-o", str(name)))) == 0

    assert capsys.readouterr().out == ""
    unit = json.loads(names[0].read_text("utf-8"))["units"][0]
    lines = list(csv.DictReader(io.StringIO(names[1].read_text("utf-8-sig"), newline="")))
    form = openpyxl.load_workbook(names[2], data_only=True)["Biểu chấm điểm"]
    total = next(row for row in form.iter_rows(values_only=True) if row[1] == "TỔNG CỘNG")
    assert unit["total"]["earned"] == lines[0]["points"]
    assert total[5] == pytest.approx(float(unit["total"]["earned"]))


def test_what_changed_since_a_period_or_a_file_of_it(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    earlier = tmp_path / "truoc.json"
    assert main(["score", "--config", str(folder / "sansang.yml"), "--period", "2026-01", "-o", str(earlier)]) == 0
    for before in ("2026-01", str(earlier)):
        assert score(folder, "--unit", "xa-a", "--before", before, "--json") == 0
        unit = json.loads(capsys.readouterr().out)["units"][0]
        assert unit["before"]["maximum"] == "30"
        assert unit["before"]["pending"] == 1


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--sheet", "khong-co"], "không có biểu chấm điểm 'khong-co'; có: thu;"),
        (["--unit", "xa-z"], "xa-z"),
        (["--as-of", "hôm qua"], "không chỉ ra một lúc nào của sổ"),
        (["-o", "diem.doc"], "tên tệp điểm phải kết thúc bằng .xlsx, .csv, .json"),
        (["--before", "thu.txt"], "'thu.txt' không phải là một kỳ"),
        (["--unit", "xa-a", "--level", "commune"], "--level"),
    ],
)  # fmt: skip
def test_a_wrong_call_is_told_what_would_be_right(
    folder: Path, capsys: Printed, options: list[str], sentence: str
) -> None:
    try:
        code = score(folder, *options)
    except SystemExit as ended:
        code = int(str(ended.code))

    assert code == 2
    assert sentence in capsys.readouterr().err


def test_without_a_period_it_says_which_would_do(folder: Path, capsys: Printed) -> None:
    assert main(["score", "--config", str(folder / "sansang.yml")]) == 2
    assert "thiếu --period; hãy ghi như --period 2026" in capsys.readouterr().err
