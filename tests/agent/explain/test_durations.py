from __future__ import annotations

import pytest

from agent.explain.durations import duration_text


@pytest.mark.parametrize(
    ("seconds", "vi", "en"),
    [
        (-5, "0 giây", "0 seconds"),
        (0.9, "0 giây", "0 seconds"),
        (1, "1 giây", "1 second"),
        (59.9, "59 giây", "59 seconds"),
        (60, "1 phút", "1 minute"),
        (3599, "59 phút", "59 minutes"),
        (3600, "1 giờ", "1 hour"),
        (7980, "2 giờ 13 phút", "2 hours 13 minutes"),
        (86_399, "23 giờ 59 phút", "23 hours 59 minutes"),
        (86_400, "1 ngày", "1 day"),
        (90_000, "1 ngày 1 giờ", "1 day 1 hour"),
        (40 * 86_400, "40 ngày", "40 days"),
    ],
)
def test_the_two_largest_units(seconds: float, vi: str, en: str) -> None:
    assert (duration_text(seconds, "vi"), duration_text(seconds, "en")) == (vi, en)
