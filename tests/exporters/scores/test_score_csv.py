from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

from agent.reporting.scoring.report import ScoreReport
from agent.scoring.evaluation import score_unit
from exporters.reports.csv_file import DANGEROUS
from exporters.scores.csv_file import COLUMNS, csv_file, csv_pieces
from tests.exporters.reports.hostile import texts
from tests.exporters.scores.score_sample import score_report, sheet, values


def read(report: ScoreReport) -> list[dict[str, str]]:
    text = csv_file(report).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_every_unit_has_its_total_its_groups_and_its_rows() -> None:
    rows = read(score_report())

    assert tuple(rows[0]) == COLUMNS
    assert [row["record"] for row in rows] == (["total"] + ["group"] * 2 + ["criterion"] * 7) * 3
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_sums_of_the_rows_are_the_groups_and_the_total() -> None:
    rows = [row for row in read(score_report()) if row["unit"] == "xa-b"]
    points = [Decimal(row["points"] or 0) for row in rows if row["record"] == "criterion"]
    groups = [Decimal(row["points"]) for row in rows if row["record"] == "group"]

    assert sum(points) == sum(groups) == Decimal(rows[0]["points"])
    assert (rows[0]["state"], rows[0]["possible"]) == ("provisional", "10")
    assert [row["state"] for row in rows[1:3]] == ["provisional", "final"]


def test_a_row_has_its_value_and_its_sentence() -> None:
    row = next(row for row in read(score_report()) if row["criterion"] == "1.1")

    assert (row["points"], row["maximum"], row["lost"]) == ("18.182", "20", "1.818")
    assert (row["numerator"], row["denominator"], row["percent"]) == ("30", "33", "90.9090")
    assert (row["calendar"], row["coverage"], row["excluded_ms"]) == ("office", "98.2000", "7200000")
    assert row["lacking"] == "a b c"
    assert row["explanation"].startswith("30/33 điểm cầu đạt độ sẵn sàng từ 99% trở lên")


def test_a_sum_has_a_word_for_each_of_its_measures() -> None:
    row = next(row for row in read(score_report()) if row["criterion"] == "2.2")

    assert (row["status"], row["numerator"], row["choice"]) == ("known known", "30 0", ". chair")


def test_what_stands_once_is_in_the_first_row() -> None:
    rows = read(score_report())

    assert rows[0]["sheet_digest"] == "ab" * 32
    assert rows[0]["repeat"].startswith("sansang score --sheet config/scoring/mau-xa-2026.yml --period 2026 ")
    assert {row["repeat"] for row in rows[1:]} == {""}
    assert {(row["first"], row["last"]) for row in rows} == {("2026-01-01", "2026-12-31")}


def test_no_cell_becomes_a_formula() -> None:
    report = score_report()
    for text in texts(50):
        units = tuple(replace(unit, name=text, code=text) for unit in report.evidence.units)
        for row in read(replace(report, evidence=replace(report.evidence, units=units))):
            cells = [cell for name, cell in row.items() if name != "delta"]
            assert not any(cell.startswith(DANGEROUS) for cell in cells), row


def test_pieces_are_units_and_the_same_report_gives_the_same_bytes() -> None:
    report = score_report()

    assert len(list(csv_pieces(report))) == 4
    assert csv_file(report) == csv_file(report)
    assert score_unit(sheet(), "xa-a", values()) == report.scores[0]
