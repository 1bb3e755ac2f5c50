"""A month of a small district, as a report: every kind of figure once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from agent.availability.figures import (
    InForce,
    Outage,
    Provenance,
    Subject,
    Tally,
    TargetFigures,
)
from agent.availability.intervals import Interval
from agent.availability.maintenance import BookedWindow
from agent.model import Cause, Reason, State, UnknownCause
from agent.probes.http.reasons import HttpReason
from agent.reporting.report import UptimeReport

ZONE = "Asia/Ho_Chi_Minh"
HOUR = 3_600_000
DAY = 24 * HOUR


def at(text: str) -> int:
    """UTC milliseconds of a local time."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(ZONE)).timestamp() * 1000)


START, END = at("2026-10-01 00:00"), at("2026-11-01 00:00")
MONTH = END - START


def subject(target: str, name: str = "", role: str = "service", site: str = "", unit: str = "") -> Subject:
    place = target.partition("/")[0]
    return Subject(target, name or target, role, place, site or place, unit or place, unit or place, "commune")


def outage(start: str, length_ms: int, cause: Cause = Reason.TIMEOUT, counted_ms: int | None = None) -> Outage:
    begun = at(start)
    counted = length_ms if counted_ms is None else counted_ms
    number = 84_201 + (begun - at("2026-10-12 08:02:11")) // 15_000
    return Outage(begun, begun + length_ms, counted, begun + 125_000, cause, number)


def figures(
    one: Subject,
    *outages: Outage,
    scoring_ms: int = MONTH,
    unknown_ms: int = 0,
    maintenance_ms: int = 0,
    degraded_ms: int = 0,
    calendar: str = "always",
    retroactive: tuple[str, ...] = (),
) -> TargetFigures:
    down = sum(each.counted_ms for each in outages)
    up = scoring_ms - maintenance_ms - unknown_ms - down - degraded_ms
    tally = Tally(scoring_ms, maintenance_ms, unknown_ms, down, degraded_ms, up)
    states = (Interval(START, END, State.UP, Reason.OK),) if not unknown_ms else (
        Interval(START, START + unknown_ms, State.UNKNOWN, UnknownCause.AGENT_OFF),
        Interval(START + unknown_ms, END, State.UP, Reason.OK),
    )  # fmt: skip
    policy = 60_000, 5_000, 30_000, 3, 1, 5_000
    held = InForce(START, END, one, calendar, "9e" * 32, None, *policy, (("loss", 0.05), ("rtt", 0.15)))
    found = TargetFigures(one, tally, calendar, outages, len(outages), retroactive, states, 60_000, in_force=(held,))
    return replace(found, shortest_seen_ms=held.policy.shortest_seen_ms)


def report(*targets: TargetFigures, **others: Any) -> UptimeReport:
    source = Provenance(
        "local", 1_204, 88_317, "3f" * 32, "0.1.0", "2026b", "a1" * 32, (("always", "0c" * 32), ("office", "9e" * 32))
    )
    plain = UptimeReport(
        START,
        END,
        END + 8 * HOUR,
        ZONE,
        targets or DISTRICT,
        (),
        source,
        organisation="Ủy ban nhân dân huyện Lập Thạch",
        slos=SLOS,
        levels={"commune": "Xã", "district": "Huyện"},
        windows=WINDOWS,
    )
    return replace(plain, **others)


def _commune(number: int, name: str, *extra: TargetFigures) -> tuple[TargetFigures, ...]:
    site, place = f"xa-{number}", f"UBND xã {name}"
    office = 22 * 8 * HOUR
    hit = (outage(f"2026-10-{number + 3:02d} 09:12", number * 1_830_500),) if number % 3 else ()
    return (
        figures(subject(f"{site}/uplink", f"Đường truyền xã {name}", "uplink", place, f"Xã {name}"), *hit),
        figures(
            subject(f"{site}/room", f"Phòng họp trực tuyến xã {name}", "conference", place, f"Xã {name}"),
            *(outage(f"2026-10-{number + 3:02d} 09:12:15", each.counted_ms - 15_000) for each in hit),
            scoring_ms=office,
            calendar="office",
        ),
        *extra,
    )


DISTRICT = (
    *_commune(1, "Bắc Bình"),
    *_commune(2, "Thái Hòa"),
    *_commune(3, "Liên Hòa"),
    *_commune(
        4,
        "Ngọc Mỹ",
        figures(
            subject("xa-4/lan", "Mạng nội bộ xã Ngọc Mỹ", "lan", "UBND xã Ngọc Mỹ", "Xã Ngọc Mỹ"),
            outage("2026-10-09 22:10:05.250", 1),
        ),
    ),
    *_commune(5, "Xuân Lôi"),
    figures(
        Subject("dc/one-stop", "Một cửa điện tử", "one-stop", "dc", "Trung tâm dữ liệu", "h", "Lập Thạch", "district"),
        outage("2026-10-12 08:02:11", 2_592_000, HttpReason.BAD_STATUS),
        outage("2026-10-20 14:40", 5 * 60_000, Reason.TLS_EXPIRED),
        maintenance_ms=3 * HOUR,
        degraded_ms=5 * HOUR,
        retroactive=("bt-2026-10-19",),
    ),
    figures(
        Subject("dc/portal", "Cổng thông tin", "portal", "dc", "Trung tâm dữ liệu", "h", "Lập Thạch", "district"),
        unknown_ms=4 * DAY,
    ),
    figures(
        Subject("dc/new", "Dịch vụ mới", "service", "dc", "Trung tâm dữ liệu", "h", "Lập Thạch", "district"),
        unknown_ms=MONTH,
    ),
)  # fmt: skip

WINDOWS = tuple(
    BookedWindow(name, "target:dc/one-stop", at(start), at(end), at(recorded), "Nguyễn Văn An", why, "")
    for name, start, end, recorded, why in (
        ("bt-2026-10-03", "2026-10-03 22:00", "2026-10-04 01:00", "2026-09-20 09:00", "Nâng cấp máy chủ"),
        ("bt-2026-10-19", "2026-10-19 20:00", "2026-10-19 21:00", "2026-10-19 20:30", "Thay ổ cứng"),
    )
)

SLOS = {one.target: Fraction("99.5") if one.target.startswith("dc/") else Fraction(99) for one in DISTRICT[:-1]}
