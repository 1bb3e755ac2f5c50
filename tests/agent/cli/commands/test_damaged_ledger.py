"""Whatever is done to a ledger, no door lets a figure of it through: each names the row, and says what to do."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from random import Random
from zipfile import ZipFile

import apsw
import pytest

from agent.cli.commands import uptime
from agent.cli.main import main
from agent.errors import Damage, LedgerDamagedError, LedgerError
from agent.explain.ledger import refusal
from agent.inventory.entities import Organisation
from agent.ledger.days import day_files
from agent.ledger.integrity.verify import VerifiedPrefix, verified, verify
from agent.ledger.rows import AgentRun, Content
from agent.ledger.store import Ledger
from agent.reporting.days import closed_days
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.months import Months
from agent.reporting.request import ReportRequest
from exporters.reports.json_file import json_file
from tests.agent.reporting.small_ledger import DOWN_MS, END, recorded
from tests.clock import TravellingClock
from tests.exporters.reports.sample import DAY

HERE = Organisation("Huyện Lập Thạch")
NOW = END + 4 * DAY
DATES = [date(2025, 10, 10)]
DOWN_SEQ, CONTENT_SEQ, LAST_SEQ = 7, 2, 11
INDEX = "CREATE INDEX rows_by_target ON rows(target, seq) WHERE target IS NOT NULL"


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A month of two targets, with a closed day."""
    folder = tmp_path_factory.mktemp("origin")
    recorded(folder)
    day_files.add(folder / "ledger" / day_files.FOLDER, closed_days(folder / "ledger", HERE, DATES, NOW))
    return folder


@pytest.fixture
def config(origin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(uptime, "SystemClock", lambda: TravellingClock(unix_ns=NOW * 1_000_000))
    shutil.copytree(origin, tmp_path / "here")
    file = tmp_path / "here" / "sansang.yml"
    file.write_text(file.read_text("utf-8").replace(str(origin), str(tmp_path / "here")), "utf-8")
    return file


@contextmanager
def opened(ledger: Path) -> Iterator[apsw.Connection]:
    db = apsw.Connection(str(ledger / "ledger.db"))
    for (name,) in list(db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'")):
        db.execute(f"DROP TRIGGER {name}")
    yield db
    db.close()


def sql(text: str) -> Callable[[Path], None]:
    def harm(ledger: Path) -> None:
        with opened(ledger) as db:
            db.execute(text)

    return harm


def an_index_that_lacks_a_row(ledger: Path) -> None:
    """The table, and so the chain, is as it was; the index is called as it was."""
    with opened(ledger) as db:
        db.execute(f"DROP INDEX rows_by_target; {INDEX} AND seq <> {DOWN_SEQ}")
        db.execute("PRAGMA writable_schema = 1")
        db.execute("UPDATE sqlite_schema SET sql = ? WHERE name = 'rows_by_target'", (INDEX,))
        db.execute("PRAGMA writable_schema = 0")


def a_byte_of_the_log(ledger: Path) -> None:
    """A running agent's newest commits are in the write-ahead log only; what follows a broken frame is lost."""
    live = Ledger.open(ledger, TravellingClock())
    live.append([AgentRun("local", "boot-2", END + 2 * DAY, END + 2 * DAY, synchronised=True, version="0")])
    saved = ledger.with_name("saved")
    shutil.copytree(ledger, saved)
    live.close()
    log = bytearray((saved / "ledger.db-wal").read_bytes())
    log[len(log) // 2] ^= 1
    (saved / "ledger.db-wal").write_bytes(log)
    (saved / "ledger.db-shm").unlink()
    shutil.rmtree(ledger)
    saved.rename(ledger)


def before_the_first(seq: int) -> Callable[[Path], None]:
    """Where no chain begins: an INTEGER PRIMARY KEY may be 0 or less, and a check of the table is soon switched off."""
    return sql(
        f"PRAGMA ignore_check_constraints = 1; INSERT INTO rows SELECT {seq}, run, kind, target, at_ms, body, hash "  # noqa: S608 - a number
        "FROM rows WHERE seq = 9"
    )


HARMS: dict[str, tuple[Callable[[Path], None], int | None]] = {
    "a state": (
        sql("UPDATE rows SET body = replace(body, '\"state\":0', '\"state\":1') WHERE seq = 7"),
        DOWN_SEQ,
    ),
    "an instant": (
        sql("UPDATE rows SET at_ms = at_ms + 3600000, body = json_set(body, '$.effective_at_ms', at_ms + 3600000) "
            "WHERE seq = 7"),
        DOWN_SEQ,
    ),
    "a column": (sql("UPDATE rows SET target = 's/good' WHERE seq = 7"), DOWN_SEQ),
    "an index": (an_index_that_lacks_a_row, DOWN_SEQ),
    "another index": (sql("DROP INDEX rows_by_target; " + INDEX + " AND seq <> 7"), None),
    "a content": (
        sql("UPDATE contents SET body = CAST(substr(body, 1, 40) || x'00' || substr(body, 42) AS BLOB)"),
        CONTENT_SEQ,
    ),
    "no content": (sql("DELETE FROM contents"), CONTENT_SEQ),
    "a row": (sql("DELETE FROM rows WHERE seq = 7"), DOWN_SEQ),
    "a row, and the gap closed": (
        sql("DELETE FROM rows WHERE seq = 7; UPDATE rows SET seq = seq - 1 WHERE seq > 7"),
        DOWN_SEQ,
    ),
    "two rows swapped": (
        sql("UPDATE rows SET seq = 99 WHERE seq = 7; UPDATE rows SET seq = 7 WHERE seq = 8; "
            "UPDATE rows SET seq = 8 WHERE seq = 99"),
        DOWN_SEQ,
    ),
    "a window before the first row": (before_the_first(0), 0),
    "one far before it": (before_the_first(-5), -5),
    "the end": (sql("DELETE FROM rows WHERE seq > 8"), LAST_SEQ),
    "the log": (a_byte_of_the_log, LAST_SEQ + 1),
    "the heartbeat": (lambda ledger: (ledger / "heartbeat").unlink(), None),
}  # fmt: skip

DOORS: dict[str, list[str]] = {
    "table": ["uptime", "--period", "2025-10"],
    "json": ["uptime", "--period", "2025-10", "--json"],
    "as it stood": ["uptime", "--period", "2025-10", "--as-of", "10", "--json"],
    "xlsx": ["uptime", "--period", "2025-10", "-o", "report.xlsx"],
    "csv": ["uptime", "--period", "2025-10", "-o", "report.csv"],
    "file": ["uptime", "--period", "2025-10", "-o", "report.json"],
    "html": ["uptime", "--period", "2025-10", "-o", "report.html"],
    "export": ["ledger", "export"],
    "export to a file": ["ledger", "export", "-o", "rows.jsonl"],
    "days": ["ledger", "days"],
    "days as csv": ["ledger", "days", "-o", "days.csv"],
}


def called(config: Path, door: str, *more: str) -> int:
    return main([*DOORS[door], "--config", str(config), *more])


@pytest.mark.parametrize("door", DOORS)
def test_control_every_door_is_open_to_a_whole_ledger(
    config: Path, monkeypatch: pytest.MonkeyPatch, door: str, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(config.parent)

    assert (called(config, door), called(config, door, "--unverified")) == (0, 0)
    assert "KIỂM CHỨNG" not in capsys.readouterr().out, "what was verified bears no mark"


@pytest.mark.parametrize("harm", HARMS)
def test_no_door_lets_a_broken_ledger_through(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], harm: str
) -> None:
    monkeypatch.chdir(config.parent)
    before = set(config.parent.iterdir())
    damage, row = HARMS[harm]
    damage(config.parent / "ledger")

    for door in DOORS:
        for language, named, deed in (("vi", f"dòng {row}", "Việc cần làm"), ("en", f"row {row}", "What to do")):
            code = called(config, door, "--lang", language)
            said = capsys.readouterr()
            assert (code, said.out) == (1, ""), (door, said.out[:80])
            assert (row is None or named in said.err, deed in said.err) == (True, True), said.err
    assert set(config.parent.iterdir()) == before, "no file was written"


@pytest.mark.parametrize("damage", Damage)
def test_each_damage_is_told_in_both_languages(damage: Damage) -> None:
    for language in ("vi", "en"):
        said = refusal(LedgerDamagedError("the ledger's file is damaged: why", damage, 7), language)
        assert ("{" in said, said.isascii()) == (False, language == "en")


@pytest.mark.parametrize("harm", HARMS)
def test_neither_months_nor_days_nor_the_api_are_counted_from_it(config: Path, harm: str) -> None:
    ledger = config.parent / "ledger"
    damage, row = HARMS[harm]
    damage(ledger)
    deeds: list[Callable[[], object]] = [
        lambda: Months(ledger).shares(HERE, NOW),
        lambda: closed_days(ledger, HERE, DATES, NOW),
        lambda: json_file(report_from_ledger(ledger, HERE, ReportRequest("2025-10"), NOW)),
    ]

    for deed in deeds:
        with pytest.raises(LedgerDamagedError) as refused:
            deed()
        assert refused.value.row == row
    assert not verify(ledger).ok, "verify looks through the same reader"


def test_who_insists_has_the_mark_on_every_page(
    config: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(config.parent)
    HARMS["a state"][0](config.parent / "ledger")
    mark = "NOT VERIFIED - the ledger is not what was written: row 7: its content does not fit its hash"
    said = {}
    for door in DOORS:
        assert called(config, door, "--unverified", "--lang", "en") == 0
        said[door] = capsys.readouterr().out

    table = " ".join(said["table"].split())
    assert table.startswith(mark)
    assert table.endswith(mark)
    assert json.loads(said["json"])["unverified"] == mark
    assert json.loads(Path("report.json").read_text("utf-8"))["unverified"] == mark
    for name in ("report.csv", "days.csv"):
        rows = csv.DictReader(Path(name).read_text("utf-8-sig").splitlines())
        assert {row["unverified"] for row in rows} == {mark}
    html = Path("report.html").read_text("utf-8")
    assert html.count(mark) == html.count("<section>") + 1
    assert "position:fixed" in html
    exported = said["export"].splitlines()
    assert len(exported) == LAST_SEQ
    assert {json.loads(line)["unverified"] for line in exported} == {mark}
    assert "NOT VERIFIED" in said["days"]
    with ZipFile("report.xlsx") as book:
        sheets = [book.read(name).decode() for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
    assert len(sheets) > 4
    assert [sheet.count("NOT VERIFIED") for sheet in sheets] == [2] * len(sheets), "a cell and the head of each page"


def test_a_flipped_bit_anywhere_gives_the_same_report_or_none(config: Path) -> None:
    ledger = config.parent / "ledger"
    file, chance = ledger / "ledger.db", Random(9)
    whole, expected = file.read_bytes(), report_from_ledger(ledger, HERE, ReportRequest("2025-10"), NOW)
    refused = 0
    for _ in range(150):
        harmed = bytearray(whole)
        harmed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        file.write_bytes(harmed)
        try:
            assert report_from_ledger(ledger, HERE, ReportRequest("2025-10"), NOW) == expected
        except LedgerError:
            refused += 1
    assert refused > 20, "most of the file is empty pages"


def test_what_a_process_found_whole_may_stay_in_its_memory_and_in_no_other(config: Path) -> None:
    """A byte below is not seen through it, but by the next report; another file in the place is."""
    ledger = config.parent / "ledger"
    vouched = VerifiedPrefix()
    with verified(ledger, vouched=vouched) as whole:
        assert whole.rows == LAST_SEQ
    HARMS["a state"][0](ledger)
    with verified(ledger, vouched=vouched) as seen:
        assert seen.wrong is None
    with pytest.raises(LedgerDamagedError, match="row 7"):
        report_from_ledger(ledger, HERE, ReportRequest("2025-10"), NOW)
    HARMS["the end"][0](ledger)
    with pytest.raises(LedgerDamagedError, match="row 7"), verified(ledger, vouched=vouched):
        pass


def test_another_file_in_the_place_is_not_vouched_for(config: Path) -> None:
    ledger = config.parent / "ledger"
    vouched = VerifiedPrefix()
    with verified(ledger, vouched=vouched):
        pass
    HARMS["a state"][0](ledger)
    shutil.copy(ledger / "ledger.db", ledger / "other.db")
    (ledger / "other.db").replace(ledger / "ledger.db")

    with pytest.raises(LedgerDamagedError, match="row 7"), verified(ledger, vouched=vouched):
        pass


def test_the_months_look_at_every_row_again_within_the_hour(config: Path) -> None:
    ledger = config.parent / "ledger"
    months = Months(ledger)
    months.shares(HERE, NOW)
    HARMS["a column"][0](ledger)
    for _ in range(11):
        with suppress(LedgerDamagedError):
            months.shares(HERE, NOW)

    with pytest.raises(LedgerDamagedError, match="row 7"):
        months.shares(HERE, NOW)


def test_what_is_counted_was_verified_at_the_same_moment(config: Path) -> None:
    """Rows that somebody changes between the look and the count are not there for this reader."""
    ledger = config.parent / "ledger"
    db = apsw.Connection(str(ledger / "ledger.db"))
    db.pragma("journal_mode", "wal")
    db.close()
    with verified(ledger) as seen:
        HARMS["a state"][0](ledger)
        stored = seen.reader.row(DOWN_SEQ)
        assert stored is not None
        assert stored.row.state == 0  # type: ignore[union-attr]
    assert not verify(ledger).ok


def test_a_ledger_of_the_first_schema_is_verified_and_counted(config: Path) -> None:
    """As 08d0e25 left it: contents plain, two columns fewer."""
    ledger = config.parent / "ledger"
    whole = report_from_ledger(ledger, HERE, ReportRequest("2025-10"), NOW)
    older(ledger)
    before = (ledger / "ledger.db").read_bytes()

    found = report_from_ledger(ledger, HERE, ReportRequest("2025-10"), NOW)
    assert found == whole
    assert {one.target: one.tally.down_ms for one in found.targets}["s/dead"] == DOWN_MS
    assert (ledger / "ledger.db").read_bytes() == before, "what only reads does not migrate"
    HARMS["a state"][0](ledger)
    with pytest.raises(LedgerDamagedError, match="row 7"):
        report_from_ledger(ledger, HERE, ReportRequest("2025-10"), NOW)


def older(ledger: Path) -> None:
    with verified(ledger) as seen:
        digest = seen.reader.only(Content)[0].row.hash
        content = seen.reader.content(digest)
    db = apsw.Connection(str(ledger / "ledger.db"))
    db.execute("DROP TRIGGER contents_stay; DROP TRIGGER contents_last; DROP TABLE contents")
    db.execute("CREATE TABLE contents(hash TEXT PRIMARY KEY, body BLOB NOT NULL) STRICT, WITHOUT ROWID")
    for name, event in (("contents_stay", "UPDATE"), ("contents_last", "DELETE")):
        stop = "BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END"
        db.execute(f"CREATE TRIGGER {name} BEFORE {event} ON contents {stop}")
    db.execute("INSERT INTO contents VALUES (?, ?)", (digest, content))
    db.pragma("user_version", 1)
    db.pragma("journal_mode", "delete")
    db.close()


def test_a_report_as_it_stood_needs_the_rows_after_it_as_well(config: Path) -> None:
    """What was changed after that row is no reason to trust what is before it."""
    sql("UPDATE rows SET at_ms = at_ms + 1 WHERE seq = 11")(config.parent / "ledger")

    assert called(config, "as it stood") == 1
