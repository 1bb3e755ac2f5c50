"""Which restarts of a device a power cut explains, as far as the ledger tells.

One does where, within some minutes of the restart, the whole site was down, a UPS of the site ran on its battery, or
another device of the site began anew too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from agent.availability.spans import FOREVER, Span, intersection
from agent.model import ComponentFault, Role, State, Target
from agent.reporting.device_rows import DeviceRows
from agent.reporting.replacement import FaultSpan

NEAR_MS = 300_000
"""Power fails up to a round before the first failed run, and devices take minutes to start."""
_OF_THE_SITE = (Role.UPLINK, Role.LAN, Role.CONFERENCE, Role.DEVICE)
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
        return any(start - NEAR_MS <= at_ms <= end + NEAR_MS for start, end in self._without) or any(
            abs(at_ms - other) <= NEAR_MS for other in others
        )


def _dark(rows: DeviceRows, targets: Iterable[Target]) -> tuple[Span, ...]:
    """Where every target of the site that stands there was down."""
    dark: tuple[Span, ...] | None = None
    for target in targets:
        if target.role in _OF_THE_SITE and dark != ():
            down = rows.spans(target.id, lambda change: change.state is State.DOWN)
            dark = down if dark is None else intersection(dark, down)
    return dark or ()
