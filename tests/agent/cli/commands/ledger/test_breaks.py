"""Breaks of a ledger, each really made with the real command: what the ledger and the agent say of it."""

from __future__ import annotations

import asyncio
import html
import json
import re
import shutil
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

import openpyxl

from agent.ledger.history.runs import agent_runs
from agent.ledger.reader import Reader
from agent.ledger.rows import NewInstallation, ObserverAlias, Restored, Row, StateChange
from agent.model import State
from tests.agent.cli.commands.ledger.test_ledger import damage
from tests.agent.cli.commands.test_check import call, running
from tests.agent.cli.commands.test_maintenance import get
from tests.agent.cli.conftest import Served, free_port


def rows_of(place: Path) -> list[Row]:
    reader = Reader.open(place)
    try:
        return [stored.row for stored in reader.everything()]
    finally:
        reader.close()


def until_up(place: Path, known: int = 0) -> None:
    """Waits until the ledger says after that many rows that a target is up."""
    deadline = time.monotonic() + 30
    while not any(isinstance(row, StateChange) and row.state is State.UP for row in rows_of(place)[known:]):
        assert time.monotonic() < deadline, rows_of(place)
        time.sleep(0.1)


def installations(place: Path) -> list[str]:
    reader = Reader.open(place)
    try:
        return [run.row.installation for run in agent_runs(reader)]
    finally:
        reader.close()


def build_info(address: str) -> dict[str, str]:
    (line,) = (one for one in get(f"{address}/metrics").splitlines() if one.startswith("sansang_build_info{"))
    return dict(re.findall(r'(\w+)="([^"]*)"', line))


def beside(served: Served, place: Path) -> Served:
    """The same configuration with another directory and another port."""
    address = f"127.0.0.1:{free_port()}"
    text = served.config.read_text("utf-8").replace(str(served.storage), str(place))
    config = place.with_suffix(".yml")
    config.write_text(re.sub(r"listen: .*", f"listen: {address}", text), "utf-8")
    return Served(config, f"http://{address}", place)


async def test_a_copied_directory_that_is_started_says_so_and_the_original_stays_itself(
    served: Served, tmp_path: Path
) -> None:
    second = beside(served, tmp_path / "copied")

    def work() -> list[dict[str, str]]:
        found = []
        for _ in range(2):
            with running(served.config, served.address):
                found.append(build_info(served.address))
        shutil.copytree(served.storage, second.storage)
        with running(served.config, served.address), running(second.config, second.address):
            found += [build_info(served.address), build_info(second.address)]
        return found

    first, again, original, copied = await asyncio.to_thread(work)

    mine, other = first["installation"], copied["installation"]
    assert re.fullmatch("[0-9a-f]{32}", mine)
    assert (again["installation"], original["installation"], other == mine) == (mine, mine, False)
    assert {one["observer"] for one in (first, copied)} == {"local"}
    assert (installations(served.storage), installations(second.storage)) == ([mine] * 3, [mine, mine, other])
    told = [row for row in rows_of(second.storage) if isinstance(row, NewInstallation)]
    assert [(row.before, row.installation, row.how) for row in told] == [(mine, other, "copy")]
    assert not [row for row in rows_of(served.storage) if isinstance(row, NewInstallation)]
    assert json.loads((second.storage / "installation").read_text())["id"] == other


async def test_restore_over_a_whole_ledger_is_refused_in_both_languages_and_forced_it_is_signed(served: Served) -> None:
    def restore(*options: str) -> subprocess.CompletedProcess[str]:
        return call("ledger", "restore", "--config", str(served.config), *options, SUDO_USER="lan")

    def work() -> list[subprocess.CompletedProcess[str]]:
        with running(served.config, served.address):
            call("ledger", "backup", "--config", str(served.config))
        return [restore(), restore("--lang", "en"), restore("--force", "--json"), restore("--force", "--lang", "en")]

    refused, in_english, forced, again = await asyncio.to_thread(work)

    assert [one.returncode for one in (refused, in_english, forced, again)] == [2, 2, 0, 0], (
        forced.stderr + again.stderr
    )
    assert "Sổ ở đó còn nguyên vẹn" in refused.stderr
    assert "--force" in refused.stderr
    assert "add --force" in in_english.stderr
    told = json.loads(forced.stdout)
    assert (told["forced"], told["replaced"]["seq"] > 0, "lan" in told["who"]) == (True, True, True)
    assert "The ledger says so: " in again.stdout
    rows = [row for row in rows_of(served.storage) if isinstance(row, Restored)]
    assert [(row.forced, row.copy) for row in rows] == [(True, Path(told["restored"]).name)]


def uptime(served: Served, *options: str) -> str:
    """The report of this year, from the real command."""
    year = str(datetime.now(UTC).year)
    done = call("uptime", "--period", year, "--config", str(served.config), *options, COLUMNS="200")
    assert done.returncode == 0, done.stderr
    return done.stdout


def causes(served: Served) -> list[str]:
    """Kinds of the breaks, as JSON has them."""
    return [one["kind"] for one in json.loads(uptime(served, "--json"))["breaks"]]


async def test_a_forced_restore_stands_in_every_form_of_the_report(served: Served, tmp_path: Path) -> None:
    def work() -> dict[str, str]:
        with running(served.config, served.address):
            until_up(served.storage)
            call("ledger", "backup", "--config", str(served.config))
        call("ledger", "restore", "--force", "--config", str(served.config), SUDO_USER="lan")
        after = len(rows_of(served.storage))
        with running(served.config, served.address):
            until_up(served.storage, after)
        said = {language: uptime(served, "--lang", language) for language in ("vi", "en")}
        for form in ("xlsx", "html", "json", "csv"):
            uptime(served, "--lang", "vi", "-o", str(tmp_path / f"report.{form}"))
        return said

    said = await asyncio.to_thread(work)

    (row,) = (one for one in rows_of(served.storage) if isinstance(one, Restored))
    for text in ("Sổ được khôi phục từ bản sao", "lan", row.copy, row.head_hash[:16], "còn nguyên vẹn (--force)"):
        assert text in " ".join(said["vi"].split())
        assert text in html.unescape((tmp_path / "report.html").read_text("utf-8"))
    assert "The ledger was restored from a copy" in said["en"]
    assert "not in this report" not in said["en"].lower()
    book = openpyxl.load_workbook(tmp_path / "report.xlsx")
    (found,) = (cells for cells in book["Đứt quãng"].values if cells[0] == "Sổ được khôi phục từ bản sao")
    assert row.head_hash[:16] in str(found[4])
    assert any("Sổ được khôi phục từ bản sao" in str(cell) for cells in book["Tổng hợp"].values for cell in cells)
    document = json.loads((tmp_path / "report.json").read_text("utf-8"))
    (told,) = (one for one in document["breaks"] if one["kind"] == "restored")
    assert (told["facts"]["who"], told["facts"]["forced"]) == (row.who, True)
    assert "restored" in (tmp_path / "report.csv").read_text("utf-8-sig")


async def test_damage_with_and_without_a_copy_is_told_with_its_cause(served: Served) -> None:
    def work() -> list[list[str]]:
        found = []
        with running(served.config, served.address):
            until_up(served.storage)
            call("ledger", "backup", "--config", str(served.config))
        damage(served.storage)
        with running(served.config, served.address):
            pass
        found.append(causes(served))
        shutil.rmtree(served.storage / "backups")
        damage(served.storage)
        with running(served.config, served.address):
            pass
        found.append(causes(served))
        for name in ("ledger.db", "heartbeat"):
            (served.storage / name).unlink()
        with running(served.config, served.address):
            pass
        return [*found, causes(served)]

    aside, anew, deleted = await asyncio.to_thread(work)

    assert "set_aside" in aside
    assert "begun_anew" in anew
    assert "begun_anew" in deleted


async def test_a_copied_directory_is_told_as_such(served: Served, tmp_path: Path) -> None:
    second = beside(served, tmp_path / "copied")

    def work() -> list[str]:
        with running(served.config, served.address):
            pass
        shutil.copytree(served.storage, second.storage)
        with running(second.config, second.address):
            pass
        return causes(second)

    assert "copied" in await asyncio.to_thread(work)


async def test_a_renamed_observer_is_left_out_and_said_or_kept_by_an_alias(served: Served) -> None:
    text = served.config.read_text("utf-8")

    def named(organisation: str) -> None:
        served.config.write_text(text.replace("{name: Thử,", f"{{name: Thử, {organisation},"), "utf-8")

    def work() -> tuple[str, str]:
        for organisation in ("observer: a", "observer: b"):
            named(organisation)
            after = len(rows_of(served.storage)) if served.storage.exists() else 0
            with running(served.config, served.address):
                until_up(served.storage, after)
        without = uptime(served)
        named("observer: b, observer_was: [a]")
        for _ in range(2):
            after = len(rows_of(served.storage))
            with running(served.config, served.address):
                until_up(served.storage, after)
        return without, uptime(served)

    without, kept = (" ".join(one.split()) for one in await asyncio.to_thread(work))

    assert "Không tính trong báo cáo này: trạm quan sát a trong cùng sổ" in without
    assert "2 mục tiêu. Nếu đó là tên cũ của trạm này: thêm observer_was: [a]" in without
    assert "Không tính trong báo cáo này" not in kept
    assert "Trạm quan sát đổi tên" in kept
    aliases = [row for row in rows_of(served.storage) if isinstance(row, ObserverAlias)]
    assert [(row.observer, row.was) for row in aliases] == [("b", "a")]
