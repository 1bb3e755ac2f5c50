"""Coordinates as offices write them."""

from __future__ import annotations

import pytest

from agent.inventory.sheets.coordinates import location

HERE = (21.4512, 105.4301)


@pytest.mark.parametrize(
    "text",
    [
        "21,4512; 105,4301", "21.4512, 105.4301", "21,4512, 105,4301", "21.4512,105.4301", "21,4512 105,4301",
        "(21.4512, 105.4301)", "21.4512° N, 105.4301° E", "21,4512°B; 105,4301°Đ", "N 21.4512 E 105.4301",
        "105.4301 E, 21.4512 N", "105.4301, 21.4512", "Vĩ độ: 21,4512 Kinh độ: 105,4301",
        "https://www.google.com/maps/@21.4512,105.4301,17z", "https://maps.google.com/?q=21.4512%2C105.4301",
        "21.4512 / 105.4301", "21,4512-105,4301",
    ],
)  # fmt: skip
def test_one_place_however_it_is_written(text: str) -> None:
    assert location(text) == HERE


@pytest.mark.parametrize(
    "text",
    [
        "21°27'04.3\"N 105°25'48.4\"E",
        "21° 27′ 04,3″ Bắc; 105° 25′ 48,4″ Đông",
        "21º27’4.3''B, 105º25’48.4''Đ",
        "21⁰27'4.3\"B 105⁰25'48.4\"Đ",
    ],
)
def test_degrees_minutes_and_seconds(text: str) -> None:
    found = location(text)
    assert found is not None
    assert found == pytest.approx((21.451194, 105.430111), abs=1e-6)


def test_lists_and_whole_numbers() -> None:
    assert location([21.4512, 105.4301]) == location(("21.4512", "105.4301")) == HERE
    assert location("21; 105") == location("21,105") == (21, 105)
    assert location("-12.5, -45") == (-12.5, -45)


@pytest.mark.parametrize(
    "value",
    ["", "21.4512", "Đồng Ích", "21.4512, 305.1", "1,2,3", "nan, nan", "21.4; 105.4; 3", "a1b2", [21], [105, 21], None],
)
def test_what_is_no_place(value: object) -> None:
    assert location(value) is None
