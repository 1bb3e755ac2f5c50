"""Evidence written by hand: targets with what is known of them, and the units that they hang on."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from agent.availability.accounting import ReportTerms
from agent.availability.calendar_document import document_of
from agent.availability.figures import Provenance
from agent.availability.intervals import Interval
from agent.inventory.calendars import calendars_of
from agent.inventory.entities import digest
from agent.model import Reason, State, UnknownCause
from agent.scoring.evidence import (
    Evidence,
    FactEvidence,
    GivenValue,
    MeasuredSpan,
    Placement,
    TargetEvidence,
    UnitBasis,
    UnitPeriod,
)
from agent.scoring.formulas import Formula, RatioFormula
from agent.scoring.measures import Measure
from agent.scoring.sheet import Criterion, CriterionGroup, ScoreSheet, WhenMissing
from agent.scoring.values import Document
from agent.text import Text

ZONE = "Asia/Ho_Chi_Minh"
DAY = 86_400_000
START = 1_704_042_000_000  # 1 January 2024, 00:00 in Viet Nam
DAYS = 91
END = START + DAYS * DAY
ALWAYS = json.dumps(document_of(calendars_of(ZONE)["always"]), sort_keys=True).encode()
OFFICE = json.dumps(document_of(calendars_of(ZONE)["office"]), ensure_ascii=False, sort_keys=True).encode()
HASHES = {"always": digest(ALWAYS), "office": digest(OFFICE)}


def unit(
    id_: str, days: tuple[int, int] = (0, DAYS), parent: str = "", level: str = "commune", now: tuple[str, ...] = ()
) -> UnitPeriod:
    span = (START + days[0] * DAY, START + days[1] * DAY)
    return UnitPeriod(id_, id_.title(), "", level, parent, (span,), now or (id_,))


def states(
    *down: tuple[float, float], since: float = 0, until: float = DAYS, unknown: Sequence[tuple[float, float]] = ()
) -> tuple[Interval, ...]:
    """UP but for the days given."""
    cuts = sorted([*((*span, State.DOWN) for span in down), *((*span, State.UNKNOWN) for span in unknown)])
    pieces: list[Interval] = []
    at = since
    for begin, end, state in [*cuts, (until, until, State.UP)]:
        if at < begin:
            pieces.append(Interval(_ms(at), _ms(begin), State.UP, Reason.OK))
        if begin < end:
            cause = Reason.TIMEOUT if state is State.DOWN else UnknownCause.AGENT_OFF
            pieces.append(Interval(_ms(begin), _ms(end), state, cause))
        at = end
    return tuple(pieces)


def target(
    id_: str,
    places: Sequence[tuple[int, int, str]],
    known: tuple[Interval, ...] | None = None,
    *,
    role: str = "uplink",
    probe: str = "icmp",
    measured: Sequence[MeasuredSpan] = (),
    **rest: Any,
) -> TargetEvidence:
    """places: from which day to which it hangs on which unit; always at the site of its own name."""
    site = id_.partition("/")[0]
    placements = tuple(Placement(_ms(start), _ms(end), unit_, site) for start, end, unit_ in places)
    hours = {name: (((START, END), HASHES[name or "always"]),) for name in ("", "always", "office")}
    return TargetEvidence(
        id_, id_, role, probe, placements, states() if known is None else known, hours, measured=tuple(measured), **rest
    )


def evidence(
    units: Iterable[UnitPeriod],
    targets: Iterable[TargetEvidence],
    basis: UnitBasis = UnitBasis.AS_WAS,
    *,
    facts: Iterable[tuple[str, str, str, str]] = (),
    given: Iterable[GivenValue] = (),
    as_of: float = DAYS + 1,
) -> Evidence:
    every = tuple(targets)
    return Evidence(
        ReportTerms(START, END, _ms(as_of)),
        ZONE,
        "Thanh Hóa",
        "local",
        tuple(units),
        {},
        every,
        {HASHES["always"]: ALWAYS, HASHES["office"]: OFFICE},
        tuple(FactEvidence(owner, fact, value, kind, Document("12/QĐ")) for owner, fact, value, kind in facts),
        tuple(given),
        Provenance(calendars=tuple(HASHES.items())),
        basis=basis,
        sites={one.target.partition("/")[0]: one.placements for one in every},
    )


def sheet(*measures: Measure, formula: Formula | None = None, missing: WhenMissing = WhenMissing.PENDING) -> ScoreSheet:
    """One criterion of 10 points for each."""
    name = Text("Tiêu chí", "Criterion")
    criteria = tuple(
        Criterion(str(number), name, "g", Decimal(10), formula or RatioFormula(), measure, missing)
        for number, measure in enumerate(measures, 1)
    )
    whole = Decimal(10 * len(criteria))
    return ScoreSheet(
        "s", name, "QĐ 1", whole, 3, ("commune",), (CriterionGroup("g", name, whole),), criteria, date(2024, 1, 1)
    )


def _ms(day: float) -> int:
    return START + round(day * DAY)
