"""A year of a whole country's communes in a real ledger, and a sheet of 98 criteria to score them by.

3,321 communes with 20 checks each: on average an outage a month, some short failures, three restarts of the agent,
maintenance of units and of everything, an inventory that changes every month, and communes that merge in the middle.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from pathlib import Path
from random import Random

from agent.availability.periods import period_of
from agent.availability.zones import first_instant
from agent.inventory.entities import digest
from agent.ledger.rows import (
    AgentRun,
    AgentStop,
    ClockAnchor,
    Configured,
    Content,
    EvidenceEnd,
    Maintenance,
    Row,
    SoftFailure,
    StateChange,
)
from agent.ledger.store import Ledger
from agent.model import Reason, Selection, State
from agent.scoring.formulas import CappedFormula, Formula, LinearFormula, PointsFormula, RatioFormula, ThresholdFormula
from agent.scoring.measures import (
    AgeMeasure,
    Area,
    BooleanMeasure,
    Counted,
    CountMeasure,
    FactMeasure,
    Feature,
    FeatureTest,
    FirstByteTest,
    ManualMeasure,
    Measure,
    QuantileMeasure,
    Quantity,
    ShareMeasure,
    UptimeMeasure,
    UptimeTest,
)
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet
from agent.text import Text
from tests.clock import TravellingClock

ZONE = "Asia/Ho_Chi_Minh"
START, END = (first_instant(ZONE, day) for day in period_of("2025"))
HOUR = 3_600_000
DAY = 24 * HOUR
MERGED_ON = "2025-07-01"
_MONTHS = [first_instant(ZONE, date(2025, month, 1)) for month in range(1, 13)]
_RESTARTS = [first_instant(ZONE, date(2025, month, 15)) + 22 * HOUR for month in (4, 7, 10)]
_COMMIT = 20_000
_PER_PROVINCE = 100

CHECKS = (
    ("uplink", "uplink", "ping", "always"), ("uplink-2", "uplink", "ping", "always"), ("lan", "lan", "ping", "office"),
    ("lan-2", "lan", "ping", "office"), ("room", "conference", "room", "office"), ("desk", "one-stop", "web", "office"),
    ("portal", "portal", "web", "always"), ("mail", "service", "port", "always"),
    ("names", "service", "names", "always"), ("switch", "device", "snmp", "always"),
)  # fmt: skip
"""Of each of the two sites of a commune: check, role, module and calendar."""

SITES = ("ubnd", "mcd")


class Year:
    """So many communes, of which a tenth merges with its neighbour in July."""

    def __init__(self, communes: int) -> None:
        self.communes = [f"xa-{number:04}" for number in range(communes)]
        self.provinces = [f"tinh-{number:02}" for number in range(-(-communes // _PER_PROVINCE))]
        self.targets = [f"{xa}-{site}/{check}" for xa in self.communes for site in SITES for check, *_ in CHECKS]

    def inventory(self, month: int) -> bytes:
        """As it was from that month on: some names and promises change every time; from July on communes are gone."""
        merged = self.merged if month >= 7 else {}
        units: list[dict[str, object]] = [
            {"id": one, "name": f"Tỉnh {one}", "level": "province", "parent": None} for one in self.provinces
        ]
        units += [
            {"id": one, "name": f"Xã {one[3:]}", "code": one[3:], "level": "commune", "parent": self.province(one),
             "facts": [{"id": "fibre", "value": True, "unit": "none", "document": "12/QĐ-UBND", "date": "2025-01-05",
                        "from": "2025-01-01", "to": None}]}
            for one in self.communes if one not in merged
        ]  # fmt: skip
        sites = [
            {"id": f"{xa}-{site}", "name": f"{site} {xa}", "unit": merged.get(xa, xa)}
            for xa in self.communes
            for site in SITES
        ]
        targets = [target for xa in self.communes for target in self._targets(xa, merged.get(xa, xa), month)]
        modules = {
            "ping": {"probe": "icmp"}, "room": {"probe": "sip"}, "web": {"probe": "http"}, "port": {"probe": "tcp"},
            "names": {"probe": "dns"}, "snmp": {"probe": "snmp"},
        }  # fmt: skip
        document: dict[str, object] = {
            "organisation": {"name": "Cả nước", "timezone": ZONE},
            "levels": [{"id": "province", "names": {"vi": "Tỉnh"}}, {"id": "commune", "names": {"vi": "Xã"}}],
            "units": units, "sites": sites, "modules": modules, "targets": targets, "calendars": {},
        }  # fmt: skip
        if merged:
            document["unit_changes"] = [
                {"kind": "merge", "date": MERGED_ON, "unit": gone, "into": into, "document": "1/NQ"}
                for gone, into in merged.items()
            ]
        return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def merged(self) -> dict[str, str]:
        """What goes into what."""
        return {gone: into for into, gone in zip(self.communes[8::10], self.communes[9::10], strict=False)}

    def province(self, commune: str) -> str:
        """That it belongs to."""
        return f"tinh-{int(commune[3:]) // _PER_PROVINCE:02}"

    def _targets(self, xa: str, unit: str, month: int) -> Iterator[dict[str, object]]:
        renamed = f" ({month})" if int(xa[3:]) % 12 == month - 1 else ""
        for site in SITES:
            for check, role, module, calendar in CHECKS:
                yield {
                    "id": f"{xa}-{site}/{check}", "name": f"{check} {site} {xa}{renamed}", "site": f"{xa}-{site}",
                    "unit": unit, "role": role, "module": module, "calendar": calendar, "slo": "99.5", "paths": [],
                    "address": "10.0.0.1", "policy": {"interval_ms": 60_000, "confirm_interval_ms": 5_000},
                }  # fmt: skip

    def rows(self) -> Iterator[Row]:
        """One agent with four runs; UTC is boottime."""
        bodies = [self.inventory(month) for month in range(1, 13)]
        starts = [START, *(at + 600_000 for at in _RESTARTS)]
        for begin, end in zip(starts, [*_RESTARTS, END], strict=True):
            yield AgentRun("local", "boot", begin, begin, synchronised=True, version="0")
            if begin == START:
                yield Content(digest(bodies[0]), "inventory", bodies[0], START)
                first = digest(bodies[0])
                yield from (Configured(one, START, 60_000, 5_000, 30_000, 3, 1, first) for one in self.targets)
            yield from self._run(begin, end, bodies)
            yield from (EvidenceEnd(one, end - 30_000, 20) for one in self.targets)
            yield AgentStop(end)

    def _run(self, begin: int, end: int, bodies: Sequence[bytes]) -> Iterator[Row]:
        dated: list[tuple[int, Row]] = []
        for number, name in enumerate(self.targets):
            dated.append((begin + 250, StateChange(name, State.UP, Reason.OK, begin + 10, begin + 20, begin + 250)))
            dated += self._history(name, Random(f"{number}/{begin}"), begin, end)
        dated += [(at, ClockAnchor(at, at, synchronised=True)) for at in range(begin + 600_000, end, 600_000)]
        for month, at in enumerate(_MONTHS):
            if begin < at < end:
                dated.append((at + 9 * HOUR, Content(digest(bodies[month]), "inventory", bodies[month], at + 9 * HOUR)))
            if begin <= at < end:
                dated += self._maintenance(month, at + DAY)
        yield from (row for _, row in sorted(dated, key=lambda pair: pair[0]))

    def _history(self, name: str, random: Random, begin: int, end: int) -> Iterator[tuple[int, Row]]:
        """An outage a month on average, from a minute to nine hours; half as many short failures."""
        slots = range(begin + HOUR, end - 10 * HOUR, 10 * HOUR)
        many = (end - begin) * 12 / (END - START)
        outages = min(len(slots), round(random.uniform(0.3, 1.7) * many))
        for at in random.sample(slots, outages):
            over = at + random.choice((random.randrange(60_000, 600_000), random.randrange(600_000, 9 * HOUR)))
            yield at + 15_250, StateChange(name, State.DOWN, Reason.TIMEOUT, at, at + 15_000, at + 15_250)
            yield over + 250, StateChange(name, State.UP, Reason.OK, over, over + 20, over + 250)
        for at in random.sample(slots, outages // 2):
            yield at - 1000, SoftFailure(name, at - 60_000, 1, Reason.TIMEOUT)

    def _maintenance(self, month: int, known: int) -> Iterator[tuple[int, Row]]:
        """A night for everything, and one for each of some communes."""
        night = known + 5 * DAY + 22 * HOUR
        scopes = ["all", *(f"unit:{one}" for one in self.communes[month::24])]
        for number, scope in enumerate(scopes):
            start = night + (number % 7) * DAY
            yield known, Maintenance(f"bt-{month}-{number}", scope, start, start + 3 * HOUR, known, "A", "Nâng cấp", synchronised=True, boot_id="boot", boottime_ms=known)  # fmt: skip  # noqa: E501


def write(directory: Path, communes: int) -> int:
    """The whole ledger; how many rows."""
    ledger = Ledger.open(directory, TravellingClock())
    source, written = Year(communes).rows(), 0
    while part := list(islice(source, _COMMIT)):
        ledger.append(part)
        written += len(part)
    ledger.close()
    return written


def score_sheet() -> ScoreSheet:
    """98 criteria in 9 groups: 50 that are measured in every way there is, 48 that a person gives."""
    measured = list(_measured())
    given: list[tuple[Measure, Formula]] = [
        (ManualMeasure(Quantity.SHARE), RatioFormula()) if number % 2 else (ManualMeasure(), PointsFormula())
        for number in range(98 - len(measured))
    ]
    groups = [f"{number}" for number in range(1, 10)]
    criteria = tuple(
        _criterion(groups[place % 9], place, measure, formula)
        for place, (measure, formula) in enumerate([*measured, *given])
    )
    whole = {code: Decimal(10 * sum(one.group == code for one in criteria)) for code in groups}
    title = Text("Bộ chỉ số thử tải", "A sheet for measuring")
    return ScoreSheet(
        "thu-tai", title, "QĐ 1/QĐ-UBND", sum(whole.values(), Decimal(0)), 3, ("commune",),
        tuple(CriterionGroup(code, Text(f"Nhóm {code}", f"Group {code}"), whole[code]) for code in groups),
        tuple(sorted(criteria, key=lambda one: one.group)), date(2025, 1, 1), illustrative=True,
    )  # fmt: skip


def _criterion(group: str, place: int, measure: Measure, formula: Formula) -> Criterion:
    title = Text(f"Tiêu chí {place}", f"Criterion {place}")
    return Criterion(f"{group}.{place // 9 + 1}", title, group, Decimal(10), formula, measure)


def _measured() -> Iterator[tuple[Measure, Formula]]:
    roles = ("uplink", "lan", "conference", "one-stop", "portal", "service")
    web = Area(Selection(roles=("portal", "one-stop")))
    yield UptimeMeasure(), RatioFormula()
    for role in roles:
        area = Area(Selection(roles=(role,)))
        yield UptimeMeasure(area), LinearFormula(Fraction(9, 10), Fraction(1))
        office = Area(area.selection, calendar="office")
        yield UptimeMeasure(office), ThresholdFormula(Fraction(99, 100), proportional=True)
        yield ShareMeasure(Counted.TARGETS, UptimeTest(Fraction(99, 100)), area), RatioFormula()
        yield ShareMeasure(Counted.SITES, UptimeTest(Fraction(99, 100)), area), RatioFormula()
        yield CountMeasure(Counted.OUTAGES, area=area), ThresholdFormula(Fraction(24), at_most=True, proportional=True)
    for feature in Feature:
        yield BooleanMeasure(feature, Area(Selection(roles=("portal", "one-stop", "service")))), RatioFormula()
        yield ShareMeasure(Counted.TARGETS, FeatureTest(feature)), RatioFormula()
    yield QuantileMeasure(Fraction(95, 100), web), ThresholdFormula(Fraction(2), at_most=True)
    yield QuantileMeasure(Fraction(1, 2), web), ThresholdFormula(Fraction(1), at_most=True)
    yield ShareMeasure(Counted.TARGETS, FirstByteTest(Fraction(95, 100), 2000), web), RatioFormula()
    yield AgeMeasure(Area(Selection(roles=("device",)))), LinearFormula(Fraction(8), Fraction(2))
    yield CountMeasure(Counted.SITES), CappedFormula(Fraction(2))
    yield CountMeasure(Counted.TARGETS, UptimeTest(Fraction(999, 1000))), CappedFormula(Fraction(20))
    yield FactMeasure("fibre"), RatioFormula()
    yield FactMeasure("cellular_5g"), RatioFormula()
