"""What a figure depends on is that of the instant: each change of the configuration, and the figures by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from agent.availability.accounting import ReportTerms
from agent.availability.figures import Report, TargetFigures
from agent.availability.zones import first_instant
from agent.inventory.entities import Organisation, digest
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, AgentStop, Configured, Content, Maintenance, Removed, Row, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, State
from agent.reporting.builder import ReportQuery
from agent.reporting.days import day_sums
from agent.reporting.ledger_report import build_report, report_from_ledger
from agent.reporting.request import ReportRequest
from exporters.reports.json_file import document
from exporters.reports.workbook import build_workbook
from tests.clock import TravellingClock

HOUR = 3_600_000
DAY = 24 * HOUR
MONDAY = 1_780_246_800_000  # 1 June 2026 in Viet Nam, 00:00; UTC equals boottime here
ZONE = "Asia/Ho_Chi_Minh"
WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
UNITS = [
    {"id": "top", "name": "Huyện", "level": "district", "parent": None},
    {"id": "xa-a", "name": "Xã A", "level": "commune", "parent": "top"},
    {"id": "xa-b", "name": "Xã B", "level": "commune", "parent": "top"},
]


def hours(opens: str, closes: str, zone: str = ZONE) -> dict[str, Any]:
    """Every day from opens to closes."""
    season = {"from": "01-01", "to": "12-31", "hours": {day: [[opens, closes]] for day in WEEK}}
    return {"kind": "weekly", "zone": zone, "seasons": [season]}


def inventory(
    *names: str,
    unit: str = "xa-a",
    calendar: str = "always",
    slo: str | None = None,
    shift: dict[str, Any] | None = None,
    zone: str = ZONE,
) -> bytes:
    said: dict[str, Any] = {"unit": unit, "role": "uplink", "calendar": calendar, "paths": [], "slo": slo}
    targets = [{"id": name, "name": name, "site": name[0], **said} for name in names or ("a/x",)]
    calendars = {"shift": shift or hours("08:00", "12:00")}
    organisation = {"timezone": zone, "name": "Huyện"}
    kept = {"organisation": organisation, "units": UNITS, "sites": [], "targets": targets, "calendars": calendars}
    return json.dumps(kept).encode()


def told(body: bytes, at_ms: int) -> Content:
    return Content(digest(body), "inventory", body, at_ms)


def start(at_ms: int, boot: str = "boot") -> AgentRun:
    return AgentRun("local", boot, at_ms, at_ms, synchronised=True, version="0")


def there(at_ms: int, name: str = "a/x", interval_ms: int = 60_000, fail_after: int = 3) -> Configured:
    return Configured(name, at_ms, interval_ms, 5_000, 30_000, fail_after, 1, "")


def state(state: State, at_ms: int, name: str = "a/x") -> StateChange:
    reason = Reason.TIMEOUT if state is State.DOWN else Reason.OK
    return StateChange(name, state, reason, at_ms, at_ms + 10, at_ms + 250)


def down(start_ms: int, end_ms: int, name: str = "a/x") -> list[Row]:
    return [state(State.DOWN, start_ms, name), state(State.UP, end_ms, name)]


def begun(body: bytes, *names: str) -> list[Row]:
    """The agent starts on Sunday, and everything is up."""
    rows: list[Row] = [start(MONDAY - DAY), told(body, MONDAY - DAY)]
    for name in names or ("a/x",):
        rows += [there(MONDAY - DAY, name), state(State.UP, MONDAY - DAY, name)]
    return rows


def window(scope: str, start_ms: int, end_ms: int, recorded_ms: int) -> Maintenance:
    return Maintenance("m1", scope, start_ms, end_ms, recorded_ms, "A", "B")


def written(directory: Path, rows: Iterable[Row]) -> Path:
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append(list(rows))
    ledger.close()
    return directory


def made(directory: Path, start_ms: int = MONDAY, end_ms: int = MONDAY + DAY, **asked: Any) -> Report:
    reader = Reader.open(directory)
    try:
        terms = ReportTerms(start_ms, end_ms, max(end_ms, MONDAY + 9 * DAY))
        return build_report(reader, None, ReportQuery(terms, ZONE, "local", **asked))
    finally:
        reader.close()


def only(directory: Path, **asked: Any) -> TargetFigures:
    (found,) = made(directory, **asked).targets
    return found


def sums(one: TargetFigures) -> tuple[int, int, int]:
    """S, M, D in hours."""
    tally = one.tally
    assert all(part % HOUR == 0 for part in tally.sums)
    return tally.scoring_ms // HOUR, tally.maintenance_ms // HOUR, tally.down_ms // HOUR


def test_a_calendar_retimed_in_the_middle_counts_as_it_was_and_as_it_is(tmp_path: Path) -> None:
    """08-12 until noon of the second day, 14-20 from then on: 4 h + 4 h + 6 h + 6 h; down 10-16 on both days."""
    early, late = inventory(calendar="shift"), inventory(calendar="shift", shift=hours("14:00", "20:00"))
    change = MONDAY + DAY + 12 * HOUR
    rows: list[Row] = [
        *begun(early),
        *down(MONDAY + 10 * HOUR, MONDAY + 16 * HOUR),
        *down(MONDAY + DAY + 10 * HOUR, MONDAY + DAY + 16 * HOUR),
        told(late, change),
        AgentStop(MONDAY + 5 * DAY),
    ]
    written(tmp_path, rows)

    assert sums(only(tmp_path, end_ms=MONDAY + 2 * DAY)) == (4 + 4 + 6, 0, 2 + 2 + 2)
    assert sums(only(tmp_path, start_ms=MONDAY + DAY, end_ms=MONDAY + 2 * DAY)) == (4 + 6, 0, 2 + 2)
    assert sums(only(tmp_path, start_ms=MONDAY + 2 * DAY, end_ms=MONDAY + 3 * DAY)) == (6, 0, 0)
    stretches = only(tmp_path, end_ms=MONDAY + 2 * DAY).in_force
    assert [(one.start_ms - MONDAY, one.end_ms - MONDAY) for one in stretches] == [
        (0, change - MONDAY),
        (change - MONDAY, 2 * DAY),
    ]


def test_two_parts_that_meet_at_the_change_add_up(tmp_path: Path) -> None:
    change = MONDAY + 10 * HOUR
    late = inventory(calendar="shift", shift=hours("09:00", "24:00"))
    rows: list[Row] = [
        *begun(inventory(calendar="shift")),
        *down(MONDAY + 9 * HOUR, MONDAY + 11 * HOUR),
        told(late, change),
    ]
    written(tmp_path, [*rows, AgentStop(MONDAY + 2 * DAY)])

    whole, before, after = only(tmp_path), only(tmp_path, end_ms=change), only(tmp_path, start_ms=change)

    assert sums(whole) == (2 + 14, 0, 2)
    assert tuple(map(sum, zip(before.tally.sums, after.tally.sums, strict=True))) == whole.tally.sums


def moved(tmp_path: Path, at_ms: int, unit: str = "xa-b", before: str = "xa-a") -> Path:
    """Down from 10 to 14; a window of Xã B from 12 to 16, announced in the morning; the site moves."""
    rows: list[Row] = [
        *begun(inventory(unit=before)),
        window("unit:xa-b", MONDAY + 12 * HOUR, MONDAY + 16 * HOUR, MONDAY + 8 * HOUR),
        *down(MONDAY + 10 * HOUR, MONDAY + 14 * HOUR),
        told(inventory(unit=unit), at_ms),
    ]
    return written(tmp_path, [*rows, AgentStop(MONDAY + 2 * DAY)])


@pytest.mark.parametrize(
    ("at", "taken", "left", "late"),
    [
        (12 * HOUR - 1, 4 * HOUR, 2 * HOUR, ()),  # the last instant before it began
        (12 * HOUR, 0, 4 * HOUR, ("m1",)),
        (13 * HOUR, 0, 4 * HOUR, ("m1",)),
        (16 * HOUR, 0, 4 * HOUR, ()),  # it was over
    ],
)
def test_a_site_that_joins_the_scope_after_the_beginning_is_listed_not_excluded(
    tmp_path: Path, at: int, taken: int, left: int, late: tuple[str, ...]
) -> None:
    found = only(moved(tmp_path, MONDAY + at))

    assert (found.tally.maintenance_ms, found.tally.down_ms, found.retroactive) == (taken, left, late)


def test_a_site_that_leaves_the_scope_is_excluded_until_then(tmp_path: Path) -> None:
    found = only(moved(tmp_path, MONDAY + 13 * HOUR, unit="xa-a", before="xa-b"))

    assert sums(found) == (24, 1, 3)


@pytest.mark.parametrize(("scope", "listed"), [("all", ("m1",)), ("target:b/y", ("m1",)), ("site:b", ("m1",))])
def test_a_target_that_is_added_inside_a_window_is_listed_not_excluded(
    tmp_path: Path, scope: str, listed: tuple[str, ...]
) -> None:
    added = MONDAY + 13 * HOUR
    rows: list[Row] = [
        *begun(inventory()),
        window(scope, MONDAY + 12 * HOUR, MONDAY + 16 * HOUR, MONDAY + 8 * HOUR),
        told(inventory("a/x", "b/y"), added),
        there(added, "b/y"),
        state(State.DOWN, added, "b/y"),
        AgentStop(MONDAY + 2 * DAY),
    ]
    found = {one.target: one for one in made(written(tmp_path, rows)).targets}

    assert (sums(found["b/y"]), found["b/y"].retroactive) == ((11, 0, 11), listed)
    assert found["a/x"].tally.maintenance_ms == (4 * HOUR if scope == "all" else 0)


def test_a_target_that_moved_counts_in_each_unit_for_its_time_there(tmp_path: Path) -> None:
    """10 h in Xã A with no outage, 14 h in Xã B with one of 4 h: 100 % and 10/14."""
    found = made(moved(tmp_path, MONDAY + 10 * HOUR, before="xa-a"), by="unit", calendar="always")
    groups = {group.id: group for group in found.groups}

    assert {name: group.pooled.scoring_ms // HOUR for name, group in groups.items()} == {"xa-a": 10, "xa-b": 14}
    assert (groups["xa-a"].pooled.down_ms, groups["xa-b"].pooled.down_ms) == (0, 2 * HOUR)  # 2 h of 4 in the window
    assert [group.targets for group in found.groups] == [1, 1]
    assert found.targets[0].subject.unit == "xa-b"
    pooled = [sum(parts) for parts in zip(*(group.pooled.sums for group in found.groups), strict=True)]
    assert tuple(pooled) == found.targets[0].tally.sums


@pytest.mark.parametrize(("first", "second"), [("99.5", "95"), ("95", "99.5")])
def test_of_two_slos_the_strictest_is_the_one_to_reach_and_both_are_printed(
    tmp_path: Path, first: str, second: str
) -> None:
    """Down 30 minutes of 24 h is 97.91 %: over 95, under 99.5."""
    rows: list[Row] = [
        *begun(inventory(slo=first)),
        *down(MONDAY + 10 * HOUR, MONDAY + 10 * HOUR + HOUR // 2),
        told(inventory(slo=second), MONDAY + 12 * HOUR),
    ]
    directory = written(tmp_path, [*rows, AgentStop(MONDAY + 9 * DAY)])
    organisation = Organisation("Huyện", timezone=ZONE)
    found = report_from_ledger(directory, organisation, ReportRequest("2026-06-01..2026-06-01"), MONDAY + 8 * DAY)

    assert (found.targets[0].slo, found.reached(found.targets[0])) == (Fraction("99.5"), False)
    (target,) = document(found).targets
    assert [one.slo_percent for one in target.in_force] == [first, second]
    assert (target.slo_percent, target.slo_reached) == ("99.5", False)
    summary = "\n".join(build_workbook(found).sheets[0].lines)
    assert "95 %; 99,5 %" in summary
    after = report_from_ledger(directory, organisation, ReportRequest("2026-06-02..2026-06-02"), MONDAY + 8 * DAY)
    assert after.targets[0].slo == Fraction(second)


def test_loosened_thresholds_stand_in_the_report_with_their_spans(tmp_path: Path) -> None:
    change = MONDAY + 6 * HOUR
    rows: list[Row] = [
        *begun(inventory()),
        told(inventory(slo="99"), change),
        there(change, interval_ms=20_000, fail_after=100),
    ]
    found = only(written(tmp_path, [*rows, AgentStop(MONDAY + 2 * DAY)]))

    said = [(one.start_ms - MONDAY, one.interval_ms, one.fail_after) for one in found.in_force]
    assert said == [(0, 60_000, 3), (6 * HOUR, 20_000, 100)]
    assert found.resolution_ms == 60_000  # the longest of the period


def test_a_policy_after_the_period_is_not_of_the_period(tmp_path: Path) -> None:
    rows: list[Row] = [*begun(inventory()), there(MONDAY + 30 * HOUR, interval_ms=300_000)]
    found = only(written(tmp_path, [*rows, AgentStop(MONDAY + 2 * DAY)]))

    assert (found.resolution_ms, [one.interval_ms for one in found.in_force]) == (60_000, [60_000])


def test_a_renamed_target_is_one_that_left_and_one_that_came(tmp_path: Path) -> None:
    change = MONDAY + 6 * HOUR
    rows: list[Row] = [
        *begun(inventory(calendar="always")),
        told(inventory("a/new", calendar="shift"), change),
        Removed("a/x", change),
        there(change, "a/new"),
        state(State.UP, change, "a/new"),
        AgentStop(MONDAY + 2 * DAY),
    ]
    found = {one.target: one for one in made(written(tmp_path, rows)).targets}

    assert {name: (one.calendar, sums(one)[0]) for name, one in found.items()} == {
        "a/x": ("always", 6),
        "a/new": ("shift", 4),
    }


def test_what_was_changed_while_the_agent_was_off_holds_from_the_start_that_recorded_it(tmp_path: Path) -> None:
    """Stopped at 09:00, the hours changed, started at 11:00: until 11 the old 08-12 count, then the new 10-20."""
    back = MONDAY + 11 * HOUR
    rows: list[Row] = [
        *begun(inventory(calendar="shift")),
        AgentStop(MONDAY + 9 * HOUR),
        start(back, "boot-2"),
        told(inventory(calendar="shift", shift=hours("10:00", "20:00")), back + 5_000),
        state(State.UP, back),
        AgentStop(MONDAY + 2 * DAY),
    ]
    found = only(written(tmp_path, rows))

    assert sums(found) == (3 + 9, 0, 0)
    assert (found.tally.unknown_ms, found.in_force[1].start_ms) == (2 * HOUR, back)


def test_the_time_before_the_first_inventory_is_counted_by_the_first(tmp_path: Path) -> None:
    rows = begun(inventory(calendar="shift"))
    rows[1] = told(inventory(calendar="shift"), MONDAY + 12 * HOUR)
    written(tmp_path, [*rows, AgentStop(MONDAY + 2 * DAY)])

    assert sums(only(tmp_path)) == (4, 0, 0)


def test_a_calendar_that_comes_back_to_what_it_was_counts_so_again(tmp_path: Path) -> None:
    one, two = inventory(calendar="shift"), inventory(calendar="shift", shift=hours("00:00", "24:00"))
    rows: list[Row] = [
        *begun(one),
        told(two, MONDAY + 14 * HOUR),
        told(one, MONDAY + 15 * HOUR),
        AgentStop(MONDAY + 2 * DAY),
    ]
    found = made(written(tmp_path, rows))

    assert sums(found.targets[0]) == (4 + 1, 0, 0)
    spans = [(start - MONDAY, end - MONDAY) for _, start, end in found.provenance.versions]
    assert spans == [(0, 14 * HOUR), (14 * HOUR, 15 * HOUR), (15 * HOUR, DAY)]


def test_a_change_on_the_day_that_the_clocks_change(tmp_path: Path) -> None:
    """29 March 2026 in Berlin has 23 hours; 00-24 until 12:00 local (11 h), then 12-18."""
    zone = "Europe/Berlin"
    begin = first_instant(zone, date(2026, 3, 29))
    noon = begin + 11 * HOUR
    one = inventory(calendar="shift", shift=hours("00:00", "24:00", zone), zone=zone)
    two = inventory(calendar="shift", shift=hours("12:00", "18:00", zone), zone=zone)
    rows: list[Row] = [start(begin - DAY), told(one, begin - DAY), there(begin - DAY), state(State.UP, begin - DAY)]
    rows += [*down(begin + 10 * HOUR, noon + HOUR), told(two, noon), AgentStop(begin + 3 * DAY)]
    written(tmp_path, rows)

    assert sums(only(tmp_path, start_ms=begin, end_ms=begin + 23 * HOUR)) == (11 + 6, 0, 2)


def test_an_older_ledger_says_when_by_the_row_after(tmp_path: Path) -> None:
    change = MONDAY + 10 * HOUR
    late = inventory(calendar="shift", shift=hours("10:00", "20:00"))
    rows: list[Row] = [*begun(inventory(calendar="shift")), Content(digest(late), "inventory", late), there(change)]
    written(tmp_path, [*rows, AgentStop(MONDAY + 2 * DAY)])

    assert sums(only(tmp_path)) == (2 + 10, 0, 0)


def test_the_method_lists_each_inventory_with_its_span_and_the_thresholds_what_changed(tmp_path: Path) -> None:
    directory = moved(tmp_path, MONDAY + 10 * HOUR)
    found = report_from_ledger(
        directory, Organisation("Huyện", timezone=ZONE), ReportRequest("2026-06-01..2026-06-01"), MONDAY + DAY
    )
    *_, thresholds, method = build_workbook(found).sheets
    listed = {table.caption: table.rows for table in method.tables}

    assert [row[1] for row in listed["Danh mục có hiệu lực trong kỳ"]] == [
        digest(inventory()),
        digest(inventory(unit="xa-b")),
    ]
    assert [row[3] for row in thresholds.tables[0].rows] == ["Xã A", "Xã B"]


def test_daily_sums_follow_the_same_rule(tmp_path: Path) -> None:
    directory = moved(tmp_path, MONDAY + 13 * HOUR)
    reader = Reader.open(directory)
    span = (MONDAY, MONDAY + DAY)
    ((day,),) = day_sums(reader, None, Organisation("Huyện", timezone=ZONE), [span], MONDAY + 2 * DAY)
    reader.close()

    assert (day.maintenance_ms, day.down_ms) == (0, 4 * HOUR)


def test_nothing_that_is_added_later_changes_a_report_as_of_then(tmp_path: Path) -> None:
    directory = moved(tmp_path, MONDAY + 13 * HOUR)
    before = made(directory)
    later = MONDAY + 20 * DAY
    more: list[Row] = [
        start(later, "boot-9"),
        told(inventory(unit="xa-b", calendar="shift", slo="50"), later),
        there(later, interval_ms=9_000),
        told(inventory("b/y"), later + HOUR),
        Removed("a/x", later + HOUR),
        AgentStop(later + DAY),
    ]
    written(directory, more)

    assert made(directory).targets == before.targets
