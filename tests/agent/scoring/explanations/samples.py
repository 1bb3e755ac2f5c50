"""One known value of every kind of measure, formulas that go with each, and rows scored from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from agent.availability.figures import Figure, Pooling
from agent.model import Role, Selection
from agent.scoring.evaluation import CriterionScore, score_row
from agent.scoring.formulas import (
    CappedFormula,
    ChoiceFormula,
    Formula,
    LinearFormula,
    Part,
    PointsFormula,
    PointsStep,
    RatioFormula,
    SimpleFormula,
    StepsFormula,
    SumFormula,
    ThresholdFormula,
    UnscoredFormula,
)
from agent.scoring.measures import (
    AgeMeasure,
    AgeTest,
    Area,
    BooleanMeasure,
    Counted,
    CountMeasure,
    ExternalMeasure,
    FactMeasure,
    FactTest,
    Feature,
    FeatureTest,
    FirstByteTest,
    ManualMeasure,
    Measure,
    QuantileMeasure,
    Quantity,
    ShareMeasure,
    UptimeMeasure,
    UptimeTest,
    quantity_of,
)
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet, WhenMissing
from agent.scoring.values import Document, MeasuredValue, Origin, ValueStatus
from agent.text import Text

NAMES = {
    "a": "Xã An Hòa", "b": "Xã Bắc Bình", "c": "Xã Đồng Ích", "d": "Xã Hợp Lý", "e": "Xã Liễn Sơn", "f": "Xã Tử Du",
    "g": "Xã Thái Hòa",
}  # fmt: skip
CONFERENCE = Area(Selection(roles=(Role.CONFERENCE,)), calendar="office")
PORTALS = Area(Selection(roles=(Role.PORTAL,)))
DEVICES = Area(Selection(roles=(Role.DEVICE,)))
SHARE, COUNT = Quantity.SHARE, Quantity.COUNT
_COVERAGE = Figure(982, 1000)
_DECISION = Document("123/QĐ-UBND", date(2026, 3, 1))


def known(quantity: Quantity, numerator: Fraction | int = 0, denominator: int = 1, **rest: object) -> MeasuredValue:
    value = MeasuredValue(ValueStatus.KNOWN, quantity, numerator=Fraction(numerator), denominator=Fraction(denominator))
    return replace(value, **rest)  # type: ignore[arg-type]


_TIMED = {"calendar": "office", "coverage": _COVERAGE, "excluded_ms": 7_200_000, "members": 33}

MEASURES: Mapping[str, tuple[Measure, MeasuredValue]] = {
    "uptime": (
        UptimeMeasure(CONFERENCE),
        known(SHARE, 22_248_000, 22_500_000, lacking=("a", "b"), amended=Figure(992, 1000), **_TIMED),
    ),
    "mean uptime": (
        UptimeMeasure(PORTALS, Pooling.MEAN),
        known(SHARE, Fraction(898765432123456789, 999999999999999999), calendar="office, always", members=3),
    ),
    "share by uptime": (
        ShareMeasure(Counted.TARGETS, UptimeTest(Fraction(99, 100)), CONFERENCE),
        known(SHARE, 30, 33, lacking=("a", "b", "c"), **_TIMED),
    ),
    "share of sites": (
        ShareMeasure(Counted.SITES, UptimeTest(Fraction(995, 1000))),
        known(SHARE, 7, 27, calendar="always", excluded_ms=7_260_500, members=27, lacking=tuple("abcdefg")),
    ),
    "share by fact": (
        ShareMeasure(Counted.UNITS, FactTest("fibre")),
        known(SHARE, 716, 719, source=Origin.DECLARED, members=719),
    ),
    "share by feature": (
        ShareMeasure(Counted.TARGETS, FeatureTest(Feature.IPV6), PORTALS),
        known(SHARE, 2, 3, members=3, lacking=("g",)),
    ),
    "share by first byte": (
        ShareMeasure(Counted.TARGETS, FirstByteTest(Fraction(95, 100), 500), PORTALS),
        known(SHARE, 3, 3, members=3),
    ),
    "share by age": (ShareMeasure(Counted.TARGETS, AgeTest(Fraction(5)), DEVICES), known(SHARE, 1, 3, members=3)),
    "outages": (
        CountMeasure(Counted.OUTAGES, None, CONFERENCE),
        known(COUNT, 4, calendar="office", lacking=("a",)),
    ),
    "count": (CountMeasure(Counted.TARGETS, None, PORTALS), known(COUNT, 3, members=3)),
    "count by fact": (
        CountMeasure(Counted.SITES, FactTest("broadband_households", Fraction(955, 1000))),
        known(COUNT, 3, source=Origin.DECLARED, members=5, lacking=("a", "b"), document=_DECISION),
    ),
    "feature of all": (BooleanMeasure(Feature.DNSSEC, PORTALS), known(SHARE, 1, members=3)),
    "feature of some": (BooleanMeasure(Feature.HSTS, PORTALS), known(SHARE, 0, members=3, lacking=("a",))),
    "feature of one": (BooleanMeasure(Feature.CERTIFICATE, PORTALS), known(SHARE, 0, members=1, lacking=("a",))),
    "quantile": (QuantileMeasure(Fraction(95, 100), PORTALS), known(Quantity.SECONDS, Fraction(3, 10), members=3)),
    "age": (AgeMeasure(DEVICES), known(Quantity.YEARS, Fraction(17, 4), members=12)),
    "fact": (FactMeasure("lan_upgraded"), known(SHARE, 1, source=Origin.DECLARED, document=_DECISION)),
    "fact as share": (FactMeasure("broadband_households"), known(SHARE, Fraction(955, 1000), source=Origin.DECLARED)),
    "fact as count": (FactMeasure("computers", COUNT), known(COUNT, 1234, source=Origin.DECLARED)),
    "fact as date": (
        FactMeasure("approved", Quantity.DATE),
        known(Quantity.DATE, date(2026, 3, 1).toordinal(), source=Origin.DECLARED),
    ),
    "manual share": (
        ManualMeasure(SHARE, Text("cán bộ có máy tính", "officials with a PC"), Text("tổng số cán bộ", "officials")),
        known(
            SHARE,
            720,
            719,
            source=Origin.MANUAL,
            document=Document("5/BC", date(2026, 1, 2), "đếm ngày 02/01"),
        ),
    ),
    "manual share without names": (ManualMeasure(SHARE), known(SHARE, 716, 719, source=Origin.MANUAL)),
    "manual count": (
        ManualMeasure(COUNT, Text("số cuộc họp BCĐ", "meetings")),
        known(COUNT, 3, source=Origin.MANUAL),
    ),
    "manual choice": (
        ManualMeasure(Quantity.CHOICE),
        known(Quantity.CHOICE, choice="chair", source=Origin.MANUAL),
    ),
    "manual points": (ManualMeasure(), known(Quantity.POINTS, Fraction(37, 2), source=Origin.MANUAL)),
    "external": (
        ExternalMeasure(SHARE, "Sở KH&CN"),
        known(SHARE, 801, 1000, source=Origin.EXTERNAL, document=Document("8/TB-SKHCN", date(2026, 2, 3))),
    ),
    "external points": (
        ExternalMeasure(source="dti.gov.vn"),
        known(Quantity.POINTS, 25, source=Origin.EXTERNAL, document=Document("", date(2026, 2, 3))),
    ),
    "filled in instead": (
        ShareMeasure(Counted.TARGETS, UptimeTest(Fraction(99, 100)), CONFERENCE),
        known(SHARE, 30, 33, source=Origin.MANUAL, document=Document("1/BC")),
    ),
}
_DATE = Fraction(date(2026, 6, 30).toordinal())
FORMULAS: Mapping[Quantity, tuple[SimpleFormula, ...]] = {
    SHARE: (
        RatioFormula(),
        StepsFormula((PointsStep(Fraction(1, 2), Fraction(1, 2)), PointsStep(Fraction(9, 10), Fraction(1)))),
        ThresholdFormula(Fraction(95, 100)),
        ThresholdFormula(Fraction(95, 100), proportional=True),
        LinearFormula(Fraction(9, 10), Fraction(99, 100)),
        CappedFormula(Fraction(8, 10)),
    ),
    COUNT: (
        StepsFormula(
            (
                PointsStep(Fraction(1), Fraction(1, 4)),
                PointsStep(Fraction(3), Fraction(3, 4)),
                PointsStep(Fraction(4), Fraction(1)),
            )
        ),
        StepsFormula((PointsStep(Fraction(2), Fraction(1, 2)), PointsStep(Fraction(0), Fraction(1))), at_most=True),
        ThresholdFormula(Fraction(2), at_most=True, proportional=True),
        LinearFormula(Fraction(10), Fraction(0)),
        CappedFormula(Fraction(10)),
    ),
    Quantity.SECONDS: (
        StepsFormula((PointsStep(Fraction(1), Fraction(1, 2)), PointsStep(Fraction(1, 5), Fraction(1))), at_most=True),
    ),
    Quantity.YEARS: (LinearFormula(Fraction(8), Fraction(2)),),
    Quantity.DATE: (ThresholdFormula(_DATE, at_most=True),),
    Quantity.CHOICE: (
        ChoiceFormula(
            {"chair": Fraction(1), "deputy": Fraction(1, 2)},
            {"chair": Text("Bí thư hoặc Chủ tịch là Trưởng ban", "led by the chair"), "deputy": Text("", "")},
        ),
    ),
    Quantity.POINTS: (PointsFormula(),),
}
SUM = SumFormula(
    (
        Part(Text("Có mạng LAN", "a LAN"), Fraction(1, 2), MEASURES["share by uptime"][0], RatioFormula()),
        Part(
            Text("Trưởng ban", "who leads"), Fraction(1, 2), MEASURES["manual choice"][0], FORMULAS[Quantity.CHOICE][0]
        ),
    )
)
SUM_VALUES = (MEASURES["share by uptime"][1], MEASURES["manual choice"][1])


def criterion(
    formula: Formula, measure: Measure | None = None, when: WhenMissing = WhenMissing.PENDING, code: str = "1.1"
) -> Criterion:
    maximum = Decimal(0) if isinstance(formula, UnscoredFormula) else Decimal(20)
    return Criterion(code, Text("Tiêu chí", "Criterion"), "1", maximum, formula, measure, when)


def sheet_of(*criteria: Criterion) -> ScoreSheet:
    most = sum((one.maximum for one in criteria), Decimal(0))
    group = CriterionGroup("1", Text("Hạ tầng số", "Infrastructure"), most)
    return ScoreSheet(
        "s", Text("Bộ chỉ số", "Set"), "1/QĐ-UBND", most, 3, ("commune",), (group,), criteria, date(2026, 1, 1)
    )


def scored_rows() -> Iterator[tuple[str, CriterionScore]]:
    """Every measure with every formula that takes it."""
    for name, (measure, value) in MEASURES.items():
        for formula in FORMULAS[quantity_of(measure)]:
            yield f"{name}, {type(formula).__name__}", score_row(criterion(formula, measure), [value], 3)
    yield "sum", score_row(criterion(SUM), SUM_VALUES, 3)
    yield "unscored", score_row(criterion(UnscoredFormula(), MEASURES["count"][0]), [MEASURES["count"][1]], 3)


def missing_rows() -> Iterator[tuple[str, CriterionScore]]:
    """Every measure in every status that has no value, by each rule for that."""
    for name, (measure, value) in MEASURES.items():
        given = isinstance(measure, ManualMeasure | ExternalMeasure)
        statuses = [status for status in ValueStatus if status is not ValueStatus.KNOWN]
        for status in [ValueStatus.NOT_GIVEN] if given else statuses[:-1]:
            unsure = ("a", "b") if status is ValueStatus.INSUFFICIENT else ()
            without = replace(value, status=status, lacking=(), unsure=unsure, document=None, amended=None)
            for when in WhenMissing:
                row = criterion(FORMULAS[quantity_of(measure)][0], measure, when)
                yield f"{name}, {status}, {when}", score_row(row, [without], 3)
    nothing = replace(SUM_VALUES[1], status=ValueStatus.NOT_GIVEN)
    yield "sum without a part", score_row(criterion(SUM), [SUM_VALUES[0], nothing], 3)
