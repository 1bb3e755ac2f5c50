"""What the agent learns of its ledger before it starts."""

from __future__ import annotations

import json
from pathlib import Path

from agent.availability.maintenance import ClockQuality
from agent.engine.upkeep.restored_state import restore_state
from agent.inventory.entities import digest
from agent.ledger.rows import AgentRun, Content, Maintenance
from agent.ledger.store import Ledger
from tests.clock import TravellingClock

UNITS = [{"id": "top", "parent": None}, {"id": "xa-a", "parent": "top"}, {"id": "xa-b", "parent": "top"}]
HOUR = 3_600_000


def told(unit: str, at_ms: int) -> Content:
    body = json.dumps({"units": UNITS, "targets": [{"id": "s/x", "site": "s", "unit": unit}]}).encode()
    return Content(digest(body), "inventory", body, at_ms)


def test_it_tells_windows_by_the_clock_of_their_boot_and_scopes_as_they_were(tmp_path: Path) -> None:
    clock = TravellingClock()
    boot, start, wall = clock.boot_id(), clock.boottime_ms(), clock.wall_ms()
    said = wall - HOUR  # somebody had set the clock back
    ledger = Ledger.open(tmp_path, clock)
    ledger.append(
        [
            AgentRun("local", boot, start, wall, synchronised=True, version="0"),
            told("xa-a", start),
            told("xa-b", start + HOUR),
            Maintenance("m1", "all", wall, wall + HOUR, said, "A", "B", False, "", boot, start + 60_000, False),
        ]
    )
    known = restore_state(ledger, tmp_path, clock, "local")
    ledger.close()

    assert known.maintenance is not None
    assert known.reread is not None
    assert known.scopes_at is not None
    for rows in (known.maintenance, known.reread()):
        assert [(one.recorded.at_ms, one.recorded.quality) for one in rows] == [
            (wall + 60_000, ClockQuality.SYNCHRONISED)
        ]
    before, after = (known.scopes_at(wall + HOUR + late)["s/x"] for late in (-1, 0))
    assert (sorted(before - after), sorted(after - before)) == (["unit:xa-a"], ["unit:xa-b"])
