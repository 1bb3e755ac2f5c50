"""Totals out of a score.json: what was written comes back, and anything else is refused with a sentence."""

from __future__ import annotations

from decimal import Decimal

import pytest

from agent.errors import SansangError
from agent.reporting.scoring.earlier import earlier_totals
from exporters.scores.json_file import json_file
from tests.exporters.scores.score_sample import score_report

_HEAD = b'{"version": 1, "sheet": {"id": "x", "maximum": "100"}, "units": [\n'


def test_totals_come_back_as_they_were_written() -> None:
    report = score_report()

    assert earlier_totals(json_file(report), "score.json", Decimal(100)) == {
        score.unit: score.total for score in report.scores
    }


def test_another_scale_cannot_be_compared() -> None:
    with pytest.raises(SansangError, match="cannot be compared"):
        earlier_totals(json_file(score_report()), "score.json", Decimal(1000))


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"version": 1, "sheet": {"maximum": "100"}',
        b'{"version": 1, "sheet": {"maximum": "1e9"}, "units": [\n]}',
        _HEAD + b'{"unit": "a", "total": {"earned": "NaN"}}\n]}',
        _HEAD + b'{"unit": 1}\n]}',
        b"[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_such_file_is_refused(data: bytes) -> None:
    with pytest.raises(SansangError):
        earlier_totals(data, "x.json", Decimal(100))
