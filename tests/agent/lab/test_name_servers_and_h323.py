"""The district's name servers and H.323 rooms, asked by the real probes: in health, slow, gone, and restored."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from agent.inventory.load import load
from agent.lab.control_protocol import LabAction, LabCommand
from agent.lab.district import Ports, district
from agent.lab.inventory import LabFiles, inventory_yaml
from agent.lab.running import RunningDistrict, opened
from agent.lab.snmp_credentials import write_credentials
from agent.model import ProbeResult, Reason
from agent.probes.dns.facts import DnsFacts
from agent.probes.registry import PROBES
from tests.probing import run_probe

ROOM, NAMES, ZONE = "ubnd-hai-luu/room", "dc/names", "dc/zone"


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[RunningDistrict]:
    async with opened(district(4, Ports.FREE), tmp_path) as lab:
        yield lab


async def probed(running: RunningDistrict, target: str, tmp_path: Path) -> ProbeResult:
    """What the lab's own inventory makes the agent do."""
    file = tmp_path / "inventory.yaml"
    file.write_text(
        inventory_yaml(
            running.district, "127.0.0.1:1", tmp_path, LabFiles(running.ca_file, write_credentials(tmp_path))
        ),
        "utf-8",
    )
    (found,) = [each for each in load(file, PROBES).targets if each.id == target]
    return await run_probe(PROBES[found.probe], found.address, found.options, timeout=found.policy.timeout_ms / 1000)


async def test_in_health_each_says_what_it_knows(running: RunningDistrict, tmp_path: Path) -> None:
    named, zone, room = [await probed(running, target, tmp_path) for target in (NAMES, ZONE, ROOM)]
    assert (named.reason, zone.reason, room.reason) == (Reason.OK,) * 3
    assert isinstance(named.facts, DnsFacts)
    assert isinstance(zone.facts, DnsFacts)
    (record,) = named.facts.records
    assert record.endswith(f" A {running.district.find('one-stop')[0].address}")
    assert (named.facts.authenticated, zone.facts.authenticated) == (1, 0)
    assert (named.facts.serial, zone.facts.serial) == (None, 2026010101)


@pytest.mark.parametrize(
    ("action", "target", "reason"),
    [
        (LabAction.FAIL, NAMES, Reason.REFUSED),
        (LabAction.SILENT, NAMES, Reason.TIMEOUT),
        (LabAction.GARBAGE, NAMES, Reason.PROTOCOL_ERROR),
        (LabAction.SLOW, NAMES, Reason.HIGH_RTT),
        (LabAction.SLOW, ZONE, Reason.HIGH_RTT),
        (LabAction.FAIL, ROOM, Reason.REFUSED),
        (LabAction.SILENT, ROOM, Reason.TIMEOUT),
        (LabAction.SLOW, ROOM, Reason.TIMEOUT),
        (LabAction.GARBAGE, ROOM, Reason.PROTOCOL_ERROR),
        (LabAction.CLOSE, ROOM, Reason.CONNECTION_CLOSED),
        (LabAction.RESET, ROOM, Reason.CONNECTION_RESET),
    ],
)
async def test_every_fault_is_seen_and_its_end(
    running: RunningDistrict, tmp_path: Path, action: LabAction, target: str, reason: Reason
) -> None:
    await running.execute(LabCommand(action, (target,), 1.2))
    assert (await probed(running, target, tmp_path)).reason is reason
    await running.execute(LabCommand(LabAction.RESTORE, (target,)))
    assert (await probed(running, target, tmp_path)).reason is Reason.OK
