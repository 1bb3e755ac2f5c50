"""A merger in the middle of a period, by hand in each way: as it was, in the units of today, as mean of indices.

Ten days; Xã Thiệu Phú (one target, p) goes into Thị trấn Thiệu Hóa (h, k) with the beginning of the sixth day, 120 h
after the start; the inventory says so from the eighth day on. p is down for 24 h on the second day and for 12 h on the
sixth, h for 6 h on the third.

As it was: Thiệu Phú 120 h of p, 24 down: 96/120 = 80 %. Thiệu Hóa 120 h of p, 12 down, and 240 h each of h and k, 6
down: 582/600 = 97 %. Today: all in Thiệu Hóa, 678/720 = 94.1(6) %. Mean of indices: (80 + 97) / 2 = 88.5 %.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agent.availability.accounting import ReportTerms
from agent.availability.figures import Figure, GroupFigures, pooled
from agent.availability.spans import BEGINNING, FOREVER
from agent.availability.unit_history import UnitFacts, UnitSpan
from agent.ledger.history.inventories import Inventories
from agent.ledger.history.position import AsOf
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentStop, Row
from agent.reporting.builder import ReportQuery, SignedRows, inventory_history
from agent.reporting.ledger_report import build_report
from agent.reporting.report import UptimeReport
from agent.reporting.request import ReportRequest, parse_rerun_command, rerun_command
from agent.reporting.unit_grouping import UnitGrouping
from agent.scoring.evidence import UnitBasis
from exporters.reports.json_file import document
from exporters.reports.workbook import build_workbook
from tests.agent.reporting.test_inventory_history import DAY, HOUR, MONDAY, ZONE, begun, down, told, written

PHU, HOA, HUYEN = "thieu-phu", "thieu-hoa", "huyen"
NAMES = {PHU: "Xã Thiệu Phú", HOA: "Thị trấn Thiệu Hóa", HUYEN: "Huyện Thiệu Hóa"}
LEGAL, RECORDED, END = MONDAY + 5 * DAY, MONDAY + 7 * DAY, MONDAY + 10 * DAY
MERGER = {
    "kind": "merge",
    "date": "2026-06-06",
    "document": "NQ 939/NQ-UBTVQH15",
    "unit": PHU,
    "into": HOA,
    "sites": ["p"],
}


def inventory(unit_of_p: str = PHU, changes: Iterable[dict[str, Any]] = (), names: dict[str, str] = NAMES) -> bytes:
    said: dict[str, Any] = {"role": "uplink", "calendar": "always", "paths": [], "slo": None}
    units_of = {"p": unit_of_p, "h": HOA, "k": HOA}
    document = {
        "organisation": {"timezone": ZONE, "name": "Huyện"},
        "units": [
            {"id": unit, "name": name, "level": "commune", "parent": HUYEN if unit != HUYEN else None}
            for unit, name in names.items()
        ],
        "sites": [{"id": site, "name": site, "unit": unit} for site, unit in units_of.items()],
        "targets": [
            {"id": f"{site}/x", "name": site, "site": site, "unit": unit, **said} for site, unit in units_of.items()
        ],
        "calendars": {},
    }
    return json.dumps(document | ({"unit_changes": list(changes)} if changes else {})).encode()


AFTER = inventory(HOA, [MERGER])


def ledger(folder: Path, *later: Row, first: bytes | None = None) -> Path:
    rows: list[Row] = [
        *begun(first or inventory(), "p/x", "h/x", "k/x"),
        *down(MONDAY + DAY, MONDAY + 2 * DAY, "p/x"),
        *down(MONDAY + 2 * DAY, MONDAY + 2 * DAY + 6 * HOUR, "h/x"),
        *down(LEGAL, LEGAL + 12 * HOUR, "p/x"),
        *later,
        AgentStop(END + 5 * DAY),
    ]
    return written(folder, rows)


def made(folder: Path, units: UnitBasis, end_ms: int = END, as_of_ms: int = END + DAY, **asked: Any) -> UptimeReport:
    reader = Reader.open(folder)
    try:
        query = ReportQuery(ReportTerms(MONDAY, end_ms, as_of_ms), ZONE, "local", by="unit", units=units, **asked)
        return build_report(reader, None, query)
    finally:
        reader.close()


def shares(folder: Path, units: UnitBasis = UnitBasis.AS_WAS, **asked: Any) -> dict[str, Fraction]:
    return {group.id: share(group.pooled.availability) for group in made(folder, units, **asked).groups}


def share(figure: Figure | None) -> Fraction:
    assert figure is not None
    return Fraction(figure.numerator, figure.denominator)


def test_as_it_was_each_unit_has_the_time_until_and_from_the_legal_date(tmp_path: Path) -> None:
    report = made(ledger(tmp_path, told(AFTER, RECORDED)), UnitBasis.AS_WAS)

    assert [(group.id, group.name, group.targets) for group in report.groups] == [
        (HOA, "Thị trấn Thiệu Hóa", 3),
        (PHU, "Xã Thiệu Phú", 1),
    ]
    assert [share(group.pooled.availability) for group in report.groups] == [Fraction(97, 100), Fraction(80, 100)]
    assert [group.pooled.scoring_ms // HOUR for group in report.groups] == [600, 120]


def test_in_the_units_of_today_all_its_history_is_in_one_sum(tmp_path: Path) -> None:
    report = made(ledger(tmp_path, told(AFTER, RECORDED)), UnitBasis.TODAY)

    (group,) = report.groups
    assert (group.id, group.targets, share(group.pooled.availability)) == (HOA, 3, Fraction(678, 720))
    assert [target.subject.unit for target in report.targets] == [HOA, HOA, HOA]


def test_the_mean_of_indices_weighs_each_unit_of_then_the_same(tmp_path: Path) -> None:
    (group,) = made(ledger(tmp_path, told(AFTER, RECORDED)), UnitBasis.TODAY_MEAN).groups

    assert [(one.id, one.name, one.targets, share(one.pooled.availability)) for one in group.indices] == [
        (HOA, "Thị trấn Thiệu Hóa", 3, Fraction(97, 100)),
        (PHU, "Xã Thiệu Phú", 1, Fraction(80, 100)),
    ]
    assert share(group.mean_of_indices) == Fraction(885, 1000)


@pytest.mark.parametrize("recorded_ms", [MONDAY + 3 * DAY, LEGAL, RECORDED, END - 1, END, END + HOUR])
def test_when_it_was_recorded_makes_no_difference(tmp_path: Path, recorded_ms: int) -> None:
    """Before its date, on it, after it, and after the end of the period."""
    assert shares(ledger(tmp_path, told(AFTER, recorded_ms))) == {HOA: Fraction(97, 100), PHU: Fraction(80, 100)}


def test_before_anybody_entered_it_a_report_knows_nothing_of_it(tmp_path: Path) -> None:
    folder = ledger(tmp_path, told(AFTER, END + 2 * DAY))

    assert shares(folder) == {HOA: Fraction(474, 480), PHU: Fraction(204, 240)}
    assert shares(folder, UnitBasis.TODAY) == shares(folder)
    assert shares(folder, as_of_ms=END + 3 * DAY) == {HOA: Fraction(97, 100), PHU: Fraction(80, 100)}


def test_a_move_without_a_change_keeps_the_instant_of_its_record(tmp_path: Path) -> None:
    folder = ledger(tmp_path, told(inventory(HOA), RECORDED))

    assert shares(folder) == {HOA: Fraction(480 - 6 + 72, 552), PHU: Fraction(168 - 36, 168)}
    assert made(folder, UnitBasis.AS_WAS).late_changes == ()


def test_the_units_together_are_the_whole_in_every_way_of_counting(tmp_path: Path) -> None:
    folder = ledger(tmp_path, told(AFTER, RECORDED))
    for basis in UnitBasis:
        report = made(folder, basis)
        whole = pooled([target.tally for target in report.targets]).sums
        assert pooled([group.pooled for group in report.groups]).sums == whole
        for group in report.groups:
            if basis is UnitBasis.TODAY_MEAN:
                assert pooled([index.pooled for index in group.indices]).sums == group.pooled.sums


def test_a_change_entered_after_its_date_is_listed_with_both_dates(tmp_path: Path) -> None:
    folder = ledger(tmp_path, told(AFTER, RECORDED))
    (late,) = made(folder, UnitBasis.AS_WAS).late_changes

    assert (late.legal_ms, late.recorded_ms, late.change["document"]) == (LEGAL, RECORDED, "NQ 939/NQ-UBTVQH15")
    assert made(folder, UnitBasis.AS_WAS, end_ms=LEGAL).late_changes == ()


def test_a_change_known_in_time_or_before_anything_was_recorded_is_not_late(tmp_path: Path) -> None:
    early = ledger(tmp_path / "early", told(AFTER, LEGAL - HOUR))
    old = {**MERGER, "date": "2024-02-01"}
    known = ledger(tmp_path / "known", first=inventory(HOA, [old]))

    assert made(early, UnitBasis.AS_WAS).late_changes == ()
    assert made(known, UnitBasis.AS_WAS).late_changes == ()
    assert shares(known) == {HOA: Fraction(678, 720)}


def test_a_new_name_counts_from_its_date_on(tmp_path: Path) -> None:
    renamed = {
        "kind": "rename",
        "date": "2026-06-06",
        "document": "NQ 1",
        "unit": HOA,
        "name": "Phường Thiệu Hóa",
        "old_name": "Thị trấn Thiệu Hóa",
    }
    new = inventory(PHU, [renamed], {**NAMES, HOA: "Phường Thiệu Hóa"})
    late, early = ledger(tmp_path / "late", told(new, END + HOUR)), ledger(tmp_path / "early", told(new, MONDAY))

    def name(groups: Iterable[GroupFigures]) -> str:
        return next(group.name for group in groups if group.id == HOA)

    for folder in (late, early):
        assert name(made(folder, UnitBasis.AS_WAS).groups) == "Phường Thiệu Hóa"
        assert name(made(folder, UnitBasis.AS_WAS, end_ms=LEGAL).groups) == "Thị trấn Thiệu Hóa"
        assert name(made(folder, UnitBasis.TODAY, end_ms=LEGAL).groups) == "Thị trấn Thiệu Hóa"


def test_what_the_score_asks_of_the_units(tmp_path: Path) -> None:
    ended = {
        "kind": "dissolve",
        "date": "2026-06-09",
        "document": "NQ 2",
        "unit": HUYEN,
        "into": "tinh",
        "subunits": [HOA],
    }
    units = {**NAMES, "tinh": "Tỉnh Thanh Hóa"}
    reader = Reader.open(ledger(tmp_path, told(inventory(HOA, [MERGER, ended], units), END + HOUR)))
    try:
        inventories, terms = Inventories(reader, "local"), ReportTerms(MONDAY, END, END + DAY)
        history = inventory_history(inventories, SignedRows(reader), ReportQuery(terms, ZONE, "local"))
        grouping = UnitGrouping(inventories, history, ZONE, END + DAY)

        spans = (UnitSpan(BEGINNING, LEGAL, PHU), UnitSpan(LEGAL, FOREVER, HOA))
        assert grouping.target_spans("p/x") == grouping.site_spans("p") == spans
        assert grouping.site_spans("nowhere") == ()
        assert (grouping.today("p/x"), grouping.today_of_site("p")) == (HOA, HOA)
        assert grouping.existence(PHU) == (BEGINNING, LEGAL)
        assert (grouping.successors(PHU), grouping.successors(HUYEN)) == ((HOA,), ("tinh",))
        assert grouping.unit(HOA, MONDAY) == UnitFacts(HOA, NAMES[HOA], "", HUYEN, "commune")
        assert grouping.unit(HOA, MONDAY + 8 * DAY).parent == "tinh"
        assert grouping.units == (PHU, HOA, HUYEN, "tinh")
    finally:
        reader.close()


def test_a_report_says_which_way_it_counts_and_what_came_late(tmp_path: Path) -> None:
    folder = ledger(tmp_path, told(AFTER, RECORDED))
    report = made(folder, UnitBasis.TODAY_MEAN)
    written_out = document(report)
    pages = {sheet.name: sheet for sheet in build_workbook(report).sheets}

    assert written_out.method.units == "today-mean"
    (group,) = written_out.groups
    assert group.mean_of_indices is not None
    assert (group.mean_of_indices.exact, [index.id for index in group.indices]) == ((177, 200), [HOA, PHU])
    (late,) = written_out.late_unit_changes
    assert (late.kind, late.unit, late.into, late.in_force, late.recorded) == (
        "merge", PHU, HOA, "2026-06-05T17:00:00.000Z", "2026-06-07T17:00:00.000Z",
    )  # fmt: skip
    assert "Gộp theo: đơn vị hiện nay, trung bình cộng chỉ số các đơn vị trước đó" in pages["Tổng hợp"].lines
    told_late = "Sáp nhập thieu-phu -> thieu-hoa (NQ 939/NQ-UBTVQH15): hiệu lực 06/06/2026, ghi lúc 08/06/2026 00:00:00"
    assert told_late in {cell for table in pages["Phương pháp"].tables for row in table.rows for cell in row}
    assert [row[1] for table in pages["Đơn vị trước đó"].tables for row in table.rows] == [NAMES[HOA], NAMES[PHU]]
    assert "Đơn vị trước đó" not in {sheet.name for sheet in build_workbook(made(folder, UnitBasis.TODAY)).sheets}


def test_the_line_that_repeats_a_report_says_the_units_where_they_are_not_those_of_the_time() -> None:
    asked = ReportRequest("2026-06", by="unit", units=UnitBasis.TODAY_MEAN, as_of=AsOf(7, END))
    line = rerun_command(asked)

    assert "--units today-mean" in line
    assert parse_rerun_command(line) == asked
    assert "--units" not in rerun_command(replace(asked, units=UnitBasis.AS_WAS))
