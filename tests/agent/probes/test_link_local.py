"""Runs link_local.py in a network namespace whose loopback has a link-local address."""

from __future__ import annotations

import os

from tests.namespaces import unshared

INSIDE = "SANSANG_LINK_LOCAL_NET"

if INSIDE in os.environ:
    from tests.agent.probes.link_local import *  # noqa: F403  # the tests themselves

else:

    def test_in_a_network_of_its_own() -> None:
        before = "ip link set lo up && ip -6 addr add fe80::1/64 dev lo nodad"
        unshared(__file__, (INSIDE, "1"), "--net", before)
