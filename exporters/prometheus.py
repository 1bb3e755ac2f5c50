"""/metrics: values put in place when a probe ends, written as lines when somebody asks, in that one's thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from threading import Lock

from agent.engine.agent_stats import AgentStats
from agent.engine.snapshot import PathView, SiteOutageView, TargetView
from agent.inventory.entities import Inventory
from agent.reporting.months import MonthShares
from agent.reporting.scoring.year_to_date import ScoredSheet
from exporters.agent_metrics import AgentMetrics
from exporters.families import Family, MetricLines
from exporters.gzip_body import BodyStart, finish_body, start_body
from exporters.rendered import RenderedMetrics
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
        self._cached: tuple[tuple[int, bool, str], BodyStart] | None = None  # of version, OpenMetrics or not, unit

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

    def render(self, *, openmetrics: bool, unit: str = "") -> bytes:
        """The whole answer as one gzip member. unit: that of its targets and sites, and of those below it, alone.

        What targets say is kept until something changes; what the agent says is always new, and not part of a unit.
        """
        part = self._first_part(openmetrics, unit)
        if unit:
            return finish_body(part, b"# EOF\n" if openmetrics else b"")
        return finish_body(part, self._agent.render(openmetrics=openmetrics))

    def _first_part(self, openmetrics: bool, unit: str) -> BodyStart:
        with self._lock:
            key = self._version, openmetrics, unit
            if self._cached is not None and self._cached[0] == key:
                return self._cached[1]
            tables, scores = self._tables, self._scores
            families = [family.copied() for family in tables.families]
        shown = tables.of_unit(families, unit) if unit else [*families, *scores]
        part = start_body(_chunks(shown, openmetrics=openmetrics))
        with self._lock:
            self._cached = key, part
        return part


def _chunks(families: Iterable[Family], *, openmetrics: bool) -> Iterator[bytes]:
    """Each family that has samples, after its head."""
    for family in families:
        texts = filter(None, family.texts())
        for number, text in enumerate(texts):
            if number == 0:
                yield head(family.metric, openmetrics=openmetrics)
            yield text.encode()
