"""Commands to a running lab and its replies, as lines of JSON. Pure; the socket is in control.py."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from agent.errors import LabError
from agent.lab.listeners.base import Misbehaviour
from agent.probes.options import STRICT
from agent.text import Text

MAX_LINE = 64 * 1024
MAX_REPLY = 4 * 1024 * 1024
_MAX_NAMES = 1000
_MAX_PORT_NAME = 64
MAX_SECONDS = 3600.0

_NO_COMMAND = Text("không phải là một lệnh: {place}giá trị không dùng được", "not an order: {place}{why}")
_NO_REPLY = Text(
    "không hiểu câu trả lời của huyện mô phỏng: nó có cùng phiên bản với lệnh này không?",
    "the lab's answer cannot be read: is it of another version?",
)


class LabAction(StrEnum):
    """An action on the named hosts; SILENT to RESET are misbehaviours of their listeners, PULL_PORT on are devices'."""

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
    PULL_PORT = "pull-port"
    PLUG_PORT = "plug-port"
    REBOOT = "reboot"  # silent for some seconds, then its uptime begins anew
    ON_BATTERY = "on-battery"  # a UPS without mains, for as long as its battery lasts
    ON_MAINS = "on-mains"
    WEAR_BATTERY = "wear-battery"  # a UPS that wants a new battery
    WRONG_COMMUNITY = "wrong-community"  # its SNMP answers to another community
    POWER_CUT = "power-cut"  # the UPS first, when it is empty everything
    POWER_BACK = "power-back"
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


USUAL_SECONDS = {
    LabAction.SLOW: 1.0,
    LabAction.REBOOT: 10.0,
    LabAction.ON_BATTERY: 600.0,
    LabAction.POWER_CUT: 60.0,  # long enough for the agent to see the UPS on battery
}
"""How late, how long silent, or how long the battery lasts, unless the command says so."""


class LabNote(StrEnum):
    """A remark in a reply."""

    PINGS_CANNOT_FAIL = "pings_cannot_fail"  # on plain 127.x; names are the places that still answer pings


@dataclass(frozen=True, slots=True)
class LabCommand:
    """One command. names as District.find reads them; seconds: see USUAL_SECONDS; port for PULL_PORT and PLUG_PORT."""

    __pydantic_config__ = STRICT

    action: LabAction
    names: Annotated[tuple[str, ...], Field(max_length=_MAX_NAMES)] = ()
    seconds: Annotated[float | None, Field(gt=0, le=MAX_SECONDS)] = None
    port: Annotated[str, Field(max_length=_MAX_PORT_NAME)] = ""

    @property
    def lasts(self) -> float:
        """Its seconds, or the usual ones."""
        return self.seconds or USUAL_SECONDS.get(self.action, 1.0)


@dataclass(frozen=True, slots=True)
class HostStatus:
    """State of one host; port 0 where nothing listens by design, fault "" when all is well.

    seconds: how slow it is, or how long its battery still lasts. pulled: the names of the pulled ports.
    """

    name: str
    target: str
    site: str
    address: str
    service: str
    port: int
    fault: str
    seconds: float | None = None
    pulled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabReply:
    """The reply to a command. error is None on success; hosts are those changed, or all for STATUS."""

    error: Text | None = None
    hosts: tuple[HostStatus, ...] = ()
    notes: tuple[tuple[LabNote, tuple[str, ...]], ...] = ()
    private: bool = True
    listen: str = ""
    pid: int = 0


_COMMAND, _REPLY = TypeAdapter(LabCommand), TypeAdapter(LabReply)


def decode_command(line: bytes) -> LabCommand:
    """The command in one line; raises LabError that says what is wrong with it."""
    try:
        return _COMMAND.validate_json(line)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise LabError(_NO_COMMAND.filled(place=f"{place}: " if place else "", why=first["msg"])) from error


def decode_reply(line: bytes) -> LabReply:
    """The reply in one line; raises LabError if it is none."""
    try:
        return _REPLY.validate_json(line)
    except ValidationError as error:
        raise LabError(_NO_REPLY) from error


def encode_command(command: LabCommand) -> bytes:
    return _COMMAND.dump_json(command) + b"\n"


def encode_reply(reply: LabReply) -> bytes:
    return _REPLY.dump_json(reply) + b"\n"
