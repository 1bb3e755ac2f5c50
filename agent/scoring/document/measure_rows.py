"""Measures and tests as a score sheet writes them: one kind, one set of keys; and what each becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from agent.availability.figures import Pooling
from agent.inventory.schema.types import Calendar, Id
from agent.model import Selection
from agent.probes.options import STRICT
from agent.scoring.document.types import Exact, FactId, Ids, Milliseconds, Roles, Share, TargetIds, Title, Words
from agent.scoring.measures import (
    UNNAMED,
    AgeMeasure,
    AgeTest,
    Area,
    BooleanMeasure,
    Counted,
    CountMeasure,
    ExternalMeasure,
    FactMeasure,
    FactTest,
    Feature,
    FeatureTest,
    FirstByteTest,
    ManualMeasure,
    Measure,
    QuantileMeasure,
    Quantity,
    ShareMeasure,
    Test,
    UptimeMeasure,
    UptimeTest,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AreaKeys:
    """Whose targets a measure looks at; every key narrows it. A list of one may stand without its brackets."""

    __pydantic_config__ = STRICT
    roles: Roles | None = None
    sites: Ids | None = None
    targets: TargetIds | None = None
    probes: Ids | None = None
    level: Id | None = None

    def area(self, calendar: str | None = None) -> Area:
        """With a calendar for what counts time."""
        selection = Selection(
            sites=self.sites or (),
            roles=tuple(str(role) for role in self.roles or ()),
            targets=self.targets or (),
            probes=self.probes or (),
        )
        return Area(selection, self.level or "", calendar or "")


@dataclass(frozen=True, slots=True, kw_only=True)
class UptimeTestRow:
    __pydantic_config__ = STRICT
    at_least: Share

    def test(self) -> Test:
        return UptimeTest(self.at_least)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureTestRow:
    __pydantic_config__ = STRICT
    feature: Feature

    def test(self) -> Test:
        return FeatureTest(self.feature)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstByteTestRow:
    __pydantic_config__ = STRICT
    quantile: Share
    at_most: Milliseconds

    def test(self) -> Test:
        return FirstByteTest(self.quantile, self.at_most)


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeTestRow:
    __pydantic_config__ = STRICT
    at_most_years: Exact

    def test(self) -> Test:
        return AgeTest(self.at_most_years)


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTestRow:
    __pydantic_config__ = STRICT
    fact: FactId
    at_least: Exact | None = None

    def test(self) -> Test:
        return FactTest(self.fact, self.at_least)


TestRow = UptimeTestRow | FeatureTestRow | FirstByteTestRow | AgeTestRow | FactTestRow

TEST_ROWS: Mapping[str, type[TestRow]] = {
    "uptime": UptimeTestRow,
    "feature": FeatureTestRow,
    "first_byte": FirstByteTestRow,
    "age": AgeTestRow,
    "fact": FactTestRow,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class UptimeRow(AreaKeys):
    __pydantic_config__ = STRICT
    calendar: Calendar | None = None
    pooling: Pooling = Pooling.POOLED

    def measure(self) -> Measure:
        return UptimeMeasure(self.area(self.calendar), self.pooling)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow(AreaKeys):
    """calendar: where time is counted, by an uptime test or in outages."""

    __pydantic_config__ = STRICT
    calendar: Calendar | None = None
    of: Literal["targets", "sites", "units"]
    test: Any = None

    def tested(self, test: Test) -> Measure:
        return ShareMeasure(Counted(self.of), test, self.area(self.calendar))


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow(AreaKeys):
    """calendar: where time is counted, by an uptime test or in outages."""

    __pydantic_config__ = STRICT
    calendar: Calendar | None = None
    of: Counted
    test: Any = None

    def tested(self, test: Test | None) -> Measure:
        return CountMeasure(self.of, test, self.area(self.calendar))


@dataclass(frozen=True, slots=True, kw_only=True)
class BooleanRow(AreaKeys):
    __pydantic_config__ = STRICT
    feature: Feature

    def measure(self) -> Measure:
        return BooleanMeasure(self.feature, self.area())


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantileRow(AreaKeys):
    __pydantic_config__ = STRICT
    quantile: Share

    def measure(self) -> Measure:
        return QuantileMeasure(self.quantile, self.area())


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeRow(AreaKeys):
    __pydantic_config__ = STRICT

    def measure(self) -> Measure:
        return AgeMeasure(self.area())


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredRow:
    __pydantic_config__ = STRICT
    fact: FactId
    quantity: Literal["share", "count", "date"] = "share"

    def measure(self) -> Measure:
        return FactMeasure(self.fact, Quantity(self.quantity))


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualRow:
    """quantity: None where the formula says it."""

    __pydantic_config__ = STRICT
    quantity: Literal["share", "count", "choice", "points"] | None = None
    a: Title = UNNAMED
    b: Title = UNNAMED

    def given(self, quantity: Quantity) -> Measure:
        return ManualMeasure(quantity, self.a, self.b)


@dataclass(frozen=True, slots=True, kw_only=True)
class ExternalRow:
    """quantity: None where the formula says it."""

    __pydantic_config__ = STRICT
    quantity: Literal["share", "count", "choice", "points"] | None = None
    source: Words = ""

    def given(self, quantity: Quantity) -> Measure:
        return ExternalMeasure(quantity, self.source)


MeasureRow = UptimeRow | ShareRow | CountRow | BooleanRow | QuantileRow | AgeRow | DeclaredRow | ManualRow | ExternalRow

MEASURE_ROWS: Mapping[str, type[MeasureRow]] = {
    "uptime": UptimeRow,
    "share": ShareRow,
    "count": CountRow,
    "boolean": BooleanRow,
    "quantile": QuantileRow,
    "age": AgeRow,
    "fact": DeclaredRow,
    "manual": ManualRow,
    "external": ExternalRow,
}
