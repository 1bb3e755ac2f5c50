"""Findings about files: a position, a message key and its values, worded later."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from agent.characters import NOT_IN_FILES, code
from agent.errors import Fault
from agent.inventory.messages.document import KINDS, MESSAGES
from agent.inventory.messages.message import Value
from agent.text import Text

Step = str | int
Trail = tuple[Step, ...]
ValueT = TypeVar("ValueT")

MAX_FINDINGS = 1_000
"""Faults of one configuration that are told; what is left then is not looked at."""

MAX_LISTED = 21
_MOST_OF_A_VALUE = 2_500  # characters
_MOST_SHOWN = 60
_MOST_OF_A_STEP = 100
_MOST_OF_A_WORD = 200  # longer ones are not what was meant
_MOST_CHOICES = MAX_LISTED - 1


@dataclass(frozen=True, slots=True)
class FilePosition:
    """A spot in a file; line and column count from 1, 0 means the file as a whole.

    lettered: the file is a workbook, in which people know the spot as cell G13; sheet is its title where there are
    several. value: what stands there.
    """

    file: str
    line: int = 0
    column: int = 0
    path: str = ""
    sheet: str = ""
    lettered: bool = False
    value: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file

    def at(self, line: int, column: int = 0, path: str = "", value: str = "") -> FilePosition:
        """A spot in the same sheet."""
        return dataclasses.replace(self, line=line, column=column, path=path, value=value)

    def where(self, language: str) -> str:
        """The place within its file, for who knows the folder: ``diem-cau.csv:3:5``, ``diem-cau.xlsx, cell E3``."""
        name = self.file.rpartition("/")[2]
        if cell := dataclasses.replace(self, path="").cell(language):
            return f"{name}, {cell}"
        return ":".join([name, *(str(part) for part in (self.line, self.column) if part)])

    def fault(self, wrong: str, right: str, language: str) -> Fault:
        """A fault at this position, with the position in words."""
        cell, value = self.cell(language), self.value[:_MOST_SHOWN]
        return Fault(self.file, self.line, self.column, self.path, wrong, right, cell, value)

    def cell(self, language: str) -> str:
        """``sheet X, cell G13 (Gateway)`` in words; "" where the file is no workbook."""
        if not self.lettered:
            return ""
        spots = [_SHEET.to(language).format(self.sheet)] if self.sheet else []
        if self.column:
            spots.append(_CELL.to(language).format(f"{column_letters(self.column)}{self.line}"))
        elif self.line:
            spots.append(_ROW.to(language).format(self.line))
        return ", ".join(spots) + (f" ({self.path})" if self.path else "")


def column_letters(number: int) -> str:
    """1 is ``A``, 27 ``AA``."""
    letters = ""
    while number > 0:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


_SHEET, _CELL, _ROW = Text("trang {}", "sheet {}"), Text("ô {}", "cell {}"), Text("dòng {}", "row {}")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, as a key of MESSAGES with its values. Worded when the language of its reader is known."""

    place: FilePosition
    message: str
    values: Mapping[str, Value] = field(default_factory=dict)

    def fault(self, language: str) -> Fault:
        """The finding in words."""
        values = {
            key: value if isinstance(value, Text) else value[:_MOST_OF_A_VALUE] for key, value in self.values.items()
        }
        return self.place.fault(*MESSAGES[self.message].to(language, values), language)


class TooManyError(Exception):
    """There are more findings than anybody reads."""


class Findings(list[Finding]):
    """A list of at most MAX_FINDINGS findings; TooManyError with the next one."""

    def append(self, finding: Finding) -> None:
        super().append(finding)
        if len(self) > MAX_FINDINGS:
            raise TooManyError

    def extend(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self.append(finding)

    @property
    def full(self) -> bool:
        """Whether there were more."""
        return len(self) > MAX_FINDINGS


class SourceFile(Protocol):
    """A file that values came from and that knows where each stands."""

    def place(self, trail: Trail, *, key: bool = False) -> FilePosition:
        """The position of a value (or with ``key`` of its key); for a missing one, of its nearest ancestor."""


@dataclass(frozen=True, slots=True)
class Located(Generic[ValueT]):
    """A value together with where it stands."""

    source: SourceFile
    trail: Trail
    value: ValueT

    def at(self, *steps: Step) -> FilePosition:
        """The position of a part of the value."""
        return self.source.place((*self.trail, *steps))


def dotted(trail: Trail) -> str:
    """``sites[3].gateway`` for ("sites", 3, "gateway")."""
    text = ""
    for step in trail:
        text += f"[{step}]" if isinstance(step, int) else f".{step[:_MOST_OF_A_STEP]}"
    return text.removeprefix(".")


def closest(value: str, known: Iterable[str], alike: float = 0.7) -> str | None:
    """The known word that was probably meant: at least so much of it is alike."""
    matches = difflib.get_close_matches(value, list(known), n=1, cutoff=alike) if len(value) <= _MOST_OF_A_WORD else []
    return matches[0] if matches else None


def listed(known: Iterable[str]) -> str:
    """The choices, sorted and bounded."""
    words = sorted(known)
    tail = ", ..." if len(words) > _MOST_CHOICES else ""
    return ", ".join(words[:_MOST_CHOICES]) + tail


def hidden_character(place: FilePosition, sign: str) -> Finding:
    """A character that no text may hold (agent.characters)."""
    message = "control_character" if NOT_IN_FILES.search(sign) else "invisible_character"
    return Finding(place, message, {"code": code(sign)})


def missing(source: SourceFile, trail: Trail, key: str) -> Finding:
    """A key that must be there and is not; placed at what it is missing from."""
    return Finding(dataclasses.replace(source.place(trail), path=dotted((*trail, key))), "missing", {"key": key})


def unknown(
    place: FilePosition, message: str, values: Mapping[str, Value], value: str, known: Iterable[str]
) -> Finding:
    """A finding about a word that is not known, with the closest known word or all of them as the way out."""
    words = list(known)
    if (close := closest(value, words)) is not None:
        return Finding(place, f"{message}_close", {**values, "close": close})
    return Finding(place, message, {**values, "choices": listed(words)})


def unknown_reference(place: FilePosition, kind: str, value: str, known: Iterable[str]) -> Finding:
    """An id that nothing defines."""
    words = list(known)
    values: dict[str, Value] = {"kind": KINDS[kind], "value": value}
    if not words:
        return Finding(place, "unknown_reference_none", values)
    return unknown(place, "unknown_reference", values, value, words)


def faults_in(findings: Sequence[Finding], file: Path, language: str) -> tuple[Fault, ...]:
    """Some of the findings about a file, each once, and that there are more."""
    some = list(findings[:MAX_FINDINGS])
    if len(findings) > MAX_FINDINGS:
        some.append(Finding(FilePosition(str(file)), "too_many_findings", {"limit": str(MAX_FINDINGS)}))
    return tuple(dict.fromkeys(finding.fault(language) for finding in some))
