"""Maintenance windows while the agent runs: orders become rows at once, and lie over the targets as long as they last.

An overlay only: probes go on, states and evidence stay as they are.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.availability.maintenance import ALL, BookedWindow, ClockQuality, targets_in
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
from agent.model import Target


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
    order: WindowRequest | CancelMaintenance, rows: Sequence[DatedMaintenance], scoped: ScopedTargets, now: Stamp
) -> Maintenance:
    """The row that an order asks for; LedgerError says what is wrong with it."""
    if isinstance(order, CancelMaintenance):
        return cancellation_row(rows, order.id, order.who, order.why, now)
    if order.scope != ALL and not scoped.within(order.scope):
        kind, _, name = order.scope.partition(":")
        raise LedgerError(ledger_errors.NOTHING_COVERED.filled(kind=kind, name=quoted(name)))
    return booking_row(rows, order, now)


@dataclass(frozen=True, slots=True)
class ScopedTargets:
    """The targets of an inventory, to be found by scope; parents: of each unit the unit above it."""

    targets: tuple[Target, ...] = ()
    parents: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, inventory: Inventory) -> ScopedTargets:
        """Those of that inventory."""
        return cls(inventory.targets, {unit.id: unit.parent for unit in inventory.units})

    def within(self, scope: str) -> frozenset[str]:
        """The ids of those that the scope covers."""
        return targets_in(scope, self.targets, self.parents)


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
        self._scoped = ScopedTargets()
        self._open: list[BookedWindow] | None = None  # the windows that _covered is of
        self._covered: frozenset[str] = frozenset()
        self._tell()

    def cover(self, inventory: Inventory) -> None:
        """From now on these are the targets. One that joins the scope of a window under way is not covered by it."""
        before, self._scoped = self._scoped, ScopedTargets.of(inventory)
        for window in self._open_now():
            had = before.within(window.scope) if before.targets else self._had(window)
            self._late.update((window.id, name) for name in self._scoped.within(window.scope) - had)
        self._open = None

    def _had(self, window: BookedWindow) -> frozenset[str]:
        """The targets in its scope just before a window that is under way at the start; as now where nothing tells."""
        try:
            known = self._scopes_at and self._scopes_at(window.start_wall_ms - 1)
        except LedgerError:
            known = None
        if not known:
            return self._scoped.within(window.scope)
        return frozenset(name for name, scopes in known.items() if window.scope in scopes)

    def covered(self) -> frozenset[str]:
        """The targets that lie in a window now: the very same object for as long as nothing changes."""
        open_now = self._open_now()
        if open_now != self._open:
            self._open = open_now
            self._covered = frozenset().union(*map(self._covered_by, open_now))
        return self._covered

    def _open_now(self) -> list[BookedWindow]:
        now_ms = self._clock.wall_ms()
        return [window for (start_ms, end_ms), window in self._excluding if start_ms <= now_ms < end_ms]

    def _covered_by(self, window: BookedWindow) -> frozenset[str]:
        return frozenset(name for name in self._scoped.within(window.scope) if (window.id, name) not in self._late)

    async def order(self, order: MaintenanceCommand) -> MaintenanceReply:
        """Carry an order out: its row is on the disk when this returns. LedgerError says why not."""
        if self._blind:
            raise LedgerError(ledger_errors.BLIND)
        if isinstance(order, ListOnly):
            return MaintenanceReply("", self._windows)
        row = await self._commit_queue.record(lambda: row_of(order, self._rows, self._scoped, stamp(self._clock)))
        self._rows = (
            [*self._rows, dated_by_wall_clock(row)] if self._reread is None else await self._read(self._reread, row)
        )
        self._tell()
        return MaintenanceReply(row.id, self._windows)

    def _tell(self) -> None:
        """Figures go by the clock of the boot; where that was never known, alerts are silent by the wall clock."""
        unset = ClockQuality.UNSYNCHRONISED
        self._windows = windows(self._rows)
        shown = windows(
            dated_by_wall_clock(dated.row) if dated.recorded.quality is unset else dated for dated in self._rows
        )
        self._excluding = [(span, window) for window in shown if (span := window.excluded) is not None]
        self._open = None

    async def _read(self, reread: Callable[[], Sequence[DatedMaintenance]], row: Maintenance) -> list[DatedMaintenance]:
        """As the ledger tells them now; as the wall clock does where it cannot be read."""
        try:
            return list(await asyncio.to_thread(reread))
        except LedgerError:
            return [*self._rows, dated_by_wall_clock(row)]
