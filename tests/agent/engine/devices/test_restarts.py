"""What of devices survives a restart, a kill and a reload: in a real ledger file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from agent.engine.upkeep.restored_state import restore_state
from agent.inventory.entities import Inventory
from agent.ledger.integrity.verify import verify
from agent.ledger.rows import AgentRun, ComponentChange, ComponentsUsed, DeviceSeen
from agent.ledger.store import Ledger
from agent.model import Component, DeviceIdentity, Reason, State
from tests.agent.engine.devices.test_components import ROUND, SWITCH, Device, port, shown, skip, switch
from tests.agent.engine.world import World
from tests.clock import TravellingClock


class Life:
    """Agent runs one after another, on one clock and one ledger."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = TravellingClock()
        self.device = Device([port("1", named=True, text="Phòng họp"), port("2")])
        self.began_ms = self.clock.boottime_ms()
        self.uptime_ms = 90_000_000
        self.ledger: Ledger
        self.world: World

    async def start(self, plan: Inventory | None = None) -> None:
        self.ledger = Ledger.open(self.directory, self.clock)
        now_ms, wall_ms = self.clock.boottime_ms(), self.clock.wall_ms()
        self.ledger.append([AgentRun("local", self.clock.boot_id(), now_ms, wall_ms, True, "1")])
        known = restore_state(self.ledger, self.directory, self.clock, "local", asked=[SWITCH])
        self.world = World(lambda *_: Reason.OK, known, clock=self.clock, ledger=self.ledger)
        self.world.devices = self.device.report
        self.device.began_ms = (self.clock.wall_ms() - self.boot_wall_ms) * -1
        await self.world.begin(plan or switch())

    boot_wall_ms = TravellingClock().wall_ms() - 90_000_000

    async def stop(self) -> None:
        await self.world.engine.stop()
        self.ledger.close()

    def kill(self) -> None:
        self.ledger.close()

    def rows(self, *kinds: type) -> list[object]:
        return [stored.row for stored in self.ledger.everything() if isinstance(stored.row, kinds)]


def down(parts: Sequence[Component]) -> list[Component]:
    return [port(part.name, named=part.named, text=part.text, down=True) for part in parts]


async def failed(life: Life) -> int:
    """A run in which port 1 goes down; since when."""
    await life.start()
    await life.world.go(2 * ROUND)
    life.device.parts = down(life.device.parts)
    await life.world.go(2 * ROUND)
    since = shown(life.world)["port:1"].since_wall_ms
    assert since is not None
    return since


async def test_since_survives_a_stop_a_kill_and_a_reload(tmp_path: Path) -> None:
    life = Life(tmp_path)
    since = await failed(life)
    await life.world.engine.reload(switch())
    assert shown(life.world)["port:1"].since_wall_ms == since
    await life.stop()
    life.clock.advance(3_600)
    await life.start()
    view = shown(life.world)["port:1"]
    assert (view.failed, view.since_wall_ms, view.component.text) == (True, since, "Phòng họp")
    await life.world.go(2 * ROUND)
    life.kill()
    life.clock.reboot(60)
    await life.start()
    await life.world.go(2 * ROUND)
    assert life.world.state(SWITCH) is State.DEGRADED
    assert (shown(life.world)["port:1"].failed, shown(life.world)["port:1"].since_wall_ms) == (True, since)
    assert len(life.rows(ComponentChange)) == 1
    await life.stop()
    assert verify(tmp_path).ok


async def test_a_fault_that_went_while_the_agent_was_off_ends_with_its_first_answer(tmp_path: Path) -> None:
    life = Life(tmp_path)
    await failed(life)
    await life.stop()
    life.clock.advance(7_200)
    life.device.parts = [port("1", named=True, text="Phòng họp"), port("2")]
    await life.start()
    await life.world.go(2 * ROUND)
    assert life.world.state(SWITCH) is State.UP
    assert not shown(life.world)["port:1"].failed
    assert [(row.component, row.fault) for row in life.rows(ComponentChange) if isinstance(row, ComponentChange)] == [
        ("port:1", "port_down"), ("port:1", ""),
    ]  # fmt: skip
    await life.stop()


async def test_a_fault_that_came_while_the_agent_was_off_begins_with_its_first_answer(tmp_path: Path) -> None:
    life = Life(tmp_path)
    await life.start()
    await life.world.go(2 * ROUND)
    await life.stop()
    life.clock.advance(7_200)
    life.device.parts = down(life.device.parts)
    await life.start()
    await life.world.go(2 * ROUND)
    assert shown(life.world)["port:1"].since_wall_ms == life.world.views[SWITCH].since_wall_ms
    await life.stop()


async def test_a_device_is_seen_once_over_restarts_until_it_begins_anew(tmp_path: Path) -> None:
    life = Life(tmp_path)
    life.device.identity = DeviceIdentity("Cisco", "C2960", "FOC1")
    await life.start()
    await life.world.go(2 * ROUND)
    boot = life.world.views[SWITCH].booted_wall_ms
    await life.stop()
    life.clock.reboot(86_400)
    await life.start()
    assert (life.world.views[SWITCH].booted_wall_ms, life.world.views[SWITCH].device_identity) == (
        boot, life.device.identity,
    )  # fmt: skip
    await life.world.go(2 * ROUND)
    assert life.world.views[SWITCH].booted_wall_ms == boot
    assert len(life.rows(DeviceSeen)) == 1
    life.device.began_ms = life.world.now_ms - 5_000
    await life.world.go(2 * ROUND)
    assert len(life.rows(DeviceSeen)) == 2
    await life.stop()


async def test_use_is_known_after_restarts(tmp_path: Path) -> None:
    life = Life(tmp_path)
    for day in range(3):
        await life.start()
        await skip(life.world, 70)
        await life.stop()
        if day < 2:
            life.clock.advance(86_400 - 4_200)
    await life.start()
    await life.world.go(ROUND)
    assert shown(life.world)["port:2"].matters
    assert len(life.rows(ComponentsUsed)) == 3
    life.device.parts = down(life.device.parts)
    await life.world.go(ROUND)
    assert shown(life.world)["port:2"].failed
    await life.stop()


async def test_another_address_is_another_device(tmp_path: Path) -> None:
    life = Life(tmp_path)
    await failed(life)
    plan = switch()
    moved = replace(plan, targets=(replace(plan.targets[0], address="192.0.2.9"),))
    life.device.parts = [port("1")]
    await life.world.engine.reload(moved)
    assert life.world.views[SWITCH].components == ()
    await life.stop()
