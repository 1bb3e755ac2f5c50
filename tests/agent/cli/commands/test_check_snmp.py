"""`sansang check --snmp` against a simulated switch, from the command itself and through a running agent."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from agent.clock import SystemClock
from agent.lab.devices.switch import SimulatedSwitch
from agent.lab.listeners.snmp import COMMUNITY, SnmpListener
from tests.agent.cli.commands.test_check import call, running

WRONG = "not-the-community"


@dataclass(frozen=True, slots=True)
class SwitchThere:
    """A configuration with one switch that answers, and one of which the community is wrong."""

    config: Path
    agent: str
    switch: SimulatedSwitch


@asynccontextmanager
async def switched(folder: Path) -> AsyncIterator[SwitchThere]:
    switch = SimulatedSwitch("switch", SystemClock())
    listeners = [SnmpListener(switch), SnmpListener(SimulatedSwitch("b", SystemClock()), WRONG)]
    for place, listener in enumerate(listeners, start=1):
        await listener.open(f"127.0.8.{place}")
    secrets = folder / "snmp.yml"
    secrets.write_text(f"commune: {{version: 2c, community: {COMMUNITY}}}\n", "utf-8")
    secrets.chmod(0o600)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    addresses = [f"127.0.8.{place}:{listener.port}" for place, listener in enumerate(listeners, start=1)]
    config = folder / "sansang.yml"
    config.write_text(
        f"""organisation: {{name: Huyện, language: vi, timezone: Asia/Ho_Chi_Minh}}
levels: [{{id: commune, name: {{vi: Xã, en: Commune}}}}]
units: [{{id: xa-a, name: Xã A, level: commune}}]
defaults: {{interval: 3s, timeout: 2s}}
modules: {{snmp: {{probe: snmp, credentials: {{file: {secrets}}}}}, port: {{probe: tcp}}}}
sites: [{{id: s, name: xã A, unit: xa-a, snmp: commune}}]
targets:
  - {{id: s/switch, name: "xã A: Bộ chuyển mạch", role: device, module: snmp, address: "{addresses[0]}"}}
  - {{id: s/mute, name: "xã A: Bộ định tuyến", role: device, module: snmp, address: "{addresses[1]}"}}
  - {{id: s/web, name: Trang, role: service, module: port, address: "127.0.0.1:9"}}
storage: {{path: {folder / "ledger"}}}
listen: 127.0.0.1:{port}
""",
        "utf-8",
    )
    try:
        yield SwitchThere(config, f"http://127.0.0.1:{port}", switch)
    finally:
        for listener in listeners:
            await listener.close()


def unplug(switch: SimulatedSwitch) -> None:
    port = switch.port("Gi0/3")
    assert port is not None
    port.plug(plugged=False)


async def test_from_the_command_itself_each_device_is_a_block(tmp_path: Path) -> None:
    async with switched(tmp_path) as there:
        unplug(there.switch)
        once = ("check", "--local", "--snmp", "--config", str(there.config))
        done, document = await asyncio.gather(asyncio.to_thread(call, *once), asyncio.to_thread(call, *once, "--json"))

    assert done.returncode == 1
    assert re.search("Thiết bị: Cisco .*số sê-ri FOC", done.stdout)
    assert "Cổng Gi0/3 (Phòng họp) của Bộ chuyển mạch xã A mất kết nối." in done.stdout
    assert "Một trong bốn lý do: sai mã" in " ".join(done.stdout.split())
    assert "s/web" not in done.stdout
    rows = {row["target"]: row for row in json.loads(document.stdout)}
    assert set(rows) == {"s/switch", "s/mute"}
    assert rows["s/switch"]["run"]["device"]["identity"]["vendor"] == "Cisco"
    assert COMMUNITY not in done.stdout + document.stdout
    assert "reading" not in rows["s/switch"]["run"]["facts"]


async def test_a_running_agent_knows_since_when_a_port_is_down(tmp_path: Path) -> None:
    async with switched(tmp_path) as there:
        unplug(there.switch)
        said = await asyncio.to_thread(_until_known, there)

    assert re.search(r"Cổng Gi0/3 \(Phòng họp\) của Bộ chuyển mạch xã A mất kết nối từ \d\d:\d\d\.", said)
    assert "Đã chạy:" in said


def _until_known(there: SwitchThere) -> str:
    """A round has to come first: what a round found is in the ledger."""
    with running(there.config, there.agent):
        until = time.monotonic() + 25
        while not _since(there.agent) and time.monotonic() < until:
            time.sleep(0.2)
        return call("check", "--site", "s", "--snmp", "--config", str(there.config)).stdout


def _since(agent: str) -> list[str]:
    """Since when parts are at fault, as the API tells it."""
    with urllib.request.urlopen(f"{agent}/api/v1/targets", timeout=5) as answer:  # noqa: S310 - our own
        rows = json.load(answer)["targets"]
    return [part["since"] for row in rows for part in row["components"] if part["fault"] and part["since"]]
