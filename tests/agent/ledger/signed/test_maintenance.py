from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from agent.availability.maintenance import scopes
from agent.errors import LedgerError
from agent.ledger.history.recorded import Stamp
from agent.ledger.rows import Maintenance
from agent.ledger.signed.maintenance import (
    DatedMaintenance,
    WindowRequest,
    booking_row,
    cancellation_row,
    dated_by_wall_clock,
    notice_days,
    windows,
)
from agent.model import Policy, Role, Target

HOUR = 3_600_000


def row(start: int, end: int, recorded: int, identity: str = "m1", **more: Any) -> DatedMaintenance:
    return dated_by_wall_clock(Maintenance(identity, "site:a", start, end, recorded, "An", "thay switch", **more))


def now(wall_ms: int) -> Stamp:
    return Stamp("boot", 7, wall_ms, synchronised=True)


@pytest.mark.parametrize(
    ("recorded", "cancelled", "excluded"),
    [
        (9, None, (10, 20)),
        (10, None, None),  # recorded as it began: too late, strictly
        (15, None, None),  # nothing, not even the part after
        (9, 9, None),  # taken back before it began
        (9, 10, None),
        (9, 15, (10, 15)),  # ended early
        (9, 25, (10, 20)),
    ],
)
def test_what_a_window_excludes(recorded: int, cancelled: int | None, excluded: tuple[int, int] | None) -> None:
    rows = [row(10, 20, recorded)]
    if cancelled is not None:
        rows.append(row(10, 20, cancelled, cancelled=True))

    (window,) = windows(rows)

    assert window.excluded == excluded
    assert window.retroactive == (recorded >= 10)
    begins, ends = excluded or (99, 99)
    assert [at for at in range(30) if window.excludes(at)] == list(range(begins, ends))


def test_what_is_recorded_later_is_not_known_yet() -> None:
    rows = [row(10, 20, 5), row(30, 40, 6, "m2"), row(10, 20, 7, cancelled=True)]

    assert [window.id for window in windows(rows, until_wall_ms=5)] == ["m1"]
    assert [window.cancelled_wall_ms for window in windows(rows, until_wall_ms=6)] == [None, None]
    assert [window.cancelled_wall_ms for window in windows(rows)] == [7, None]


def test_ids_count_windows_and_never_come_back() -> None:
    rows: list[DatedMaintenance] = []
    for _ in range(3):
        rows.append(
            dated_by_wall_clock(booking_row(rows, WindowRequest("all", 10 * HOUR, 11 * HOUR, "An", "x"), now(0)))
        )
        rows.append(dated_by_wall_clock(cancellation_row(rows, rows[-1].row.id, "An", "hoãn", now(1))))

    assert [one.row.id for one in rows] == ["m1", "m1", "m2", "m2", "m3", "m3"]
    assert [one.row.cancelled for one in rows] == [False, True] * 3
    assert {(one.row.boot_id, one.row.boottime_ms, one.row.synchronised) for one in rows} == {("boot", 7, True)}


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (WindowRequest("all", 20, 20, "An", "x"), "ends before it begins"),
        (WindowRequest("all", 20, 10, "An", "x"), "ends before it begins"),
        (WindowRequest("all", 10, 20, " ", "x"), "`who`"),
        (WindowRequest("all", 10, 20, "An", ""), "`why`"),
        (WindowRequest("all", 10, 20, "An", "x" * 501), "`why`"),
        (WindowRequest("all", 10, 1 << 60, "An", "x"), "is the year right"),
    ],
)
def test_a_window_that_cannot_be_meant_is_refused(wanted: WindowRequest, said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        booking_row([], wanted, now(0))


@pytest.mark.parametrize(("identity", "at", "said"), [("m9", 5, "no maintenance window 'm9'"), ("m1", 20, "is over")])
def test_only_what_is_still_to_come_can_be_cancelled(identity: str, at: int, said: str) -> None:
    with pytest.raises(LedgerError, match=said):
        cancellation_row([row(10, 20, 5)], identity, "An", "x", now(at))


def test_nobody_cancels_twice() -> None:
    with pytest.raises(LedgerError, match="already"):
        cancellation_row([row(10, 20, 5), row(10, 20, 6, cancelled=True)], "m1", "An", "x", now(7))


def test_a_unit_covers_what_lies_below_it_and_a_circle_ends() -> None:
    policy = Policy(60_000, 5_000, 5_000, 3, 1, 5_000)
    target = Target("s/room", "Phòng họp", "s", "xa", Role.CONFERENCE, "m", "icmp", "127.0.0.1", None, policy)

    assert scopes(target.id, target.site, target.unit, {"xa": "huyen", "huyen": None}) == {
        "all",
        "target:s/room",
        "site:s",
        "unit:xa",
        "unit:huyen",
    }
    assert scopes(target.id, target.site, target.unit, {"xa": "huyen", "huyen": "xa"}) >= {"unit:xa", "unit:huyen"}


@pytest.mark.parametrize(
    ("announced", "start", "days"),
    [
        (date(2026, 12, 7), date(2026, 12, 7), 0),
        (date(2026, 12, 7), date(2026, 12, 8), 0),
        (date(2026, 12, 4), date(2026, 12, 7), 0),  # Friday to Monday
        (date(2026, 12, 7), date(2026, 12, 16), 6),
        (date(2026, 12, 7), date(2026, 12, 17), 7),
        (date(2026, 12, 17), date(2026, 12, 7), 0),
        (date(2000, 1, 1), date(2026, 12, 7), 260),  # not counted beyond a year
    ],
)
def test_notice_is_counted_in_whole_working_days(announced: date, start: date, days: int) -> None:
    assert notice_days(announced, start) == days


def test_another_calendar_may_say_which_days_are_working_days() -> None:
    assert notice_days(date(2026, 12, 7), date(2026, 12, 17), lambda _: True) == 9
