"""Which restarts of a device a power cut explains, as far as the ledger tells.

One does where, within some minutes of the restart, the whole site was down, a UPS of the site ran on its battery, or
another device of the site began anew too.

That a device began anew, what stands at a site and how near is near are the rules of outages of sites
(agent/availability/device_boots.py, outage_cause.py, agent/reporting/site_outages.py). What is told differs: there the
cause of a darkness, here why one device began anew, which may have happened in no darkness at all. A cause that is
doubtful stays `unknown` there; here doubt lets the device off, for a restart that nothing explains speaks for replacing
it: so any darkness, a battery that is low and a neighbour that began anew explain one too. And here a darkness ends
where the agent stopped watching: a restart while it was off is explained by a UPS or a neighbour, or not at all.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agent.availability.outage_cause import SLACK_MS
from agent.availability.spans import FOREVER, Span, intersection
from agent.model import AT_THE_SITE, ComponentFault, State, Target
from agent.reporting.device_rows import DeviceRows
from agent.reporting.replacement import FaultSpan

_NO_MAINS = (ComponentFault.ON_BATTERY, ComponentFault.BATTERY_LOW, ComponentFault.POWER_OUT)


class SitePower:
    """What the ledger knows of the power of one site. restarts: of each of its devices, by any name."""

    def __init__(
        self,
        rows: DeviceRows,
        targets: Sequence[Target],
        restarts: Mapping[str, Sequence[int]],
        faults: Iterable[FaultSpan],
    ) -> None:
        dark = _dark(rows, targets) if any(restarts.values()) else ()
        without = [
            (span.start_ms, FOREVER if span.end_ms is None else span.end_ms)
            for span in faults
            if span.component.fault in _NO_MAINS
        ]
        self._without = [*dark, *without]
        self._restarts = restarts

    def explained(self, device: str) -> tuple[int, ...]:
        """Those restarts of the device that a power cut explains."""
        others = [at_ms for name, restarts in self._restarts.items() if name != device for at_ms in restarts]
        return tuple(at_ms for at_ms in self._restarts[device] if self._no_power_at(at_ms, others))

    def _no_power_at(self, at_ms: int, others: Sequence[int]) -> bool:
        return any(start - SLACK_MS <= at_ms <= end + SLACK_MS for start, end in self._without) or any(
            abs(at_ms - other) <= SLACK_MS for other in others
        )


def _dark(rows: DeviceRows, targets: Iterable[Target]) -> tuple[Span, ...]:
    """Where every target of the site that stands there was down."""
    dark: tuple[Span, ...] | None = None
    for target in targets:
        if target.role in AT_THE_SITE and dark != ():
            down = rows.spans(target.id, lambda change: change.state is State.DOWN)
            dark = down if dark is None else intersection(dark, down)
    return dark or ()
