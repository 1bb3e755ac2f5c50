"""An audit, played: each deed is caught by a command, or stands in the report; what is left to the machine's owner is
shown by an anchor outside. docs/ledger.md has the same deeds in a table."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import apsw
import openpyxl
import pytest

from agent.cli.main import main
from agent.ledger import heartbeat
from agent.ledger.lock import lock_of
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, AgentStop, Content, Restored, Row, StateChange
from agent.ledger.store import Ledger
from agent.model import State
from tests.agent.reporting.test_inventory_history import (
    DAY,
    HOUR,
    MONDAY,
    begun,
    down,
    hours,
    inventory,
    there,
    told,
    window,
)
from tests.clock import TravellingClock

PERIOD = ("uptime", "--period", "2026-06-01..2026-06-02")
RECORDED = "93.7500"
"""Of Monday and Tuesday, with three hours of outage."""
OUTAGE = MONDAY + 9 * HOUR, MONDAY + 12 * HOUR
NOT_IN_IT = "KHÔNG có trong sổ này"


@dataclass
class Audit:
    """A ledger of a week with one outage, the report that was handed in, and the head that it bears."""

    folder: Path
    output: pytest.CaptureFixture[str]

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    @property
    def report(self) -> Path:
        return self.folder / "da-nop.xlsx"

    def sansang(self, *arguments: str, config: str = "sansang.yml") -> tuple[int, str]:
        """A command, with what it printed on either side."""
        self.output.readouterr()
        code = main([*arguments, "--config", str(self.folder / config)])
        said = self.output.readouterr()
        return code, said.out + said.err

    def write(self, *rows: Row) -> None:
        ledger = Ledger.open(self.ledger, TravellingClock())
        ledger.append(rows)
        ledger.close()

    def rows(self) -> list[Row]:
        reader = Reader.open(self.ledger)
        found = [stored.row for stored in reader.everything()]
        reader.close()
        return found

    def head(self) -> str:
        reader = Reader.open(self.ledger)
        last = reader.last_seq()
        found = reader.hash_of(last)
        reader.close()
        assert found is not None
        return f"{last}:{found.hex()}"

    def tampered(self, statement: str) -> None:
        """By somebody who knows SQL and not how a chain is built."""
        db = apsw.Connection(str(self.ledger / "ledger.db"))
        for (name,) in list(db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
            db.execute(f"DROP TRIGGER {name}")
        db.execute(statement)
        db.close()

    def rebuilt(self, rows: Iterable[Row]) -> None:
        """By the owner of the machine, who has this program: chain and heartbeat of rows of his own."""
        kept = list(rows)
        shutil.rmtree(self.ledger)
        self.write(*kept)

    def sheet(self, name: str, asked: Sequence[str] = PERIOD) -> str:
        """A sheet of the report as it is made now, in one text."""
        file = self.folder / "now.xlsx"
        code, said = self.sansang(*asked, "-o", str(file))
        assert code == 0, said
        page = openpyxl.load_workbook(file)[name]
        return "\n".join(" | ".join(str(cell) for cell in row if cell is not None) for row in page.values)

    def figure(self) -> str:
        """The availability that is reported now, in percent."""
        code, said = self.sansang(*PERIOD, "--json")
        assert code == 0, said
        found: str = json.loads(said)["targets"][0]["recorded"]["availability"]["percent_4"]
        return found


@pytest.fixture
def audit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Audit:
    made = Audit(tmp_path, capsys)
    (tmp_path / "sansang.yml").write_text(
        f"""organisation: {{name: Huyện Lập Thạch, language: vi, timezone: Asia/Ho_Chi_Minh}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: xa-a, name: Xã A, level: commune}}]
modules: {{port: {{probe: tcp}}}}
sites: [{{id: a, name: UBND xã A, unit: xa-a}}]
targets: [{{id: a/x, name: Đường truyền, role: uplink, module: port, address: "127.0.0.1:9"}}]
storage: {{path: {made.ledger}}}
""",
        "utf-8",
    )
    made.write(*begun(inventory("a/x", slo="99.0")), *down(*OUTAGE), AgentStop(MONDAY + 8 * DAY))
    assert made.sansang(*PERIOD, "-o", str(made.report))[0] == 0
    assert made.figure() == RECORDED
    assert made.sansang("ledger", "verify", "--anchor", made.head(), "--report", str(made.report))[0] == 0
    return made


def edit_a_row(audit: Audit) -> None:
    audit.tampered("UPDATE rows SET body = replace(body, '\"state\":0', '\"state\":1') WHERE kind = 'state_change'")
    code, said = audit.sansang("ledger", "verify")
    assert (code, "dòng 5" in said) == (1, True), said
    code, said = audit.sansang(*PERIOD)
    assert code == 1
    assert "Sổ ghi không còn đúng như lúc được ghi - dòng 5" in said


def delete_rows(audit: Audit) -> None:
    audit.tampered("DELETE FROM rows WHERE seq IN (5, 6)")
    assert audit.sansang("ledger", "verify")[0] == 1
    code, said = audit.sansang(*PERIOD)
    assert (code, "thiếu dòng 5" in said) == (1, True), said


def roll_back(audit: Audit) -> None:
    """The file alone, beside the heartbeat that knows more."""
    before = audit.folder / "before"
    shutil.copytree(audit.ledger, before)
    audit.write(told(inventory("a/x"), MONDAY + 9 * DAY))
    shutil.copy(before / "ledger.db", audit.ledger / "ledger.db")
    for log in audit.ledger.glob("ledger.db-*"):
        log.unlink()
    code, said = audit.sansang("ledger", "verify")
    assert (code, "heartbeat biết dòng 8" in said) == (1, True), said
    assert audit.sansang(*PERIOD)[0] == 1


def restore(audit: Audit) -> None:
    """Refused over a whole ledger; forced, it is signed in a row, and the head from before is not in it any more."""
    assert audit.sansang("ledger", "backup")[0] == 0
    audit.write(told(inventory("a/x"), MONDAY + 9 * DAY))
    head = audit.head()
    code, said = audit.sansang("ledger", "restore")
    assert (code, "--force" in said) == (2, True), said
    assert audit.sansang("ledger", "restore", "--force")[0] == 0
    (row,) = (row for row in audit.rows() if isinstance(row, Restored))
    assert (row.forced, f"{row.head_seq}:{row.head_hash}") == (True, head)
    code, said = audit.sansang("ledger", "verify", "--anchor", head)
    assert (code, NOT_IN_IT in said) == (1, True), said
    assert "Sổ được khôi phục từ bản sao" in audit.sheet("Đứt quãng", ("uptime", "--period", "2026-06"))


def move_a_site(audit: Audit) -> None:
    """Into a unit with an announced window, during the outage: nothing is excluded, and both units stand there."""
    audit.rebuilt(
        [
            *begun(inventory("a/x", slo="99.0")),
            window("unit:xa-b", *OUTAGE, MONDAY - DAY),
            down(*OUTAGE)[0],
            told(inventory("a/x", slo="99.0", unit="xa-b"), OUTAGE[0] + HOUR),
            down(*OUTAGE)[1],
            AgentStop(MONDAY + 8 * DAY),
        ]
    )
    assert audit.figure() == RECORDED
    sheet = audit.sheet("Ngưỡng")
    assert ("Xã A" in sheet, "Xã B" in sheet) == (True, True), sheet


def retime_a_calendar(audit: Audit) -> None:
    """Afternoons only, from Tuesday on: Monday's morning keeps its calendar."""
    before = inventory("a/x", slo="99.0", calendar="shift", shift=hours("08:00", "12:00"))
    after = inventory("a/x", slo="99.0", calendar="shift", shift=hours("13:00", "17:00"))
    audit.rebuilt([*begun(before), *down(*OUTAGE), told(after, MONDAY + DAY), AgentStop(MONDAY + 8 * DAY)])
    assert audit.figure() == "62.5000", "3 of 8 hours"
    assert len({line.split("shift (")[1][:8] for line in audit.sheet("Ngưỡng").splitlines() if "shift (" in line}) == 2


def loosen_thresholds(audit: Audit) -> None:
    rows = [*begun(inventory("a/x", slo="99.0")), *down(*OUTAGE), there(MONDAY + DAY, fail_after=100)]
    audit.rebuilt([*rows, AgentStop(MONDAY + 8 * DAY)])
    sheet = audit.sheet("Ngưỡng")
    assert [line for line in sheet.splitlines() if "a/x" in line and "| 100 |" in line], sheet


def backdate_a_window(audit: Audit) -> None:
    """By a clock set back to an hour before the outage that is just over: it excludes nothing, and is listed."""
    late = replace(window("all", *OUTAGE, OUTAGE[0] - HOUR), boot_id="boot", boottime_ms=OUTAGE[1] + HOUR)
    rows = [*begun(inventory("a/x", slo="99.0")), *down(*OUTAGE), replace(late, synchronised=True)]
    audit.rebuilt([*rows, AgentStop(MONDAY + 8 * DAY)])
    assert audit.figure() == RECORDED
    (listed,) = (line for line in audit.sheet("Thời gian loại trừ").splitlines() if "01 13:00:00" in line)
    assert "không" in listed, "with the instant at which it was really recorded"


def rename_an_observer(audit: Audit) -> None:
    """Another name in the configuration alone finds no figures, and says so; it hides none."""
    text = (audit.folder / "sansang.yml").read_text("utf-8").replace("language: vi", "language: vi, observer: moi")
    (audit.folder / "renamed.yml").write_text(text, "utf-8")
    code, said = audit.sansang(*PERIOD, config="renamed.yml")
    assert code == 2, said
    assert audit.figure() == RECORDED


def forge_the_heartbeat(audit: Audit) -> None:
    """A later time on an earlier row, as if the rows after it were not known."""
    rows = [*begun(inventory("a/x", slo="99.0")), *down(*OUTAGE)]
    audit.rebuilt([replace(row, boot_id="boot-1") if isinstance(row, AgentRun) else row for row in rows])
    reader = Reader.open(audit.ledger)
    hash_ = reader.hash_of(4)
    reader.close()
    assert hash_ is not None
    (audit.ledger / "heartbeat").unlink()
    beat = heartbeat.Heartbeat("boot-1", MONDAY + DAY, MONDAY + DAY, 4, hash_)
    heartbeat.beat(audit.ledger / "heartbeat", beat)
    code, said = audit.sansang("ledger", "verify")
    assert (code, "muộn hơn dòng 5 mà nó không biết" in said) == (1, True), said
    code, said = audit.sansang(*PERIOD)
    assert (code, "tệp heartbeat không thể đúng" in said) == (1, True), said
    audit.write()
    assert "Tệp heartbeat bị thiếu hoặc không thể đúng" in audit.sheet("Đứt quãng"), "told by the next start"


def run_a_second_agent(audit: Audit) -> None:
    """On the same ledger; one elsewhere under the same name is an alert of Prometheus (SansangObserverTwice)."""
    with lock_of(audit.ledger):
        code, said = audit.sansang("run")
    assert (code, "một tiến trình giám sát khác đang mở sổ này" in said) == (2, True), said


def edit_the_workbook(audit: Audit) -> None:
    book = openpyxl.load_workbook(audit.report)
    page = book["Theo mục tiêu"]
    (row,) = (row for row in page.iter_rows() if row[0].value == "a/x")
    cell: Any = row[4]
    cell.value = 0.9999
    book.save(audit.report)
    code, said = audit.sansang("ledger", "verify", "--report", str(audit.report))
    assert code == 1
    where = f"trang Theo mục tiêu, ô {cell.coordinate}"
    assert f"{where}: trong tệp là 99,9900 %, theo sổ là 93,7500 %" in said


DEEDS: dict[str, Callable[[Audit], None]] = {
    "edit a row": edit_a_row,
    "delete rows": delete_rows,
    "roll back": roll_back,
    "restore": restore,
    "move a site": move_a_site,
    "rename an observer": rename_an_observer,
    "change a calendar's hours": retime_a_calendar,
    "loosen thresholds": loosen_thresholds,
    "back-date a window": backdate_a_window,
    "forge the heartbeat": forge_the_heartbeat,
    "run a second agent": run_a_second_agent,
    "edit the workbook": edit_the_workbook,
}


@pytest.mark.parametrize("deed", DEEDS)
def test_the_deed_is_caught_or_stands_in_the_report(audit: Audit, deed: str) -> None:
    DEEDS[deed](audit)


def _better(row: Row) -> Row:
    return replace(row, state=State.UP) if isinstance(row, StateChange) else row


OWNER: dict[str, Callable[[list[Row]], list[Row]]] = {
    "edit a row": lambda rows: [_better(row) for row in rows],
    "delete rows": lambda rows: [row for place, row in enumerate(rows) if place not in (4, 5)],
    "roll back": lambda rows: rows[:4],
    "back-date a window": lambda rows: [*rows[:4], window("all", *OUTAGE, OUTAGE[0] - HOUR), *rows[4:]],
    "move a site": lambda rows: [
        told(inventory("a/x", slo="99.0", unit="xa-b"), MONDAY - DAY) if isinstance(row, Content) else row
        for row in rows
    ],
    "change a calendar's hours": lambda rows: [
        told(inventory("a/x", slo="99.0", calendar="shift", shift=hours("13:00", "17:00")), MONDAY - DAY)
        if isinstance(row, Content)
        else row
        for row in rows
    ],
    "loosen thresholds": lambda rows: [rows[0], rows[1], there(MONDAY - DAY, fail_after=100), rows[3], rows[6]],
}
"""What the owner of the machine can still do: write all of it anew, heartbeat included."""


@pytest.mark.parametrize("deed", OWNER)
def test_a_ledger_that_its_owner_wrote_anew_is_shown_by_what_lies_elsewhere(audit: Audit, deed: str) -> None:
    """It is whole inside; neither the head that was noted nor the report that was handed in is in it."""
    head = audit.head()
    audit.rebuilt(OWNER[deed](audit.rows()))

    assert audit.sansang("ledger", "verify")[0] == 0, "nothing inside can show it"
    code, said = audit.sansang("ledger", "verify", "--anchor", head)
    assert (code, NOT_IN_IT in said) == (1, True), said
    code, said = audit.sansang("ledger", "verify", "--report", str(audit.report))
    assert code in (1, 2), said


def test_the_page_has_the_same_deeds() -> None:
    page = (Path(__file__).parents[5] / "docs" / "ledger.md").read_text("utf-8")
    table = page.partition("## Played as an audit")[2].partition("\n## ")[0]
    deeds = [line.split("|")[1].strip() for line in table.splitlines() if line.startswith("| ")][1:]
    assert deeds == list(DEEDS)
