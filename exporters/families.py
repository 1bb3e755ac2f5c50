"""One metric of the exposition with the samples of everything that it is about: as text, or as columns of numbers.

A number is eight bytes, its line a hundred and fifty; lines of numbers are written when somebody asks for them.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import isnan, nan
from typing import Protocol, TypeAlias

from exporters.metric import Metric
from exporters.samples import PLAIN_BELOW, number

ABSENT = nan
"""The number in a column where there is no sample."""

_AT_ONCE = 2_000  # entries joined on their own, so that other threads get their turn in between: 200 KB

Column: TypeAlias = "array[float]"


def column(count: int) -> Column:
    """One without any sample yet."""
    return array("d", [ABSENT]) * count


class Family(Protocol):
    """A metric and its samples, one entry after another; units: the one that each entry is of, () where of none."""

    @property
    def metric(self) -> Metric: ...

    @property
    def units(self) -> Sequence[str]: ...

    def copied(self) -> Family:
        """As it is now; what changes later is not in it."""
        ...

    def at(self, places: Sequence[int]) -> Family:
        """The entries at these places alone."""
        ...

    def texts(self) -> Iterator[str]:
        """All samples, some entries at a time; "" for entries without any."""
        ...


@dataclass(frozen=True, slots=True)
class MetricLines:
    """Entries are the text of their samples."""

    metric: Metric
    lines: list[str]
    units: Sequence[str] = ()

    def copied(self) -> MetricLines:
        """See Family."""
        return replace(self, lines=self.lines.copy())

    def at(self, places: Sequence[int]) -> MetricLines:
        """See Family."""
        return MetricLines(self.metric, [self.lines[place] for place in places])

    def texts(self) -> Iterator[str]:
        """See Family."""
        return ("".join(self.lines[part]) for part in _parts(len(self.lines)))


@dataclass(frozen=True, slots=True)
class MetricColumn:
    """Entries have one number each; labels: their text."""

    metric: Metric
    values: Column
    labels: Sequence[str]
    units: Sequence[str] = ()

    def copied(self) -> MetricColumn:
        """See Family."""
        return replace(self, values=self.values[:])

    def at(self, places: Sequence[int]) -> MetricColumn:
        """See Family."""
        return MetricColumn(self.metric, _picked(self.values, places), [self.labels[place] for place in places])

    def texts(self) -> Iterator[str]:
        """See Family."""
        name = self.metric.sample
        for part in _parts(len(self.values)):
            pairs = zip(self.labels[part], self.values[part], strict=True)
            yield "".join([
                f"{name}{labels} {value!r}\n" if 0 <= value < PLAIN_BELOW else _line(f"{name}{labels}", value)
                for labels, value in pairs
            ])  # fmt: skip


@dataclass(frozen=True, slots=True)
class KeyedColumns:
    """Entries have one number for each key; labels: their text before the key and after it."""

    metric: Metric
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    labels: Sequence[tuple[str, str]]
    units: Sequence[str] = ()

    def copied(self) -> KeyedColumns:
        """See Family."""
        return replace(self, columns=tuple(values[:] for values in self.columns))

    def at(self, places: Sequence[int]) -> KeyedColumns:
        """See Family."""
        columns = tuple(_picked(values, places) for values in self.columns)
        return KeyedColumns(self.metric, self.keys, columns, [self.labels[place] for place in places])

    def texts(self) -> Iterator[str]:
        """See Family."""
        name = self.metric.sample
        for part in _parts(len(self.labels)):
            entries = zip(self.labels[part], *(values[part] for values in self.columns), strict=True)
            yield "".join([
                f"{name}{before}{key}{after} {value!r}\n"
                if 0 <= value < PLAIN_BELOW
                else _line(f"{name}{before}{key}{after}", value)
                for (before, after), *values in entries
                for key, value in zip(self.keys, values, strict=True)
            ])  # fmt: skip


def of_units(families: Sequence[Family], below: Callable[[str], bool]) -> Iterator[Family]:
    """Of each family the entries that are of these units; nothing of one that is of none."""
    known: dict[int, list[int]] = {}  # most families share their units
    for family in families:
        if family.units:
            if id(family.units) not in known:
                known[id(family.units)] = [place for place, unit in enumerate(family.units) if below(unit)]
            yield family.at(known[id(family.units)])


def _line(series: str, value: float) -> str:
    """Of a number that is not small and positive, as most are."""
    return "" if isnan(value) else f"{series} {number(value)}\n"


def _parts(count: int) -> Iterator[slice]:
    return (slice(start, start + _AT_ONCE) for start in range(0, count, _AT_ONCE))


def _picked(values: Column, places: Sequence[int]) -> Column:
    return array("d", [values[place] for place in places])
