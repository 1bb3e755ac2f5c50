"""From the engine's probe runs over the rows of a ledger to figures: what the oracle makes of the same runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from agent.availability.accounting import Terms
from agent.inventory.calendars import built_in
from agent.ledger.heartbeat import read as read_beat
from agent.ledger.reading import Reader
from agent.ledger.schema import HEARTBEAT_NAME
from exporters.reports.answer import answer
from exporters.reports.ledger_book import Query
from exporters.reports.ledger_report import report
from tests.exporters.reports.lived import HOUR, Life
from tests.oracle import oracle
from tests.oracle.compare import differences

ZONE = "Asia/Ho_Chi_Minh"
SEEDS = range(500 if os.environ.get("SANSANG_SOAK") else 60)


async def unlike(directory: Path, seed: int) -> list[str]:
    """Where the report of a random life differs from the oracle's."""
    life = Life(directory, seed)
    await life.go()
    random = life.random
    start = life.began_ms + random.choice((-HOUR, 0, random.randrange(HOUR)))
    end = random.choice((start + random.randrange(1, HOUR), life.clock.wall_ms() + 1, start + 24 * HOUR))
    period = start, max(end, start + 1)
    name = random.choice(("always", "office"))
    expected = oracle.report(life.document(period, built_in(ZONE)[name]))
    terms = Terms(*period, life.clock.wall_ms())
    reader = Reader.open(directory)
    given = answer(report(reader, read_beat(directory / HEARTBEAT_NAME), Query(terms, ZONE, "local", name)))
    reader.close()
    expected["targets"] = [one for one in expected["targets"] if one["states"]]
    return differences(_comparable(expected, life), _comparable(given, life))


def _comparable(document: dict[str, Any], life: Life) -> dict[str, Any]:
    """A crash hides the soft failure under way: no row of it was written."""
    if life.killed:
        for target in document["targets"]:
            del target["soft_failures"]
    return document


@pytest.mark.soak
@pytest.mark.parametrize("seed", SEEDS)
async def test_a_random_world(tmp_path: Path, seed: int) -> None:
    assert await unlike(tmp_path, seed) == []
