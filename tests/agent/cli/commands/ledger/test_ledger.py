"""`sansang ledger`: verify, backup, restore, export; and an agent that starts on a damaged ledger."""

from __future__ import annotations

import asyncio
import json
import subprocess
from pathlib import Path

import openpyxl

from agent.clock import SystemClock
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.recovery.exchange import QUARANTINE
from agent.ledger.rows import AgentStop, Quarantined
from agent.ledger.store import Ledger
from tests.agent.cli.commands.test_check import call, running
from tests.agent.cli.commands.test_maintenance import get
from tests.agent.cli.conftest import Served
from tests.agent.ledger.checkpoint import checkpointed
from tests.agent.ledger.rows import change, start
from tests.agent.reporting.small_ledger import recorded
from tests.clock import TravellingClock


def filled(place: Path) -> None:
    ledger = Ledger.open(place, TravellingClock())
    ledger.append([start(), change(1), change(2), AgentStop(9)])
    ledger.close()


def damage(place: Path) -> None:
    """One bit of a row, in the file itself."""
    path = checkpointed(place)
    body = bytearray(path.read_bytes())
    body[body.index(b'"state":1')] ^= 1
    path.write_bytes(body)


def ledger(served: Served, *arguments: str) -> subprocess.CompletedProcess[str]:
    return call("ledger", arguments[0], "--config", str(served.config), *arguments[1:])


async def test_verify_backup_export_restore(served: Served, tmp_path: Path) -> None:
    filled(served.storage)

    def work() -> dict[str, subprocess.CompletedProcess[str]]:
        done = {"verify": ledger(served, "verify", "--json"), "backup": ledger(served, "backup", "--json")}
        done["export"] = ledger(served, "export", "-o", str(tmp_path / "rows.jsonl"))
        damage(served.storage)
        done["damaged"] = ledger(served, "verify", "--json")
        done["told"] = ledger(served, "verify")
        done["refused"] = ledger(served, "backup")
        done["restore"] = ledger(served, "restore", "--json")
        done["again"] = ledger(served, "verify")
        return done

    done = await asyncio.to_thread(work)

    assert {name: one.returncode for name, one in done.items()} == {
        "verify": 0,
        "backup": 0,
        "export": 0,
        "damaged": 1,
        "told": 1,
        "refused": 2,
        "restore": 0,
        "again": 0,
    }, {name: one.stderr for name, one in done.items()}
    assert json.loads(done["verify"].stdout)["rows"] == 4
    assert json.loads(done["damaged"].stdout)["first_bad_seq"] == 3
    assert done["told"].stdout == "Sổ ghi không còn đúng như lúc được ghi: dòng 3: nội dung không khớp mã băm\n"
    assert "bản sao không nguyên vẹn" in done["refused"].stderr
    assert len((tmp_path / "rows.jsonl").read_text().splitlines()) == 4
    aside = Path(json.loads(done["restore"].stdout)["set_aside"])
    assert not verify(aside).ok
    assert "5 dòng, tất cả đúng như lúc được ghi" in done["again"].stdout, "and the row of the restore"


async def test_verify_says_whether_a_head_noted_elsewhere_is_still_contained(served: Served) -> None:
    filled(served.storage)
    reader = Reader.open(served.storage)
    second, last = ((seq, (reader.hash_of(seq) or b"").hex()) for seq in (2, 4))
    reader.close()
    anchors = {
        "both": ["--anchor", f"{second[0]}:{second[1][:20].upper()}…", "--anchor", f"seq={last[0]} hash={last[1]}"],
        "cut": ["--anchor", f"9:{last[1]}"],
        "rewritten": ["--anchor", f"3:{last[1]}", "--lang", "en"],
        "none": ["--anchor", "4:abc"],
    }

    def work() -> dict[str, subprocess.CompletedProcess[str]]:
        return {name: ledger(served, "verify", *given) for name, given in anchors.items()}

    done = await asyncio.to_thread(work)

    assert {name: one.returncode for name, one in done.items()} == {"both": 0, "cut": 1, "rewritten": 1, "none": 2}
    assert done["both"].stdout.splitlines() == [
        "4 dòng, tất cả đúng như lúc được ghi",
        f"2:{second[1][:20]}: có trong sổ này; các dòng từ 1 đến 2 đúng như lúc mốc được ghi lại",
        f"4:{last[1]}: có trong sổ này; các dòng từ 1 đến 4 đúng như lúc mốc được ghi lại",
    ]
    assert "sổ kết thúc ở dòng 4" in done["cut"].stdout
    assert "4 rows, all as written" in done["rewritten"].stdout
    assert "NOT in this ledger; row 3 has the hash" in done["rewritten"].stdout
    assert "cần đủ 64, hoặc ít nhất 16 chữ số đầu" in done["none"].stderr


def test_verify_compares_a_report_that_was_handed_in(tmp_path: Path) -> None:
    """As it was written, edited in one cell, and on a ledger that went on since; what is no report is refused."""
    config = ("--config", str(recorded(tmp_path)))
    report, forged = tmp_path / "thang-10.xlsx", tmp_path / "sua.xlsx"
    assert call("uptime", "--period", "2025-10", "-o", str(report), *config).returncode == 0
    book = openpyxl.load_workbook(report)
    sheet = book["Theo mục tiêu"]
    (row,) = (row for row in sheet.iter_rows() if row[0].value == "Hỏng")
    row[4].value = 1.0
    book.save(forged)
    writer = Ledger.open(tmp_path / "ledger", TravellingClock())
    writer.append([start(5, boot="later", wall_ms=SystemClock().wall_ms() + 60_000)])
    writer.close()

    good = call("ledger", "verify", "--report", str(report), *config)
    bad = call("ledger", "verify", "--report", str(forged), "--json", *config)
    none = call("ledger", "verify", "--report", str(tmp_path / "sansang.yml"), *config)

    assert (good.returncode, bad.returncode, none.returncode) == (0, 1, 2), good.stdout + good.stderr + bad.stderr
    assert (
        f"{report}: khớp từng ô với báo cáo lập từ sổ này (sansang uptime --period 2025-10 --as-of 11@" in good.stdout
    )
    (told,) = json.loads(bad.stdout)["reports"]
    assert (told["ok"], told["versions"]) == (False, [])
    assert told["differences"] == [
        f"trang Theo mục tiêu, ô {row[4].coordinate}: trong tệp là 100,0000 %, theo sổ là 98,9232 %"
    ]
    assert "tên tệp báo cáo phải kết thúc bằng .xlsx, .csv, .json, .html" in none.stderr


async def test_restore_is_refused_beside_a_running_agent_and_backup_is_not(served: Served) -> None:
    def work() -> list[subprocess.CompletedProcess[str]]:
        with running(served.config, served.address):
            return [ledger(served, deed) for deed in ("backup", "restore", "verify")]

    backup, restore, whole = await asyncio.to_thread(work)

    assert (backup.returncode, restore.returncode, whole.returncode) == (0, 2, 0), whole.stdout
    assert "một tiến trình giám sát khác đang mở sổ này" in restore.stderr
    assert not (served.storage / QUARANTINE).exists()


async def test_an_agent_sets_a_damaged_ledger_aside_and_says_so_everywhere(served: Served) -> None:
    filled(served.storage)
    damage(served.storage)

    def work() -> tuple[str, str, str]:
        with running(served.config, served.address) as process:
            page, metrics = get(f"{served.address}/?lang=en"), get(f"{served.address}/metrics")
            process.terminate()
            assert process.stderr is not None
            return page, metrics, process.stderr.read()

    page, metrics, log = await asyncio.to_thread(work)

    reader = Reader.open(served.storage)
    rows = [stored.row for stored in reader.everything()]
    reader.close()
    (row,) = (row for row in rows if isinstance(row, Quarantined))
    (folder,) = (served.storage / QUARANTINE).iterdir()
    assert (row.folder, row.copy, "damaged at row 3" in row.why) == (folder.name, "", True)
    assert "it was set aside, not deleted" in page
    assert "sansang_ledger_quarantined 1.0" in metrics
    assert "ledger_quarantined" in log
    assert verify(served.storage).ok
