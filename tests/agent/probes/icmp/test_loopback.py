"""Runs icmp_loopback.py here where pings are permitted, else in a private user and network namespace."""

from __future__ import annotations

import os

from agent.probes.icmp.probe import permission_hint
from tests.namespaces import unshared

INSIDE = "SANSANG_PRIVATE_NET"

if permission_hint() is None or INSIDE in os.environ:
    from tests.agent.probes.icmp.loopback import *  # noqa: F403  # the tests themselves

else:

    def test_on_the_loopback_of_a_private_network() -> None:
        unshared(__file__, (INSIDE, "1"), "--net", "ip link set lo up")
