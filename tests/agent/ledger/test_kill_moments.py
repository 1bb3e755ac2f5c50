"""T1: kill -9 in the middle of everything that is done to a ledger beside adding rows to it."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.ledger import schema
from agent.ledger.export import lines
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.recovery.backup import FOLDER, back_up, copies
from agent.ledger.recovery.exchange import QUARANTINE
from agent.ledger.store import Ledger
from tests.agent.ledger.checkpoint import checkpointed
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

ROWS, COPIED = 3_000, 1_000
_CHILD = """
import sys
from pathlib import Path
from agent.ledger import schema
from agent.ledger.recovery.backup import back_up
from agent.ledger.export import lines
from agent.ledger.reader import Reader
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change
from tests.agent.ledger.test_kill_moments import MIGRATION
from tests.clock import TravellingClock

place, clock = Path(sys.argv[1]), TravellingClock()
print("go", flush=True)
{deed}
print("done", flush=True)
"""
MIGRATION = "CREATE INDEX rows_by_instant ON rows(at_ms, body)"


def damaged(place: Path) -> None:
    path = checkpointed(place)
    path.write_bytes(path.read_bytes().replace(b"reason:ok", b"reason:no"))


@dataclass(frozen=True, slots=True)
class Moment:
    """A deed, what the ledger is like before it, and how many of its rows must be there whatever happens."""

    deed: str
    before: Callable[[Path], None] = lambda _: None
    kept: int = ROWS


MOMENTS = {
    "start": Moment("Ledger.open(place, clock).close()"),
    "backup": Moment("back_up(place, '2026-03-02')"),
    "replaced backup": Moment("back_up(place, '2026-03-01')"),
    "export": Moment("(place / 'export').write_text(chr(10).join(lines(Reader.open(place))))"),
    "checkpoint": Moment(
        "ledger = Ledger.open(place, clock)\n"
        "for at in range(20):\n"
        "    head = ledger.append([change(clock.boottime_ms() + at)] * 20)\n"
        "    print(head.seq, head.hash.hex(), flush=True)\n"
        "    ledger._db.wal_checkpoint(mode=3)"  # TRUNCATE
    ),
    "migration": Moment(
        "schema.MIGRATIONS[schema.VERSION] = MIGRATION\nschema.VERSION += 1\nLedger.open(place, clock).close()"
    ),
    "quarantine": Moment("Ledger.open_to_run(place, clock)[0].close()", damaged, COPIED),
}


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with a copy of its first rows, left by a kill: its last rows are in the write-ahead log."""
    live, left = tmp_path_factory.mktemp("origin") / "live", tmp_path_factory.mktemp("left") / "state"
    ledger = Ledger.open(live, TravellingClock())
    ledger.append([start(), *(change(at) for at in range(COPIED - 1))])
    back_up(live, "2026-03-01")
    for first in range(COPIED, ROWS, 100):
        ledger.append([change(at) for at in range(first, first + 100)])
    shutil.copytree(live, left)
    ledger.close()
    return left


def told(place: Path) -> list[str]:
    reader = Reader.open(place)
    try:
        return list(lines(reader))
    finally:
        reader.close()


def run(place: Path, moment: Moment, after_seconds: float) -> tuple[list[str], float]:
    """What the deed acknowledged until it was killed, and how long it lived."""
    command = [sys.executable, "-c", _CHILD.format(deed=moment.deed), str(place)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "go\n"
        began = time.monotonic()
        try:
            child.wait(after_seconds)
        except subprocess.TimeoutExpired:
            child.kill()
        lived, said = time.monotonic() - began, child.stdout.read()
    return [line.split()[1] for line in said.splitlines() if " " in line], lived


def kills(origin: Path, tmp_path: Path, name: str, count: int) -> str:
    moment, chance, whole = MOMENTS[name], random.Random(name), told(origin)
    calm = tmp_path / "calm"
    shutil.copytree(origin, calm)
    moment.before(calm)
    _, seconds = run(calm, moment, 60)
    for number in range(count):
        place = tmp_path / f"state-{number}"
        shutil.copytree(origin, place)
        moment.before(place)
        harmed = (place / "ledger.db").read_bytes()
        acknowledged, _ = run(place, moment, chance.uniform(0, seconds))
        with pytest.MonkeyPatch.context() as patch:
            if name == "migration":  # whoever opens it to write migrates it, also after the kill
                patch.setitem(schema.MIGRATIONS, schema.VERSION, MIGRATION)
                patch.setattr(schema, "VERSION", schema.VERSION + 1)
            rows_are_whole(place, whole[: moment.kept], acknowledged)
        folder = place / FOLDER
        assert "2026-03-01" in copies(folder)
        assert {verify(folder / day).ok for day in copies(folder)} == {True}
        aside = [file.read_bytes() for file in (place / QUARANTINE).glob("*/ledger.db")]
        assert (harmed in aside) is (moment.kept < ROWS), "nothing is deleted"
        shutil.rmtree(place)
    return f"T1 {name}: {count} kills within {seconds * 1000:.0f} ms, 0 rows lost, 0 copies harmed"


def rows_are_whole(place: Path, kept: list[str], acknowledged: list[str]) -> None:
    """After the next start those rows are there, and the acknowledged ones, and the chain is whole."""
    ledger, _ = Ledger.open_to_run(place, TravellingClock())
    ledger.close()
    there = told(place)
    assert verify(place).ok
    assert there[: len(kept)] == kept
    assert set(acknowledged) <= {json.loads(line)["hash"] for line in there if '"hash"' in line}


@pytest.mark.parametrize("name", MOMENTS)
def test_a_kill_at_a_bad_moment_loses_nothing(origin: Path, tmp_path: Path, name: str) -> None:
    print(kills(origin, tmp_path, name, 2))


@pytest.mark.soak
@pytest.mark.timeout(600)
@pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
@pytest.mark.parametrize("name", MOMENTS)
def test_twenty_kills_at_each_bad_moment(origin: Path, tmp_path: Path, name: str) -> None:
    print(kills(origin, tmp_path, name, 20))
