"""What the API answers out of the ledger's file: read in a worker thread; the writer goes on meanwhile."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from agent.errors import LedgerDamagedError, LedgerError, SansangError
from agent.explain.ledger import refusal
from agent.inventory.entities import Inventory
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.request import ReportRequest, parse_as_of
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.reporting.scoring.named_sheets import named_sheet, sheet_names
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.reporting.scoring.year_to_date import local_year
from agent.scoring.document.load import load_sheet
from agent.scoring.given.read import read_given
from agent.scoring.sheet import ScoreSheet
from agent.text import Text
from agent.web.endpoints import ScoresRequest, UptimeRequest
from exporters.reports.json_file import json_file
from exporters.scores import json_file as scores_json

MOST_ROWS = 50_000
"""Of scores in one answer: units times criteria; each takes some two kilobytes."""

_NO_SHEETS = Text(
    "cấu hình chưa nêu biểu chấm điểm nào: scoring: {{sheets: [scoring/xa-2026.yml]}}",
    "the configuration names no score sheet: scoring: {{sheets: [scoring/xa-2026.yml]}}",
)
_SEVERAL = Text("hãy nêu một biểu: sheet={known}", "name one of the sheets: sheet={known}")
_UNKNOWN = Text("không có biểu chấm điểm {name}; có: {known}", "there is no score sheet {name}; there are: {known}")
_TOO_MANY = Text(
    "{units} đơn vị với {rows} chỉ tiêu là quá nhiều cho một câu trả lời; hãy hỏi từng đơn vị (unit=), hoặc gõ: sansang"
    " score -o",
    "too much for one answer: {units} units with {rows} criteria each; right would be one unit (unit=), or to type:"
    " sansang score -o",
)


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


def scores_answer(inventory: Inventory, asked: ScoresRequest, now_ms: int) -> bytes:
    """Scores by a sheet of the configuration, as JSON; the values that it names count in the year under way.

    SansangError for what cannot be asked, LedgerError for a ledger nobody vouches for.
    """
    organisation = inventory.organisation
    sheet = _sheet(inventory, asked.sheet)
    as_of = parse_as_of(asked.as_of, ZoneInfo(organisation.timezone)) if asked.as_of else None
    is_now = asked.period[:4] == str(local_year(organisation.timezone, now_ms))
    values = inventory.scoring.values if is_now else ()
    request = ScoreRequest(
        asked.sheet or sheet.id,
        asked.period,
        organisation.language,
        asked.unit,
        asked.level,
        asked.units,
        as_of,
        tuple(values),
    )
    given = [value for name in values for value in read_given(Path(name), sheet, None, organisation.language)]
    try:
        report = score_from_ledger(Path(inventory.storage_path), organisation, request, sheet, given, now_ms)
    except LedgerDamagedError as error:
        raise LedgerError(refusal(error, organisation.language, anyway=False)) from error
    return _scores_document(report)


def _sheet(inventory: Inventory, name: str) -> ScoreSheet:
    """Never a path: who asks over the network names one of those that the configuration has."""
    paths, language = [Path(path) for path in inventory.scoring.sheets], inventory.organisation.language
    if not paths:
        raise SansangError(_NO_SHEETS.filled())
    if name:
        return named_sheet(name, paths, language, _UNKNOWN)
    if len(paths) > 1:
        raise SansangError(_SEVERAL.filled(known=sheet_names(paths)))
    return load_sheet(paths[0], language)


def _scores_document(report: ScoreReport) -> bytes:
    units, rows = len(report.scores), len(report.sheet.criteria)
    if units * rows > MOST_ROWS:
        raise SansangError(_TOO_MANY.filled(units=units, rows=rows))
    return scores_json.json_file(report)
