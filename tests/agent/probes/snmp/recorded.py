"""A device as a file of its values: asked as the client asks, without a network."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import cast

from agent.model import Reason
from agent.probes.snmp.client import SnmpClient, SnmpFailure
from agent.probes.snmp.device import DeviceFindings, find
from agent.probes.snmp.history import DeviceHistory
from agent.probes.snmp.polling import DeviceChoice, PolledDevice, poll
from agent.probes.snmp.values import Value, encode_oid

WALKS = Path(__file__).parent / "walks"
OCTETS, OBJECT_ID = 4, 6
INTEGER, COUNTER32, GAUGE, TICKS, COUNTER64 = 2, 65, 66, 67, 70


encoded = cache(encode_oid)


def value_of(tag: str, written: str) -> Value:
    number = int(tag.rstrip("x"))
    if number == OBJECT_ID:
        return Value(number, encode_oid(written))
    if number == OCTETS:
        return Value(number, bytes.fromhex(written) if tag.endswith("x") else written.encode())
    return Value(number, int(written))


def recorded(name: str) -> dict[str, Value]:
    lines = (WALKS / f"{name}.snmprec").read_text("utf-8").splitlines()
    return {oid: value_of(tag, written) for oid, tag, written in (line.split("|", 2) for line in lines)}


class RecordedDevice:
    """Answers from its values, which a test may change; a clock of its own."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self.values = dict(values)
        self.now = 1000.0
        self.asked: list[int] = []  # how many names each run asked for
        self.failure: SnmpFailure | None = None
        self.failing = 0  # walks that end so
        self.silent: tuple[str, ...] = ()  # subtrees of which nothing comes
        self.why_silent: Reason = Reason.TIMEOUT
        self.walk_seconds = 0.0  # what a walk takes
        self.history = DeviceHistory()

    def set(self, oid: str, tag: int, content: int | bytes) -> None:
        self.values[oid] = Value(tag, content)

    async def get(self, oids: Sequence[bytes]) -> dict[bytes, Value]:
        self.asked[-1] += len(oids)
        by_oid = {encoded(oid): value for oid, value in self.values.items()}
        return {oid: by_oid[oid] for oid in oids if oid in by_oid}

    async def walk(self, columns: Sequence[bytes], most_rows: int) -> dict[bytes, dict[bytes, Value]]:
        assert most_rows > 0
        self.asked[-1] += len(columns)
        if self.failure is not None and self.failing:
            self.failing -= 1
            raise self.failure
        self.now += self.walk_seconds
        if any(column.startswith(encoded(subtree)) for column in columns for subtree in self.silent):
            raise SnmpFailure(self.why_silent)
        found: dict[bytes, dict[bytes, Value]] = {column: {} for column in columns}
        for oid, value in self.values.items():
            name = encoded(oid)
            for column in columns:
                if name.startswith(column):
                    found[column][name[len(column) :]] = value
        return found

    def polled(self, choice: DeviceChoice | None = None) -> PolledDevice:
        self.asked.append(0)
        client = cast("SnmpClient", self)
        return asyncio.run(poll(client, self.history, choice or DeviceChoice(), lambda: self.now, self.now + 5))

    def read(self, choice: DeviceChoice | None = None, later: float = 0.0) -> DeviceFindings:
        """One run, so many seconds after the one before."""
        self.now += later
        if later:
            for oid in ("1.3.6.1.2.1.1.3.0", "1.3.6.1.2.1.25.1.1.0"):
                known = self.values.get(oid)
                if known is not None and isinstance(known.content, int):
                    self.values[oid] = Value(known.tag, (known.content + int(later * 100)) % 2**32)
        polled = self.polled(choice)
        return find(self.history, polled.plan, polled.often)


def device(name: str) -> RecordedDevice:
    return RecordedDevice(recorded(name))
