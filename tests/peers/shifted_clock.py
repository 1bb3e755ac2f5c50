"""The clock of an installed agent, elsewhere and as synchronised as wanted: shifted_clock.c, put before its unit."""

from __future__ import annotations

import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.peers.debian_machine import Machine

_SOURCE = Path(__file__).with_suffix(".c")
_LIBRARY, _ORDERS = "/usr/local/lib/shifted_clock.so", "/var/lib/shifted_clock"
ENVIRONMENT = {"LD_PRELOAD": _LIBRARY, "SHIFTED_CLOCK": _ORDERS}
_DROP_IN = "/etc/systemd/system/sansang.service.d/clock.conf"


def build(library: Path) -> None:
    """The shared object to preload."""
    subprocess.run(["cc", "-O2", "-Wall", "-shared", "-fPIC", "-o", library, _SOURCE], check=True)


def order(path: Path, shift_seconds: int, *, synchronised: bool) -> None:
    """What holds from now on in every process whose $SHIFTED_CLOCK names the file."""
    path.touch(0o644)
    with path.open("r+b") as file:  # the same file: the running agent has it mapped
        file.write(struct.pack("=qq", shift_seconds, synchronised))


@dataclass(frozen=True, slots=True)
class ShiftedClock:
    """In a machine whose agent is started with it from now on; what it is told holds at once."""

    machine: Machine

    @classmethod
    def put_before(cls, machine: Machine) -> Self:
        """Compile it there, and add a drop-in with two variables; the unit stays what it is."""
        built = machine.path(_LIBRARY)
        built.parent.mkdir(parents=True, exist_ok=True)
        build(built)
        clock = cls(machine)
        clock.tell(0, synchronised=True)
        variables = "".join(f"Environment={name}={value}\n" for name, value in ENVIRONMENT.items())
        machine.write(_DROP_IN, f"[Service]\n{variables}")
        machine.done("systemctl", "daemon-reload")
        return clock

    def tell(self, shift_seconds: int, *, synchronised: bool) -> None:
        """How far ahead it is, and what the kernel says of it."""
        order(self.machine.path(_ORDERS), shift_seconds, synchronised=synchronised)

    def take_away(self) -> None:
        """The machine's own clock again, from the next start."""
        self.machine.path(_DROP_IN).unlink()
        self.machine.done("systemctl", "daemon-reload")
