"""`sansang score import-sheet`: an office's workbook becomes a score sheet that `validate` takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.cli.main import main
from agent.scoring.document.load import load_sheet
from tests.agent.scoring.form.form_tables import table_workbook
from tests.agent.scoring.form.raw_workbooks import excel_manner


def workbook(folder: Path, data: bytes) -> Path:
    path = folder / "Tự đánh giá xã.xlsx"
    path.write_bytes(data)
    return path


def import_sheet(*arguments: object) -> int:
    return main(["score", "import-sheet", *map(str, arguments)])


def test_it_is_shown_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_sheet(workbook(tmp_path, excel_manner()), "--lang", "vi") == 0
    out = " ".join(capsys.readouterr().out.split())

    assert "trang 'Tự chấm', 6 chỉ số trong 2 nhóm, thang 1.000 điểm." in out
    assert "1.1 Tỷ lệ cơ quan có mạng LAN: tỷ lệ điểm có mạng LAN sẵn sàng từ 99 %" in out
    assert "Cán bộ điền: 3 chỉ số: 1.4, 2.1, 2.2" in out
    assert "Chưa ghi gì. Để ghi, thêm -o, ví dụ: -o config/scoring/tu-danh-gia-xa.yml" in out
    assert [path.name for path in tmp_path.iterdir()] == ["Tự đánh giá xã.xlsx"]


def test_what_is_written_is_a_good_sheet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "xa-2026.yml"
    assert import_sheet(workbook(tmp_path, excel_manner()), "-o", written, "--level", "ward", "--lang", "en") == 0
    assert f"Written: {written}" in capsys.readouterr().out
    sheet = load_sheet(written)

    assert (sheet.id, sheet.levels, len(sheet.criteria)) == ("xa-2026", ("ward",), 6)
    assert sheet.form is not None
    assert (sheet.form.name, sheet.form.tab, len(sheet.form.rows)) == ("Tự đánh giá xã.xlsx", "Tự chấm", 6)
    assert main(["score", "validate", str(written)]) == 0


def test_what_a_clerk_changed_is_not_lost(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    written = tmp_path / "xa-2026.yml"
    book = workbook(tmp_path, excel_manner())
    assert import_sheet(book, "-o", written) == 0
    assert import_sheet(book, "-o", written) == 0
    written.write_text(written.read_text("utf-8") + "# đã xem\n", "utf-8")

    assert import_sheet(book, "-o", written, "--lang", "vi") != 0
    assert "đã có và khác đi: thêm --force" in capsys.readouterr().err
    assert written.read_text("utf-8").endswith("# đã xem\n")
    assert import_sheet(book, "-o", written, "--force") == 0
    assert "đã xem" not in written.read_text("utf-8")


def test_a_year_that_the_form_does_not_name_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert import_sheet(workbook(tmp_path, table_workbook([["1", "Chỉ số", 100]])), "--lang", "vi") == 0
    assert "biểu không ghi năm: lấy năm 20" in " ".join(capsys.readouterr().out.split())


def test_another_file_is_refused_by_its_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    book = workbook(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le"))

    assert import_sheet(book, "--lang", "vi") != 0
    assert "Tự đánh giá xã.xlsx: sổ Excel kiểu cũ (.xls): mở bằng Excel" in capsys.readouterr().err
    assert import_sheet(tmp_path / "none.xlsx", "--lang", "vi") != 0
    assert "none.xlsx" in capsys.readouterr().err
