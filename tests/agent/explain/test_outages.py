"""Why a whole site was dark, in a sentence."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agent.availability.outage_cause import OutageCause
from agent.explain.outages import OUTAGE_CAUSES, outage_sentence

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
NOW = datetime(2026, 12, 1, 10, 0, tzinfo=HANOI)
START, END = datetime(2026, 12, 1, 8, 12, tzinfo=HANOI), datetime(2026, 12, 1, 9, 40, tzinfo=HANOI)


def test_a_power_cut_and_a_line_cut_are_told_apart() -> None:
    power, line = (outage_sentence(cause, START, END, NOW) for cause in (OutageCause.POWER, OutageCause.LINE))

    assert power.vi.startswith("Mất điện từ 08:12 đến 09:40")
    assert power.en.startswith("Power cut from 08:12 to 09:40")
    assert line.vi.startswith("Đứt đường truyền từ 08:12 đến 09:40")
    assert line.en.startswith("Line cut from 08:12 to 09:40")


def test_another_day_has_its_date_once() -> None:
    later = datetime(2026, 12, 2, 10, 0, tzinfo=HANOI)

    assert "từ 08:12 đến 09:40 ngày 01/12/2026" in outage_sentence(OutageCause.POWER, START, END, later).vi
    midnight = datetime(2026, 11, 30, 23, 50, tzinfo=HANOI)
    assert "từ 23:50 ngày 30/11/2026 đến 09:40:" in outage_sentence(OutageCause.POWER, midnight, END, NOW).vi


@pytest.mark.parametrize("end", [None, END])
def test_what_is_not_known_yet_is_not_guessed(end: datetime | None) -> None:
    said = outage_sentence(None, START, end, NOW)

    assert said.vi.startswith("Cả điểm mất liên lạc từ 08:12" if end is None else "Mất liên lạc từ 08:12 đến 09:40")


def test_every_cause_has_words() -> None:
    assert set(OUTAGE_CAUSES) == set(OutageCause)
