from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from agent.availability.figures import Tally
from exporters.reports.cells import Duration, Row, Share
from exporters.reports.sheet_figures import sites, targets
from exporters.reports.sheet_summary import summary
from exporters.reports.workbook import build_workbook
from tests.exporters.reports.sample import MONTH, figures, outage, report, subject


def table(number: int) -> tuple[Row, ...]:
    return summary(report()).tables[number].rows


def test_levels_say_how_many_of_those_with_a_promise_kept_it() -> None:
    assert table(1) == (("Xã", "9/11", 9, 2, 0, 0), ("Huyện", "1/2", 1, 0, 1, 1))


def test_statuses_are_counted() -> None:
    assert table(2) == (("đủ dữ liệu", 12), ("không đủ dữ liệu", 1), ("không có dữ liệu", 1))


def test_the_worst_five_are_those_with_enough_data_that_lack_something() -> None:
    assert [row[0] for row in table(3)] == [
        "Phòng họp trực tuyến xã Xuân Lôi",
        "Phòng họp trực tuyến xã Ngọc Mỹ",
        "Phòng họp trực tuyến xã Thái Hòa",
        "Đường truyền xã Xuân Lôi",
        "Phòng họp trực tuyến xã Bắc Bình",
    ]


def test_a_promise_is_kept_or_broken_by_a_millisecond() -> None:
    allowed = MONTH // 100
    kept, broken = (figures(subject("a/b"), outage("2026-10-05 08:00", allowed + more)) for more in (0, 1))
    setting = report(slos={"a/b": Fraction(99)})

    assert (setting.reached(kept), setting.reached(broken)) == (True, False)


def test_a_site_pools_the_time_and_beside_it_the_mean_of_its_targets() -> None:
    two = report(
        figures(subject("a/b"), outage("2026-10-05 08:00", 900), scoring_ms=1_000),
        figures(subject("a/c"), scoring_ms=9_000),
    )
    (row,) = sites(two).tables[0].rows
    pooled, mean = row[3:5]

    assert isinstance(pooled, Share)
    assert isinstance(mean, Share)
    assert pooled.figure is not None
    assert mean.figure is not None
    assert (pooled.figure.percent(), mean.figure.percent()) == ("91.00", "55.00")
    assert row[8:11] == (Duration(900), 1, Duration(900))


def test_what_corrections_make_of_it_stands_beside_only_if_there_are_any() -> None:
    plain = figures(subject("a/b"), outage("2026-10-05 08:00", 900))
    corrected = replace(plain, amended=Tally(MONTH, up_ms=MONTH))
    columns = targets(report(corrected)).tables[0].columns

    assert columns[-1].heading == "Sẵn sàng sau đính chính"
    assert len(targets(report(plain)).tables[0].columns) == len(columns) - 1


def test_every_row_is_as_long_as_its_table_is_wide_in_both_languages() -> None:
    for language in ("vi", "en"):
        for sheet in build_workbook(report(language=language)).sheets:
            assert [one for one in sheet.tables for row in one.rows if len(row) != len(one.columns)] == []
