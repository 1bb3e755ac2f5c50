from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agent.availability.maintenance import ClockQuality
from agent.errors import LedgerError
from agent.ledger.history.recorded import Recorded, Stamp
from agent.ledger.integrity.verify import verify
from agent.ledger.rows import Amendment
from agent.ledger.signed.amendments import Correction, DatedAmendment, amendment, read
from agent.ledger.store import Ledger
from agent.model import Reason, State
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

NOW = 10_000_000
AT = Stamp("other boot", 7, NOW, synchronised=True)
WANTED = Correction(2, State.UP, "ok", 1_000, 2_000, "An", "cáp rút nhầm")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path / "l", TravellingClock())
    opened.append([start(), change(1, State.DOWN, Reason.TIMEOUT)])
    yield opened
    opened.close()


def test_the_correction_stands_beside_the_row(ledger: Ledger, tmp_path: Path) -> None:
    ledger.append([amendment(ledger, WANTED, AT)])

    row = Amendment(2, State.UP, "ok", 1_000, 2_000, NOW, "An", "cáp rút nhầm", "other boot", 7, synchronised=True)
    assert read(ledger) == (DatedAmendment(3, "xa-a/room", row, Recorded(NOW, ClockQuality.SYNCHRONISED)),)
    assert ledger.everything()[1].row == change(1, State.DOWN, Reason.TIMEOUT)
    assert verify(tmp_path / "l").ok


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"refers_to": 9}, "has no row 9"),
        ({"refers_to": 1}, "row 1 speaks of no target"),
        ({"cause": "gremlins"}, "'gremlins' is no cause of UP"),
        ({"state": State.UNKNOWN}, "'ok' is no cause of UNKNOWN"),
        ({"end_wall_ms": 1_000}, "ends before it begins"),
        ({"end_wall_ms": NOW + 1}, "not yet happened"),
        ({"who": ""}, "`who`"),
    ],
)
def test_what_cannot_be_meant_is_refused(ledger: Ledger, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        amendment(ledger, replace(WANTED, **wrong), AT)
