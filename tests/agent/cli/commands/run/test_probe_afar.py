"""An agent that listens everywhere, in a network of its own where a neighbour's address is another than loopback."""

from __future__ import annotations

import os

from tests.namespaces import in_a_private_network

INSIDE = "SANSANG_AFAR_NET"

if INSIDE in os.environ:
    from tests.agent.cli.commands.run.probe_afar import *  # noqa: F403  # the tests themselves

else:

    def test_in_a_private_network() -> None:
        in_a_private_network(__file__, (INSIDE, "1"), "127.0.0.1 192.0.2.1")
