"""T11: the process stands still, for seconds or an hour: UNKNOWN once, no DOWN, nothing is made up for in a burst."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest

from agent.ledger.rows import StateChange
from agent.model import Reason, State
from tests.agent.engine.world import World, inventory, target

INTERVAL_MS = 60_000
GRACE_MS = 30_000


@pytest.mark.parametrize("still_s", [5, 90, 3_600])
async def test_a_standstill_is_unknown_once_and_not_made_up_for(still_s: int) -> None:
    world = World(lambda *_: Reason.OK)
    names = [f"s{number}/room" for number in range(40)]
    await world.begin(inventory([target(name) for name in names]))
    await world.go(180)
    before = len(world.shelf.rows)

    world.stall(still_s)
    await world.go(180)

    rows = [row for row in world.shelf.rows[before:] if isinstance(row, StateChange)]
    gaps = Counter(row.target for row in rows if row.state is State.UNKNOWN)
    late = still_s * 1000 > INTERVAL_MS + GRACE_MS
    assert world.downs() == []
    assert set(gaps.values()) <= {1}
    assert (len(gaps) == len(names)) == late or still_s == 90  # after 90 s some were due in time
    assert {view.state for view in world.views.values()} == {State.UP}
    starts = {name: [at for at, who in world.probed if who == name] for name in names}
    apart = [two - one for mine in starts.values() for one, two in pairwise(mine)]
    assert min(apart) >= INTERVAL_MS // 2  # one that is late by up to half an interval is made up for, no other
