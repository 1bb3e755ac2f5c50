"""Scores as a package: the figures, all that they rest on, and a manifest with the hash of every file.

Equal reports give equal bytes, on any machine: nothing here knows the time, the user, the locale or a random number.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from zoneinfo import ZoneInfo

import xlsxwriter

from agent import __version__
from agent.reporting.provenance import tzdata_version
from agent.reporting.request import format_as_of, parse_as_of
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.document.canonical import sheet_document, sheet_yaml
from agent.scoring.package.archive import zipped
from agent.scoring.package.evidence_files import evidence_files
from agent.scoring.package.manifest import NAME, WORKBOOK, Manifest, manifest_bytes, packed
from agent.scoring.package.totals import TOTALS, totals_file
from exporters.scores.criterion_files import criterion_files
from exporters.scores.csv_file import csv_file
from exporters.scores.json_file import json_file
from exporters.scores.package_guide import GUIDE
from exporters.scores.xlsx_file import xlsx_file

SHEET = "sheet.json"
SOURCES = (SHEET, TOTALS.name)
"""What a package is counted from, beside the folder of evidence."""


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The versions that may make a difference to some byte."""

    version: str
    tzdata: str
    xlsxwriter: str


@dataclass(frozen=True, slots=True)
class ScorePackage:
    """files: all of them, the manifest and the workbook included."""

    files: Mapping[str, bytes]

    @property
    def manifest_sha256(self) -> str:
        """What identifies the package: no other content has it."""
        return sha256(self.files[NAME]).hexdigest()

    @property
    def workbook(self) -> bytes:
        """The workbook to hand in, with the hash in it."""
        return self.files[WORKBOOK]

    @property
    def data(self) -> bytes:
        """The zip. ArchiveError where it is too large for one."""
        return zipped(self.files)


def made_here() -> MadeBy:
    """The versions of this program."""
    return MadeBy(__version__, tzdata_version(), xlsxwriter.__version__)


def score_package(report: ScoreReport, made_by: MadeBy | None = None) -> ScorePackage:
    """The package of a report with the evidence of every target. made_by: as an earlier package names it."""
    files = _listed_files(report)
    manifest = manifest_bytes(_manifest(report, files, made_by or made_here()))
    workbook = xlsx_file(report, sha256(manifest).hexdigest())
    return ScorePackage({**files, NAME: manifest, WORKBOOK: workbook})


def _listed_files(report: ScoreReport) -> dict[str, bytes]:
    files = evidence_files(report.evidence)
    files[SHEET] = sheet_document(report.sheet)
    files["sheet.yml"] = sheet_yaml(report.sheet).encode()
    files[TOTALS.name] = totals_file(report.before)
    files |= criterion_files(report)
    files["score.csv"], files["score.json"] = csv_file(report), json_file(report)
    files["README.txt"] = GUIDE
    return dict(sorted(files.items()))


def _manifest(report: ScoreReport, files: Mapping[str, bytes], made_by: MadeBy) -> Manifest:
    request, source, as_of = report.request, report.evidence.provenance, report.request.as_of
    stand = "" if as_of is None or as_of.seq is None or as_of.at_ms is None else format_as_of(as_of.seq, as_of.at_ms)
    return Manifest(
        sheet=report.sheet.id,
        sheet_sha256=report.sheet.digest,
        sheet_file=request.sheet,
        period=request.period,
        language=request.language,
        unit=request.unit,
        level=request.level,
        units=request.units,
        as_of=stand,
        values=request.values,
        before=request.before,
        unverified=report.unverified,
        rerun=report.rerun,
        observer=source.observer,
        last_row=source.last_seq,
        last_row_sha256=source.head,
        version=made_by.version,
        tzdata=made_by.tzdata,
        xlsxwriter=made_by.xlsxwriter,
        files=tuple(packed(name, content) for name, content in files.items()),
    )


def request_of(manifest: Manifest) -> ScoreRequest:
    """The request that a package answers. SansangError for an instant that is none."""
    as_of = parse_as_of(manifest.as_of, ZoneInfo("UTC")) if manifest.as_of else None
    return ScoreRequest(
        sheet=manifest.sheet_file,
        period=manifest.period,
        language=manifest.language,
        unit=manifest.unit,
        level=manifest.level,
        units=manifest.units,
        as_of=as_of,
        values=manifest.values,
        before=manifest.before,
        unverified=bool(manifest.unverified),
        every_target=True,
    )
