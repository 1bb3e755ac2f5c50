"""What the ledger knows of the device behind a target, as types: a check without a ledger loads no SQLite for them."""

from __future__ import annotations

from dataclasses import dataclass

from agent.ledger.rows import ComponentChange, ComponentsUsed, DeviceSeen


@dataclass(frozen=True, slots=True)
class DatedRow:
    """A row of a device with its instant: in UTC, and in boottime where its boot is the present one."""

    row: ComponentChange | DeviceSeen
    wall_ms: int
    at_ms: int | None


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """Newest row of each part, the rows of use and of what the device said, all in the order written."""

    changes: tuple[DatedRow, ...] = ()
    used: tuple[ComponentsUsed, ...] = ()
    seen: tuple[DatedRow, ...] = ()
