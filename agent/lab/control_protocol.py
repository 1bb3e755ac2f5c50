"""What can be asked of a running lab, as lines of JSON: one order, one answer. Pure; the socket is in control.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from agent.errors import LabError
from agent.lab.district import Service
from agent.lab.listeners.base import Misbehaviour
from agent.probes.options import STRICT
from agent.text import Text

MAX_LINE = 64 * 1024
MAX_ANSWER = 4 * 1024 * 1024
_MAX_NAMES = 1000
MAX_SECONDS = 3600.0

_NO_ORDER = Text("không phải là một lệnh: {place}giá trị không dùng được", "not an order: {place}{why}")
_NO_ANSWER = Text(
    "không hiểu câu trả lời của huyện mô phỏng: nó có cùng phiên bản với lệnh này không?",
    "the lab's answer cannot be read: is it of another version?",
)


class LabAction(StrEnum):
    """What to do to the places named; the middle ones are the vices of the listeners."""

    STATUS = "status"
    FAIL = "fail"  # the address goes away; where it cannot, the listener closes
    CUT = "cut"  # the same for a whole site, unit or path
    SILENT = "silent"
    SLOW = "slow"
    GARBAGE = "garbage"
    STALL = "stall"
    DRIP = "drip"
    ENDLESS = "endless"
    CLOSE = "close"
    RESET = "reset"
    BUSY = "busy"  # a conference point in a call
    EXPIRE = "expire"  # an expired certificate
    RESTORE = "restore"


MISBEHAVIOUR_OF = {
    LabAction.SILENT: Misbehaviour.SILENT,
    LabAction.SLOW: Misbehaviour.SLOW,
    LabAction.GARBAGE: Misbehaviour.GARBAGE,
    LabAction.STALL: Misbehaviour.STALL,
    LabAction.DRIP: Misbehaviour.DRIP,
    LabAction.ENDLESS: Misbehaviour.ENDLESS,
    LabAction.CLOSE: Misbehaviour.CLOSE,
    LabAction.RESET: Misbehaviour.RESET,
}


class LabNote(StrEnum):
    """What an answer may have to add."""

    PINGS_CANNOT_FAIL = "pings_cannot_fail"  # on plain 127.x; names are the places that still answer pings


@dataclass(frozen=True, slots=True)
class LabCommand:
    """One thing to do. names as District.find reads them; seconds for SLOW only."""

    __pydantic_config__ = STRICT

    action: LabAction
    names: Annotated[tuple[str, ...], Field(max_length=_MAX_NAMES)] = ()
    seconds: Annotated[float, Field(gt=0, le=MAX_SECONDS)] = 1.0


@dataclass(frozen=True, slots=True)
class HostStatus:
    """One place as it stands; port 0 where nothing listens by design, fault "" when all is well."""

    name: str
    target: str
    site: str
    address: str
    service: Service
    port: int
    fault: str
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class LabReply:
    """What came of an order. error is None when it was done; places are those touched, or all for STATUS."""

    error: Text | None = None
    hosts: tuple[HostStatus, ...] = ()
    notes: tuple[tuple[LabNote, tuple[str, ...]], ...] = ()
    private: bool = True
    listen: str = ""
    pid: int = 0


_ORDER, _ANSWER = TypeAdapter(LabCommand), TypeAdapter(LabReply)


def decode_command(line: bytes) -> LabCommand:
    """One line of the wire; raises LabError saying what is wrong with it."""
    try:
        return _ORDER.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise LabError(_NO_ORDER.filled(place=f"{place}: " if place else "", why=first["msg"])) from error


def decode_reply(line: bytes) -> LabReply:
    """One line of the wire; raises LabError if it is not an answer."""
    try:
        return _ANSWER.validate_json(line)
    except ValidationError as error:
        raise LabError(_NO_ANSWER) from error


def encode_command(command: LabCommand) -> bytes:
    return _ORDER.dump_json(command) + b"\n"


def encode_reply(answer: LabReply) -> bytes:
    return _ANSWER.dump_json(answer) + b"\n"
