"""Runs icmp_drops.py in a private network: it floods, and an address there can be silent."""

from __future__ import annotations

import os

from tests.namespaces import in_a_private_network

INSIDE = "SANSANG_DROPS_NET"

if INSIDE in os.environ:
    from tests.agent.probes.icmp.drops import *  # noqa: F403  # the tests themselves

else:

    def test_in_a_private_network() -> None:
        in_a_private_network(__file__, (INSIDE, "1"), "127.0.0.1")
