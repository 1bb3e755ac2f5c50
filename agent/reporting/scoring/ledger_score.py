"""Scores out of a ledger that the reader who counts has verified, as of one row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from agent.availability.accounting import ReportTerms
from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.explain.ledger import mark
from agent.inventory.entities import Organisation
from agent.ledger.history.position import AsOf, position_as_of, position_now
from agent.ledger.integrity.verify import VerifiedLedger, VerifiedPrefix, verified
from agent.reporting.scoring.evidence import EvidenceQuery, LedgerEvidence
from agent.reporting.scoring.evidence_score import NO_TOTALS, score_evidence
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.evaluation import Total
from agent.scoring.evidence import Evidence, GivenValue, UnitBasis
from agent.scoring.sheet import ScoreSheet
from agent.scoring.unit_scores import chosen_units, predecessors


def score_from_ledger(  # noqa: PLR0917 - what a score depends on
    directory: Path,
    organisation: Organisation,
    request: ScoreRequest,
    sheet: ScoreSheet,
    given: Sequence[GivenValue],
    now_ms: int,
    vouched: VerifiedPrefix | None = None,
    before: Mapping[str, Total] = NO_TOTALS,
) -> ScoreReport:
    """Read only, beside a running agent or without one; verified from the first row, or from where ``vouched`` knows.

    SansangError for what is no period, calendar, unit or level, LedgerDamagedError for a ledger that is not what was
    written, LedgerError for one that cannot be read.
    """
    with verified(directory, anyway=request.unverified, vouched=vouched) as ledger:
        return _scored(ledger, organisation, request, sheet, given, now_ms, before)


def _scored(  # noqa: PLR0917 - as above
    ledger: VerifiedLedger,
    organisation: Organisation,
    request: ScoreRequest,
    sheet: ScoreSheet,
    given: Sequence[GivenValue],
    now_ms: int,
    before: Mapping[str, Total],
) -> ScoreReport:
    first, after = period_of(request.period)
    reader, alive, as_of = ledger.reader, ledger.alive, request.as_of
    position = position_now(reader, alive, now_ms) if as_of is None else position_as_of(reader, alive, as_of, now_ms)
    zone = organisation.timezone
    terms = ReportTerms(first_instant(zone, first), first_instant(zone, after), position.at_ms)
    query = EvidenceQuery(terms, zone, organisation.observer, UnitBasis(request.units))
    source = LedgerEvidence(reader.up_to(position.seq), position.alive, query, sheet)
    evidence = source.about(given)
    head = evidence.provenance
    anchored = replace(request, as_of=AsOf(head.last_seq, position.at_ms) if head.head else None)
    unverified = mark(ledger.wrong, request.language)
    if not (request.unit or request.every_target):
        return score_evidence(sheet, anchored, evidence, before, unverified, targets=source.targets())
    kept = tuple(source.targets(_counting(sheet, request, evidence)))
    return score_evidence(sheet, anchored, source.kept(evidence, kept), before, unverified)


def _counting(sheet: ScoreSheet, request: ScoreRequest, evidence: Evidence) -> frozenset[str]:
    """The units that are scored, and those that a scored unit was."""
    chosen = set(chosen_units(sheet, evidence, request.unit, request.level))
    if evidence.basis is UnitBasis.TODAY_MEAN:
        chosen |= {before for unit in chosen for before in predecessors(evidence, unit)}
    return frozenset(chosen)
