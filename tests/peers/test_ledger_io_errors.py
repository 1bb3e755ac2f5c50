"""T4: a write or a sync of the ledger fails once, at every point in turn (strace injects it). Nothing is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader

pytestmark = [pytest.mark.peers, pytest.mark.timeout(180)]

_WRITER = """
import sys
from pathlib import Path
from agent.errors import LedgerError
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

ledger, trouble = Ledger.open_to_run(Path(sys.argv[1]), TravellingClock())
errors = trouble != ()
for row in [start(), *(change(n) for n in range(40))]:
    for attempt in range(3):
        try:
            head = ledger.append([row])
            break
        except LedgerError:
            errors += 1
    print(head.seq, head.hash.hex(), flush=True)
errors += not ledger.beat()
print("errors", errors, flush=True)
"""


def one_fault(place: Path, call: str, error: str, when: int) -> tuple[int, int]:
    """Acknowledged rows that are gone or doubled, and how many errors the writer was told of."""
    inject = f"inject={call}:error={error}:when={when}"
    command = ["strace", "-f", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject, sys.executable, "-c", _WRITER]
    done = subprocess.run([*command, place], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    *acknowledged, last = (line.split() for line in done.stdout.splitlines())
    assert last[0] == "errors"
    assert verify(place).ok
    reader = Reader.open(place)
    there = {link.seq: link.hash.hex() for link in reader.links()}
    reader.close()
    lost = sum(there.get(int(seq)) != digest for seq, digest in acknowledged)
    return lost + abs(len(there) - len(acknowledged)), int(last[1])


def faults(tmp_path: Path, last: int, step: int) -> str:
    told = 0
    tried = 0
    for call, error in (("fdatasync", "EIO"), ("pwrite64", "ENOSPC")):
        for when in range(1, last + 1, step):
            lost, errors = one_fault(tmp_path / f"{call}-{when}", call, error, when)
            assert lost == 0, (call, when)
            told += errors > 0
            tried += 1
    return f"T4: {tried} injected faults, 0 rows lost or doubled, the process alive; {told} were told as errors"


def test_a_failed_write_or_sync_loses_nothing(tmp_path: Path) -> None:
    print(faults(tmp_path, 50, 12))


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
def test_fifty_failed_syncs_and_fifty_failed_writes(tmp_path: Path) -> None:
    print(faults(tmp_path, 50, 1))
