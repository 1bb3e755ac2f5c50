"""What is kept of devices from run to run: what they are asked, what seldom changes, and what rates are told from."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from agent.model import DeviceIdentity
from agent.probes.snmp.device_values import DeviceValues
from agent.probes.snmp.facts import SnmpGap
from agent.probes.snmp.object_set import Meaning
from agent.probes.snmp.plan import ReadingPlan
from agent.probes.snmp.ports import Port, Rates
from agent.probes.snmp.reading import Column

HOUR_SECONDS = 3600.0
MOST_DEVICES = 20_000
_MOST_EVENTS = 3600


@dataclass(frozen=True, slots=True)
class ReadColumns:
    """Columns of one kind, often or rarely read, as one run read them at an instant of ``clock.monotonic()``.

    mixed: several runs read them, so no rates are told from them.
    """

    columns: Mapping[bytes, Column]
    at: float
    mixed: bool = False


class HourlyEvents:
    """How often something happened within the last hour. None before there is anything to compare with."""

    __slots__ = ("_events", "_known")

    def __init__(self) -> None:
        self._events: deque[tuple[float, int]] | None = None  # most ports never have one
        self._known = False

    def add(self, at: float, count: int) -> None:
        """So many more at an instant; 0 says that it is watched."""
        self._known = True
        if count > 0:
            if self._events is None:
                self._events = deque(maxlen=_MOST_EVENTS)
            self._events.append((at, count))

    def within_hour(self, at: float) -> float | None:
        events = self._events
        if not events:
            return 0.0 if self._known else None
        while events and events[0][0] < at - HOUR_SECONDS:
            events.popleft()
        return float(sum(count for _, count in events))


class DeviceHistory:
    """What is kept of one device from run to run; bounded by what one reading may hold, and by 64 ports.

    plan: what it is asked, None before it was asked what it has. ports: as its names were last read. partial: the
    rare columns that were read while the device had no time for the rest, fruitless: runs that brought no more of them.
    """

    __slots__ = (
        "asked",
        "by_host_clock",
        "discovered_at",
        "duplex",
        "flaps",
        "fruitless",
        "gaps",
        "identity",
        "often",
        "oper",
        "partial",
        "plan",
        "port_changed",
        "ports",
        "present",
        "rare",
        "rare_due",
        "rare_rates",
        "rare_values",
        "stp",
        "stp_count",
        "ticks",
        "unasked",
        "uptime_ms",
    )  # fmt: skip

    def __init__(self) -> None:
        self.plan: ReadingPlan | None = None
        self.discovered_at = 0.0
        self.rare_due = 0.0
        self.unasked = False  # some tables were left out for want of time
        self.asked: frozenset[bytes] = frozenset()  # objects, and those of them that it has
        self.present: frozenset[bytes] = frozenset()
        self.partial: Mapping[bytes, Column] = {}
        self.fruitless = 0
        self.ticks: int | None = None
        self.often: ReadColumns | None = None
        self.rare: ReadColumns | None = None
        self.forget_values()

    def forget_values(self) -> None:
        """The device may be another one now: only its plan is left, until that is made anew."""
        self.rare_values = DeviceValues()
        self.rare_rates: dict[Meaning, Rates] = {}
        self.ports: tuple[Port, ...] = ()
        self.duplex: Mapping[bytes, float] = {}
        self.gaps: tuple[SnmpGap, ...] = ()
        self.identity: DeviceIdentity | None = None
        self.uptime_ms: int | None = None
        self.by_host_clock = False  # its uptime is that of the machine, not of the SNMP agent on it
        self.oper: dict[str, bool] = {}
        self.port_changed: dict[bytes, int] = {}
        self.flaps: dict[str, HourlyEvents] = {}
        self.stp = HourlyEvents()
        self.stp_count: int | None = None


class DeviceHistories:
    """Of all devices, by what is asked for them; those that nobody asked for in an hour are forgotten."""

    __slots__ = ("_histories",)

    def __init__(self) -> None:
        self._histories: OrderedDict[Hashable, tuple[float, object, DeviceHistory]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._histories)

    def of(self, key: Hashable, settings: object, now: float) -> DeviceHistory:
        """What is known under this key. Other settings than before: nothing. now: of ``clock.monotonic()``."""
        _, before, history = self._histories.pop(key, (now, settings, None))
        if history is None or before is not settings:
            history = DeviceHistory()
            while self._histories:
                oldest = next(iter(self._histories))
                if now - self._histories[oldest][0] < HOUR_SECONDS and len(self._histories) < MOST_DEVICES:
                    break
                del self._histories[oldest]
        self._histories[key] = now, settings, history
        return history
