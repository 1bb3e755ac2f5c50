"""`sansang score --form`: the clerk's own workbook goes in and comes back filled, and a second time as it is."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from agent.cli.main import main
from agent.scoring.document.canonical import sheet_yaml
from agent.scoring.document.load import load_sheet
from agent.scoring.formulas import RatioFormula
from agent.scoring.measures import UptimeMeasure
from tests.agent.cli.commands.score.test_scores import CONFIG
from tests.agent.reporting.scoring.score_ledger import rows, write
from tests.agent.scoring.form.form_tables import Row, table_workbook
from tests.agent.scoring.form.office_workbooks import OFFICES
from tests.agent.scoring.form.raw_workbooks import excel_manner

Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration with its ledger."""
    place = tmp_path_factory.mktemp("form")
    write(place / "ledger", rows())
    config = CONFIG.format(language="vi", ledger=place / "ledger").replace("thu.yml", "")
    (place / "sansang.yml").write_text(config, "utf-8")
    return place


def imported(place: Path, data: bytes) -> tuple[Path, Path]:
    """The workbook and the sheet that is read from it."""
    form, sheet = place / "tu-danh-gia.xlsx", place / "xa.yml"
    form.write_bytes(data)
    assert main(["score", "import-sheet", str(form), "-o", str(sheet), "--lang", "vi"]) == 0
    return form, sheet


def score(folder: Path, sheet: Path, form: Path, *options: str) -> int:
    config = ["--config", str(folder / "sansang.yml")]
    call = ["score", *config, "--period", "2026-Q1", "--sheet", str(sheet), "--form", str(form)]
    try:
        return main([*call, *options])
    except SystemExit as ended:
        return int(str(ended.code))


def test_the_same_workbook_comes_back_and_a_second_time_unchanged(
    folder: Path, tmp_path: Path, capsys: Printed
) -> None:
    form, sheet = imported(tmp_path, excel_manner())
    once, twice = tmp_path / "da-cham.xlsx", tmp_path / "lan-hai.xlsx"
    capsys.readouterr()

    assert score(folder, sheet, form, "--unit", "xa-a", "-o", str(once)) == 0
    first = capsys.readouterr().out
    assert score(folder, sheet, once, "--unit", "xa-a", "-o", str(twice)) == 0
    second = capsys.readouterr().out

    own = openpyxl.load_workbook(once)["Tự chấm"]
    archives = [zipfile.ZipFile(io.BytesIO(path.read_bytes())) for path in (form, once)]
    differs = [name for name in archives[0].namelist() if len({one.read(name) for one in archives}) > 1]
    assert differs == ["xl/workbook.xml", "xl/worksheets/sheet1.xml"]
    assert isinstance(own["F9"].value, int | float)
    assert own["H10"].value == "Biên bản nghiệm thu\nSố đo của bộ giám sát (gói bằng chứng)"
    assert (own["F12"].value, own["G12"].value, own["F15"].value) == (None, None, "=ROUND(D15*0.5,2)")
    assert f"Đã ghi: {once}, " in first
    assert "  1.4, để trống: Tạm chưa chấm: " in first
    assert twice.read_bytes() == once.read_bytes()
    assert f"Đã ghi: {twice}; không ô nào đổi" in second


@pytest.mark.parametrize("office", OFFICES)
def test_every_office_gets_its_own_back(office: str, folder: Path, tmp_path: Path) -> None:
    form, sheet = imported(tmp_path, OFFICES[office]())
    once, twice = tmp_path / "mot.xlsx", tmp_path / "hai.xlsx"
    measured_by_uptime(sheet)

    assert score(folder, sheet, form, "--unit", "xa-a", "-o", str(once)) == 0
    assert score(folder, sheet, once, "--unit", "xa-a", "-o", str(twice)) == 0
    assert form.read_bytes() != once.read_bytes() == twice.read_bytes()


def measured_by_uptime(path: Path) -> None:
    """Every criterion that is worth points, so that each has a figure."""
    sheet = load_sheet(path, "vi")
    criteria = tuple(
        replace(one, measure=UptimeMeasure(), formula=RatioFormula()) if one.maximum else one for one in sheet.criteria
    )
    path.write_text(sheet_yaml(replace(sheet, criteria=criteria)), "utf-8")


ONE: list[Row] = [["1", "Đường truyền số liệu chuyên dùng", 60], ["2", "Họp ban chỉ đạo", 40]]


@pytest.fixture
def inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that the command is called in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["-o", "a.xlsx"], "hãy thêm --unit"),
        (["--unit", "xa-a"], "--form cần đúng một tệp -o .xlsx"),
        (["--unit", "xa-a", "-o", "a.csv"], "-o tu-danh-gia-da-cham.xlsx"),
        (["--unit", "xa-a", "-o", "a.xlsx", "-o", "b.xlsx"], "--form cần đúng một tệp -o .xlsx"),
        (["--unit", "xa-a", "-o", "./tu-danh-gia.xlsx"], "chính là tệp của --form"),
    ],
)  # fmt: skip
def test_a_call_that_lacks_something_is_told_what(
    folder: Path, inside: Path, capsys: Printed, options: list[str], sentence: str
) -> None:
    form, sheet = imported(inside, table_workbook(ONE))

    assert score(folder, sheet, form, *options) == 2
    assert sentence in capsys.readouterr().err
    assert {path.name for path in inside.iterdir()} == {"tu-danh-gia.xlsx", "xa.yml"}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"), "sổ Excel kiểu cũ (.xls)"),
        (b"", "tệp trống"),
        (table_workbook(ONE, tabs=("Khác",)), "không có trang 'Sheet'; sổ này có: 'Khác'"),
        (
            table_workbook([["1", "Tỷ lệ hồ sơ trực tuyến", 60], ["2", "Họp ban chỉ đạo", 40]]),
            "hàng 2: chỉ số 1 phải là 'Đường truyền số liệu chuyên dùng', sổ ghi 'Tỷ lệ hồ sơ trực tuyến'",
        ),
        (table_workbook(ONE[:1]), "không còn chỉ số 2 'Họp ban chỉ đạo' (trước ở ô E3)"),
        (table_workbook([ONE[0], ["2", "Họp ban chỉ đạo", 30]]), "chỉ số 2 phải có điểm tối đa 40, sổ ghi 30"),
    ],
)  # fmt: skip
def test_another_file_is_refused_before_anything_is_counted(
    folder: Path, tmp_path: Path, capsys: Printed, data: bytes, sentence: str
) -> None:
    _, sheet = imported(tmp_path, table_workbook(ONE))
    other, target = tmp_path / "khac.xlsx", tmp_path / "a.xlsx"
    other.write_bytes(data)

    assert score(folder, sheet, other, "--unit", "xa-a", "-o", str(target)) == 2
    printed = capsys.readouterr().err
    assert sentence in printed
    assert str(other) in printed
    assert not target.exists()


def test_other_files_are_written_beside_and_json_stays_json(folder: Path, tmp_path: Path, capsys: Printed) -> None:
    form, sheet = imported(tmp_path, table_workbook(ONE))
    capsys.readouterr()
    names = [tmp_path / "a.xlsx", tmp_path / "a.csv"]

    assert score(folder, sheet, form, "--unit", "xa-a", "--json", *(f"-o{name}" for name in names)) == 0
    printed = capsys.readouterr()
    assert printed.out.startswith("{")
    assert "Đã ghi: " in printed.err
    assert names[1].read_bytes().startswith(b"\xef\xbb\xbf")
