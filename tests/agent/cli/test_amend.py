"""`sansang amend`, through the running agent and without one."""

from __future__ import annotations

import asyncio
import json
import subprocess

from agent.ledger.store import Ledger
from agent.ledger.verify import verify
from tests.agent.cli.conftest import Served
from tests.agent.cli.test_check import call, running
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

CORRECTION = ("--state", "up", "--from", "2026-01-01 08:00", "--to", "2026-01-01 09:00", "--who", "An", "--why", "nhầm")


def amend(served: Served, *arguments: str) -> subprocess.CompletedProcess[str]:
    return call("amend", *arguments, "--config", str(served.config), "--lang", "en")


async def test_it_is_written_and_listed_with_and_without_an_agent(served: Served) -> None:
    ledger = Ledger.open(served.storage, TravellingClock())
    ledger.append([start(), change(1)])
    ledger.close()

    def work() -> list[subprocess.CompletedProcess[str]]:
        alone = amend(served, "2", *CORRECTION)
        with running(served.config, served.address):
            done = [amend(served, "2", *CORRECTION), amend(served, "999999", *CORRECTION)]
        return [alone, *done, amend(served, "--list", "--json"), amend(served, "--list"), amend(served, "2")]

    alone, asked, refused, as_json, table, bare = await asyncio.to_thread(work)

    assert (alone.returncode, asked.returncode) == (0, 0), asked.stderr
    assert "the figure as recorded stays" in asked.stdout
    assert (refused.returncode, "has no row 999999" in refused.stderr) == (2, True)
    assert [(one["refers_to"], one["from"]) for one in json.loads(as_json.stdout)["amendments"]] == [
        (2, "2026-01-01T01:00:00.000Z")
    ] * 2
    assert "xa-a/room" in table.stdout
    assert (bare.returncode, bare.stderr) == (2, "sansang: missing: --state, --from, --to, --who, --why\n")
    assert verify(served.storage).ok
