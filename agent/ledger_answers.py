"""What the API answers out of the ledger's file: read in a worker thread; the writer goes on meanwhile."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from agent.errors import LedgerDamagedError, LedgerError
from agent.explain.ledger import refusal
from agent.inventory.entities import Inventory
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest, parse_as_of
from agent.web.endpoints import UptimeRequest
from exporters.reports.json_file import json_file


def uptime_answer(inventory: Inventory, asked: UptimeRequest, now_ms: int) -> bytes:
    """The uptime report as JSON. SansangError for what cannot be asked, LedgerError for a ledger nobody vouches for."""
    organisation = inventory.organisation
    as_of = parse_as_of(asked.as_of, ZoneInfo(organisation.timezone)) if asked.as_of else None
    request = ReportRequest(
        asked.period,
        organisation.language,
        asked.calendar,
        asked.selection,
        asked.by,
        as_of,
        pooling=asked.pooling,
        units=asked.units,
    )
    try:
        return json_file(report_from_ledger(Path(inventory.storage_path), organisation, request, now_ms))
    except LedgerDamagedError as error:
        raise LedgerError(refusal(error, organisation.language, anyway=False)) from error
