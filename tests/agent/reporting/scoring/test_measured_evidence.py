"""What the days of the ledger measured, as points, by hand: features, first bytes, and days that nobody has.

January has 31 days. The portal a1 answers each day 19 runs within 100 ms and one within 750 ms, over HTTPS; it has no
IPv6 but on the last day. The portal a2 the same without HTTPS on the last day. b1 has rows of 20 days only, c1 none.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from agent.ledger.packed_sums import TargetCounts, packed
from agent.ledger.reader import Reader
from agent.ledger.rows import MeasuredSums, Row
from agent.model import Selection
from agent.model.measured import BUCKETS, BooleanFact, bucket_of
from agent.reporting.scoring.evidence_score import score_evidence
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.reporting.scoring.measured_evidence import measured_spans
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.evidence import MeasuredSpan, Placement
from agent.scoring.measures import (
    Area,
    BooleanMeasure,
    Counted,
    Feature,
    FeatureTest,
    FirstByteTest,
    QuantileMeasure,
    ShareMeasure,
    UptimeMeasure,
)
from agent.scoring.package.evidence_files import evidence_files, read_evidence
from agent.scoring.values import MeasuredValue, ValueStatus
from tests.agent.reporting.scoring import score_ledger
from tests.agent.reporting.scoring.score_ledger import END, HERE, sheet
from tests.exporters.reports.sample import at

PORTALS = Area(Selection(roles=("portal",)))
MEASURES = (
    BooleanMeasure(Feature.HTTPS, PORTALS),
    ShareMeasure(Counted.TARGETS, FeatureTest(Feature.HTTPS), PORTALS),
    ShareMeasure(Counted.TARGETS, FeatureTest(Feature.IPV6), PORTALS),
    QuantileMeasure(Fraction(95, 100), PORTALS),
    QuantileMeasure(Fraction(96, 100), PORTALS),
    ShareMeasure(Counted.TARGETS, FirstByteTest(Fraction(95, 100), 100), PORTALS),
    ShareMeasure(Counted.TARGETS, FirstByteTest(Fraction(96, 100), 500), PORTALS),
)
JANUARY = [date(2026, 1, 1) + timedelta(days=number) for number in range(31)]
LAST = JANUARY[-1]


def counts(target: str, day: date) -> TargetCounts:
    numbers = array("I", bytes(4 * (BUCKETS + 2 * len(BooleanFact))))
    numbers[bucket_of(0.1)], numbers[bucket_of(0.7)] = 19, 1
    answers = {BooleanFact.HTTPS: target != "a2/portal" or day != LAST, BooleanFact.IPV6: day == LAST}
    for place, fact in enumerate(BooleanFact):
        if fact in answers:
            numbers[BUCKETS + 2 * place + (not answers[fact])] = 20
    return TargetCounts(target, numbers, 90)


def measured_rows() -> Iterator[Row]:
    for day in JANUARY:
        targets = ["a1/portal", "a2/portal", *(["b1/portal"] if day.day <= 20 else [])]
        sums = packed([counts(target, day) for target in targets])
        yield MeasuredSums(END - 10, END - 20, day.isoformat(), HERE.timezone, sums)


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    rows = list(score_ledger.rows())
    return score_ledger.write(tmp_path_factory.mktemp("ledger"), iter([*rows[:-2], *measured_rows(), *rows[-2:]]))


def scores(ledger: Path, period: str, unit: str = "", *, every_target: bool = False) -> ScoreReport:
    asked = ScoreRequest("s.yml", period, unit=unit, every_target=every_target)
    return score_from_ledger(ledger, HERE, asked, sheet(*MEASURES), (), END + 3_600_000)


def values(report: ScoreReport, unit: str) -> list[MeasuredValue]:
    return [row.values[0] for row in next(score for score in report.scores if score.unit == unit).rows]


def test_a_feature_is_that_of_the_last_day_and_first_bytes_are_of_all_days(ledger: Path) -> None:
    of_a = values(scores(ledger, "2026-01"), "xa-a")

    https, https_share, ipv6_share, p95, p96, fast, faster = of_a
    assert {value.status for value in of_a} == {ValueStatus.KNOWN}
    assert https.number == 0  # a2 has lost it
    assert https_share.number == Fraction(1, 2)
    assert https_share.lacking == ("a2/portal",)
    assert ipv6_share.number == 1
    assert ipv6_share.members == 2
    assert (p95.number, p96.number) == (Fraction(1, 10), Fraction(3, 4))  # upper bounds of the buckets, in seconds
    assert fast.number == 1
    assert faster.number == 0


def test_too_few_days_are_insufficient_and_none_is_no_data(ledger: Path) -> None:
    report = scores(ledger, "2026-01")

    assert {value.status for value in values(report, "xa-b")} <= {ValueStatus.NO_DATA, ValueStatus.INSUFFICIENT}
    assert {value.status for value in values(report, "xa-c")} == {ValueStatus.NO_DATA}
    for score in report.scores:
        assert (score.rows[0].points is None) == (score.unit != "xa-a")


@pytest.mark.parametrize("period", ["2026-02", "2026-03"])
def test_a_period_of_which_the_days_were_not_kept_is_pending(ledger: Path, period: str) -> None:
    report = scores(ledger, period)

    assert {value.status for value in values(report, "xa-a")} == {ValueStatus.NO_DATA}
    assert {row.points for row in report.scores[0].rows} == {None}


def test_points_follow_exactly(ledger: Path) -> None:
    (score,) = scores(ledger, "2026-01", "xa-a").scores

    assert [row.points for row in score.rows][:3] == [Decimal(0), Decimal(5), Decimal(10)]


def test_packed_evidence_gives_the_same_scores(ledger: Path) -> None:
    report = scores(ledger, "2026-01", "xa-a", every_target=True)
    again = score_evidence(report.sheet, report.request, read_evidence(evidence_files(report.evidence)), report.before)

    assert again.scores == report.scores


def test_a_sheet_that_needs_no_day_reads_none(ledger: Path) -> None:
    asked = ScoreRequest("s.yml", "2026-01", unit="xa-a", every_target=True)
    report = score_from_ledger(ledger, HERE, asked, sheet(UptimeMeasure(PORTALS)), (), END + 3_600_000)

    assert {target.measured for target in report.evidence.targets} == {()}


def test_a_day_counts_where_the_target_was_when_it_began(ledger: Path) -> None:
    noon = at("2026-01-11 12:00")
    whole = Placement(at("2026-01-01 00:00"), at("2026-02-01 00:00"), "xa-a", "a1")
    moved = (replace(whole, end_ms=noon), replace(whole, start_ms=noon, unit="xa-b"))
    reader = Reader.open(ledger)
    try:
        spans = measured_spans(
            reader,
            "local",
            HERE.timezone,
            (JANUARY[0], LAST),
            lambda target: moved if target == "a1/portal" else (whole,),
        )
    finally:
        reader.close()

    assert [(span.days, sum(span.first_byte)) for span in spans["a1/portal"]] == [(11, 220), (20, 400)]
    assert [span.days for span in spans["a2/portal"]] == [31]
    assert isinstance(spans["a2/portal"][0], MeasuredSpan)
    last = {days.feature: (days.last_day, days.yes, days.no) for days in spans["a1/portal"][0].features}
    assert last == {"https": (date(2026, 1, 11), 20, 0), "ipv6": (date(2026, 1, 11), 0, 20)}
