"""From the engine's probe runs over the rows of a ledger to figures: what the oracle makes of the same runs."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from agent.availability.accounting import ReportTerms
from agent.availability.calendar_document import document_of
from agent.errors import LedgerError
from agent.inventory.calendars import calendars_of
from agent.ledger.heartbeat import read as read_beat
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.schema import HEARTBEAT_NAME
from agent.reporting.builder import ReportQuery
from agent.reporting.ledger_report import build_report
from exporters.reports.replay_json import replay_json
from tests.agent.reporting.lived import HOUR, Lived
from tests.agent.reporting.retold import LATEST, Retold
from tests.oracle.compare import differences
from tests.oracle.refusal import RefusedError

ZONE = "Asia/Ho_Chi_Minh"
soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")


async def unlike(directory: Path, seed: int) -> list[str]:
    """Where the report of a random life differs from the oracle's."""
    lived = Lived(directory, seed)
    await lived.go()
    period, as_of = asked(lived)
    name = lived.random.choice(("always", "office"))
    name = lived.office.choice((name, "", "", "shift"))
    reader = Reader.open(directory)
    query = ReportQuery(ReportTerms(*period, as_of), ZONE, "local", name)
    retold = Retold(lived)
    try:
        expected = retold.answer(period, as_of, document_of(calendars_of(ZONE)[name]) if name == "office" else name)
        given = replay_json(build_report(reader, read_beat(directory / HEARTBEAT_NAME), query))
    except RefusedError as refused:
        with pytest.raises(LedgerError, match="overlap"):
            build_report(reader, None, ReportQuery(ReportTerms(0, LATEST, LATEST), ZONE, "local", "always"))
        return [fault for fault in refused.faults if "overlap" not in fault]
    finally:
        reader.close()
    assert verify(directory).ok
    if not retold.in_order():
        return []  # a clock was set back, and the machine started anew: nothing says what was when
    expected["targets"] = [one for one in expected["targets"] if one["states"]]
    return differences(_comparable(expected, lived), _comparable(given, lived))


def asked(lived: Lived) -> tuple[tuple[int, int], int]:
    """A period around what happened, on whatever clock, and the report instant."""
    random, now = lived.random, lived.clock.wall_ms()
    as_of = random.choice((now, max([now, *lived.walls])))
    start = random.choice((lived.began_ms, *lived.walls)) + random.choice((-HOUR, 0, random.randrange(HOUR)))
    end = random.choice((start + random.randrange(1, HOUR), as_of + 1, start + 24 * HOUR))
    return (start, max(end, start + 1)), as_of


def _comparable(document: dict[str, Any], lived: Lived) -> dict[str, Any]:
    """A crash hides the soft failure under way: no row of it was written."""
    if lived.killed:
        for target in document["targets"]:
            del target["soft_failures"]
    return document


@pytest.mark.parametrize("seed", range(60))
async def test_a_random_world(tmp_path: Path, seed: int) -> None:
    assert await unlike(tmp_path, seed) == []


@pytest.mark.soak
@soak
@pytest.mark.parametrize("seed", range(60, 560))
async def test_five_hundred_random_worlds(tmp_path: Path, seed: int) -> None:
    assert await unlike(tmp_path, seed) == []
