"""Signed rows: written by the running agent, the one writer of its ledger; by the command itself when none runs."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from agent.availability.instants import instant_of
from agent.characters import json_text, quoted
from agent.cli.arguments import add_agent, add_config, add_json, add_language, say
from agent.cli.clients import agent_api
from agent.clock import SystemClock
from agent.errors import AgentUnreachableError, LedgerBusyError, LedgerError, SansangError
from agent.inventory.entities import Inventory
from agent.inventory.load import load
from agent.inventory.locate import locate
from agent.ledger.reader import Reader
from agent.ledger.store import Ledger
from agent.probes.registry import PROBES
from agent.text import Text
from exporters.reports.formatting import moment as shown

TIMES = "write it as 01/12/2026 22:00, 2026-12-01 22:00:30 or 2026-12-01T15:00:30.250Z"
_NO_TIME = Text(
    "{text} không phải là thời gian: hãy ghi như 01/12/2026 22:00, 2026-12-01 22:00:30 hoặc 2026-12-01T15:00:30.250Z",
    f"{{text}} is not a time: {TIMES}",
)
_BOTH = Text("{one}\n{other}", "{one}\n{other}")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
OrderT = TypeVar("OrderT")


@dataclass(frozen=True, slots=True)
class Place:
    """Whose ledger: its configuration, its directory, and where its agent answers."""

    inventory: Inventory
    directory: Path
    agent: str
    language: str

    @property
    def zone(self) -> ZoneInfo:
        """The organisation's time zone."""
        return ZoneInfo(self.inventory.organisation.timezone)


def row_number(text: str) -> int:
    """The number of a row, as an argument."""
    if not re.fullmatch("[1-9][0-9]{0,17}", text):
        raise argparse.ArgumentTypeError(
            say(f"“{text}” không phải là số của một dòng", f"“{text}” is not the number of a row")
        )
    return int(text)


def times() -> str:
    """Help of an option that takes a time."""
    return say(
        "giờ địa phương, hoặc kèm độ lệch: 01/12/2026 22:00, 2026-12-01 22:00:30, 2026-12-01T15:00:30.250Z",
        "local, or with an offset: 01/12/2026 22:00, 2026-12-01 22:00:30, 2026-12-01T15:00:30.250Z",
    )


def add_place(parser: argparse.ArgumentParser) -> None:
    """The options that say whose ledger is meant, and how to answer."""
    add_config(parser)
    add_agent(parser)
    add_json(parser)
    add_language(parser)


def place_of(args: argparse.Namespace) -> Place:
    """Read the configuration; raises ConfigError."""
    inventory = load(locate(args.config), PROBES, args.lang)
    agent = args.agent or agent_api.address_of(inventory)
    return Place(inventory, Path(inventory.storage_path), agent, args.lang or inventory.organisation.language)


def language_of(args: argparse.Namespace, place: Place) -> str:
    """The language asked for, else the organisation's."""
    chosen: str = args.lang or place.inventory.organisation.language
    return chosen if chosen in ("vi", "en") else "vi"


def understood(parse: Callable[[bytes], OrderT], document: Mapping[str, object]) -> OrderT:
    """The order as the agent would read it; SansangError says what is wrong with it."""
    return parse(json.dumps(document).encode())


def sign(
    place: Place, path: str, document: Mapping[str, object], write: Callable[[Ledger], dict[str, Any]]
) -> dict[str, Any]:
    """Have the document's row written: by ``write`` with the ledger's lock if no agent holds it, else by the agent."""
    try:
        ledger = Ledger.open_existing(place.directory, SystemClock())
    except LedgerBusyError:
        return agent_api.order(place.agent, path, document, place.language)
    except LedgerError as error:
        return _ask(place, path, document, error)
    try:
        return write(ledger)
    finally:
        ledger.close()


def _ask(place: Place, path: str, document: Mapping[str, object], otherwise: LedgerError) -> dict[str, Any]:
    try:
        return agent_api.order(place.agent, path, document, place.language)
    except AgentUnreachableError as error:
        raise SansangError(_BOTH.filled(one=otherwise, other=error)) from error


def known(place: Place, path: str, tell: Callable[[Reader], dict[str, Any]]) -> dict[str, Any]:
    """What was signed: as ``tell`` reads it in the ledger where this user may read it, else as the agent says."""
    try:
        reader = Reader.open(place.directory)
    except (OSError, LedgerError):
        return agent_api.order(place.agent, path, {"do": "list"}, place.language)
    try:
        return tell(reader)
    finally:
        reader.close()


def as_json(answer: Mapping[str, Any]) -> int:
    """The answer for machines; the command's exit code."""
    sys.stdout.write(json_text(answer, 1) + "\n")
    return 0


def local(instant: str, place: Place, language: str) -> str:
    """An instant of an answer, for people."""
    at_ms = round(datetime.fromisoformat(instant).timestamp() * 1000)
    return shown(at_ms, place.zone.key, language)


def moment(text: str, zone: ZoneInfo) -> datetime:
    """An instant as people write it; SansangError if it is not one, or the clocks jumped over it."""
    found = instant_of(text, zone)
    if found is None:
        raise SansangError(_NO_TIME.filled(text=quoted(text)))
    return _EPOCH + timedelta(milliseconds=found)
