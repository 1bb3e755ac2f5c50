"""The cases of every registered probe: one row per way of using it (in clear, over TLS, over UDP ...).

They lie beside the tests of their protocol, in tests/agent/probes/NAME/conformance.py.
"""

from __future__ import annotations

import os
from importlib import import_module

from agent.probes.registry import PROBES
from tests.conformance.situations import PRIVATE_NET, Case


def _cases_of(probe: str) -> tuple[Case, ...]:
    cases: tuple[Case, ...] = import_module(f"tests.agent.probes.{probe}.conformance").CASES
    return cases


CASES = tuple(case for probe in PROBES for case in _cases_of(probe))


def runnable() -> list[Case]:
    """The cases of this process: inside the private network those that need it, outside all others."""
    return [case for case in CASES if case.private_net == (PRIVATE_NET in os.environ)]
