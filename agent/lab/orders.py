"""What can be asked of a running lab, as lines of JSON: one order, one answer. Pure; the socket is in control.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from agent.errors import LabError
from agent.lab.district import Service
from agent.lab.listeners.base import Vice
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


class Deed(StrEnum):
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


VICES = {
    Deed.SILENT: Vice.SILENT,
    Deed.SLOW: Vice.SLOW,
    Deed.GARBAGE: Vice.GARBAGE,
    Deed.STALL: Vice.STALL,
    Deed.DRIP: Vice.DRIP,
    Deed.ENDLESS: Vice.ENDLESS,
    Deed.CLOSE: Vice.CLOSE,
    Deed.RESET: Vice.RESET,
}


class Note(StrEnum):
    """What an answer may have to add."""

    PINGS_CANNOT_FAIL = "pings_cannot_fail"  # on plain 127.x; names are the places that still answer pings


@dataclass(frozen=True, slots=True)
class Order:
    """One thing to do. names as District.find reads them; seconds for SLOW only."""

    __pydantic_config__ = STRICT

    do: Deed
    names: Annotated[tuple[str, ...], Field(max_length=_MAX_NAMES)] = ()
    seconds: Annotated[float, Field(gt=0, le=MAX_SECONDS)] = 1.0


@dataclass(frozen=True, slots=True)
class Report:
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
class Answer:
    """What came of an order. error is None when it was done; places are those touched, or all for STATUS."""

    error: Text | None = None
    places: tuple[Report, ...] = ()
    notes: tuple[tuple[Note, tuple[str, ...]], ...] = ()
    private: bool = True
    listen: str = ""
    pid: int = 0


_ORDER, _ANSWER = TypeAdapter(Order), TypeAdapter(Answer)


def read_order(line: bytes) -> Order:
    """One line of the wire; raises LabError saying what is wrong with it."""
    try:
        return _ORDER.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise LabError(_NO_ORDER.filled(place=f"{place}: " if place else "", why=first["msg"])) from error


def read_answer(line: bytes) -> Answer:
    """One line of the wire; raises LabError if it is not an answer."""
    try:
        return _ANSWER.validate_json(line)
    except ValidationError as error:
        raise LabError(_NO_ANSWER) from error


def write_order(order: Order) -> bytes:
    return _ORDER.dump_json(order) + b"\n"


def write_answer(answer: Answer) -> bytes:
    return _ANSWER.dump_json(answer) + b"\n"
