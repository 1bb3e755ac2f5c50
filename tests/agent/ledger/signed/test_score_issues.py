"""The row of scores that were handed out: once for each manifest, dated by its boot's clock, part of the chain."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from agent.availability.maintenance import ClockQuality
from agent.errors import LedgerError
from agent.ledger.history.position import AsOf, position_as_of
from agent.ledger.history.recorded import Recorded, Stamp
from agent.ledger.integrity.verify import verify
from agent.ledger.reader import Reader
from agent.ledger.rows import ClockAnchor, ScoreIssued
from agent.ledger.signed.score_issues import DatedScoreIssue, ScoreIssue, issue_row, read
from agent.ledger.store import Ledger
from tests.agent.ledger.rows import change, start
from tests.clock import TravellingClock

NOW = 10_000_000
AT = Stamp("other boot", 7, NOW, synchronised=True)
ISSUE = ScoreIssue("ab" * 32, "bo-2026", "cd" * 32, "2026-10", "xa-a", "", "as-was", 2, 9_000_000, "An")


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    opened = Ledger.open(tmp_path / "l", TravellingClock())
    opened.append([start(), change(1)])
    yield opened
    opened.close()


def test_the_row_says_what_was_handed_out_and_when(ledger: Ledger, tmp_path: Path) -> None:
    row = issue_row(ledger, ISSUE, AT)
    assert row is not None
    ledger.append([row])

    clocks = {"recorded_wall_ms": NOW, "boot_id": "other boot", "boottime_ms": 7, "synchronised": True}
    assert asdict(row) == asdict(ISSUE) | clocks
    assert read(ledger) == (DatedScoreIssue(3, row, Recorded(NOW, ClockQuality.SYNCHRONISED)),)
    assert read(ledger)[0].wall_ms == NOW
    assert verify(tmp_path / "l").ok


def test_a_manifest_is_recorded_once(ledger: Ledger) -> None:
    first = issue_row(ledger, ISSUE, AT)
    assert first is not None
    ledger.append([first])

    assert issue_row(ledger, replace(ISSUE, who="Bình"), AT) is None
    assert isinstance(issue_row(ledger, replace(ISSUE, manifest="ac" * 32), AT), ScoreIssued)


def test_an_earlier_stand_of_the_ledger_has_no_such_row(ledger: Ledger, tmp_path: Path) -> None:
    """Whoever asks for the ledger as of a time is shown what was recorded by then, by this row too."""
    row = issue_row(ledger, ISSUE, Stamp("boot-1", 60_000, 1_060_000, synchronised=True))
    assert row is not None
    ledger.append([ClockAnchor(50_000, 1_050_000, synchronised=True)])
    ledger.append([row])

    reader = Reader.open(tmp_path / "l")
    try:
        stands = [position_as_of(reader, None, AsOf(None, at_ms), NOW).seq for at_ms in (1_059_999, 1_060_000)]
        dated = position_as_of(reader, None, AsOf(4), NOW).at_ms
    finally:
        reader.close()

    assert (stands, dated) == ([3, 4], 1_060_000)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"manifest": "AB" * 32}, "manifest: 'ABAB.*' is no SHA-256"),
        ({"manifest": ""}, "manifest: '' is no SHA-256"),
        ({"sheet_digest": "cd" * 31}, "sheet_digest: .* is no SHA-256"),
        ({"sheet": " "}, "`sheet` must be 1 to 500 characters"),
        ({"who": ""}, "`who` must be 1 to 500 characters"),
        ({"unit": "x" * 501}, "`unit` must be 1 to 500 characters"),
        ({"period": "2026-13"}, "2026-13"),
        ({"as_of_seq": 3}, "the ledger has no row 3"),
    ],
)
def test_what_cannot_be_meant_is_refused(ledger: Ledger, wrong: dict[str, Any], said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        issue_row(ledger, replace(ISSUE, **wrong), AT)
