"""`sansang ledger days` and `verify --days`: daily sums for people, for sheets and for programs."""

from __future__ import annotations

import asyncio
import csv
import json
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from agent.cli.main import main
from agent.clock import SystemClock
from agent.inventory.entities import Organisation
from agent.ledger.days import day_files
from agent.ledger.days.sums import ClosedDay
from agent.ledger.rows import AgentRun, AgentStop, Configured, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, State
from agent.reporting.days import closed_days
from tests.agent.cli.conftest import Served
from tests.agent.reporting.small_ledger import DOWN_MS, recorded
from tests.clock import TravellingClock
from tests.exporters.reports.sample import at

OCTOBER = [date(2025, 10, 1) + timedelta(days=ahead) for ahead in range(31)]


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A ledger of October 2025, and its days closed."""
    file = recorded(tmp_path)
    days = closed_days(tmp_path / "ledger", Organisation("Lab"), OCTOBER, at("2025-11-02 00:00"))
    day_files.add(tmp_path / "ledger" / day_files.FOLDER, days)
    return file


def days(config: Path, *more: str) -> int:
    return main(["ledger", "days", "--config", str(config), *more])


def test_a_table_of_the_days(config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")

    assert days(config) == 0
    vietnamese = capsys.readouterr().out
    assert days(config, "--target", "s/dead", "--lang", "en") == 0
    english = capsys.readouterr().out

    (row,) = (line for line in vietnamese.splitlines() if "10/10/2025" in line)
    assert [cell.strip() for cell in row.split("│")][1:-1] == [
        "10/10/2025", "2", "83,33 %", "100,00 %", "8:00:00", "1", "8:00:00", "0:00:00", "0:00:00",
    ]  # fmt: skip
    assert "Tổng theo ngày, như đã ghi" in vietnamese
    assert "66.66 %" in english
    assert "Official figures" in english


def test_csv_and_json_say_the_same(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert days(config, "-o", str(tmp_path / "days.csv")) == 0
    with (tmp_path / "days.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert days(config, "--json", "--year", "2025") == 0
    documents = json.loads(capsys.readouterr().out)

    assert [(row["day"], row["target"], int(row["down_ms"])) for row in rows] == [
        (document["day"], one["target"], one["down_ms"]) for document in documents for one in document["sums"]
    ]
    assert sum(int(row["down_ms"]) for row in rows) == DOWN_MS
    assert len(rows) == 2 * 31
    assert {len(document["head_hash"]) for document in documents} == {64}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--year", "2024"), "không có tệp của năm 2024"),
        (("--target", "s/none", "--lang", "en"), "there is no target 's/none' in the file of the year 2025"),
        (("-o", "days.ods"), "hãy đặt tên tệp kết thúc bằng .csv"),
        (("--path", "/nowhere", "--lang", "en"), "no day has been closed yet at /nowhere"),
        (("-o", "/nowhere/days.csv"), "không ghi được /nowhere/days.csv: không có tệp hoặc thư mục này"),
    ],
)
def test_what_is_not_there_is_said(
    config: Path, capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], said: str
) -> None:
    assert days(config, *arguments) == 2
    assert said in capsys.readouterr().err


def test_verify_counts_the_days_again(config: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ledger", "verify", "--config", str(config), "--days"]) == 0
    db = sqlite3.connect(day_files.file_of(tmp_path / "ledger" / day_files.FOLDER, 2025))
    db.execute("UPDATE sums SET down_ms = down_ms - 1, up_ms = up_ms + 1 WHERE down_ms > 0")
    db.commit()
    db.close()
    capsys.readouterr()

    assert main(["ledger", "verify", "--config", str(config), "--days", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert main(["ledger", "verify", "--config", str(config)]) == 0

    assert "2025-10-10 is not what was written; 2 differences in all" in found["message"]
    assert found["ok"] is False


def edited(config: Path, statement: str) -> None:
    db = sqlite3.connect(day_files.file_of(config.parent / "ledger" / day_files.FOLDER, 2025))
    db.execute(statement)
    db.commit()
    db.close()


@pytest.mark.parametrize(
    "more", [(), ("--target", "s/dead"), ("--json",), ("-o", "days.csv"), ("--path", "ledger/days")]
)
def test_a_day_that_is_not_what_was_written_is_not_printed(
    config: Path, more: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(config.parent)
    edited(config, "UPDATE sums SET up_ms = up_ms + down_ms, down_ms = 0, outages = 0 WHERE down_ms > 0")

    for language, named in (("vi", "ngày 10/10/2025 trong"), ("en", "the day 10/10/2025 in")):
        assert days(config, "--lang", language, *more) == 1
        said = capsys.readouterr()
        assert (said.out, named in said.err, "days-2025.sqlite" in said.err) == ("", True, True), said.err
    assert not Path("days.csv").exists()


def test_who_insists_sees_the_mark_at_the_edited_day(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(config.parent)
    monkeypatch.setenv("COLUMNS", "160")
    edited(config, "UPDATE sums SET up_ms = up_ms + down_ms, down_ms = 0, outages = 0 WHERE down_ms > 0")

    assert [days(config, "--unverified", *more) for more in ((), ("--json",), ("-o", "days.csv"))] == [0, 0, 0]
    said = capsys.readouterr().out
    documents = json.loads(said[said.index("[{") :])
    assert ("10/10/2025 (!)" in said, "11/10/2025 (!)" in said) == (True, False)
    assert [one["day"] for one in documents if "unverified" in one] == ["2025-10-10"]
    with Path("days.csv").open(encoding="utf-8-sig", newline="") as file:
        assert {row["day"] for row in csv.DictReader(file) if row["unverified"]} == {"2025-10-10"}


def test_a_day_of_another_ledger_bears_a_mark(
    config: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole in itself: the days of another installation, or of a ledger that was replaced."""
    monkeypatch.setenv("COLUMNS", "160")
    folder = config.parent / "ledger" / day_files.FOLDER
    (day,) = (one for one in day_files.read(folder, 2025) if one.day == date(2025, 10, 10))
    edited(config, "DELETE FROM sums WHERE day = (SELECT number FROM days WHERE day = '2025-10-10')")
    edited(config, "DELETE FROM days WHERE day = '2025-10-10'")
    day_files.add(folder, [replace(day, head_hash="ab" * 32)])

    assert (days(config, "--lang", "en"), days(config, "--json")) == (0, 0)
    said = capsys.readouterr().out
    table, documents = said[: said.index("[{")], json.loads(said[said.index("[{") :])
    assert f"counted from row {day.head_seq} (abababababab), which this ledger" in " ".join(table.split())
    assert ("10/10/2025 (!)" in table, "11/10/2025 (!)" in table) == (True, False)
    assert [one["day"] for one in documents if "unverified" in one] == ["2025-10-10"]


_AGENT = """
import sys
from agent import runtime
from agent.cli.main import main
from agent.clock import SystemClock

class Known(SystemClock):
    def synchronised(self):
        return True

vars(runtime)["SystemClock"] = Known
sys.exit(main(["run", "--config", sys.argv[1]]))
"""


async def test_a_starting_agent_closes_the_days_that_it_missed(served: Served) -> None:
    now_ms, day_ms = SystemClock().wall_ms(), 86_400_000
    began_ms = now_ms - 5 * day_ms
    ledger = Ledger.open(served.storage, TravellingClock())
    ledger.append(
        [
            AgentRun("local", "long-ago", began_ms, began_ms, synchronised=True, version="0"),
            Configured("s/good", began_ms, 1_000, 1_000, 1_000, 3, 1, ""),
            StateChange("s/good", State.UP, Reason.OK, began_ms, began_ms + 1, began_ms + 2),
            AgentStop(began_ms + day_ms),
        ]
    )
    ledger.close()

    def work() -> list[ClosedDay]:
        folder, until = served.storage / day_files.FOLDER, time.monotonic() + 30
        with subprocess.Popen([sys.executable, "-c", _AGENT, str(served.config)], stderr=subprocess.DEVNULL) as agent:
            while time.monotonic() < until and len(day_files.dates(folder, "local")) < 4:
                time.sleep(0.1)
            agent.terminate()
        return [day for year in day_files.years(folder) for day in day_files.read(folder, year)]

    found = await asyncio.to_thread(work)

    assert len(found) in (4, 5)  # in the first hours of a day the one before is not settled yet
    assert sum(one.up_ms for day in found for one in day.sums) == day_ms
