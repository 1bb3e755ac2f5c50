"""The changes of units that a ledger got after their date: both dates of each."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agent.availability.spans import BEGINNING, FOREVER
from agent.explain.ledger import mark
from agent.inventory.entities import Organisation
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.position import position_now
from agent.ledger.integrity.verify import verified
from agent.reporting.inventory_history import InventoryHistory
from agent.reporting.unit_grouping import LateChange, unit_grouping


@dataclass(frozen=True, slots=True)
class LateChanges:
    """By legal date; zone: of the dates. unverified: the mark for a ledger that is not what was written, else ""."""

    changes: tuple[LateChange, ...]
    zone: str
    unverified: str = ""


def late_unit_changes(
    directory: Path, organisation: Organisation, now_ms: int, language: str, *, unverified: bool = False
) -> LateChanges:
    """Of the whole ledger, as it is now. LedgerDamagedError and LedgerError as for any report."""
    with verified(directory, anyway=unverified) as ledger:
        position = position_now(ledger.reader, ledger.alive, now_ms)
        inventories = Inventories(ledger.reader.up_to(position.seq), organisation.observer)
        newest = inventories.versions(position.at_ms, position.at_ms + 1)
        history = InventoryHistory(newest, organisation.timezone)
        grouping = unit_grouping(inventories, history, organisation.timezone, position.at_ms)
        late = grouping.late(BEGINNING, FOREVER)
        return LateChanges(late, organisation.timezone, mark(ledger.wrong, language))
