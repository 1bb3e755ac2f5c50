"""Maintenance windows while the agent runs: orders become rows at once, and lie over the targets as long as they last.

An overlay only: probes go on, states and evidence stay as they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.availability.maintenance import ALL, BookedWindow, ClockQuality, scopes_of
from agent.characters import quoted
from agent.clock import Clock
from agent.engine.upkeep.commit_queue import CommitQueue
from agent.errors import LedgerError
from agent.explain import ledger_errors
from agent.inventory.entities import Inventory
from agent.ledger.history.recorded import Stamp, stamp
from agent.ledger.rows import Maintenance
from agent.ledger.signed.maintenance import (
    DatedMaintenance,
    WindowRequest,
    booking_row,
    cancellation_row,
    dated_by_wall_clock,
    windows,
)


@dataclass(frozen=True, slots=True)
class CancelMaintenance:
    """Take a window back."""

    id: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class ListOnly:
    """Only say which windows there are."""


MaintenanceCommand = WindowRequest | CancelMaintenance | ListOnly


@dataclass(frozen=True, slots=True)
class MaintenanceReply:
    """What an order led to: the window it concerned ("" when it only asked), and all there are."""

    id: str
    windows: tuple[BookedWindow, ...]


def row_of(
    order: WindowRequest | CancelMaintenance, rows: Sequence[DatedMaintenance], scopes: frozenset[str], now: Stamp
) -> Maintenance:
    """The row that an order asks for; LedgerError says what is wrong with it. scopes: those that cover something."""
    if isinstance(order, CancelMaintenance):
        return cancellation_row(rows, order.id, order.who, order.why, now)
    if order.scope not in scopes:
        kind, _, name = order.scope.partition(":")
        raise LedgerError(ledger_errors.NOTHING_COVERED.filled(kind=kind, name=quoted(name)))
    return booking_row(rows, order, now)


def scopes_by_target(inventory: Inventory) -> dict[str, frozenset[str]]:
    """The scopes that cover each target, by target."""
    parents = {unit.id: unit.parent for unit in inventory.units}
    return {target.id: scopes_of(target, parents) for target in inventory.targets}


def all_scopes(inventory: Inventory) -> frozenset[str]:
    """Every scope that covers at least one target."""
    return frozenset((ALL,)).union(*scopes_by_target(inventory).values())


class MaintenanceWindows:
    """The windows of the running agent: the only one who writes them while it runs."""

    def __init__(
        self,
        rows: Iterable[DatedMaintenance] | None,
        commit_queue: CommitQueue,
        clock: Clock,
        reread: Callable[[], Sequence[DatedMaintenance]] | None = None,
        scopes_at: Callable[[int], Mapping[str, frozenset[str]]] | None = None,
    ) -> None:
        """rows: those of the ledger; None when it could not be read, and no window can be told or numbered.

        reread: reads them again, as a report would. scopes_at: of the targets at an instant, as the ledger has it. Both
        block.
        """
        self._scopes_at = scopes_at
        self._reread = reread
        self._late: set[tuple[str, str]] = set()
        self._blind = rows is None
        self._rows = list(rows or ())
        self._commit_queue = commit_queue
        self._clock = clock
        self._tell()
        self._scopes: dict[str, frozenset[str]] = {}

    def cover(self, inventory: Inventory) -> None:
        """From now on these are the targets. One that joins the scope of a window under way is not covered by it."""
        before, self._scopes = self._scopes, scopes_by_target(inventory)
        now_ms = self._clock.wall_ms()
        for window in self._shown:
            if window.excludes(now_ms):
                had = before or self._had(window)
                joined = (name for name, scopes in self._scopes.items() if window.scope in scopes)
                late = (name for name in joined if window.scope not in had.get(name, ()))
                self._late.update((window.id, name) for name in late)

    def _had(self, window: BookedWindow) -> Mapping[str, frozenset[str]]:
        """The scopes just before a window that is under way at the start; those of now where nothing tells."""
        try:
            return (self._scopes_at and self._scopes_at(window.start_wall_ms - 1)) or self._scopes
        except LedgerError:
            return self._scopes

    def covered(self) -> Callable[[str], bool]:
        """Whether a target lies in a window now: a function of its id."""
        now_ms = self._clock.wall_ms()
        open_now = [window for window in self._shown if window.excludes(now_ms)]
        return lambda target: any(
            window.scope in self._scopes.get(target, ()) and (window.id, target) not in self._late
            for window in open_now
        )

    async def order(self, order: MaintenanceCommand) -> MaintenanceReply:
        """Carry an order out: its row is on the disk when this returns. LedgerError says why not."""
        if self._blind:
            raise LedgerError(ledger_errors.BLIND)
        if isinstance(order, ListOnly):
            return MaintenanceReply("", self._windows)
        scopes = frozenset((ALL,)).union(*self._scopes.values())
        row = await self._commit_queue.record(lambda: row_of(order, self._rows, scopes, stamp(self._clock)))
        self._rows = (
            [*self._rows, dated_by_wall_clock(row)] if self._reread is None else await self._read(self._reread, row)
        )
        self._tell()
        return MaintenanceReply(row.id, self._windows)

    def _tell(self) -> None:
        """Figures go by the clock of the boot; where that was never known, alerts are silent by the wall clock."""
        unset = ClockQuality.UNSYNCHRONISED
        self._windows = windows(self._rows)
        self._shown = windows(
            dated_by_wall_clock(dated.row) if dated.recorded.quality is unset else dated for dated in self._rows
        )

    async def _read(self, reread: Callable[[], Sequence[DatedMaintenance]], row: Maintenance) -> list[DatedMaintenance]:
        """As the ledger tells them now; as the wall clock does where it cannot be read."""
        try:
            return list(await asyncio.to_thread(reread))
        except LedgerError:
            return [*self._rows, dated_by_wall_clock(row)]
