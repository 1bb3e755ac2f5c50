"""Daily sums out of the ledger: equal to the reports (which the oracle checks), additive, and settled when closed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agent.availability.accounting import ReportTerms
from agent.availability.figures import TargetFigures, pooled
from agent.availability.zones import first_instant
from agent.engine.upkeep.daily_rollup import _ANCHORS_MS, settling_ms
from agent.inventory.entities import Organisation
from agent.ledger.days import day_files
from agent.ledger.days.sums import ClosedDay, TargetDay
from agent.ledger.heartbeat import Heartbeat
from agent.ledger.heartbeat import read as read_beat
from agent.ledger.queries import StoredRow
from agent.ledger.reader import Reader
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Configured, Removed, Row, StateChange
from agent.ledger.schema import HEARTBEAT_NAME
from agent.ledger.store import Ledger
from agent.model import Reason, State
from agent.reporting.builder import ReportQuery
from agent.reporting.days import closed_days, day_sums, differences
from agent.reporting.ledger_report import build_report
from tests.agent.reporting.lived import HOUR, Lived
from tests.agent.reporting.retold import Retold
from tests.clock import TravellingClock

ZONE, DAY = "Asia/Ho_Chi_Minh", 24 * HOUR
HERE = Organisation("Lab")
SEEDS = [*range(25), *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(25, 300))]


def edges(life: Lived) -> list[tuple[int, int]]:
    """A life in pieces of random length, from before it to after it."""
    end = life.clock.wall_ms()
    cuts = sorted({life.random.randrange(life.began_ms, end) for _ in range(8)})
    return list(pairwise([life.began_ms - HOUR, *cuts, end]))


def parts(one: TargetDay) -> tuple[int, ...]:
    return (one.scoring_ms, one.maintenance_ms, one.unknown_ms, one.down_ms, one.degraded_ms, one.up_ms)


def of_report(one: TargetFigures) -> tuple[int, ...]:
    tally = one.tally
    shares = (tally.unknown_ms, tally.down_ms, tally.degraded_ms, tally.up_ms)
    return (tally.scoring_ms, tally.maintenance_ms, *shares, one.longest_outage_ms)


def of_oracle(one: dict[str, Any]) -> tuple[int, ...]:
    names = ("scoring", "maintenance", "unknown", "down", "degraded", "up", "longest_outage")
    return tuple(one[f"{name}_ms"] for name in names)


@pytest.mark.parametrize("seed", SEEDS)
async def test_each_day_is_its_report_and_the_days_are_the_whole(tmp_path: Path, seed: int) -> None:
    life = Lived(tmp_path, seed, steady=True)
    await life.go()
    spans, now_ms = edges(life), life.clock.wall_ms()
    reader, alive = Reader.open(tmp_path), read_beat(tmp_path / HEARTBEAT_NAME)
    days = day_sums(reader, alive, HERE, spans, now_ms)
    reports = [
        build_report(reader, alive, ReportQuery(ReportTerms(*span, now_ms), ZONE, "local", "always")) for span in spans
    ]
    (whole,) = day_sums(reader, alive, HERE, [(spans[0][0], spans[-1][1])], now_ms)
    reader.close()

    for day, span, found in zip(days, spans, reports, strict=True):
        said = {one.target: (*parts(one), one.longest_outage_ms) for one in day}
        assert said == {one.target: of_report(one) for one in found.targets}
        told = Retold(life).answer(span, now_ms, {"kind": "always"})["targets"]
        assert said == {one["target"]: of_oracle(one) for one in told if one["states"]}
    for one in whole:
        mine = [day for days_ in days for day in days_ if day.target == one.target]
        assert pooled([day.tally() for day in mine]) == one.tally()
    if not any(one.maintenance_ms for one in whole):
        assert sum(one.outages for day in days for one in day) == sum(one.outages for one in whole)


def committed_ms(row: Row) -> int | None:
    """Boottime at which the row was there at the latest: rows lie in the order in which they came."""
    if isinstance(row, StateChange):
        return row.committed_at_ms
    return row.at_ms if isinstance(row, ClockAnchor) else None


def cut(directory: Path, rows: Sequence[StoredRow[Row]], beat: tuple[str, int]) -> tuple[Reader, Heartbeat]:
    """The ledger as it was when its first rows were all, beside the agent that wrote them."""
    ledger = Ledger.open(directory, TravellingClock())
    head = ledger.append([stored.row for stored in rows])
    ledger.close()
    return Reader.open(directory), Heartbeat(*beat, 0, head.seq, head.hash)


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_is_old_enough_to_be_closed_does_not_change_any_more(tmp_path: Path, seed: int) -> None:
    life = Lived(tmp_path / "whole", seed, steady=True)
    await life.go()
    plan = life._plan()
    margin_ms = settling_ms(plan) - _ANCHORS_MS  # anchors do not move here: no clock steps or drifts
    at = life.random.choice([n for n, one in enumerate(life.rows) if n > 20 and committed_ms(one.row)] or [0])
    if not at:
        return
    last, boot = life.rows[at], [one.row for one in life.rows[: at + 1] if isinstance(one.row, AgentRun)][-1]
    last_ms = committed_ms(last.row)
    assert last_ms is not None
    now_ms = boot.wall_ms + last_ms - boot.start_ms
    span = life.began_ms - HOUR, now_ms - margin_ms
    reader, alive = cut(tmp_path / "then", life.rows[: at + 1], (boot.boot_id, last_ms))
    (then,) = day_sums(reader, alive, HERE, [span], now_ms)
    reader.close()
    reader = Reader.open(tmp_path / "whole")
    (later,) = day_sums(reader, None, HERE, [span], life.clock.wall_ms())
    reader.close()

    assert {one.target: one for one in then} == {
        one.target: one for one in later if one.target in {t.target for t in then}
    }


def at(text: str, zone: str = ZONE) -> int:
    day, _, hour = text.partition(" ")
    return first_instant(zone, date.fromisoformat(day)) + int(hour or 0) * HOUR


def up(target: str, at_ms: int, state: State = State.UP) -> StateChange:
    reason = Reason.OK if state is State.UP else Reason.TIMEOUT
    return StateChange(target, state, reason, at_ms, at_ms + 20, at_ms + 250)


def there(target: str, at_ms: int) -> Configured:
    return Configured(target, at_ms, 60_000, 5_000, 30_000, 3, 1, "")


def written(directory: Path, *rows: Row) -> Path:
    ledger = Ledger.open(directory, TravellingClock())
    ledger.append(rows)
    ledger.close()
    return directory


def start(at_ms: int, boot: str = "boot", *, known: bool = True, off_ms: int = 0) -> AgentRun:
    return AgentRun("local", boot, at_ms, at_ms + off_ms, known, "0")


def counted(directory: Path, *days: str, zone: str = ZONE) -> list[ClosedDay]:
    place = Organisation("Lab", timezone=zone)
    return closed_days(directory, place, [date.fromisoformat(day) for day in days], at("2027-01-01"))


def test_days_of_23_and_25_hours(tmp_path: Path) -> None:
    zone, begin = "Europe/Berlin", at("2026-01-01")
    written(tmp_path, start(begin), there("a/x", begin), up("a/x", begin), AgentStop(at("2026-12-30")))

    days = counted(tmp_path, "2026-03-28", "2026-03-29", "2026-10-25", zone=zone)

    assert [day.end_ms - day.start_ms for day in days] == [24 * HOUR, 23 * HOUR, 25 * HOUR]
    assert [day.sums[0].up_ms for day in days] == [24 * HOUR, 23 * HOUR, 25 * HOUR]


def test_a_target_counts_from_its_addition_to_its_removal(tmp_path: Path) -> None:
    begin, added, removed = at("2026-03-01"), at("2026-03-02 6"), at("2026-03-03 8")
    rows: list[Row] = [
        start(begin),
        there("a/x", added),
        up("a/x", added),
        Removed("a/x", removed),
        AgentStop(at("2026-03-09")),
    ]
    written(tmp_path, *rows)

    days = counted(tmp_path, "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04")

    assert [[one.scoring_ms for one in day.sums] for day in days] == [[], [18 * HOUR], [8 * HOUR], []]


def test_a_day_without_an_agent_is_unknown_and_an_outage_over_midnight_began_once(tmp_path: Path) -> None:
    begin, down, again = at("2026-03-01"), at("2026-03-01 22"), at("2026-03-04 12")
    first: list[Row] = [start(begin), there("a/x", begin), up("a/x", begin), up("a/x", down, State.DOWN)]
    written(tmp_path, *first, up("a/x", down + 5 * HOUR), AgentStop(at("2026-03-02 12")))
    written(tmp_path, start(again, "boot-2"), up("a/x", again), AgentStop(at("2026-03-09")))

    sums = [day.sums[0] for day in counted(tmp_path, "2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04")]

    assert [one.down_ms for one in sums] == [2 * HOUR, 3 * HOUR, 0, 0]
    assert [(one.outages, one.longest_outage_ms) for one in sums] == [(1, 2 * HOUR), (0, 3 * HOUR), (0, 0), (0, 0)]
    assert [one.unknown_ms for one in sums] == [0, 12 * HOUR, DAY, 12 * HOUR]


def test_a_boot_whose_clock_was_never_known_is_unknown(tmp_path: Path) -> None:
    begin, later = at("2026-03-01"), at("2026-03-03")
    written(tmp_path, start(begin), there("a/x", begin), up("a/x", begin), AgentStop(at("2026-03-01 12")))
    written(
        tmp_path, start(begin, "lost", known=False, off_ms=20 * HOUR), up("a/x", begin + 1), AgentStop(begin + HOUR)
    )
    written(tmp_path, start(later, "boot-2"), up("a/x", later), AgentStop(at("2026-03-09")))

    sums = [day.sums[0] for day in counted(tmp_path, "2026-03-01", "2026-03-02", "2026-03-03")]

    assert [(one.up_ms, one.unknown_ms) for one in sums] == [(12 * HOUR, 12 * HOUR), (0, DAY), (DAY, 0)]


def test_what_the_ledger_tells_otherwise_now_is_named(tmp_path: Path) -> None:
    begin = at("2025-12-30")
    rows: list[Row] = [start(begin), there("a/x", begin), up("a/x", begin)]
    written(tmp_path, *rows, AgentStop(at("2026-01-09")))
    folder, now_ms = tmp_path / day_files.FOLDER, at("2027-01-01")
    old, new = counted(tmp_path, "2025-12-30", "2025-12-31"), counted(tmp_path, "2026-01-01", "2026-01-02")
    day_files.add(folder, old)
    day_files.add(folder, new)
    assert list(differences(tmp_path, HERE, now_ms)) == []

    other = written(tmp_path / "other", *rows, up("a/x", at("2026-01-02 20"), State.DOWN), AgentStop(at("2026-01-09")))
    folder.rename(other / day_files.FOLDER)
    (found,) = differences(other, HERE, now_ms)

    assert (found.day, found.target) == (date(2026, 1, 2), "a/x")
    assert found.written is not None
    assert found.counted is not None
    assert (found.written.down_ms, found.counted.down_ms) == (0, 4 * HOUR)
