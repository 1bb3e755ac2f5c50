"""A month of two targets in a real ledger file, with the configuration it belongs to."""

from __future__ import annotations

from pathlib import Path

from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    ClockAnchor,
    Configured,
    Content,
    Maintenance,
    StateChange,
)
from agent.ledger.store import Ledger
from agent.model import Reason, State
from agent.probes.http.reasons import HttpReason
from agent.probes.registry import PROBES
from tests.clock import TravellingClock
from tests.exporters.reports.sample import DAY, HOUR, at

START, END = at("2025-10-01 00:00"), at("2025-11-01 00:00")
DOWN_MS = 8 * HOUR


def configuration(folder: Path) -> Path:
    file = folder / "sansang.yml"
    file.write_text(
        f"""organisation: {{name: Huyện Lập Thạch, language: vi, timezone: Asia/Ho_Chi_Minh}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: xa-a, name: Xã A, level: commune}}]
modules: {{port: {{probe: tcp}}}}
sites: [{{id: s, name: UBND xã A, unit: xa-a, slo: 99.0}}]
targets:
  - {{id: s/good, name: Tốt, role: service, module: port, address: "127.0.0.1:9"}}
  - {{id: s/dead, name: Hỏng, role: one-stop, module: port, address: "127.0.0.1:9"}}
storage: {{path: {folder / "ledger"}}}
""",
        "utf-8",
    )
    return file


def recorded(folder: Path) -> Path:
    """The configuration; the ledger lies beside it."""
    config = configuration(folder)
    inventory = load(config, PROBES, "en")
    ledger = Ledger.open(folder / "ledger", TravellingClock())
    _write(ledger, inventory)
    ledger.close()
    return config


def _write(ledger: Ledger, inventory: Inventory) -> None:
    begin, down = START - DAY, at("2025-10-10 08:00")
    names = [target.id for target in inventory.targets]
    window = at("2025-10-20 22:00"), at("2025-10-20 23:00"), at("2025-10-02 08:00")
    ledger.append([AgentRun("local", "boot", begin, begin, synchronised=True, version="0")])
    ledger.append(
        [
            Content(inventory.hash, "inventory", inventory.content),
            *(Configured(name, begin, 60_000, 5_000, 30_000, 3, 1, inventory.hash) for name in names),
            *(StateChange(name, State.UP, Reason.OK, begin, begin + 20, begin + 250) for name in names),
            StateChange("s/dead", State.DOWN, HttpReason.BAD_STATUS, down, down + 125_000, down + 125_250),
            StateChange("s/dead", State.UP, Reason.OK, down + DOWN_MS, down + DOWN_MS + 20, down + DOWN_MS + 250),
            Maintenance("bt-1", "site:s", *window, "A", "Thay ổ cứng"),
            ClockAnchor(END, END, synchronised=True),
            AgentStop(END + DAY),
        ]
    )
