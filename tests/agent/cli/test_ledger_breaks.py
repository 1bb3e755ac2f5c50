"""Breaks of a ledger, each really made with the real command: what the ledger and the agent say of it."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
from pathlib import Path

from agent.ledger.history import agent_runs
from agent.ledger.reading import Reader
from agent.ledger.rows import NewInstallation, Restored, Row
from tests.agent.cli.conftest import Served, free_port
from tests.agent.cli.test_check import call, running
from tests.agent.cli.test_maintenance import get


def rows_of(place: Path) -> list[Row]:
    reader = Reader.open(place)
    try:
        return [stored.row for stored in reader.select("seq > 0")]
    finally:
        reader.close()


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
