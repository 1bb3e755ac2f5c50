"""The simulated devices as the agent's own probe reads them: two codecs that share nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.inventory.load import load
from agent.lab.control_protocol import LabAction, LabCommand
from agent.lab.district import Ports, district
from agent.lab.inventory import LabFiles, inventory_yaml
from agent.lab.running import RunningDistrict, opened
from agent.lab.snmp_credentials import write_credentials
from agent.model import ComponentFault, DeviceReport, ProbeResult, Reason
from agent.probes.registry import PROBES
from agent.probes.spec import ProbeContext
from tests.probing import StaticResolver

SITE = "ubnd-lang-cong"
Run = Callable[..., Awaitable[ProbeResult]]


@pytest.fixture
async def lab(tmp_path: Path) -> AsyncIterator[RunningDistrict]:
    async with opened(district(4, Ports.FREE), tmp_path) as running:
        yield running


@pytest.fixture
async def run(lab: RunningDistrict, tmp_path: Path) -> AsyncIterator[Run]:
    """A run of the probe about a target of the lab's inventory; what it remembers of a device stays."""
    file = tmp_path / "inventory.yaml"
    files = LabFiles(lab.ca_file, write_credentials(tmp_path))
    file.write_text(inventory_yaml(lab.district, "127.0.0.1:1", tmp_path, files), "utf-8")
    targets = {target.id: target for target in load(file, PROBES).targets}
    spec, clock = PROBES["snmp"], SystemClock()
    shared = spec.open(clock)

    async def once(target: str, seconds: float = 5.0) -> ProbeResult:
        asked = targets[target]
        return await spec.run(
            asked, asked.options, ProbeContext(clock, clock.monotonic() + seconds, StaticResolver({}), shared)
        )

    yield once
    shared.close()


async def order(
    lab: RunningDistrict, action: LabAction, name: str, seconds: float | None = None, port: str = ""
) -> None:
    await lab.execute(LabCommand(action, (name,), seconds, port))


def told(result: ProbeResult) -> DeviceReport:
    assert result.reason is Reason.OK, result.detail
    assert result.device is not None
    return result.device


def faults(result: ProbeResult) -> dict[str, ComponentFault]:
    """The parts at fault that have a name, or are no ports: empty ports are down too."""
    parts = told(result).components
    return {part.id: part.fault for part in parts if part.fault and (part.named or not part.id.startswith("port:"))}


@pytest.mark.parametrize(
    ("target", "vendor", "serial"),
    [
        (f"{SITE}/switch-snmp", "Cisco", "FOC24517X1"),
        (f"{SITE}/uplink-snmp", "MikroTik", "HE90312A7B"),
        (f"{SITE}/ups-snmp", "Santak", ""),
        ("ubnd-hai-luu/ups-snmp", "APC", "AS2111657123"),
        ("ubnd-huyen/switch-snmp", "Cisco", "FOC24907X1"),
    ],
)
async def test_each_says_what_it_is(run: Run, target: str, vendor: str, serial: str) -> None:
    report = told(await run(target))
    assert report.identity is not None
    assert (report.identity.vendor, report.identity.serial) == (vendor, serial)
    assert report.uptime_ms is not None
    assert report.uptime_ms > 12 * 86_400_000


async def test_a_pulled_port_is_the_only_fault_and_names_outlive_new_indexes(run: Run, lab: RunningDistrict) -> None:
    switch, router = f"{SITE}/switch-snmp", f"{SITE}/uplink-snmp"
    assert faults(await run(switch)) == {}
    await order(lab, LabAction.PULL_PORT, "switch-01", port="3")
    assert faults(await run(switch)) == {"port:Gi0/3": ComponentFault.PORT_DOWN}
    before = [part.id for part in told(await run(router)).components]
    await order(lab, LabAction.REBOOT, "gateway-01", 0.01)
    while (again := await run(router, 0.2)).reason is not Reason.OK:
        pass
    assert [part.id for part in told(again).components] == before
    assert "port:ether1" in before


async def test_a_ups_on_battery_and_a_worn_one(run: Run, lab: RunningDistrict) -> None:
    assert faults(await run(f"{SITE}/ups-snmp")) == {}
    await order(lab, LabAction.ON_BATTERY, "ups-01", 600)
    assert faults(await run(f"{SITE}/ups-snmp")) == {"power": ComponentFault.ON_BATTERY}
    await order(lab, LabAction.ON_BATTERY, "ups-01", 0.001)
    assert faults(await run(f"{SITE}/ups-snmp"))["battery"] is ComponentFault.BATTERY_LOW
    await order(lab, LabAction.WEAR_BATTERY, "ups-04")
    assert faults(await run("ubnd-hai-luu/ups-snmp")) == {"battery": ComponentFault.BATTERY_REPLACE}


@pytest.mark.parametrize("place", ["switch-01", "switch-hall"])
async def test_a_credential_that_was_changed_is_met_with_silence(run: Run, lab: RunningDistrict, place: str) -> None:
    await order(lab, LabAction.WRONG_COMMUNITY, place)
    target = lab.district.find(place)[0].targets[1]
    assert (await run(target, 0.2)).reason is Reason.TIMEOUT
    await order(lab, LabAction.RESTORE, place)
    assert (await run(target)).reason is Reason.OK
