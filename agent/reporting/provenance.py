"""Provenance of a report: everything that somebody else needs to count it again."""

from __future__ import annotations

import zoneinfo
from functools import cache
from importlib import metadata
from pathlib import Path

from agent import __version__
from agent.availability.figures import Provenance
from agent.ledger.reader import Reader


def ledger_provenance(
    reader: Reader,
    observer: str,
    inventory: str,
    calendars: tuple[tuple[str, str], ...],
    versions: tuple[tuple[str, int, int], ...],
) -> Provenance:
    """The head of the ledger as it is now, and everything else that the figures depend on."""
    last = reader.last_seq()
    head = (reader.hash_of(last) or b"").hex()
    source = (observer, min(last, 1), last, head, __version__, tzdata_version())
    return Provenance(*source, inventory, calendars, versions)


@cache
def tzdata_version() -> str:
    """The version of the time zone data in use; "" if it does not say."""
    for folder in zoneinfo.TZPATH:
        try:
            with (Path(folder) / "tzdata.zi").open(encoding="ascii") as file:
                return file.readline().removeprefix("# version").strip()
        except (OSError, UnicodeDecodeError):
            continue
    try:
        return metadata.version("tzdata")
    except metadata.PackageNotFoundError:
        return ""
