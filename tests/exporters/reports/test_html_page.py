from __future__ import annotations

from dataclasses import replace

import pytest

from exporters.reports.html_page import html_page
from tests.exporters.pages.test_landing import PAYLOADS, Shape
from tests.exporters.reports.hostile import NAMES
from tests.exporters.reports.sample import figures, report, subject


def shape_of(name: str) -> Shape:
    one = report(figures(subject("x/y", name, site=name, unit=name)))
    return Shape(html_page(replace(one, organisation=name)))


@pytest.mark.parametrize("payload", [*PAYLOADS, *NAMES])
def test_a_hostile_name_creates_nothing(payload: str) -> None:
    assert shape_of(payload).elements == shape_of("tên").elements
    assert shape_of(payload).links == []


def test_it_shows_what_the_workbook_shows() -> None:
    text = Shape(html_page(report())).text

    expected = ("99,8915 %", "không đủ dữ liệu", "0:43:12", "12/10/2026 08:02:11", "9/11", "THỦ TRƯỞNG ĐƠN VỊ", "3f3f")

    assert [one for one in expected if one not in text] == []


def test_it_fetches_nothing_and_prints_on_a4() -> None:
    page = html_page(report(language="en"))

    assert Shape(page).links == []
    assert "size:A4 landscape" in page
    assert '<html lang="en">' in page


def test_the_same_report_gives_the_same_page() -> None:
    assert html_page(report()) == html_page(report())
