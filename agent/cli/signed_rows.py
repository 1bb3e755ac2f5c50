"""Signed rows: written by the running agent, the one writer of its ledger; by the command itself when none runs."""

from __future__ import annotations

import argparse
import os
import pwd
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from agent.availability.instants import instant_of
from agent.characters import quoted
from agent.cli.agent_location import AgentLocation
from agent.cli.arguments import say
from agent.cli.clients import agent_api
from agent.clock import SystemClock
from agent.errors import AgentUnreachableError, LedgerBusyError, LedgerError, SansangError
from agent.ledger.reader import Reader
from agent.ledger.store import Ledger
from agent.text import Text
from agent.web.documents import Json

_NO_TIME = Text(
    "{text} không phải là thời gian: hãy ghi như 01/12/2026 22:00, 2026-12-01 22:00:30 hoặc 2026-12-01T15:00:30.250Z",
    "{text} is not a time: write it as 01/12/2026 22:00, 2026-12-01 22:00:30 or 2026-12-01T15:00:30.250Z",
)
_BOTH = Text("{ledger}\n{agent}", "{ledger}\n{agent}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
AnswerT = TypeVar("AnswerT")


def row_number(text: str) -> int:
    """The number of a row, as an argument."""
    if not re.fullmatch("[1-9][0-9]{0,17}", text):
        raise argparse.ArgumentTypeError(
            say(f"“{text}” không phải là số của một dòng", f"“{text}” is not the number of a row")
        )
    return int(text)


def time_formats() -> str:
    """Help of an option that takes a time."""
    return say(
        "giờ địa phương, hoặc kèm độ lệch: 01/12/2026 22:00, 2026-12-01 22:00:30, 2026-12-01T15:00:30.250Z",
        "local, or with an offset: 01/12/2026 22:00, 2026-12-01 22:00:30, 2026-12-01T15:00:30.250Z",
    )


def parse_time(text: str, zone: ZoneInfo) -> datetime:
    """An instant as people write it; SansangError if it is not one, or the clocks jumped over it."""
    wall_ms = instant_of(text, zone)
    if wall_ms is None:
        raise SansangError(_NO_TIME.filled(text=quoted(text)))
    return _EPOCH + timedelta(milliseconds=wall_ms)


def parse_wall_ms(text: str, zone: ZoneInfo) -> int:
    """The instant in UTC milliseconds."""
    return round(parse_time(text, zone).timestamp() * 1000)


def write_signed_row(
    location: AgentLocation,
    path: str,
    body: Mapping[str, Json],
    parse: Callable[[Mapping[str, object]], AnswerT],
    write: Callable[[Ledger], AnswerT],
) -> AnswerT:
    """Have a row written: by ``write`` with the ledger's lock if no agent holds it, else by the agent.

    The agent is sent the body; ``parse`` reads its answer.
    """
    try:
        ledger = Ledger.open_existing(location.directory, SystemClock())
    except LedgerBusyError:
        return parse(agent_api.post(location.url, path, body, location.language))
    except LedgerError as error:
        try:
            return parse(agent_api.post(location.url, path, body, location.language))
        except AgentUnreachableError as unreachable:
            raise SansangError(_BOTH.filled(ledger=error, agent=unreachable)) from unreachable
    try:
        return write(ledger)
    finally:
        ledger.close()


def read_signed_rows(
    location: AgentLocation,
    path: str,
    parse: Callable[[Mapping[str, object]], AnswerT],
    read: Callable[[Reader], AnswerT],
) -> AnswerT:
    """What was signed: as ``read`` finds it in the ledger where this user may read it, else as the agent says."""
    try:
        reader = Reader.open(location.directory)
    except (OSError, LedgerError):
        return parse(agent_api.post(location.url, path, {"do": "list"}, location.language))
    try:
        return read(reader)
    finally:
        reader.close()


def who_asks() -> str:
    """The user of this process; who logged in to become it, as far as the kernel or sudo knows, goes before."""
    own = _name(os.getuid())
    try:
        login = _name(int(Path("/proc/self/loginuid").read_text("ascii")))
    except (OSError, ValueError):
        login = ""
    person = login or os.environ.get("SUDO_USER", "")
    return f"{person} ({own})" if person and person != own else own


def _name(uid: int) -> str:
    """The name of a user; "" for the number that the kernel gives to who never logged in."""
    if uid == 2**32 - 1:
        return ""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)
