"""The agent's metrics about itself, through prometheus_client's own registry."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from itertools import accumulate

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, InfoMetricFamily
from prometheus_client.openmetrics.exposition import generate_latest as generate_openmetrics
from prometheus_client.registry import Collector
from prometheus_client.utils import floatToGoString

import agent
from agent.engine.agent_stats import AgentStats
from agent.engine.lateness import LATENESS_BOUNDS_SECONDS
from exporters.catalog import AGENT, BUILD_INFO, LATENESS, LEDGER_DAILY_HEAD, Kind, Metric

AgentFamily = CounterMetricFamily | GaugeMetricFamily | HistogramMetricFamily | InfoMetricFamily


class AgentMetrics:
    """Renders what the engine counts about itself, and what the kernel says about this process."""

    def __init__(self, stats: Callable[[], AgentStats]) -> None:
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_StatsCollector(stats))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def render(self, *, openmetrics: bool) -> bytes:
        """The families as text; OpenMetrics ends with its EOF line. May run in any thread."""
        if openmetrics:
            return bytes(generate_openmetrics(self._registry))  # type: ignore[no-untyped-call]
        return generate_latest(self._registry)


class _StatsCollector(Collector):
    def __init__(self, stats: Callable[[], AgentStats]) -> None:
        self._stats = stats

    def collect(self) -> Iterator[AgentFamily]:
        stats = self._stats()
        build = InfoMetricFamily(BUILD_INFO.name, BUILD_INFO.help)
        own = {"installation": stats.installation, "observer": stats.observer}
        build.add_metric((), own | {"python": platform.python_version(), "version": agent.__version__})
        yield build
        yield _daily_head(stats)
        yield _lateness(stats)
        for metric in AGENT:
            yield _family(metric, stats)


def _daily_head(stats: AgentStats) -> InfoMetricFamily:
    family, head = InfoMetricFamily(LEDGER_DAILY_HEAD.name, LEDGER_DAILY_HEAD.help), stats.ledger.daily_head
    if head is not None:
        family.add_metric((), {"hash": head.hash.hex(), "seq": str(head.seq)})
    return family


def _lateness(stats: AgentStats) -> HistogramMetricFamily:
    bounds = (*map(floatToGoString, LATENESS_BOUNDS_SECONDS), "+Inf")
    counts = accumulate(stats.engine.rounds.lateness.counts)
    buckets = [(bound, float(count)) for bound, count in zip(bounds, counts, strict=True)]
    return HistogramMetricFamily(
        LATENESS.name, LATENESS.help, buckets=buckets, sum_value=stats.engine.rounds.lateness.sum_seconds
    )


def _family(metric: Metric, stats: AgentStats) -> CounterMetricFamily | GaugeMetricFamily:
    kind = CounterMetricFamily if metric.kind is Kind.COUNTER else GaugeMetricFamily
    family = kind(metric.name, metric.help, labels=metric.labels)
    for key, count in metric.agents(stats) if metric.agents is not None else ():
        family.add_metric((key,), count)
    if metric.agent is not None and (value := metric.agent(stats)) is not None:
        family.add_metric((), float(value))
    return family
