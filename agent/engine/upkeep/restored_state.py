"""What the ledger knew before this start, read once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from agent.availability.maintenance import scopes
from agent.clock import Clock
from agent.errors import LedgerError
from agent.ledger.history import runs
from agent.ledger.history.devices import known_devices
from agent.ledger.history.inventories import Inventories
from agent.ledger.known_device import KnownDevice
from agent.ledger.queries import RowQueries
from agent.ledger.reader import Reader
from agent.ledger.rows import Configured
from agent.ledger.schema import FILE_NAME
from agent.ledger.signed import maintenance
from agent.ledger.signed.maintenance import DatedMaintenance
from agent.model import State


@dataclass(frozen=True, slots=True)
class RestoredState:
    """Last confirmed states, the policies in force, and the maintenance windows; None where they cannot be read.

    down_since_wall_ms: of the targets last known to be DOWN; devices: what is known of the devices behind targets.
    past_wall_ms: UTC of the ledger's newest row by a synchronised clock, None without one. reread: the windows again,
    as the ledger has them when it is called; scopes_at: the scopes of each target that existed at an instant of UTC.
    Both block; LedgerError if the ledger cannot be read.
    """

    last_known_up: Mapping[str, bool]
    configured: Mapping[str, Configured]
    maintenance: Sequence[DatedMaintenance] | None = ()
    past_wall_ms: int | None = None
    reread: Callable[[], Sequence[DatedMaintenance]] | None = None
    scopes_at: Callable[[int], Mapping[str, frozenset[str]]] | None = None
    down_since_wall_ms: Mapping[str, int] = field(default_factory=dict)
    devices: Mapping[str, KnownDevice] = field(default_factory=dict)


UNREADABLE = RestoredState({}, {}, None)
"""Of a ledger whose disk does not even let it be read."""


def restore_state(
    ledger: RowQueries,
    directory: Path,
    clock: Clock,
    observer: str,
    former_names: Sequence[str] = (),
    *,
    asked: Sequence[str] = (),
) -> RestoredState:
    """Read the state out of the open ledger, or out of its file where the open one cannot be read.

    asked: the targets whose devices are asked about themselves.
    """
    try:
        return _read(ledger, directory, clock, (observer, *former_names), asked)
    except LedgerError:
        pass
    try:
        reader = Reader.open(directory, still=not (directory / f"{FILE_NAME}-wal").exists())
    except (LedgerError, OSError):
        return UNREADABLE
    try:
        return _read(reader, directory, clock, (observer, *former_names), asked)
    except LedgerError:
        return UNREADABLE
    finally:
        reader.close()


def _read(
    source: RowQueries, directory: Path, clock: Clock, names: tuple[str, ...], asked: Sequence[str]
) -> RestoredState:
    observer, *former_names = names
    last_known = runs.last_known(source, observer, former_names)
    return RestoredState(
        last_known_up={target: last.state is not State.DOWN for target, last in last_known.items()},
        configured=runs.configured(source, observer, former_names),
        maintenance=maintenance.read(source),
        past_wall_ms=runs.past_time(source, clock.boot_id(), clock.boottime_ms()),
        reread=partial(_windows, directory),
        scopes_at=partial(_scopes_at, directory, observer),
        down_since_wall_ms={
            target: last.effective_wall_ms for target, last in last_known.items() if last.state is State.DOWN
        },
        devices=known_devices(source, asked, observer, former_names, clock.boot_id()),
    )


def _windows(directory: Path) -> Sequence[DatedMaintenance]:
    reader = Reader.open(directory)
    try:
        return maintenance.read(reader)
    finally:
        reader.close()


def _scopes_at(directory: Path, observer: str, wall_ms: int) -> Mapping[str, frozenset[str]]:
    reader = Reader.open(directory)
    try:
        document = Inventories(reader, observer).versions(wall_ms, wall_ms + 1)[0].document
    finally:
        reader.close()
    parents = {unit["id"]: unit["parent"] for unit in document["units"]}
    return {
        target["id"]: scopes(target["id"], target["site"], target["unit"], parents) for target in document["targets"]
    }
