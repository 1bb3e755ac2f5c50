"""Which probes an unconfirmed failure asks for: its own next run, and those of what it is reached through."""

from __future__ import annotations

from agent.clock import Clock
from agent.engine.reprobe import ReprobeQueue
from agent.engine.target_state import ProbeState, TargetState


class Confirmations:
    """Schedules fast re-probes; the queue keeps them within its budget."""

    def __init__(self, clock: Clock, reprobes: ReprobeQueue) -> None:
        self._clock = clock
        self._reprobes = reprobes

    def confirm(self, probed: ProbeState) -> None:
        """Probe it again after its confirm_interval."""
        interval_ms = max(probed.policy.confirm_interval_ms, probed.policy.timeout_ms)
        self._reprobes.schedule(probed.id, probed.last_start_ms + interval_ms)

    def confirm_with_dependencies(self, target: TargetState) -> None:
        """Probe an unconfirmed failure again, and at once everything that it is reached through."""
        self.confirm(target)
        since_ms = target.failing_since_ms or 0
        for ancestor in target.ancestors():
            self._refresh(ancestor, since_ms)
        for ping in target.pings:
            self._refresh(ping, since_ms)
        for path in target.paths:
            for anchor in path.anchors:
                self._refresh(anchor, since_ms)

    def probe_now(self, probed: ProbeState) -> None:
        """Probe it as soon as the budget allows."""
        self._reprobes.schedule(probed.id, self._clock.boottime_ms())

    def cancel(self, probed: ProbeState) -> None:
        """Leave it to its next round."""
        self._reprobes.cancel(probed.id)

    def _refresh(self, probed: ProbeState, since_ms: int) -> None:
        """Probe it now, unless it has been probed since then; never more often than its confirm_interval."""
        if probed.last_start_ms >= since_ms or probed.running_since_ms is not None:
            return
        earliest_ms = probed.last_start_ms + probed.policy.confirm_interval_ms
        self._reprobes.schedule(probed.id, max(self._clock.boottime_ms(), earliest_ms))
