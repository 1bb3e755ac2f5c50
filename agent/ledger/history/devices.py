"""What the ledger knows of the devices behind some targets: parts at fault, their use, what they said they are.

Everything is asked target by target and newest first, so that a long past costs nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agent.availability.component_use import DAYS
from agent.ledger.history.runs import clocks, runs_of
from agent.ledger.known_device import DatedRow, KnownDevice
from agent.ledger.queries import RowQueries, StoredRow
from agent.ledger.rows import ComponentChange, ComponentsUsed, DeviceSeen

_SEEN = 5  # rows: identities that changed since the device began to run, and how it began
_USED = 4 * DAYS  # a day has more than one row where parts came into use late, or the agent started again


def known_devices(
    source: RowQueries, targets: Iterable[str], observer: str, was: Sequence[str], boot_id: str
) -> Mapping[str, KnownDevice]:
    """Of each of these targets that has such rows."""
    targets = tuple(targets)
    if not targets:
        return {}
    runs = runs_of(source, observer, was)
    walls, boots = clocks(source, runs).walls, {run.seq: run.row.boot_id for run in runs}

    def dated(stored: StoredRow[ComponentChange] | StoredRow[DeviceSeen]) -> DatedRow:
        at_ms = stored.row.at_ms
        return DatedRow(stored.row, walls[stored.run](at_ms), at_ms if boots[stored.run] == boot_id else None)

    known = {}
    for target in targets:
        changes = [stored for stored in source.newest_change_of_each_part(target) if stored.run in boots]
        seen = [stored for stored in source.newest_of_target(target, DeviceSeen, _SEEN) if stored.run in boots]
        used = [stored.row for stored in source.newest_of_target(target, ComponentsUsed, _USED)]
        if changes or seen or used:
            known[target] = KnownDevice(tuple(map(dated, changes)), tuple(used), tuple(map(dated, seen)))
    return known
