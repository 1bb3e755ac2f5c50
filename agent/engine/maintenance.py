"""Maintenance windows while the agent runs: orders become rows at once, and lie over the targets as long as they last.

An overlay only: probes go on, states and evidence stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from agent.clock import Clock
from agent.engine.journal import Journal
from agent.errors import LedgerError
from agent.inventory.entities import Inventory
from agent.ledger.maintenance import ALL, Wanted, Window, cancellation, entered, scopes_of, windows
from agent.ledger.rows import Maintenance


@dataclass(frozen=True, slots=True)
class Cancel:
    """Take a window back."""

    id: str
    who: str
    why: str


@dataclass(frozen=True, slots=True)
class Show:
    """Only say which windows there are."""


Order = Wanted | Cancel | Show


@dataclass(frozen=True, slots=True)
class Booked:
    """What an order led to: the window it concerned ("" when it only asked), and all there are."""

    id: str
    windows: tuple[Window, ...]


def row_of(
    order: Wanted | Cancel, rows: Sequence[Maintenance], scopes: frozenset[str], now_wall_ms: int
) -> Maintenance:
    """The row that an order asks for; LedgerError says what is wrong with it. scopes: those that cover something."""
    if isinstance(order, Cancel):
        return cancellation(rows, order.id, order.who, order.why, now_wall_ms)
    if order.scope not in scopes:
        kind, _, name = order.scope.partition(":")
        raise LedgerError(f"no target is covered by {kind} {name!a}: is it spelled as in the configuration?")
    return entered(rows, order, now_wall_ms)


def scopes_by_target(inventory: Inventory) -> dict[str, frozenset[str]]:
    """Of each target, every scope that covers it."""
    parents = {unit.id: unit.parent for unit in inventory.units}
    return {target.id: scopes_of(target, parents) for target in inventory.targets}


def all_scopes(inventory: Inventory) -> frozenset[str]:
    """Every scope that covers at least one target."""
    return frozenset((ALL,)).union(*scopes_by_target(inventory).values())


class Maintenances:
    """The windows of the running agent: the only one who writes them while it runs."""

    def __init__(self, rows: Iterable[Maintenance] | None, journal: Journal, clock: Clock) -> None:
        """rows: those of the ledger; None when it could not be read, and no window can be told or numbered."""
        self._blind = rows is None
        self._rows = list(rows or ())
        self._journal = journal
        self._clock = clock
        self._windows = windows(self._rows)
        self._scopes: dict[str, frozenset[str]] = {}

    def over(self, inventory: Inventory) -> None:
        """From now on these are the targets."""
        self._scopes = scopes_by_target(inventory)

    def covered(self) -> Callable[[str], bool]:
        """Whether a target lies in a window now: a function of its id."""
        now_ms = self._clock.wall_ms()
        open_now = frozenset(window.scope for window in self._windows if window.excludes(now_ms))
        return lambda target: bool(open_now) and not open_now.isdisjoint(self._scopes.get(target, ()))

    async def order(self, order: Order) -> Booked:
        """Carry an order out: its row is on the disk when this returns. LedgerError says why not."""
        if self._blind:
            raise LedgerError(
                "maintenance cannot be recorded or listed: when the agent started, the disk of its ledger was full,"
                " read-only or broken, and what had been booked before could not be read. Mend the disk, restart the"
                " agent (systemctl restart sansang), then order this again"
            )
        if isinstance(order, Show):
            return Booked("", self._windows)
        scopes = frozenset((ALL,)).union(*self._scopes.values())
        row = await self._journal.record(lambda: row_of(order, self._rows, scopes, self._clock.wall_ms()))
        self._rows.append(row)
        self._windows = windows(self._rows)
        return Booked(row.id, self._windows)
