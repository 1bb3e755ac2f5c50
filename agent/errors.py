"""The error tree. Everything the agent raises on purpose derives from SansangError.

SansangError
├── ConfigError        the inventory cannot be used; carries every fault found
├── LedgerError        the ledger cannot be opened, read or written
├── AgentUnreachableError  a command asked for the running agent and none answered
└── LabError           the simulated district cannot be set up or spoken to

A failed probe is data (ProbeResult), never one of these.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class SansangError(Exception):
    """Base of every error raised on purpose; its text is for the person who must act."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file: where, what, and what would be right.

    line and column count from 1; 0 means the file as a whole.
    path is the place inside the document, e.g. ``sites[3].gateway``; "" for the file itself.
    """

    file: str
    line: int
    column: int
    path: str
    wrong: str
    right: str

    def __str__(self) -> str:
        place = self.file
        if self.line:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        middle = f" {self.path}:" if self.path else ""
        end = f", {self.right}" if self.right else ""
        return f"{place}:{middle} {self.wrong}{end}"


class ConfigError(SansangError):
    """The configuration was refused; ``faults`` holds every fault of every file, in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class LedgerError(SansangError):
    """The ledger cannot be opened, read or written."""


class AgentUnreachableError(SansangError):
    """No agent answered on the address it should listen on."""


class LabError(SansangError):
    """The simulated district cannot be set up, or its control socket does not answer."""
