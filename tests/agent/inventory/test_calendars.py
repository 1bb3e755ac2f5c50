"""What calendars of an inventory count."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from agent.availability.calendar import Weekly
from agent.inventory.load import load
from tests.agent.inventory.fakes import REGISTRY

MAIN = """
organisation: {name: Xã thử}
levels: [{id: commune, name: {vi: Xã, en: Commune}}]
units: [{id: xa-a, name: Xã A, level: commune}]
modules: {ping: {probe: icmp}}
sites: [{id: a, name: UBND xã A, unit: xa-a}]
targets: [{id: a/x, role: lan, module: ping, address: 192.0.2.2, calendar: office}]
calendars:
  office:
    seasons:
      - {from: "04-15", to: "10-15", hours: {mon-fri: ["07:00-11:30"], sat: ["08:00-24:00"]}}
      - {from: "10-16", to: "04-14", hours: {mon-fri: ["07:30-11:30"]}}
    override: notice.yml
"""
NOTICE = """
holidays: ["2026-08-22", "2026-07-01"]
working_days: [{date: "2026-07-05", like: fri}]
"""
MINUTE = 60_000


def of(tmp_path: Path, name: str) -> Weekly:
    (tmp_path / "sansang.yml").write_text(MAIN, encoding="utf-8")
    (tmp_path / "notice.yml").write_text(NOTICE, encoding="utf-8")
    calendar = load(tmp_path / "sansang.yml", REGISTRY, "en").calendars[name]
    assert isinstance(calendar, Weekly)
    return calendar


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        ("2026-06-01", [("07:00", "11:30")]),  # a Monday in summer
        ("2026-06-06", [("08:00", "24:00")]),  # a Saturday
        ("2026-01-05", [("07:30", "11:30")]),  # a Monday in winter, over the new year
        ("2026-09-02", []),  # National Day
        ("2026-08-31", []),  # the day before its eve, off in exchange for 22 August
        ("2026-08-22", []),  # which the notice takes back
        ("2026-07-01", []),  # a day off by notice
        ("2026-07-05", [("07:00", "11:30")]),  # a Sunday worked like a Friday
    ],
)
def test_hours_of_a_day(tmp_path: Path, day: str, hours: list[tuple[str, str]]) -> None:
    wanted = tuple((_minutes(opens) * MINUTE, _minutes(closes) * MINUTE) for opens, closes in hours)

    assert of(tmp_path, "office").hours(date.fromisoformat(day)) == wanted


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def test_the_desk_keeps_its_own_hours_and_works_for_a_swapped_day(tmp_path: Path) -> None:
    desk = of(tmp_path, "desk")

    usual = ((450 * MINUTE, 690 * MINUTE), (810 * MINUTE, 1020 * MINUTE))
    assert (desk.hours(date(2026, 6, 1)), desk.hours(date(2026, 8, 22))) == (usual, usual)
