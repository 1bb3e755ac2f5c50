"""Sample lines of the text formats, character for character as prometheus_client prints them."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping

from prometheus_client.utils import floatToGoString

from agent.characters import cleaned
from exporters.catalog import Kind, Metric

PLAIN_BELOW = 1e6
"""From here on Go, and so prometheus_client, writes exponents; from 0 up to here repr says the same."""


def number(value: float) -> str:
    """A value as Go prints it; most are small and positive, where repr says the same for a third of the cost."""
    if 0 <= value < PLAIN_BELOW:
        return repr(float(value))
    return str(floatToGoString(value))  # type: ignore[no-untyped-call]


def label_set(labels: Mapping[str, str]) -> str:
    """``{a="b",c="d"}``, names in order, values escaped."""
    return "{" + ",".join(f'{name}="{label_value(labels[name])}"' for name in sorted(labels)) + "}"


def split_label(labels: Mapping[str, str], name: str) -> tuple[str, str]:
    """The text of a label set before and after the value of one more label, whose value is to be filled in."""
    names = sorted(labels)
    pairs = [f'{key}="{label_value(labels[key])}"' for key in names]
    place = bisect(names, name)
    return "{" + "".join(pair + "," for pair in pairs[:place]) + f'{name}="', '"' + "".join(
        "," + pair for pair in pairs[place:]
    ) + "}"


def head(metric: Metric, *, openmetrics: bool) -> bytes:
    """HELP and TYPE of a family. Classic text knows no info type and names counters with their suffix."""
    name = metric.name if openmetrics else metric.sample
    kind = "gauge" if metric.kind is Kind.INFO and not openmetrics else metric.kind.value
    return f"# HELP {name} {metric.help}\n# TYPE {name} {kind}\n".encode()


def label_value(text: str) -> str:
    """The cleaned text, escaped to stand between the quotes of a label value."""
    return cleaned(text).replace("\\", r"\\").replace('"', r"\"")
