"""The files of a running agent's ledger are taken from under it: it says so, puts its rows back, or goes."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError

import apsw

from agent.clock import SystemClock
from agent.inventory.load import load
from agent.ledger.integrity.verify import verify
from agent.ledger.lock import LOCK_NAME
from agent.ledger.schema import FILE_NAME
from agent.ledger.store import Ledger
from agent.probes.registry import PROBES
from tests.agent.cli.commands.run.test_months import until
from tests.agent.cli.conftest import Served


@contextmanager
def running(served: Served) -> Iterator[tuple[subprocess.Popen[bytes], Path]]:
    log = served.config.with_name("agent.log")
    with log.open("wb") as file:
        command = [sys.executable, "-m", "agent", "run", "--config", str(served.config)]
        process = subprocess.Popen(command, stderr=file, stdout=subprocess.DEVNULL)
    try:
        yield process, log
    finally:
        process.terminate()
        process.wait(20)


def directory(served: Served) -> Path:
    return Path(load(served.config, PROBES, "en").storage_path)


async def test_a_deleted_ledger_is_put_back_within_a_beat(served: Served) -> None:
    place = directory(served)
    with running(served) as (process, log):
        before = await asyncio.to_thread(until, served, lambda found: found.get("sansang_ledger_rows_total", 0) > 2)
        for name in (FILE_NAME, f"{FILE_NAME}-wal", f"{FILE_NAME}-shm"):
            (place / name).unlink()
        await asyncio.to_thread(until, served, lambda found: found.get("sansang_ledger_quarantined") == 1)
        assert process.poll() is None
    found = verify(place)

    assert (found.ok, found.rows > before["sansang_ledger_rows_total"]) == (True, True)
    assert "event=ledger_quarantined" in log.read_text("utf-8")


async def test_an_agent_whose_lock_another_one_took_goes_and_says_so(served: Served) -> None:
    place = directory(served)
    with running(served) as (process, log):
        await asyncio.to_thread(until, served, lambda found: found.get("sansang_ledger_rows_total", 0) > 2)
        (place / LOCK_NAME).unlink()
        second = Ledger.open(place, SystemClock())
        code = await asyncio.to_thread(process.wait, 20)
        second.close()

    assert code == 2
    assert "event=ledger_lost" in log.read_text("utf-8")
    assert verify(place).ok


async def test_the_api_of_a_running_agent_refuses_rows_that_somebody_changed(served: Served) -> None:
    """503 with the row, in the language of the organisation; the agent goes on."""
    place = directory(served)
    with running(served) as (process, _):
        await asyncio.to_thread(until, served, lambda found: found.get("sansang_ledger_rows_total", 0) > 2)
        address = f"{served.address}/api/v1/uptime?period={datetime.now(UTC).year}"
        whole = await asyncio.to_thread(asked, address)
        db = apsw.Connection(str(place / FILE_NAME))
        db.set_busy_timeout(5_000)
        db.execute("DROP TRIGGER rows_stay; UPDATE rows SET at_ms = at_ms + 1 WHERE seq = 3")
        db.close()
        status, said = await asyncio.to_thread(asked, address)
        assert process.poll() is None

    assert whole[0] == 200, whole
    assert (status, "dòng 3" in said, "--unverified" in said) == (503, True, False), said


def asked(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310 - our own
            return answer.status, answer.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()
