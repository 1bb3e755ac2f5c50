"""The agent with one guard taken away: to lack descriptors, ports or room for packets counts as the target's failure.

Only for the controls in test_faults_local.py and test_faults_flood.py: run like ``python -m agent``.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any, cast

from agent.cli.main import main
from agent.model import ProbeResult, Reason, Target
from agent.probes.registry import PROBES
from agent.probes.spec import ProbeContext, ProbeSpec

OURS = (Reason.NO_RESOURCES, Reason.NO_SOURCE_ADDRESS, Reason.PACKETS_DROPPED)


def careless(spec: ProbeSpec[Any, Any]) -> ProbeSpec[Any, Any]:
    async def run(target: Target, options: Any, context: ProbeContext[Any]) -> ProbeResult:
        result = await spec.run(target, options, context)
        return ProbeResult.of(Reason.TIMEOUT, result.took_seconds) if result.reason in OURS else result

    return replace(spec, run=run)


if __name__ == "__main__":
    table = cast("dict[str, ProbeSpec[Any, Any]]", PROBES)
    table.update({name: careless(spec) for name, spec in PROBES.items()})
    sys.exit(main())
