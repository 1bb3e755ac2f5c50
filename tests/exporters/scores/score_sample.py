"""A score report by hand: three communes by one sheet of every kind of row, with places, deltas and pending rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from agent.availability.accounting import ReportTerms
from agent.availability.figures import Figure, Provenance
from agent.ledger.history.position import AsOf
from agent.reporting.scoring.report import ScoreReport
from agent.reporting.scoring.request import ScoreRequest
from agent.scoring.evaluation import UnitScore, score_unit
from agent.scoring.evidence import Evidence, UnitPeriod
from agent.scoring.formulas import UnscoredFormula
from agent.scoring.ranking import ranking
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet, WhenMissing
from agent.scoring.values import Document, MeasuredValue, Origin, ValueStatus
from agent.text import Text
from tests.agent.scoring.explanations.samples import FORMULAS, MEASURES, SHARE, SUM, SUM_VALUES, known

START_MS = 1_767_200_400_000  # 2026-01-01 in Viet Nam
END_MS = 1_798_736_400_000  # 2027-01-01
_UNITS = (("xa-a", "Xã An Hòa", "08881"), ("xa-b", "Xã Bắc Bình", "08882"), ("xa-c", "Xã Đồng Ích", "08883"))


def _criterion(code: str, title: str, maximum: str, name: str, formula: int = 0) -> Criterion:
    measure, value = MEASURES[name]
    return Criterion(
        code, Text(title, f"Criterion {code}"), code.split(".", maxsplit=1)[0], Decimal(maximum),
        FORMULAS[value.quantity][formula], measure, method="Tỷ lệ = a/b; điểm = tỷ lệ × điểm tối đa",
        evidence="Biên bản, ảnh chụp màn hình", verifier="Sở Khoa học và Công nghệ",
    )  # fmt: skip


def sheet() -> ScoreSheet:
    count, manual = (
        MEASURES["count"][0],
        _criterion("1.3", "Bí thư, Chủ tịch là Trưởng ban chỉ đạo", "10", "manual choice"),
    )
    criteria = (
        _criterion("1.1", "Điểm cầu đạt độ sẵn sàng từ 99% trở lên", "20", "share by uptime"),
        _criterion("1.2", "Đường truyền hoạt động ổn định", "20", "uptime", 4),
        manual,
        Criterion("1.4", Text("Đô thị thông minh", "Smart city"), "1", Decimal(0), UnscoredFormula(), count),
        _criterion("2.1", "Hộ gia đình có Internet băng rộng cáp quang", "20", "manual share without names"),
        Criterion("2.2", Text("Mạng LAN và người phụ trách", "LAN and who leads"), "2", Decimal(20), SUM),
        replace(
            _criterion("2.3", "Cổng thông tin hỗ trợ IPv6", "10", "share by feature"), when_missing=WhenMissing.ZERO
        ),
    )  # fmt: skip
    groups = (
        CriterionGroup("1", Text("Hạ tầng số", "Infrastructure"), Decimal(50)),
        CriterionGroup("2", Text("Xã hội số", "Digital society"), Decimal(50)),
    )
    return ScoreSheet(
        "mau-xa-2026", Text("Bộ chỉ số chuyển đổi số cấp xã", "Indicators of communes"), "123/QĐ-UBND ngày 02/01/2026",
        Decimal(100), 3, ("commune",), groups, criteria, date(2026, 1, 1), illustrative=True, digest="ab" * 32,
    )  # fmt: skip


def values() -> list[tuple[MeasuredValue, ...]]:
    choice, count = MEASURES["manual choice"][1], MEASURES["count"][1]
    return [
        (MEASURES["share by uptime"][1],),
        (MEASURES["uptime"][1],),
        (choice,),
        (count,),
        (known(SHARE, 716, 719, source=Origin.MANUAL, document=Document("5/BC-UBND", date(2026, 1, 2))),),
        SUM_VALUES,
        (MEASURES["share by feature"][1],),
    ]


def scores(sheet_: ScoreSheet) -> tuple[UnitScore, ...]:
    first, second, third = values(), values(), values()
    second[2] = (replace(second[2][0], status=ValueStatus.NOT_GIVEN, choice=""),)
    second[0] = (known(SHARE, 33, 33, calendar="office", members=33, coverage=Figure(1, 1)),)
    third[0] = (replace(third[0][0], status=ValueStatus.INSUFFICIENT, lacking=(), unsure=("b",)),)
    third[6] = (replace(third[6][0], status=ValueStatus.NOTHING_THERE),)
    return tuple(
        score_unit(sheet_, unit, of_unit) for (unit, _, _), of_unit in zip(_UNITS, (first, second, third), strict=True)
    )


def score_report(language: str = "vi") -> ScoreReport:
    sheet_ = sheet()
    units = tuple(
        UnitPeriod(unit, name, code, "commune", "huyen", ((START_MS, END_MS),), (unit,)) for unit, name, code in _UNITS
    )
    source = Provenance("local", 1, 4711, "cd" * 32, "1.0", "2026a", "ef" * 32, (("office", "12" * 32),), ())
    evidence = Evidence(
        ReportTerms(START_MS, END_MS, END_MS + 3_600_000), "Asia/Ho_Chi_Minh", "Huyện Lập Thạch", "local", units,
        {"a": "Xã An Hòa", "b": "Xã Bắc Bình", "c": "Xã Đồng Ích"}, (), {}, provenance=source,
    )  # fmt: skip
    request = ScoreRequest(
        "config/scoring/mau-xa-2026.yml", "2026", language, level="commune", as_of=AsOf(4711, END_MS + 3_600_000),
        values=("gia-tri.xlsx",), before="2025",
    )  # fmt: skip
    now = scores(sheet_)
    before = {"xa-a": replace(now[0].total, earned=now[0].total.earned - Decimal("1.618"))}
    return ScoreReport(sheet_, request, evidence, now, ranking(now, before), before)
