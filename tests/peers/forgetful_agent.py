"""The agent with one guard taken away: a reload builds every target anew, as a restart would.

Only for the control in test_faults_reload.py: run like ``python -m agent``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from agent.cli.main import main
from agent.engine import engine
from agent.engine.build import Changes, Wiring, wire
from agent.engine.slots import Slot
from agent.inventory.entities import Inventory
from agent.model import Target


def forgetful(
    inventory: Inventory, _: Wiring | None, fresh: Callable[[Target], Slot], now_ms: int
) -> tuple[Wiring, Changes]:
    return wire(inventory, None, fresh, now_ms)


if __name__ == "__main__":
    vars(engine)["wire"] = forgetful
    sys.exit(main())
