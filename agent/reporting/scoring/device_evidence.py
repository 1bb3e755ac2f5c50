"""When devices were made and since when the ledger knows them, for their age at the end of a period."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from agent.ledger.history.runs import clocks, runs_of
from agent.ledger.reader import Reader
from agent.ledger.rows import DeviceSeen
from agent.reporting.device_rows import first_seen
from agent.scoring.evidence import DeviceEvidence


def device_evidence(reader: Reader, observer: str, until_ms: int) -> Mapping[str, DeviceEvidence]:
    """By target that is asked about its device: the one that it told of last before that instant."""
    runs = runs_of(reader, observer)
    walls = clocks(reader, runs).walls
    seen: dict[str, list[tuple[int, DeviceSeen]]] = defaultdict(list)
    for stored in reader.only(DeviceSeen):
        wall = walls.get(stored.run)
        if wall is not None and (at_ms := wall(stored.row.at_ms)) < until_ms:
            seen[stored.row.target].append((at_ms, stored.row))
    return {
        target: DeviceEvidence(_date(sights[-1][1].made_on), first_seen(sights) or sights[-1][0])
        for target, sights in seen.items()
    }


def _date(text: str) -> date | None:
    """None for what a device said that is no date."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
