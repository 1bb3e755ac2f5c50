"""What few rows hold is found by the index of kinds, however many state changes lie between."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.ledger.queries import kinds_in_index
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Configured, Removed, Row, Watermark
from agent.ledger.schema import connect_to_read
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock


@pytest.mark.parametrize("kinds", [(AgentRun,), (Configured, Removed), (ClockAnchor, AgentStop, Watermark)])
@pytest.mark.parametrize("rest", ["ORDER BY seq", "AND seq > 3 AND seq < 9 AND run = 1 ORDER BY seq DESC LIMIT 1"])
def test_rows_of_few_kinds_are_found_without_reading_all(
    tmp_path: Path, kinds: tuple[type[Row], ...], rest: str
) -> None:
    ledger = Ledger.open(tmp_path, TravellingClock())
    ledger.append([start(), *(change(at) for at in range(500))])
    ledger.close()
    db = connect_to_read(tmp_path)
    query = f"EXPLAIN QUERY PLAN SELECT body FROM rows WHERE {kinds_in_index(*kinds)} {rest}"  # noqa: S608
    plan = [str(row[3]) for row in db.execute(query)]
    db.close()

    assert "SCAN rows" not in plan
    assert any("rows_by_kind" in step or "PRIMARY KEY (rowid>? AND rowid<?)" in step for step in plan)
