"""A package of one commune over a month, out of a real ledger, by the illustrative sheet."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from agent.ledger.rows import Amendment
from agent.model import State
from agent.reporting.scoring.evidence_score import score_evidence
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.document.load import load_sheet
from agent.scoring.evaluation import Total
from agent.scoring.evidence import GivenValue
from agent.scoring.package.archive import zipped
from agent.scoring.package.manifest import NAME, manifest_bytes, packed, read_manifest
from agent.scoring.values import Document
from exporters.scores.package import ScorePackage, score_package
from tests.agent.reporting.scoring import score_ledger
from tests.agent.reporting.scoring.score_ledger import END, HERE, START
from tests.exporters.reports.sample import DAY

ROOT = Path(__file__).parents[3]
SHEET = ROOT / "config/scoring/commune-illustrative.yml"
NOW = END + 3_600_000
REQUEST = ScoreRequest("commune-illustrative.yml", "2026-01", unit="xa-a", every_target=True)
BEFORE = {"xa-a": Total(Decimal("582.4"), Decimal(0), Decimal(1000), 11, 47, 0)}


def ledger(folder: Path) -> Path:
    """Its directory; two outages are corrected, one of them beyond the month."""
    directory = score_ledger.write(folder, score_ledger.rows())
    first = next(seq for seq, row in enumerate(score_ledger.rows(), 1) if getattr(row, "state", None) is State.DOWN)
    signed = "B", 'Mất điện, "có biên bản"'
    days = (START + DAY, START + 2 * DAY), (START + 40 * DAY, START + 41 * DAY)
    corrected = (Amendment(first, State.UP, "ok", *day, END, *signed, "boot", END, synchronised=True) for day in days)
    score_ledger.append(directory, list(corrected))
    return directory


def given() -> tuple[GivenValue, ...]:
    paper = Document("=45/BC-UBND", date(2026, 2, 3), "theo báo cáo tháng")
    return (GivenValue("1.1", 0, "xa-a", Fraction(716), Fraction(719), "", paper),)


def scored(
    directory: Path, request: ScoreRequest = REQUEST, answers: Sequence[GivenValue] | None = None
) -> ScoreReport:
    answers = given() if answers is None else answers
    return score_from_ledger(directory, HERE, request, load_sheet(SHEET), answers, NOW, before=BEFORE)


def forged(report: ScoreReport) -> ScorePackage:
    """What somebody makes who has this program: other evidence, and everything that follows from it."""
    evidence = report.evidence
    better = tuple(
        replace(target, states=tuple(replace(state, state=State.UP) for state in target.states))
        for target in evidence.targets
    )
    return score_package(score_evidence(report.sheet, report.request, replace(evidence, targets=better), report.before))


def relisted(package: ScorePackage, **changes: bytes) -> bytes:
    """The zip with other content in some files (name without folder), their hashes in the manifest, checksums right."""
    names = {name.rpartition("/")[2]: name for name in package.files}
    files = {**package.files, **{names[key]: content for key, content in changes.items()}}
    manifest = read_manifest(files[NAME])
    listed = tuple(packed(one.name, files[one.name]) for one in manifest.files)
    return zipped(files | {NAME: manifest_bytes(replace(manifest, files=listed))})


if __name__ == "__main__":  # in another process, on another machine's settings
    sys.stdout.write(score_package(scored(Path(sys.argv[1]))).manifest_sha256)
