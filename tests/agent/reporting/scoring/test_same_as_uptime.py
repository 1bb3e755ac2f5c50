"""The figures of scores are those of `sansang uptime`, to the millisecond."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from agent.availability.figures import Pooling, Tally, pooled
from agent.ledger.history.position import AsOf
from agent.model import Selection
from agent.reporting.ledger_report import report_from_ledger
from agent.reporting.report import UptimeReport
from agent.reporting.request import ReportRequest
from agent.reporting.scoring.ledger_score import score_from_ledger
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.measures import Area, Counted, CountMeasure, Measure, ShareMeasure, UptimeMeasure, UptimeTest
from agent.scoring.values import MeasuredValue, ValueStatus
from tests.agent.reporting.scoring import score_ledger
from tests.agent.reporting.scoring.score_ledger import END, HERE, MONTHS, sheet

ROLES = ("uplink", "lan", "portal", "device")
CALENDARS = ("", "always", "office")
NOW = END + 3_600_000


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return score_ledger.write(tmp_path_factory.mktemp("ledger"), score_ledger.rows())


def scores(ledger: Path, period: str, *measures: Measure, unit: str = "", level: str = "") -> ScoreReport:
    return score_from_ledger(
        ledger, HERE, ScoreRequest("s.yml", period, unit=unit, level=level), sheet(*measures), (), NOW
    )


def value(report: ScoreReport, unit: str, place: int = 0) -> MeasuredValue:
    return next(score for score in report.scores if score.unit == unit).rows[place].values[0]


def uptime(ledger: Path, period: str, calendar: str = "", roles: tuple[str, ...] = ()) -> UptimeReport:
    request = ReportRequest(period, calendar=calendar, selection=Selection(roles=roles), by="unit")
    return report_from_ledger(ledger, HERE, request, NOW)


@pytest.mark.parametrize("period", [*MONTHS, "2026-Q1"])
@pytest.mark.parametrize("calendar", CALENDARS)
def test_uptime_of_every_unit_and_role_is_that_of_the_report(ledger: Path, period: str, calendar: str) -> None:
    measures = [UptimeMeasure(Area(Selection(roles=(role,)), calendar=calendar)) for role in ROLES]
    scored = scores(ledger, period, UptimeMeasure(Area(calendar=calendar)), *measures)

    for place, roles in enumerate([(), *((role,) for role in ROLES)]):
        groups = {group.id: group for group in uptime(ledger, period, calendar, roles).groups}
        assert set(groups) == {"xa-a", "xa-b", "xa-c"}
        for unit, group in groups.items():
            got, availability = value(scored, unit, place), group.pooled.availability
            assert got.coverage == group.pooled.coverage
            assert got.excluded_ms == group.pooled.maintenance_ms
            assert got.members == group.targets
            assert availability is not None
            if got.status is ValueStatus.KNOWN:
                assert got.number == Fraction(availability.numerator, availability.denominator)
            assert got.status.value == {"ok": "known"}.get(group.pooled.status.value, group.pooled.status.value)


def test_the_mean_and_the_province_as_a_whole(ledger: Path) -> None:
    measures = UptimeMeasure(pooling=Pooling.MEAN), UptimeMeasure(), CountMeasure(Counted.OUTAGES)
    scored = scores(ledger, "2026-01", *measures, level="province")
    report = uptime(ledger, "2026-01")
    together = [target for target in report.targets if not target.beside]
    shares = [target.tally.availability for target in together]

    mean = sum((Fraction(one.numerator, one.denominator) for one in shares if one), Fraction(0)) / len(shares)
    whole: Tally = pooled([target.tally for target in together])

    assert value(scored, "phu-tho", 0).number == mean
    assert whole.availability is not None
    assert value(scored, "phu-tho", 1).number == Fraction(whole.availability.numerator, whole.availability.denominator)
    assert value(scored, "phu-tho", 2).number == sum(len(target.outages) for target in together)


def test_the_share_of_targets_that_reach_a_bound_is_counted_from_the_same_figures(ledger: Path) -> None:
    bound = Fraction(99, 100)
    scored = scores(ledger, "2026-01", ShareMeasure(Counted.TARGETS, UptimeTest(bound), Area()))
    targets = [target for target in uptime(ledger, "2026-01").targets if not target.beside]

    for unit in ("xa-a", "xa-b", "xa-c"):
        own = [target for target in targets if target.subject.unit == unit]
        reached = [one for one in own if one.tally.availability and one.tally.availability.reaches(bound * 100)]
        got = value(scored, unit)
        assert got.numerator == len(reached)
        assert got.denominator == len(own)
        assert set(got.lacking) == {one.target for one in own} - {one.target for one in reached}


def test_one_unit_alone_and_the_whole_level_have_the_same_scores(ledger: Path) -> None:
    measures = (
        UptimeMeasure(),
        ShareMeasure(Counted.SITES, UptimeTest(Fraction(98, 100))),
        CountMeasure(Counted.OUTAGES),
    )
    whole = scores(ledger, "2026-02", *measures)
    one = scores(ledger, "2026-02", *measures, unit="xa-b")

    assert [score.unit for score in whole.scores] == ["xa-a", "xa-b", "xa-c"]
    assert one.scores == (whole.scores[1],)
    assert not whole.evidence.targets
    assert {target.target for target in one.evidence.targets} == {f"b1/{check}" for check, _, _ in score_ledger.CHECKS}


def test_the_anchored_request_gives_the_same_for_ever(ledger: Path) -> None:
    first = scores(ledger, "2026-03", UptimeMeasure())
    again = score_from_ledger(ledger, HERE, first.request, first.sheet, (), NOW + 10**9)

    assert isinstance(first.request.as_of, AsOf)
    assert again == first
