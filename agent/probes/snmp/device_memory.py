"""What is kept of a device between runs so that it is asked for no more than it can answer."""

from __future__ import annotations

from agent.probes.snmp.usm import EngineClock
from agent.probes.snmp.usm_keys import UsmKeys

VARIABLES = 60  # of one answer at first: about what an Ethernet frame holds
_WELL = 1000  # answers after which a device is asked for more at once again


class DeviceMemory:
    """What runs learned of one device.

    variables: how many an answer of it may hold; bulk: whether it knows GetBulk. engine and keys: of SNMPv3, once it
    proved that it has the keys.
    """

    __slots__ = ("bulk", "engine", "keys", "variables", "well")

    def __init__(self) -> None:
        self.variables = VARIABLES
        self.bulk = True
        self.engine: EngineClock | None = None
        self.keys = UsmKeys()
        self.well = 0  # answers since its limit was changed

    def shrink(self, variables: int) -> None:
        """So many were too many."""
        self.variables, self.well = max(1, min(variables, self.variables) // 2), 0

    def grow(self) -> None:
        """An answer came. Lost packets look like a device that is overtaxed, so the limit is tried again at times."""
        self.well += 1
        if self.variables < VARIABLES and self.well >= _WELL:
            self.variables, self.well = min(2 * self.variables, VARIABLES), 0
