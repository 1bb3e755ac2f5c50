"""`sansang score -o package.zip`: the package, its hash on the screen, in the workbook beside it and in the ledger."""

from __future__ import annotations

import io
import json
import zipfile
from hashlib import sha256
from pathlib import Path

import apsw
import pytest

from agent.cli.main import main
from agent.ledger.reader import Reader
from agent.ledger.signed.score_issues import read
from agent.scoring.document.canonical import sheet_yaml
from agent.scoring.measures import UptimeMeasure
from tests.agent.cli.commands.score.test_scores import CONFIG
from tests.agent.reporting.scoring.score_ledger import rows, sheet, write

Printed = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path / "ledger", rows())
    (tmp_path / "thu.yml").write_text(sheet_yaml(sheet(UptimeMeasure())), "utf-8")
    (tmp_path / "sansang.yml").write_text(CONFIG.format(language="vi", ledger=tmp_path / "ledger"), "utf-8")
    return tmp_path


def score(folder: Path, *options: str) -> int:
    return main(["score", "--config", str(folder / "sansang.yml"), "--period", "2026-Q1", "--unit", "xa-a", *options])


def outputs(folder: Path, *names: str) -> list[str]:
    return [word for name in names for word in ("-o", str(folder / name))]


def digest(package: Path) -> str:
    with zipfile.ZipFile(package) as opened:
        return sha256(opened.read("manifest.json")).hexdigest()


def recorded(folder: Path) -> list[str]:
    reader = Reader.open(folder / "ledger")
    try:
        return [issue.row.manifest for issue in read(reader)]
    finally:
        reader.close()


def test_the_hash_is_printed_stands_in_the_workbook_and_is_a_row_of_the_ledger(folder: Path, capsys: Printed) -> None:
    assert score(folder, *outputs(folder, "diem.xlsx", "goi.zip", "diem.csv")) == 0

    said, made = capsys.readouterr().out, digest(folder / "goi.zip")
    assert f"Mã SHA-256 của gói (manifest.json): {made}\n" in said
    assert "Mã này đã ghi trong diem.xlsx." in said
    assert recorded(folder) == [made]
    with zipfile.ZipFile(folder / "goi.zip") as package:
        assert (folder / "diem.xlsx").read_bytes() == package.read("score.xlsx")
        assert (folder / "diem.csv").read_bytes() == package.read("score.csv")
    with zipfile.ZipFile(folder / "diem.xlsx") as book:
        assert made.encode() in b"".join(book.read(part) for part in book.namelist())


def test_the_same_instant_gives_the_same_package_and_no_second_row(folder: Path, capsys: Printed) -> None:
    assert score(folder, *outputs(folder, "one.zip")) == 0
    with zipfile.ZipFile(folder / "one.zip") as package:
        as_of = json.loads(package.read("manifest.json"))["as_of"]
    assert score(folder, "--as-of", as_of, *outputs(folder, "two.zip")) == 0

    assert (folder / "one.zip").read_bytes() == (folder / "two.zip").read_bytes()
    assert len(recorded(folder)) == 1
    capsys.readouterr()
    assert main(["score", "verify", str(folder / "two.zip"), "--ledger", "--config", str(folder / "sansang.yml")]) == 0
    assert "Nguồn gốc đã chứng minh" in capsys.readouterr().out


def test_json_on_the_screen_stays_json(folder: Path, capsys: Printed) -> None:
    assert score(folder, "--json", *outputs(folder, "goi.zip")) == 0

    said = capsys.readouterr()
    assert json.load(io.StringIO(said.out))["version"] == 1
    assert digest(folder / "goi.zip") in said.err


def test_a_ledger_that_was_not_verified_gives_no_package(folder: Path, capsys: Printed) -> None:
    db = apsw.Connection(str(folder / "ledger/ledger.db"))
    for (name,) in list(db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
        db.execute(f"DROP TRIGGER {name}")
    db.execute("UPDATE rows SET at_ms = at_ms + 1 WHERE seq = 5")
    db.close()

    assert score(folder, "--unverified", *outputs(folder, "goi.zip")) == 2
    assert "không đóng gói từ sổ chưa kiểm chứng" in capsys.readouterr().err
    assert not (folder / "goi.zip").exists()
