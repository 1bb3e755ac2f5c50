"""A ledger with a row of every kind, written by an earlier commit, is read as that commit read it.

``read.json`` beside it is what it made of the rows: states, windows, amendments, breaks, when each row was committed.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.ledger.codec import KINDS, encode
from agent.ledger.history.breaks import breaks
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.position import AsOf, position_as_of
from agent.ledger.history.state_history import HistoryQuery, target_histories
from agent.ledger.integrity.consistency import first_overlap
from agent.ledger.integrity.verify import VerifiedLedger, verified
from agent.ledger.signed import amendments, maintenance

FIXTURE = Path(__file__).parents[1] / "fixtures/schema-2"
READ: dict[str, Any] = json.loads((FIXTURE / "read.json").read_text("utf-8"))
NEWER_KINDS = {"component_change", "components_used", "device_seen", "measured_sums", "score_issued"}
DAY = 86_400_000
START, END = 1_759_251_600_000, 1_761_930_000_000  # October 2025 in Vietnam
PART = 1_760_056_200_000, 1_760_979_600_000


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[VerifiedLedger]:
    shutil.copytree(FIXTURE, tmp_path / "ledger")
    with verified(tmp_path / "ledger") as found:
        yield found


@pytest.mark.parametrize(
    ("name", "observer", "start_ms", "end_ms"),
    [("whole", "local", START - 2 * DAY, END), ("part", "local", *PART), ("old", "old", START, END)],
)
def test_its_states_are_what_they_were(
    ledger: VerifiedLedger, name: str, observer: str, start_ms: int, end_ms: int
) -> None:
    behind = Inventories(ledger.reader, observer).behind
    query = HistoryQuery(observer, start_ms, end_ms, end_ms, ledger.alive, behind)
    histories = [
        {
            "target": one.target,
            "soft": list(one.soft),
            "configured": [list(span) for span in one.configured],
            "states": [
                [state.start_ms, state.end_ms, state.state.name, state.cause.value, state.confirmed_ms, state.number]
                for state in one.states
            ],
        }
        for one in target_histories(ledger.reader, query)
    ]
    assert histories == READ[name]


def test_what_people_signed_and_where_it_breaks_are_what_they_were(ledger: VerifiedLedger) -> None:
    reader = ledger.reader
    windows = [
        [one.id, one.retroactive, one.excluded and list(one.excluded), one.recorded_wall_ms, one.quality.value]
        for one in maintenance.windows(maintenance.read(reader))
    ]
    assert windows == READ["windows"]
    assert [[one.seq, one.target, one.recorded.at_ms] for one in amendments.read(reader)] == READ["amendments"]
    found = [[one.kind.value, one.start_ms, one.end_ms, one.seq] for one in breaks(reader, "local", ledger.alive, END)]
    assert found == READ["breaks"]


def test_each_of_its_rows_was_committed_when_it_was(ledger: VerifiedLedger) -> None:
    rows = range(2, READ["rows"] + 1)
    found = [position_as_of(ledger.reader, ledger.alive, AsOf(seq=row), END + DAY).at_ms for row in rows]
    assert found == READ["positions"]


def test_it_verifies_and_every_target_has_one_state(ledger: VerifiedLedger) -> None:
    assert ledger.rows == READ["rows"]
    assert (ledger.reader.hash_of(ledger.rows) or b"").hex() == READ["head"]
    assert first_overlap(ledger.reader, ledger.alive, END, lambda *_: None) is None


def test_the_names_in_its_rows_are_still_written(ledger: VerifiedLedger) -> None:
    """Whoever renames a row class or one of its fields gives it its stored name in the codec."""
    links = list(ledger.reader.links())
    assert {link.row.kind for link in links} == set(KINDS) - NEWER_KINDS
    for link, stored in zip(links, ledger.reader.everything(), strict=True):
        encoded = encode(stored.row)
        assert (encoded.place, encoded.body) == (link.row.place, link.row.body)
