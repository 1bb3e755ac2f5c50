"""A quarter of two communes and a town in a real ledger file, and sheets to score them by."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random

from agent.inventory.entities import Organisation, digest
from agent.ledger.rows import AgentRun, AgentStop, ClockAnchor, Configured, Content, Maintenance, Row, StateChange
from agent.ledger.store import Ledger
from agent.model import Reason, State
from agent.scoring.formulas import Formula, RatioFormula
from agent.scoring.measures import Measure
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet
from agent.text import Text
from tests.clock import TravellingClock
from tests.exporters.reports.sample import DAY, HOUR, at

HERE = Organisation("Tỉnh Phú Thọ", timezone="Asia/Ho_Chi_Minh")
START, END = at("2026-01-01 00:00"), at("2026-04-01 00:00")
MONTHS = ("2026-01", "2026-02", "2026-03")
NAME = Text("Tiêu chí", "Criterion")
LEVELS = [{"id": "province", "names": {"vi": "Tỉnh"}}, {"id": "commune", "names": {"vi": "Xã"}}]


@dataclass(frozen=True)
class Place:
    """A unit with its sites: each has an uplink, a LAN, a portal in office hours, and a device beside."""

    id: str
    name: str
    sites: tuple[str, ...]
    parent: str | None = "phu-tho"
    level: str = "commune"
    facts: Sequence[dict[str, object]] = field(default=())


PLACES = (
    Place("phu-tho", "Tỉnh Phú Thọ", (), None, "province"),
    Place("xa-a", "Xã A", ("a1", "a2")),
    Place("xa-b", "Xã B", ("b1",)),
    Place("xa-c", "Xã C", ("c1",)),
)
CHECKS = (
    ("uplink", "uplink", "always"),
    ("lan", "lan", "always"),
    ("portal", "portal", "office"),
    ("snmp", "device", "always"),
)


def document(places: Sequence[Place], changes: Sequence[dict[str, object]] = ()) -> bytes:
    """An inventory as the ledger keeps it."""
    units = [
        {"id": one.id, "name": one.name, "level": one.level, "parent": one.parent, "code": one.id[-1].upper()}
        | ({"facts": list(one.facts)} if one.facts else {})
        for one in places
    ]
    plain: dict[str, object] = {
        "organisation": {"name": HERE.name, "timezone": HERE.timezone},
        "levels": LEVELS,
        "units": units,
        "sites": [{"id": site, "name": f"Điểm {site}", "unit": one.id} for one in places for site in one.sites],
        "modules": {"icmp": {"probe": "icmp"}, "web": {"probe": "http"}, "snmp": {"probe": "snmp"}},
        "targets": [target(one, site, *check) for one in places for site in one.sites for check in CHECKS],
        "calendars": {},
    }
    return json.dumps(plain | ({"unit_changes": list(changes)} if changes else {})).encode()


def target(place: Place, site: str, check: str, role: str, calendar: str) -> dict[str, object]:
    module = {"portal": "web", "device": "snmp"}.get(role, "icmp")
    own = {"id": f"{site}/{check}", "name": f"{check} {site}", "site": site, "unit": place.id, "role": role}
    return own | {"calendar": calendar, "module": module, "slo": "99.5", "paths": []}


def targets_of(places: Sequence[Place]) -> list[str]:
    return [f"{site}/{check}" for one in places for site in one.sites for check, _, _ in CHECKS]


def history(names: Sequence[str], seed: int, start: int = START, end: int = END) -> Iterator[Row]:
    """Some outages of each target, of 1 minute to 20 hours; every fourth is degraded for a while as well."""
    random, changes = Random(seed), []
    for place, name in enumerate(names):
        changes.append(StateChange(name, State.UP, Reason.OK, start, start + 20, start + 250))
        for begin in sorted(random.sample(range(start + HOUR, end - DAY, DAY), random.randrange(1, 8))):
            over = begin + random.randrange(60_000, 20 * HOUR)
            changes.append(StateChange(name, State.DOWN, Reason.TIMEOUT, begin, begin + 15_000, begin + 15_250))
            state = State.DEGRADED if place % 4 == 3 else State.UP
            changes.append(StateChange(name, state, Reason.OK, over, over + 20, over + 250))
    yield from sorted(changes, key=lambda change: change.committed_at_ms)


def rows(seed: int = 1) -> Iterator[Row]:
    """The whole quarter: off for a day in February, with maintenance booked in time and too late."""
    body, names = document(PLACES), targets_of(PLACES)
    off = at("2026-02-10 00:00")
    yield AgentRun("local", "boot", START, START, synchronised=True, version="0")
    yield Content(digest(body), "inventory", body)
    yield from (Configured(name, START, 60_000, 5_000, 30_000, 3, 1, digest(body)) for name in names)
    yield from history(names, seed, START, off)
    yield Maintenance("bt-1", "unit:xa-a", START + 9 * DAY, START + 9 * DAY + 6 * HOUR, START + DAY, "A", "Nâng cấp")
    yield Maintenance("bt-2", "site:b1", START + 9 * DAY, START + 9 * DAY + 6 * HOUR, START + 10 * DAY, "B", "Muộn")
    yield ClockAnchor(off, off, synchronised=True)
    yield AgentStop(off)
    on = off + DAY
    yield AgentRun("local", "boot", on, on, synchronised=True, version="0")
    yield from history(names, seed + 1, on, END)
    yield ClockAnchor(END, END, synchronised=True)
    yield AgentStop(END)


def write(folder: Path, every_row: Iterator[Row]) -> Path:
    """The directory of a ledger with these rows."""
    ledger = Ledger.open(folder, TravellingClock())
    ledger.append(list(every_row))
    ledger.close()
    return folder


def append(folder: Path, more: Sequence[Row]) -> None:
    ledger = Ledger.open(folder, TravellingClock())
    ledger.append(list(more))
    ledger.close()


def sheet(*measures: Measure, formula: Formula | None = None, levels: tuple[str, ...] = ("commune",)) -> ScoreSheet:
    """One criterion of 10 points for each measure."""
    criteria = tuple(
        Criterion(str(number), NAME, "g", Decimal(10), formula or RatioFormula(), measure)
        for number, measure in enumerate(measures, 1)
    )
    whole = Decimal(10 * len(criteria))
    group = CriterionGroup("g", Text("Nhóm", "Group"), whole)
    return ScoreSheet(
        "thu", Text("Thử", "Trial"), "QĐ 1", whole, 3, levels, (group,), criteria, date(2026, 1, 1), digest="d"
    )
