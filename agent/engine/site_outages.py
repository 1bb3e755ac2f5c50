"""Sites at which everything is down at once, and what their devices tell of the cause once they are back.

A site is dark while every target at it is known to be DOWN, as alerts know it: kept while unknown and over a restart of
the agent. Only sites with a device that is asked about itself are watched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from agent.availability.outage_cause import HEARD_WITHIN_MS, OutageCause, outage_cause
from agent.clock import Clock
from agent.engine.devices.moment import Moment
from agent.engine.snapshot import SiteOutageView
from agent.engine.target_state import TargetState
from agent.model import AT_THE_SITE, ComponentFault


@dataclass(slots=True)
class _WatchedSite:
    """The targets at one site, those of them that ask devices, and its last darkness."""

    site: str
    members: tuple[TargetState, ...]
    asked: tuple[TargetState, ...]
    start: Moment | None = None
    end: Moment | None = None
    on_battery: bool = False
    cause: OutageCause | None = None

    @property
    def dark(self) -> bool:
        """True while its darkness has not ended."""
        return self.start is not None and self.end is None

    @property
    def undecided(self) -> bool:
        """True while what its devices say of the darkness that ended is awaited."""
        return self.end is not None and self.cause is None


@dataclass(slots=True)
class SiteOutages:
    """publish is called with what is shown of a site's last darkness when that changes.

    down_since: UTC from which each target was DOWN that the ledger knew to be so at the start.
    """

    clock: Clock
    publish: Callable[[SiteOutageView], None]
    down_since: Mapping[str, int] = field(default_factory=dict)
    _sites: dict[str, _WatchedSite] = field(default_factory=dict)
    _undecided: dict[str, _WatchedSite] = field(default_factory=dict)

    def wire(self, asked: Iterable[TargetState], targets: Iterable[TargetState]) -> None:
        """Go over to these targets; the last darkness of a site that stays is kept."""
        by_site: dict[str, list[TargetState]] = {}
        for target in asked:
            by_site.setdefault(target.target.site, []).append(target)
        members: dict[str, list[TargetState]] = {site: [] for site in by_site}
        for target in targets if by_site else ():
            if target.target.site in members and target.target.role in AT_THE_SITE:
                members[target.target.site].append(target)
        before, self._sites = self._sites, {}
        for site, asking in by_site.items():
            watched = before.get(site) or _WatchedSite(site, (), ())
            watched.members, watched.asked = tuple(members[site]), tuple(asking)
            self._sites[site] = watched
            self._look(watched)
        self._undecided = {site: watched for site, watched in self._undecided.items() if site in self._sites}

    def on_commit(self, target: TargetState) -> None:
        """A state of the target was committed."""
        watched = self._sites.get(target.target.site)
        if watched is not None:
            self._look(watched, target)

    def on_reading(self, target: TargetState) -> None:
        """The device behind the target has told of itself."""
        watched = self._undecided.get(target.target.site)
        if watched is not None:
            self._decide(watched)

    def settle(self) -> None:
        """Decide where the time is up; cheap while no site awaits its devices."""
        for watched in tuple(self._undecided.values()):
            self._decide(watched)

    def views(self) -> tuple[SiteOutageView, ...]:
        """The last darkness of each watched site that had one."""
        return tuple(self._view(watched) for watched in self._sites.values() if watched.start is not None)

    def _look(self, watched: _WatchedSite, changed: TargetState | None = None) -> None:
        known = [target.last_known_up for target in watched.members]
        dark = False in known and True not in known
        if dark and not watched.dark:
            watched.start, watched.end, watched.cause = self._start(watched), None, None
            watched.on_battery = any(_on_battery(target) for target in watched.asked)
            self._undecided.pop(watched.site, None)
            self.publish(self._view(watched))
        elif watched.dark and not dark:
            at_ms = self.clock.boottime_ms() if changed is None else changed.committed.since_ms
            watched.end = Moment.of(self.clock, at_ms)
            self._undecided[watched.site] = watched
            self._decide(watched)

    def _start(self, watched: _WatchedSite) -> Moment:
        """When the last of them went down."""
        begun = []
        for target in watched.members:
            if target.last_known_up is False and target.down_since_ms:
                begun.append(Moment.of(self.clock, target.down_since_ms))
            elif target.last_known_up is False and target.id in self.down_since:
                begun.append(Moment(None, self.down_since[target.id]))
        fallback = Moment.of(self.clock, self.clock.boottime_ms())
        return max(begun, key=lambda moment: moment.wall_ms(self.clock), default=fallback)

    def _decide(self, watched: _WatchedSite) -> None:
        assert watched.start is not None and watched.end is not None  # noqa: S101, PT018 - awaited only then
        end_ms = watched.end.at_ms or 0
        heard = [target for target in watched.asked if _read_since(target, end_ms)]
        if len(heard) < len(watched.asked) and self.clock.boottime_ms() < end_ms + HEARD_WITHIN_MS:
            return
        begun = [target.device.begun.wall_ms(self.clock) for target in heard if target.device and target.device.begun]
        instants = watched.start.wall_ms(self.clock), watched.end.wall_ms(self.clock)
        watched.cause = outage_cause(*instants, begun, on_battery=watched.on_battery)
        self._undecided.pop(watched.site, None)
        self.publish(self._view(watched))

    def _view(self, watched: _WatchedSite) -> SiteOutageView:
        assert watched.start is not None  # noqa: S101 - shown only then
        end_ms = None if watched.end is None else watched.end.wall_ms(self.clock)
        return SiteOutageView(watched.site, watched.start.wall_ms(self.clock), end_ms, watched.cause)


def _on_battery(target: TargetState) -> bool:
    device = target.device
    return device is not None and device.has_fault(ComponentFault.ON_BATTERY, ComponentFault.POWER_OUT)


def _read_since(target: TargetState, at_ms: int) -> bool:
    """Whether it has told since then how long it has run, and the ledger has taken it."""
    return target.device is not None and target.device.read_ms >= at_ms
