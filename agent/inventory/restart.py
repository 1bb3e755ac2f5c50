"""Settings that are read only at the start: a reload that changes one is refused as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from agent.errors import Fault
from agent.inventory.entities import Inventory
from agent.inventory.findings import FilePosition, Finding

RESTART_KEYS: Mapping[str, Callable[[Inventory], object]] = {
    "listen": lambda inventory: inventory.listen,
    "organisation.observer": lambda inventory: inventory.organisation.observer,
    "organisation.observer_was": lambda inventory: inventory.observer_was,
    "organisation.timezone": lambda inventory: inventory.organisation.timezone,
    "storage.path": lambda inventory: inventory.storage_path,
    "storage.reserve": lambda inventory: inventory.storage_reserve_bytes,
    "traps.listen": lambda inventory: inventory.traps_listen,
}
"""The sockets, the name in every row, the clock of jobs and days, the ledger's files."""


def needs_restart(running: Inventory, candidate: Inventory, config: Path) -> tuple[Fault, ...]:
    """One fault for each of these keys that differs, in the language of the agent that runs."""
    language = running.organisation.language
    changed = [key for key, value in RESTART_KEYS.items() if value(running) != value(candidate)]
    return tuple(Finding(FilePosition(str(config), path=key), "restart_needed").fault(language) for key in changed)
