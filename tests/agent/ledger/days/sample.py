"""Closed days to write and read again."""

from __future__ import annotations

from datetime import date, timedelta

from agent.availability.zones import first_instant
from agent.ledger.days.sums import ClosedDay, TargetDay

ZONE, WHOLE_MS = "Asia/Ho_Chi_Minh", 86_400_000


def sums(target: str, down_ms: int = 0, outages: int = 0) -> TargetDay:
    return TargetDay(target, WHOLE_MS, 0, 0, down_ms, 0, WHOLE_MS - down_ms, outages, down_ms)


def closed(day: date, targets: int = 2, observer: str = "local") -> ClosedDay:
    span = first_instant(ZONE, day), first_instant(ZONE, day + timedelta(days=1))
    found = tuple(sums(f"xa-{number:04}/uplink", number, int(number > 0)) for number in range(targets))
    return ClosedDay(day, observer, ZONE, *span, 9, "ab" * 32, "1.0", span[1] + 5, found)


def month(year: int, number: int, targets: int = 2) -> list[ClosedDay]:
    first = date(year, number, 1)
    return [closed(first + timedelta(days=ahead), targets) for ahead in range(28)]
