"""The agent with one guard taken away: a reload builds every target anew, as a restart would.

Only for the control in test_faults_reload.py: run like ``python -m agent``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from agent.cli.main import main
from agent.engine import engine
from agent.engine.target_state import TargetState
from agent.engine.topology import Topology, TopologyChanges, build_topology
from agent.inventory.entities import Inventory
from agent.model import Target


def forgetful(
    inventory: Inventory, _: Topology | None, fresh: Callable[[Target], TargetState], now_ms: int
) -> tuple[Topology, TopologyChanges]:
    return build_topology(inventory, None, fresh, now_ms)


if __name__ == "__main__":
    vars(engine)["build_topology"] = forgetful
    sys.exit(main())
