"""T16: a simulated year. What the ledger reports of months, quarters and the year is what counting seconds gives."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import astuple
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from agent.availability.accounting import ReportTerms
from agent.ledger.reader import Reader
from agent.reporting.builder import ReportQuery
from agent.reporting.ledger_report import build_report
from tests.agent.reporting.year import DAY, Year
from tests.oracle.seconds import FOREVER, Seconds, Span

soak = pytest.mark.skipif("SANSANG_SOAK" not in os.environ, reason="the long form: make soak")
ZONES = ("Asia/Ho_Chi_Minh", "Europe/Berlin")
Sums = dict[str, tuple[int, ...]]


def midnight(zone: str, year: int, month: int, day: int = 1) -> int:
    return int(datetime(year, month, day, tzinfo=ZoneInfo(zone)).timestamp())


def periods(zone: str, months: int) -> list[Span]:
    """Months, quarters, and all of it."""
    edges = [midnight(zone, 2026 + month // 12, month % 12 + 1) for month in range(months + 1)]
    found = [(edges[n], edges[n + each]) for each in (1, 3) for n in range(0, months - each + 1, each)]
    return [*found, (edges[0], edges[-1])]


def open_hours(zone: str, start: int, end: int) -> Iterator[Span]:
    """Monday to Saturday 07:30-11:30 and 13:00-24:00, date by date."""
    day = datetime.fromtimestamp(start - DAY, ZoneInfo(zone)).replace(hour=0, minute=0, second=0)
    while (at := int(day.timestamp())) < end:
        if day.weekday() < 6:
            following = (day + timedelta(days=1)).replace(hour=0)
            yield int(day.replace(hour=7, minute=30).timestamp()), int(day.replace(hour=11, minute=30).timestamp())
            yield int(day.replace(hour=13).timestamp()), int(following.timestamp())
        day += timedelta(days=1)
    assert at >= end


def reported(directory: Path, span: Span, zone: str, calendar: str) -> Sums:
    reader = Reader.open(directory)
    terms = ReportTerms(span[0] * 1000, span[1] * 1000, FOREVER * 1000)
    found = build_report(reader, None, ReportQuery(terms, zone, "local", calendar)).targets
    reader.close()
    assert all(sum(outage.counted_ms for outage in one.outages) == one.tally.down_ms for one in found)
    return {one.subject.target: astuple(one.tally)[:6] for one in found}


def unlike(directory: Path, year: Year, months: int) -> tuple[list[str], int]:
    """Where the reports differ from the count of seconds; how many were compared."""
    spans = periods(year.zone, months)
    calendars = {"always": [(0, FOREVER)], "hours": list(open_hours(year.zone, year.start, year.end))}
    told = {(span, name): reported(directory, span, year.zone, name) for span in spans for name in calendars}
    wrong = []
    for target, track in year.tracks.items():
        lived = Seconds(year.start, year.end, track)
        for name, hours in calendars.items():
            counted = lived.counted(hours, year.planned(target))
            by_month = {span: counted.sums(*span) for span in spans[:months]}
            for span in spans:
                mine = [sums for month, sums in by_month.items() if span[0] <= month[0] and month[1] <= span[1]]
                expected = tuple(1000 * sum(parts) for parts in zip(*mine, strict=True))
                given = told[span, name].get(target, (0,) * 6)
                wrong += [f"{target} {name} {span}: expected {expected}, got {given}"] if expected != given else []
    return [*wrong, *not_additive(told, spans, tuple(calendars))], len(told) * len(year.tracks)


def not_additive(told: dict[tuple[Span, str], Sums], spans: list[Span], calendars: tuple[str, ...]) -> list[str]:
    """Targets whose months do not add up to the whole."""
    whole, parts = spans[-1], [span for span in spans[:-1] if span[1] - span[0] < 40 * DAY]
    return [
        f"{target}: months do not add up"
        for name in calendars
        for target, sums in told[whole, name].items()
        if sums != tuple(map(sum, zip(*(told[part, name].get(target, (0,) * 6) for part in parts), strict=True)))
    ]


def lived(directory: Path, seed: int, months: int, targets: int) -> str:
    began = time.perf_counter()
    zone = ZONES[seed % 2]
    start, end = midnight(zone, 2026, 1), midnight(zone, 2026 + months // 12, months % 12 + 1)
    year = Year(seed, start, (end - start + DAY - 1) // DAY, targets, zone)
    rows = year.write(directory)
    written = time.perf_counter() - began
    wrong, compared = unlike(directory, year, months)

    assert wrong[:10] == []
    probes = sum(len(ran) for track in year.tracks.values() for _, ran in track.free)
    return (
        f"T16 seed {seed}, {zone}: {year.days} days x {targets} targets, {len(year.runs)} agent runs,"
        f" {probes:,} probes, {rows:,} rows: {compared} reports of targets, 0 differences; {written:.0f} s to live,"
        f" {time.perf_counter() - began - written:.0f} s to count"
    )


@pytest.mark.parametrize("seed", range(2))
def test_a_quarter_of_four_targets(tmp_path: Path, seed: int) -> None:
    print(lived(tmp_path, seed, 3, 4))


def test_control_one_probe_forgotten_is_noticed(tmp_path: Path) -> None:
    year = Year(0, midnight(ZONES[0], 2026, 1), 90, 4, ZONES[0])
    year.write(tmp_path)
    track, place = next(
        (track, at)
        for track in year.tracks.values()
        for at, (_, ran) in enumerate(track.free)
        if len(ran) > 2 and ran[1].at > year.start
    )
    span, ran = track.free[place]
    track.free[place] = span, [*ran[:1], *ran[2:]]

    assert unlike(tmp_path, year, 3)[0] != []


@pytest.mark.soak
@pytest.mark.timeout(1800)
@soak
@pytest.mark.parametrize("seed", range(4))
def test_a_year_of_two_hundred_targets(tmp_path: Path, seed: int) -> None:
    began = time.process_time()
    print(lived(tmp_path, seed, 12, 200))

    assert time.process_time() - began < 600
