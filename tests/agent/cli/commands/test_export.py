"""`sansang export`: a workbook or a CSV of the inventory, never over a file that is there, never a formula."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from agent.cli.main import main
from agent.inventory.sheets.reader import read_xlsx

EXAMPLES = Path(__file__).parents[4] / "config" / "examples"


def test_an_export_is_written_once_and_imports_without_a_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, book = str(EXAMPLES / "district-22"), tmp_path / "sites.xlsx"
    assert main(["export", str(book), "--config", config]) == 0
    out = capsys.readouterr().out
    assert f"Đã ghi: {book} (Điểm: 22, Đơn vị: 21, Liên hệ: 1)" in out
    assert f"sansang import {book}" in out
    sheets, _ = read_xlsx("x", book.read_bytes())
    assert [sheet.title for sheet in sheets] == ["Điểm", "Đơn vị", "Liên hệ"]
    assert main(["import", str(book), "--config", config]) == 0
    assert capsys.readouterr().out == "Không có gì thay đổi.\n"
    before = book.read_bytes()
    assert main(["export", str(book), "--config", config]) == 2
    assert "--force" in capsys.readouterr().err
    assert main(["export", str(book), "--config", config, "--force", "--lang", "en"]) == 0
    assert book.read_bytes() != before


def test_what_is_to_be_typed_is_typed_with_sudo_by_who_called_it_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUDO_USER", "an")
    config, book, sheet = str(tmp_path / "c"), tmp_path / "my sites.xlsx", tmp_path / "new.csv"
    shutil.copytree(EXAMPLES / "starter", config)
    assert main(["export", str(book), "--config", config]) == 0
    assert f"  sudo sansang import '{book}' --config {config}\n" in capsys.readouterr().out
    sheet.write_text("tên;cổng mạng\nUBND xã A;127.0.0.1\n", "utf-8")
    assert main(["import", str(sheet), "--config", config]) == 0
    assert f"  sudo sansang import {sheet} --config {config} --apply\n" in capsys.readouterr().out


def test_only_who_called_may_read_the_telephone_numbers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    book = tmp_path / "sites.xlsx"
    monkeypatch.setenv("SUDO_UID", "65534")
    assert main(["export", str(book), "--config", str(EXAMPLES / "district-22")]) == 0
    found = book.stat()
    assert (found.st_mode & 0o777, found.st_uid) == (0o600, os.geteuid() or 65534)


def test_an_edited_export_goes_back_to_the_files_its_rows_stand_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(EXAMPLES / "district-22", tmp_path / "district")
    config, table = str(tmp_path / "district"), tmp_path / "sites.csv"
    assert main(["export", str(table), "--config", config]) == 0
    assert "CSV chỉ chứa các điểm" in capsys.readouterr().out
    text = table.read_text("utf-8-sig").replace("192.0.2.7,", "192.0.2.77,")
    table.write_text(text, encoding="utf-8")
    assert main(["import", str(table), "--config", config, "--apply"]) == 0
    out = capsys.readouterr().out
    assert "~ ubnd-xa-gia-loc: cổng mạng 192.0.2.7 -> 192.0.2.77" in out
    assert "diem-cau.csv.bak" in out
    assert sorted(path.name for path in (tmp_path / "district" / "sites.d").iterdir()) == [
        "diem-cau.csv.bak",
        "diem-cau.yml",
    ]
    assert main(["export", str(table), "--config", config, "--force"]) == 0
    assert table.read_text("utf-8-sig") == text


@pytest.mark.parametrize(
    ("name", "said"), [("sites.ods", "chỉ ghi được .xlsx hoặc .csv"), ("no/sites.csv", "không ghi được")]
)
def test_what_cannot_be_written_is_said(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export", str(tmp_path / name), "--config", str(EXAMPLES / "district-22")]) == 2
    assert said in capsys.readouterr().err


def test_a_faulty_configuration_is_told_and_nothing_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sansang.yml").write_text("organisation: {name: T}\nsite: []\n", encoding="utf-8")
    assert main(["export", str(tmp_path / "x.xlsx"), "--config", str(tmp_path)]) == 2
    assert "không có khóa 'site'" in capsys.readouterr().err
    assert not (tmp_path / "x.xlsx").exists()
