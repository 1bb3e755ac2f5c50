"""Inventories that follow each other hold what is the same in both once, and each says exactly what was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from agent.inventory.entities import digest
from agent.ledger.history.inventories import Inventories
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, Content
from agent.ledger.store import Ledger
from tests.clock import TravellingClock

_PLAIN: dict[str, Any] = {
    "organisation": {"name": "Tỉnh"},
    "levels": [],
    "units": [{"id": "xa-a", "facts": [{"id": "fibre", "value": True}]}, {"id": "xa-b", "facts": []}],
    "sites": [{"id": "s", "unit": "xa-a"}],
    "targets": [{"id": "s/ping", "paths": []}, {"id": "s/web", "paths": []}],
    "calendars": {},
}


def _documents(folder: Path, *plain: dict[str, Any]) -> list[Any]:
    bodies = [json.dumps(one).encode() for one in plain]
    ledger = Ledger.open(folder, TravellingClock())
    ledger.append([AgentRun("local", "boot", 0, 1_000_000, synchronised=True, version="0")])
    ledger.append([Content(digest(body), "inventory", body, 1000 * place) for place, body in enumerate(bodies)])
    ledger.close()
    reader = Reader.open(folder)
    try:
        return [version.document for version in Inventories(reader, "local").versions(0, 2_000_000)]
    finally:
        reader.close()


def test_what_is_the_same_is_there_once(tmp_path: Path) -> None:
    renamed = {**_PLAIN, "targets": [_PLAIN["targets"][0], {"id": "s/web", "paths": [], "name": "Cổng"}]}
    first, second = _documents(tmp_path, _PLAIN, renamed)
    assert {**first, "unit_changes": []} == {**_PLAIN, "unit_changes": []}
    assert {**second, "unit_changes": []} == {**renamed, "unit_changes": []}
    assert first["targets"][0] is second["targets"][0]
    assert first["targets"][1] is not second["targets"][1]
    assert first["organisation"] is second["organisation"]


def test_what_python_alone_takes_for_the_same_stays_what_was_written(tmp_path: Path) -> None:
    number = json.loads(json.dumps(_PLAIN).replace("true", "1"))
    first, second = _documents(tmp_path, _PLAIN, number)
    assert first["units"][0]["facts"][0]["value"] is True
    assert type(second["units"][0]["facts"][0]["value"]) is int
    assert first["units"][1] is second["units"][1]
