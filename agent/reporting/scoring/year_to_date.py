"""Scores of this year so far, by the sheets that the configuration names: for the metrics, never done by a scrape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import structlog

from agent.errors import SansangError
from agent.inventory.entities import Inventory
from agent.ledger.integrity.verify import VerifiedPrefix
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.document.load import load_sheet
from agent.scoring.evaluation import UnitScore
from agent.scoring.given.read import read_given
from agent.scoring.sheet import ScoreSheet

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ScoredSheet:
    """The scores of all units by one sheet, counted until that instant (UTC milliseconds)."""

    sheet: ScoreSheet
    scores: tuple[UnitScore, ...]
    until_ms: int


def scores_of_year(inventory: Inventory, now_ms: int) -> tuple[ScoredSheet, ...]:
    """Long work, to be done in a thread: the ledger is verified once for all sheets.

    A sheet that cannot be scored is logged and left out. SansangError if none can be, of the last of them.
    """
    vouched = VerifiedPrefix()
    scored: list[ScoredSheet] = []
    refused: SansangError | None = None
    for name in inventory.scoring.sheets:
        try:
            scored.append(_scored(inventory, Path(name), now_ms, vouched))
        except SansangError as error:
            log.warning("sheet_not_scored", sheet=name, why=str(error))
            refused = error
    if refused is not None and not scored:
        raise refused
    return tuple(scored)


def _scored(inventory: Inventory, path: Path, now_ms: int, vouched: VerifiedPrefix) -> ScoredSheet:
    organisation = inventory.organisation
    sheet = load_sheet(path, organisation.language)
    given = [value for name in inventory.scoring.values for value in read_given(Path(name), sheet)]
    year = str(local_year(organisation.timezone, now_ms))
    request = ScoreRequest(str(path), year, organisation.language)
    report = score_from_ledger(Path(inventory.storage_path), organisation, request, sheet, given, now_ms, vouched)
    return ScoredSheet(sheet, report.scores, report.evidence.terms.until_ms)


def local_year(zone: str, at_ms: int) -> int:
    """The year that it is there."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone)).year
