"""/metrics: lines rendered when a probe ends, joined when somebody asks.

A scrape of 400,000 series built anew would stop the event loop for seconds (docs/metrics.md has the figures).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Lock

from agent.engine.agent_stats import AgentStats
from agent.engine.snapshot import PathView, SiteOutageView, TargetView
from agent.inventory.entities import Inventory
from agent.reporting.months import MonthShares
from agent.reporting.scoring.year_to_date import ScoredSheet
from exporters.agent_metrics import AgentMetrics
from exporters.gzip_body import BodyStart, finish_body, start_body
from exporters.rendered import MetricLines, RenderedMetrics
from exporters.samples import head
from exporters.score_series import Detail, score_series


class Exposition:
    """Everything that /metrics shows.

    render may run in any thread, all else belongs to the event loop.
    All lines of one target in one answer are of the same update.
    """

    def __init__(self, inventory: Inventory, stats: Callable[[], AgentStats]) -> None:
        self._tables = RenderedMetrics(inventory)
        self._agent = AgentMetrics(stats)
        self._months: MonthShares = {}
        self._outages: dict[str, SiteOutageView] = {}
        self._scores: tuple[MetricLines, ...] = ()
        self._lock = Lock()  # held for one target's lines, or for copying the lists: 3 ms at 400,000 series
        self._version = 0
        self._cached: tuple[int, bool, BodyStart] | None = None  # of version, OpenMetrics or not

    def update(self, view: TargetView) -> None:
        """Show this view of its target from now on; a target no longer in the inventory is passed over."""
        with self._lock:
            self._version += 1
            self._tables.update(view)

    def update_path(self, view: PathView) -> None:
        """Show this view of its path from now on."""
        with self._lock:
            self._version += 1
            self._tables.update_path(view)

    def update_site_outage(self, view: SiteOutageView) -> None:
        """Show this view of the site's last outage from now on."""
        with self._lock:
            self._version += 1
            self._outages[view.site] = view
            self._tables.update_site_outage(view)

    def update_months(self, shares: MonthShares) -> None:
        """Show these shares of this month and the last from now on."""
        with self._lock:
            self._version += 1
            self._months = shares
            self._tables.update_months(shares)

    def update_scores(self, sheets: Sequence[ScoredSheet]) -> Detail:
        """Show these scores from now on; returns how much of them there was room for."""
        detail, families = score_series(sheets)
        with self._lock:
            self._version += 1
            self._scores = families
        return detail

    def replace(self, inventory: Inventory, views: Iterable[TargetView], paths: Iterable[PathView]) -> None:
        """Show another inventory from now on, with what is known; whatever is not in it is gone at once."""
        tables = RenderedMetrics(inventory)
        for view in views:
            tables.update(view)
        for path in paths:
            tables.update_path(path)
        self._outages = {site.id: self._outages[site.id] for site in inventory.sites if site.id in self._outages}
        for outage in self._outages.values():
            tables.update_site_outage(outage)
        tables.update_months(self._months)
        with self._lock:
            self._version += 1
            self._tables = tables

    def render(self, openmetrics: bool, gzipped: bool) -> bytes:
        """The whole answer. What targets say is kept until something changes; what the agent says is always new."""
        part = self._first_part(openmetrics=openmetrics, gzipped=gzipped)
        return finish_body(part, self._agent.render(openmetrics=openmetrics))

    def _first_part(self, *, openmetrics: bool, gzipped: bool) -> BodyStart:
        with self._lock:
            version, cached = self._version, self._cached
            if cached is not None and cached[:2] == (version, openmetrics) and cached[2].gzipped == gzipped:
                return cached[2]
            families = [MetricLines(family.metric, family.lines.copy()) for family in self._tables.families]
            families += self._scores
        part = start_body(_chunks(families, openmetrics=openmetrics), gzipped=gzipped)
        with self._lock:
            self._cached = (version, openmetrics, part)
        return part


def _chunks(families: Iterable[MetricLines], *, openmetrics: bool) -> Iterable[bytes]:
    """Each family in one piece, joined on its own, so that other threads get their turn in between."""
    for family in families:
        text = "".join(family.lines)
        if text:
            yield head(family.metric, openmetrics=openmetrics)
            yield text.encode()
