"""A module in the making: our keys, where each came from in the blackbox.yml, and what is to be said about it.

Values come as text, or as YAML 1.2 types them; here they are read as Go's yaml.v3 reads them into a field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

from agent.inventory.blackbox.secret_files import SecretFiles
from agent.inventory.findings import Step, Trail

_FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("true", "True", "TRUE", "y", "Y", "yes", "Yes", "YES", "on", "On", "ON"), True),
    **dict.fromkeys(("false", "False", "FALSE", "n", "N", "no", "No", "NO", "off", "Off", "OFF"), False),
}
_INT = re.compile(r"[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO]?[0-7]*|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,2})?")
_PART = re.compile(r"([0-9]+\.?[0-9]*|\.[0-9]+)(ns|us|\u00b5s|\u03bcs|ms|s|m|h)")
_MILLISECONDS: Mapping[str, Fraction] = {
    "ns": Fraction(1, 1_000_000), "us": Fraction(1, 1000), "\u00b5s": Fraction(1, 1000), "\u03bcs": Fraction(1, 1000),
    "ms": Fraction(1), "s": Fraction(1000), "m": Fraction(60_000), "h": Fraction(3_600_000),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TranslationNote:
    """A difference, or why its module is left out; message as in messages.py, with its values."""

    trail: Trail
    message: str
    values: Mapping[str, str] = field(default_factory=dict)
    leaves_out: bool = False


@dataclass(slots=True)
class TranslatedModule:
    """Our options of one module, and what is said about it. places: whence each of ours came, by its steps.

    refused: the message where the exporter itself does not load a value.
    """

    name: str
    trail: Trail
    secrets: SecretFiles | None = None
    folder: Path | None = None
    options: dict[str, Any] = field(default_factory=dict)
    notes: list[TranslationNote] = field(default_factory=list)
    places: dict[Trail, Trail] = field(default_factory=dict)
    refused: str = "blackbox_refused"

    @property
    def left_out(self) -> bool:
        return any(note.leaves_out for note in self.notes)

    def note(self, message: str, *steps: Step, **values: str) -> None:
        """Say how this differs."""
        self.notes.append(TranslationNote((*self.trail, *steps), message, values=values))

    def leave_out(self, message: str, *steps: Step, **values: str) -> None:
        """The module has no counterpart, because of what stands there."""
        self.notes.append(TranslationNote((*self.trail, *steps), message, values=values, leaves_out=True))

    def secret(self, value: Any, *steps: Step) -> dict[str, str] | None:
        """A secret in clear: the file that it goes to if that was asked for, else the module is left out."""
        if self.secrets is not None:
            path = self.secrets.add(self.name, steps, text(value))
            if self.secrets.taken(path):
                self.leave_out("blackbox_secret_taken", *steps, path=str(path))
            return {"file": str(path)}
        self.leave_out("blackbox_secret", *steps)
        return None

    def path(self, value: Any, *steps: Step) -> str:
        """The path of a file; a relative one hangs on the folder of the blackbox.yml."""
        path = self.scalar(value, *steps)
        if not path or path.startswith("/") or self.folder is None:
            return path
        self.note("blackbox_relative", *steps)
        return str(self.folder / path)

    def file(self, value: Any, *steps: Step) -> dict[str, str]:
        """A value that is read from a file: at each probe there, with the configuration here."""
        self.note("blackbox_file_once", *steps)
        return {"file": self.path(value, *steps)}

    def items(self, value: Any, *steps: Step) -> Iterator[tuple[str, Any]]:
        """The pairs of a mapping; what is none does not load there."""
        if isinstance(value, dict):
            yield from value.items()
        elif value is not None:
            self.leave_out(self.refused, *steps)

    def scalar(self, value: Any, *steps: Step) -> str:
        """One value as text; a list or a mapping does not load there."""
        if isinstance(value, list | dict):
            self.leave_out(self.refused, *steps)
            return ""
        return text(value)

    def listed(self, value: Any, *steps: Step) -> list[Any]:
        """The items of a list, one value alone included; a mapping does not load there."""
        if isinstance(value, dict):
            self.leave_out(self.refused, *steps)
            return []
        return value if isinstance(value, list) else [] if value is None else [value]

    def flag(self, value: Any, *steps: Step) -> bool:
        """A switch; what is none does not load there."""
        if value is None:
            return False
        plain = self.scalar(value, *steps)
        if plain not in _FLAGS:
            self.leave_out(self.refused, *steps)
        return _FLAGS.get(plain, False)

    def whole(self, value: Any, *steps: Step) -> int:
        """An integer, also hexadecimal or octal; what is none does not load there."""
        number = whole(value)
        if number is None:
            self.leave_out(self.refused, *steps)
        return number or 0


def text(value: Any) -> str:
    """A scalar as the text that Go makes of it."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def texts(value: Any) -> list[str]:
    """A list of scalars, one alone included."""
    if isinstance(value, list):
        return [text(scalar) for scalar in value]
    return [] if value is None else [text(value)]


def whole(value: Any) -> int | None:
    """An integer as Go reads it (``0x1F``, ``0b1``, ``017`` is octal, ``1_000``, ``2e2``), None for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    plain = text(value).replace("_", "")
    if value is None:
        return 0
    if not _INT.fullmatch(plain):
        return int(float(plain)) if _FLOAT.fullmatch(plain) else None
    octal = re.fullmatch(r"([-+]?)0([0-7]+)", plain)
    return int(f"{octal[1]}{octal[2]}", 8) if octal else int(plain, 0)


def milliseconds(value: Any) -> Fraction | None:
    """A duration as time.ParseDuration takes it (``1m30s``, ``.5s``, ``100us``), None for anything else."""
    plain = text(value)
    sign, rest = (plain[0], plain[1:]) if plain[:1] in ("+", "-") else ("", plain)
    if rest == "0":
        return Fraction(0)
    parts = list(_PART.finditer(rest))
    if not parts or "".join(part[0] for part in parts) != rest:
        return None
    total = sum((Fraction(part[1].rstrip(".")) * _MILLISECONDS[part[2]] for part in parts), Fraction(0))
    return -total if sign == "-" else total
