"""Two uninterruptible supplies: one that speaks UPS-MIB (RFC 1628), one that speaks APC's PowerNet-MIB."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from agent.clock import Clock
from agent.lab.devices.device import SimulatedDevice
from agent.lab.devices.objects import Oid, SimulatedObject, Syntax, gauge, integer, text, ticks

_LOW_CHARGE = 0.2
_LAST_SECONDS = 600.0  # how long a full battery lasts, unless told otherwise
_LOAD_PERCENT = 34
_MAINS_VOLTS = 228


@dataclass(frozen=True, slots=True)
class Discharge:
    """A battery since it is in use: when that began, and how long it lasts."""

    began: float
    lasts: float


class SimulatedUps(SimulatedDevice):
    """What both have in common: a battery that empties while it is in use."""

    def __init__(self, name: str, clock: Clock) -> None:
        super().__init__(name, clock)
        self.discharge: Discharge | None = None
        self.battery_worn = False

    def on_battery(self, lasts: float = _LAST_SECONDS) -> None:
        """Lose the mains; the battery is full now and lasts so many seconds."""
        self.discharge = Discharge(self.clock.monotonic(), lasts)

    def on_mains(self) -> None:
        """The mains are back, and the battery is full again at once."""
        self.discharge = None

    def mend(self) -> None:
        self.on_mains()
        self.battery_worn = False

    def charge(self) -> float:
        if self.discharge is None:
            return 1.0
        return max(0.0, 1 - self._seconds_on_battery() / self.discharge.lasts)

    def seconds_left(self) -> float:
        return self.charge() * (_LAST_SECONDS if self.discharge is None else self.discharge.lasts)

    def battery_low(self) -> bool:
        return self.charge() <= _LOW_CHARGE

    def _seconds_on_battery(self) -> float:
        return 0.0 if self.discharge is None else self.clock.monotonic() - self.discharge.began


class StandardUps(SimulatedUps):
    """An online UPS with a card that speaks UPS-MIB."""

    description = "UPS SNMP card, Santak Castle C2K"
    object_id = (1, 3, 6, 1, 4, 1, 3941, 1)
    _MIB: Oid = (1, 3, 6, 1, 2, 1, 33, 1)
    _ON_BATTERY_ALARM, _LOW_BATTERY_ALARM, _INPUT_BAD_ALARM = (2, 3, 6)

    def own_objects(self) -> Iterable[SimulatedObject]:
        mib = self._MIB
        identity = ("SANTAK", "Castle C2K", "VER 2.06", "SNMP 1.38", self.name)
        yield from (text((*mib, 1, number, 0), words) for number, words in enumerate(identity, 1))
        yield integer((*mib, 2, 1, 0), self._battery_status)
        yield integer((*mib, 2, 2, 0), lambda: int(self._seconds_on_battery()))
        yield integer((*mib, 2, 3, 0), lambda: int(self.seconds_left() / 60))
        yield integer((*mib, 2, 4, 0), lambda: round(self.charge() * 100))
        yield integer((*mib, 2, 5, 0), lambda: round(480 + 70 * self.charge()))  # tenths of a volt
        yield integer((*mib, 2, 7, 0), 29)
        yield SimulatedObject((*mib, 3, 1, 0), Syntax.COUNTER32, lambda: int(self.discharge is not None))
        yield integer((*mib, 3, 2, 0), 1)
        yield integer((*mib, 3, 3, 1, 3, 1), lambda: _MAINS_VOLTS if self.discharge is None else 0)
        yield integer((*mib, 4, 1, 0), self._output_source)
        yield integer((*mib, 4, 2, 0), 500)
        yield integer((*mib, 4, 3, 0), 1)
        yield integer((*mib, 4, 4, 1, 2, 1), 220)
        yield integer((*mib, 4, 4, 1, 5, 1), _LOAD_PERCENT)
        yield from self._alarms()

    def _battery_status(self) -> int:
        normal, low, depleted = 2, 3, 4
        if not self.battery_low():
            return normal
        return low if self.charge() else depleted

    def _output_source(self) -> int:
        none, mains, battery = 2, 3, 5
        if self.discharge is None:
            return mains
        return battery if self.charge() else none

    def _alarms(self) -> Iterable[SimulatedObject]:
        """The table of alarms, each a pointer to a well-known one (upsWellKnownAlarms)."""
        known: Mapping[int, Callable[[], bool]] = {
            self._ON_BATTERY_ALARM: lambda: self.discharge is not None,
            self._LOW_BATTERY_ALARM: self.battery_low,
            self._INPUT_BAD_ALARM: lambda: self.discharge is not None,
        }
        yield gauge((*self._MIB, 6, 1, 0), lambda: sum(present() for present in known.values()))
        for alarm, present in known.items():
            yield from self._alarm(alarm, present)

    def _alarm(self, alarm: int, present: Callable[[], bool]) -> Iterable[SimulatedObject]:
        table = (*self._MIB, 6, 2, 1)
        pointer = (*self._MIB, 6, 3, alarm)
        yield SimulatedObject((*table, 2, alarm), Syntax.OID, lambda: pointer if present() else None)
        yield ticks((*table, 3, alarm), lambda: self._alarm_time() if present() else None)

    def _alarm_time(self) -> int:
        """SysUpTime when it began; of low battery too, for the sake of simplicity."""
        return max(0, round((self.uptime_seconds() - self._seconds_on_battery()) * 100))


class ApcUps(SimulatedUps):
    """An APC Smart-UPS with a network management card, which says when its battery has to be replaced."""

    description = "APC Web/SNMP Management Card (MB:v4.1.0 PF:v7.1.2 PN:apc_hw21_aos_712.bin)"
    object_id = (1, 3, 6, 1, 4, 1, 318, 1, 3, 27)
    _MIB: Oid = (1, 3, 6, 1, 4, 1, 318, 1, 1, 1)

    def own_objects(self) -> Iterable[SimulatedObject]:
        mib = self._MIB
        yield text((*mib, 1, 1, 1, 0), "Smart-UPS 1500")
        yield text((*mib, 1, 2, 1, 0), "UPS 04.1")
        yield text((*mib, 1, 2, 2, 0), "03/14/21")
        yield text((*mib, 1, 2, 3, 0), f"AS2111{self.number:03}123")
        yield integer((*mib, 2, 1, 1, 0), lambda: 3 if self.battery_low() else 2)
        yield ticks((*mib, 2, 1, 2, 0), lambda: round(self._seconds_on_battery() * 100))
        yield text((*mib, 2, 1, 3, 0), "03/14/21")  # the battery was last replaced
        yield gauge((*mib, 2, 2, 1, 0), lambda: round(self.charge() * 100))
        yield gauge((*mib, 2, 2, 2, 0), 31)
        yield ticks((*mib, 2, 2, 3, 0), lambda: round(self.seconds_left() * 100))
        yield integer((*mib, 2, 2, 4, 0), lambda: 2 if self.battery_worn else 1)
        yield gauge((*mib, 3, 2, 1, 0), lambda: _MAINS_VOLTS if self.discharge is None else 0)
        yield integer((*mib, 4, 1, 1, 0), lambda: 2 if self.discharge is None else 3)
        yield gauge((*mib, 4, 2, 1, 0), 230)
        yield gauge((*mib, 4, 2, 3, 0), _LOAD_PERCENT)
