"""The error tree. Everything the agent raises on purpose derives from SansangError.

SansangError
├── ConfigError        the inventory cannot be used; carries every fault found
│   ├── ForbiddenError      this user may not read it, or a part of it
│   └── ReadingFailedError  this program tripped over it: a bug of ours, told as a fault of the file
├── LedgerError        the ledger cannot be opened, read or written
│   ├── LedgerRowError      it could, but for a row that cannot be kept in it
│   ├── LedgerBusyError     another process writes it
│   ├── LedgerDiskError     its disk is full or read-only, or fails: worth another try later
│   └── LedgerDamagedError  it is not what was written: damaged, cut or rolled back
├── FileError          a file that the person named cannot be read or written
├── AgentUnreachableError  a command asked for the running agent and none answered
└── LabError           the simulated district cannot be set up or spoken to

A failed probe is data (ProbeResult), never one of these.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from agent.characters import written_out
from agent.text import Translatable


class SansangError(Exception):
    """Base of every error raised on purpose; its text is for the person who must act: ``to`` gives it in a language.

    As a string, for logs, it is English. What only logs and tests see may be a string from the beginning.
    """

    def __init__(self, text: Translatable | str = "") -> None:
        self.text = text
        super().__init__(text if isinstance(text, str) else text.to("en"))

    def to(self, language: str) -> str:
        """The text in ``vi`` or ``en``."""
        return self.text if isinstance(self.text, str) else self.text.to(language)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong in one file: where, what, and what would be right.

    line and column count from 1; 0 means the file as a whole.
    path is the place inside the document, e.g. ``sites[3].gateway``; "" for the file itself.
    cell is the place in a workbook as its readers know it (``cell G13``), shown in place of line, column and path;
    value is what stands there. As text it is one line, whatever the file holds.
    """

    file: str
    line: int
    column: int
    path: str
    wrong: str
    right: str
    cell: str = ""
    value: str = ""

    @property
    def place(self) -> str:
        """Where it is, with the value unless ``wrong`` shows it anyway."""
        place = self.file
        if self.line and not self.cell:
            place += f":{self.line}"
            if self.column:
                place += f":{self.column}"
        within = self.cell or self.path
        value = f" '{self.value}'" if self.value and self.value not in self.wrong else ""
        return f"{place}: {within}{value}" if within or value else place

    def __str__(self) -> str:
        end = f", {self.right}" if self.right else ""
        return written_out(f"{self.place}: {self.wrong}{end}")


class ConfigError(SansangError):
    """The configuration was refused; ``faults`` holds every fault of every file, in file order."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class ForbiddenError(ConfigError):
    """The user of this process may not read the configuration; path: what is closed."""

    def __init__(self, faults: Sequence[Fault], path: str) -> None:
        self.path = path
        super().__init__(faults)


class ReadingFailedError(ConfigError):
    """Reading the configuration tripped over a fault of this program; told like any other fault, counted as a bug."""


def fault_place(error: BaseException) -> str:
    """A bug on one line: what was raised, and by which line of this program."""
    frame = error.__traceback__
    place = ""
    while frame is not None:
        code = frame.tb_frame.f_code
        if f"{os.sep}agent{os.sep}" in code.co_filename or f"{os.sep}exporters{os.sep}" in code.co_filename:
            place = f" ({os.path.basename(code.co_filename)}:{frame.tb_lineno})"  # noqa: PTH119 - no Path for a name
        frame = frame.tb_next
    return f"{type(error).__name__}: {error}{place}"


class FileError(SansangError):
    """A file that the person named cannot be used; commands tell it in the language of the call.

    written: whether it was to be written, so that another place is as good.
    """

    def __init__(self, path: object, cause: OSError, *, written: bool = False) -> None:
        self.path, self.cause, self.written = path, cause, written
        super().__init__(f"{path}: {cause.strerror or cause}")


class LedgerError(SansangError):
    """The ledger cannot be opened, read or written."""


class LedgerRowError(LedgerError):
    """Rows that cannot be kept, whatever the disk: they are at fault, and nothing of their commit was written.

    indexes: which of those that were to be written together. The text is about the first.
    """

    def __init__(self, text: Translatable | str, indexes: Sequence[int] = (0,)) -> None:
        self.indexes = frozenset(indexes)
        super().__init__(text)


class LedgerBusyError(LedgerError):
    """Another process has the ledger open to write; a running agent has to be asked instead."""


class LedgerDiskError(LedgerError):
    """The disk takes nothing now: full, read-only, or faulty. The ledger is what it was."""


class Damage(StrEnum):
    """What shows that a ledger is not what was written."""

    MISSING = "missing"  # a row that must be there
    BEFORE = "before"  # a row before the first, which nobody hashed
    EDITED = "edited"  # a row that does not fit its hash
    COLUMNS = "columns"  # a row whose columns do not say what its body says, or whose body says nothing that is known
    KIND = "kind"  # a value that is no text, or no number
    CONTENT = "content"  # what a row names by its hash
    CUT = "cut"  # the end that the heartbeat knows is not there
    REWRITTEN = "rewritten"  # it is there, and another
    HEARTBEAT = "heartbeat"  # the heartbeat says what cannot be true
    UNPROVED = "unproved"  # no heartbeat: a cut end would not show
    FILE = "file"  # tables or indexes, as SQLite finds them


class LedgerDamagedError(LedgerError):
    """The ledger is not what was written: its rows do not fit together, or end before what the heartbeat knows.

    row: the number of the one that shows it, None where no single one does; why: what is wrong, by itself.
    """

    def __init__(
        self,
        text: Translatable | str,
        damage: Damage = Damage.FILE,
        row: int | None = None,
        why: Translatable | None = None,
    ) -> None:
        self.damage, self.row, self.why = damage, row, why
        super().__init__(text)


class AgentUnreachableError(SansangError):
    """No agent answered on the address it should listen on."""


class LabError(SansangError):
    """The simulated district cannot be set up, or its control socket does not answer."""
