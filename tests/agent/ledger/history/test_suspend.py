"""T14: a machine that slept, as its kernel shows it: CLOCK_BOOTTIME went on, CLOCK_MONOTONIC did not.

A time namespace gives a process that difference. It is fixed before the process begins: what happens under a running
agent is shown on a travelling clock (tests/agent/engine/test_engine.py).
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

from agent.clock import SystemClock
from agent.ledger import heartbeat
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, Configured, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, State, UnknownCause
from tests.agent.ledger.timeline import timeline

TARGET, ASLEEP_SECONDS = "xa-a/room", 90_000
_AWAKE = """
import sys
from pathlib import Path
from agent.clock import SystemClock
from tests.agent.ledger.history.test_suspend import ASLEEP_SECONDS, live

class Awake(SystemClock):
    def wall_ms(self):  # there is no namespace for it
        return super().wall_ms() + ASLEEP_SECONDS * 1000

print(Awake().boottime_ms() - Awake().monotonic() * 1000)
live(Path(sys.argv[1]), Awake())
"""


def live(place: Path, clock: SystemClock) -> None:
    """An agent that begins, finds the target UP, beats, and is no more."""
    ledger, now = Ledger.open(place, clock), clock.boottime_ms()
    ledger.append([AgentRun("local", clock.boot_id(), now, clock.wall_ms(), synchronised=True, version="1")])
    while clock.boottime_ms() - now < 5:  # a run of less than a millisecond covers no time at all
        time.sleep(0.001)
    ledger.append(
        [
            Configured(TARGET, now, 60_000, 5_000, 30_000, 3, 1, "h"),
            StateChange(TARGET, State.UP, Reason.OK, now, now, now),
        ]
    )
    ledger.close()


def test_the_time_asleep_is_unknown_to_the_millisecond(tmp_path: Path) -> None:
    place = tmp_path / "state"
    live(place, SystemClock())
    last = heartbeat.read(place / "heartbeat")
    asleep = ["unshare", "--map-root-user", "--time", "--boottime", str(ASLEEP_SECONDS)]
    done = subprocess.run(
        [*asleep, sys.executable, "-c", _AWAKE, place], capture_output=True, text=True, timeout=30, check=True
    )
    ahead_ms = float(done.stdout) - (SystemClock().boottime_ms() - time.monotonic() * 1000)
    reader = Reader.open(place)
    second = reader.only(AgentRun)[-1].row
    told = timeline(
        reader, TARGET, "local", scopes=frozenset(), alive=heartbeat.read(place / "heartbeat"), until_wall_ms=1 << 50
    )
    reader.close()

    assert abs(ahead_ms - ASLEEP_SECONDS * 1000) < 5
    assert last is not None
    assert isinstance(second, AgentRun)
    gap = next(one for one in told if one.cause is UnknownCause.AGENT_OFF)
    assert gap.state is State.UNKNOWN
    assert abs((gap.end_ms - gap.start_ms) - (second.start_ms - last.at_ms)) <= 1
    assert second.start_ms - last.at_ms >= ASLEEP_SECONDS * 1000
