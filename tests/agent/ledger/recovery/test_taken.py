"""Files that are taken from under a running agent are noticed at the next beat, and not one row of them is lost."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.errors import LedgerBusyError, LedgerError
from agent.ledger import lock
from agent.ledger.integrity.verify import verify
from agent.ledger.recovery import rescue
from agent.ledger.recovery.exchange import QUARANTINE
from agent.ledger.recovery.quarantine import QuarantinedLedger
from agent.ledger.rows import AgentStop
from agent.ledger.store import Ledger, LedgerEvents
from agent.text import Text
from tests.agent.ledger.rows import change, content, start
from tests.clock import TravellingClock


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "state"


def begun(place: Path) -> tuple[Ledger, list[QuarantinedLedger], list[Text]]:
    """A ledger of a running agent, what it told of files set aside, and of a lock that it lost."""
    told: list[QuarantinedLedger] = []
    lost: list[Text] = []
    ledger, _ = Ledger.open_to_run(place, TravellingClock(), events=LedgerEvents(told.extend, lost.append))
    ledger.append([start(), content(b"units: []"), *(change(at) for at in range(50))])
    return ledger, told, lost


def deleted(place: Path) -> None:
    (place / "ledger.db").unlink()


def deleted_with_its_log(place: Path) -> None:
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm"):
        (place / name).unlink()


def moved_away(place: Path) -> None:
    (place / "ledger.db").rename(place.parent / "elsewhere.db")


def everything_moved_away(place: Path) -> None:
    for name in ("ledger.db", "ledger.db-wal", "ledger.db-shm", "heartbeat"):
        (place / name).rename(place.parent / name)


def the_directory_deleted(place: Path) -> None:
    shutil.rmtree(place)


def replaced_by_another_ledger(place: Path) -> None:
    other = Ledger.open(place.parent / "other", TravellingClock())
    other.append([start(), *(change(at) for at in range(99))])
    other.close()
    (place.parent / "other" / "ledger.db").replace(place / "ledger.db")


def replaced_by_its_own_copy(place: Path) -> None:
    shutil.copy(place / "ledger.db", place / "copy.db")
    (place / "copy.db").replace(place / "ledger.db")


def replaced_by_rubbish(place: Path) -> None:
    (place / "rubbish").write_bytes(b"rubbish" * 1_000)
    (place / "rubbish").replace(place / "ledger.db")


WAYS = [
    deleted,
    deleted_with_its_log,
    moved_away,
    everything_moved_away,
    the_directory_deleted,
    replaced_by_another_ledger,
    replaced_by_its_own_copy,
    replaced_by_rubbish,
]


@pytest.mark.parametrize("way", WAYS)
def test_the_next_beat_notices_and_puts_every_row_back(place: Path, way: Callable[[Path], None]) -> None:
    ledger, told, lost = begun(place)
    way(place)

    assert ledger.beat()
    assert [(one.why, one.restored) for one in told] == [(rescue.TAKEN, rescue.RESCUED)]
    assert (verify(place).ok, verify(place).rows, lost) == (True, 52, [])
    head = ledger.append([AgentStop(9_000)])
    ledger.close()
    assert (verify(place).ok, verify(place).rows, head.seq) == (True, 53, 53)


@pytest.mark.parametrize("way", WAYS)
def test_so_does_the_next_row(place: Path, way: Callable[[Path], None]) -> None:
    ledger, told, _ = begun(place)
    way(place)

    ledger.append([change(100)])
    ledger.close()
    assert len(told) == 1
    assert (verify(place).ok, verify(place).rows) == (True, 53)
    Ledger.open(place, TravellingClock()).close()


def test_what_lay_in_the_place_is_kept(place: Path) -> None:
    ledger, (), _ = begun(place)
    replaced_by_rubbish(place)
    ledger.beat()
    ledger.close()

    (kept,) = (place / QUARANTINE).glob("*/ledger.db")
    assert kept.read_bytes().startswith(b"rubbishrubbish")


def test_a_lock_that_was_deleted_is_taken_anew_before_anybody_else_can(place: Path) -> None:
    ledger, told, lost = begun(place)
    (place / lock.LOCK_NAME).unlink()
    ledger.beat()

    with pytest.raises(LedgerBusyError):
        lock.take(place)
    (place / "new").touch()
    (place / "new").replace(place / lock.LOCK_NAME)
    ledger.append([change(100)])
    with pytest.raises(LedgerBusyError):
        lock.take(place)
    assert (told, lost) == ([], [])
    ledger.close()
    os.close(lock.take(place))


def test_a_second_agent_with_a_lock_of_its_own_ends_the_first(place: Path) -> None:
    """It writes nothing into the other's chain, whoever asks."""
    ledger, told, lost = begun(place)
    (place / lock.LOCK_NAME).unlink()
    second = Ledger.open(place, TravellingClock())
    theirs = second.append([change(1_000)])

    assert not ledger.beat()
    for _ in range(2):
        with pytest.raises(LedgerError, match="another agent"):
            ledger.append([change(2_000)])
    assert ([*told], len(lost)) == ([], 1)
    ledger.close()
    second.append([AgentStop(9_000)])
    second.close()
    assert (verify(place).ok, verify(place).rows) == (True, theirs.seq + 1)


def test_rows_wait_where_they_cannot_be_put_back(place: Path) -> None:
    ledger, told, _ = begun(place)
    (place / "ledger.db").unlink()
    (place / ".restoring").write_text("in the way")
    with pytest.raises(LedgerError, match="cannot be put back"):
        ledger.append([change(100)])
    assert (ledger.beat(), told) == (False, [])

    (place / ".restoring").unlink()
    assert ledger.append([change(100)]).seq == 53
    ledger.close()
    assert (verify(place).ok, len(told)) == (True, 1)


def test_a_heartbeat_that_was_moved_away_is_made_again(place: Path) -> None:
    ledger, told, _ = begun(place)
    (place / "heartbeat").rename(place.parent / "heartbeat")
    ledger.beat()

    assert (verify(place).ok, told) == (True, [])
    ledger.close()
