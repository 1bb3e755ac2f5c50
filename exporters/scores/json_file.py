"""Scores as JSON, written unit by unit, a line each: what ``--json``, a file and the API give alike."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from datetime import timedelta
from fractions import Fraction

from agent.availability.instants import iso_utc
from agent.availability.periods import period_of
from agent.characters import cleaned, json_escaped
from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import CriterionScore, PredecessorPoints, Total, UnitScore
from agent.scoring.explanations.sentences import Explanations
from agent.scoring.group_totals import GroupTotals
from agent.scoring.sheet import Criterion, ScoreSheet
from agent.scoring.values import Document, MeasuredValue, ValueStatus
from exporters.scores.figures import day_of, exact_pair, percent_4, percent_of, plain
from exporters.scores.json_types import SCORE_DOCUMENT

Json = dict[str, object]

_MOST_BITS = 3_300


def json_pieces(report: ScoreReport) -> Iterator[bytes]:
    """UTF-8, in the order of the schema: the head, then each unit on its own line."""
    head = _text(_head(report))
    yield (head[:-1] + ', "units": [').encode()
    units = _Units(report)
    for number, score in enumerate(report.scores):
        yield ((",\n" if number else "\n") + _text(units.of(score))).encode()
    yield b"\n]}\n"


def json_file(report: ScoreReport) -> bytes:
    """The whole document at once."""
    return b"".join(json_pieces(report))


def schema() -> str:
    """The JSON Schema of the document, as docs/score.schema.json has it."""
    json_schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **SCORE_DOCUMENT.json_schema()}
    return json.dumps(json_schema, indent=2, ensure_ascii=False) + "\n"


def _text(value: object) -> str:
    return json_escaped(json.dumps(value, ensure_ascii=False))


def _head(report: ScoreReport) -> Json:
    evidence, source, request = report.evidence, report.evidence.provenance, report.request
    first, after = period_of(request.period)
    terms = evidence.terms
    return {
        "version": 1,
        "unverified": cleaned(report.unverified) or None,
        "language": report.language,
        "organisation": cleaned(evidence.organisation),
        "sheet": _sheet(report.sheet, report.language),
        "period": {
            "first": first.isoformat(),
            "last": (after - timedelta(days=1)).isoformat(),
            "start": iso_utc(terms.start_ms),
            "end": iso_utc(terms.end_ms),
            "zone": evidence.zone,
        },
        "as_of": iso_utc(terms.as_of_ms),
        "method": {
            "units": request.units,
            "software": source.version,
            "tzdata": source.tzdata,
            "observer": cleaned(source.observer),
            "first_seq": source.first_seq,
            "last_seq": source.last_seq,
            "head": source.head,
            "inventory": source.inventory,
            "repeat": cleaned(report.rerun),
        },
        "before": cleaned(request.before),
    }


def _sheet(sheet: ScoreSheet, language: str) -> Json:
    return {
        "id": sheet.id,
        "title": cleaned(sheet.title.to(language)),
        "legal_reference": cleaned(sheet.legal_reference),
        "digest": sheet.digest,
        "illustrative": sheet.illustrative,
        "maximum": plain(sheet.maximum),
        "decimals": sheet.decimals,
        "levels": list(sheet.levels),
        "valid_from": sheet.valid_from.isoformat(),
        "valid_to": None if sheet.valid_to is None else sheet.valid_to.isoformat(),
        "groups": [
            {
                "code": group.code,
                "title": cleaned(group.title.to(language)),
                "parent": group.parent or None,
                "maximum": plain(group.maximum),
            }
            for group in sheet.groups
        ],
        "criteria": [_criterion(criterion, language) for criterion in sheet.criteria],
    }


def _criterion(criterion: Criterion, language: str) -> Json:
    return {
        "code": criterion.code,
        "title": cleaned(criterion.title.to(language)),
        "group": criterion.group,
        "maximum": plain(criterion.maximum),
        "scored": criterion.scored,
        "formula": _kind(criterion.formula, "Formula"),
        "measures": [_kind(measure, "Measure") for measure in criterion.measures],
        "when_missing": criterion.when_missing.value,
        "method": cleaned(criterion.method),
        "evidence": cleaned(criterion.evidence),
        "verifier": cleaned(criterion.verifier),
    }


def _kind(rule: object, suffix: str) -> str:
    """The word of a sheet's file for a measure or a formula, after which its type is called."""
    return type(rule).__name__.removesuffix(suffix).lower()


class _Units:
    """The units of one report; what all of them share is made once."""

    def __init__(self, report: ScoreReport) -> None:
        self._report = report
        self._units = report.unit_periods()
        self._places = {row.unit: row for row in report.ranked}
        self._words = Explanations(report.sheet, report.names(), report.language)
        self._groups = GroupTotals(report.sheet)

    def of(self, score: UnitScore) -> Json:
        unit, place = self._units[score.unit], self._places[score.unit]
        before = self._report.before.get(score.unit)
        return {
            "unit": unit.id,
            "code": cleaned(unit.code),
            "name": cleaned(unit.name),
            "level": unit.level,
            "parent": unit.parent,
            "total": _total(score.total),
            "place": {"best": place.best, "worst": place.worst, "of": place.of},
            "before": None if before is None else _total(before),
            "delta": plain(place.delta),
            "groups": [{"group": group, "total": _total(sums)} for group, sums in self._groups.of(score).items()],
            "criteria": [self._row(row) for row in score.rows],
        }

    def _row(self, row: CriterionScore) -> Json:
        return {
            "criterion": row.criterion.code,
            "state": row.state.value,
            "points": plain(row.points),
            "values": [_value(value) for value in row.values],
            "predecessors": [_predecessor(one) for one in row.predecessors],
            "result": cleaned(self._words.result(row)),
            "explanation": cleaned(self._words.sentence(row)),
        }


def _total(total: Total) -> Mapping[str, object]:
    return {
        "earned": plain(total.earned),
        "possible": plain(total.possible),
        "lost": plain(total.lost),
        "maximum": plain(total.maximum),
        "full": total.full,
        "rows": total.rows,
        "pending": total.pending,
    }


def _predecessor(one: PredecessorPoints) -> Json:
    return {"unit": one.unit, "points": None if one.points is None else _fraction(one.points)}


def _fraction(points: Fraction) -> str | None:
    return str(points) if points.denominator.bit_length() < _MOST_BITS else None


def _value(value: MeasuredValue) -> Json:
    known = value.status is ValueStatus.KNOWN
    return {
        "status": value.status.value,
        "quantity": value.quantity.value,
        "source": value.source.value,
        "exact": exact_pair(value) if known else None,
        "percent": percent_of(value) if known else None,
        "choice": (value.choice or None) if known else None,
        "day": day_of(value) if known else None,
        "calendar": value.calendar,
        "coverage": percent_4(value.coverage),
        "excluded_ms": value.excluded_ms,
        "members": value.members,
        "lacking": value.lacking,
        "unsure": value.unsure,
        "amended": percent_4(value.amended),
        "document": None if value.document is None else _document(value.document),
    }


def _document(document: Document) -> Json:
    return {
        "number": cleaned(document.number),
        "dated": None if document.dated is None else document.dated.isoformat(),
        "note": cleaned(document.note),
    }


if __name__ == "__main__":
    sys.stdout.write(schema())
