"""kill -9 at random moments: no row that was acknowledged is lost or doubled, and the chain holds."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader

ROUNDS = 30
_WRITER = """
import sys
from pathlib import Path
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

clock = TravellingClock()
ledger = Ledger.open(Path(sys.argv[1]), clock)
ledger.append([start()])
while True:
    now = clock.boottime_ms() + ledger.head().seq
    head = ledger.append([change(now + 1 + n) for n in range(1 + ledger.head().seq % 5)])
    sys.stdout.write(f"{head.seq} {head.hash.hex()}\\n")
    sys.stdout.flush()
"""


def test_kill_nine_loses_nothing(tmp_path: Path) -> None:
    _nothing_is_lost(tmp_path, ROUNDS)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
def test_kill_nine_loses_nothing_a_thousand_times(tmp_path: Path) -> None:
    lost = _nothing_is_lost(tmp_path, 1000)
    print(f"1,000 kills: {lost}")


def _nothing_is_lost(tmp_path: Path, rounds: int) -> str:
    place, chance = tmp_path / "state", random.Random(20260301)
    acknowledged: list[tuple[int, str]] = []
    for _ in range(rounds):
        acknowledged += _write_until_killed(place, lines=chance.randrange(1, 60))
    found = verify(place)
    assert (found.ok, found.first_bad_seq) == (True, None), found
    assert found.rows >= acknowledged[-1][0]
    reader = Reader.open(place)
    there = {link.seq: link.hash.hex() for link in reader.links()}
    reader.close()
    assert sorted(there) == list(range(1, found.rows + 1))
    assert [(seq, there.get(seq)) for seq, _ in acknowledged] == acknowledged
    return f"{len(acknowledged)} commits acknowledged, {found.rows} rows, 0 lost, 0 doubled, chain whole"


def _write_until_killed(place: Path, lines: int) -> list[tuple[int, str]]:
    """Start a writer and kill it while it works on a later commit than the one read here."""
    with subprocess.Popen([sys.executable, "-c", _WRITER, place], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        said = [writer.stdout.readline() for _ in range(lines)]
        os.kill(writer.pid, signal.SIGKILL)
        said += writer.stdout.readlines()
    whole = [line.split() for line in said if line.endswith("\n")]
    return [(int(seq), digest) for seq, digest in whole]
