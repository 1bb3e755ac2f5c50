"""Anchors that never answered: what `validate` learns from the agent that runs, and its silence where there is none."""

from __future__ import annotations

import asyncio
import json
import re
import socket
from pathlib import Path

import pytest

from agent.cli.clients.silent_anchors import silent_anchors
from agent.inventory.load import load
from agent.probes.registry import PROBES
from tests.agent.cli.clients.test_agent_api import answering
from tests.agent.cli.commands.run.test_months import until
from tests.agent.cli.commands.run.test_taken import running
from tests.agent.cli.commands.test_validate import run
from tests.agent.cli.conftest import Served, free_port


def with_anchors(config: Path, *anchors: str) -> None:
    """A path over those services, which are asked as the targets are."""
    names = ", ".join(f'"{anchor}"' for anchor in anchors)
    path = f"paths: [{{id: line, module: port, anchors: [{names}], interval: 1s}}]\n"
    config.write_text(config.read_text("utf-8") + path, "utf-8")


async def test_the_running_agent_says_which_never_answered(served: Served, capsys: pytest.CaptureFixture[str]) -> None:
    good = re.findall(r'address: "(127[^"]+)"', served.config.read_text("utf-8"))[0]
    dead = f"127.0.0.1:{free_port()}"
    with_anchors(served.config, good, dead)

    with running(served):
        await asyncio.to_thread(until, served, lambda found: found.get("sansang_ledger_rows_total", 0) > 2)
        inventory = load(served.config, PROBES)
        async with asyncio.timeout(30):
            while not (found := await asyncio.to_thread(silent_anchors, inventory)):
                await asyncio.sleep(0.2)
        code = await asyncio.to_thread(run, str(served.config), "--lang", "en")
        said = " ".join(capsys.readouterr().out.split())
        await asyncio.to_thread(run, str(served.config), "--json")

    assert found == (("line", dead),)
    assert code == 0
    assert f"Anchors that have not answered once since the agent started: line {dead}. Such an anchor" in said
    assert json.loads(capsys.readouterr().out)["silent_anchors"] == [["line", dead]]
    assert silent_anchors(inventory) == ()  # it runs no more


OTHERS = [b"<html>", b"", b"[]", b"\xff", b"[" * 100_000, b'{"paths": {}}', b'{"paths": [1, {"anchors": 2}]}']


@pytest.mark.parametrize("body", OTHERS)
def test_another_program_at_that_port_is_passed_over(body: bytes, tmp_path: Path) -> None:
    with answering(body) as address:
        assert silent_anchors(load(configured(tmp_path, address.removeprefix("http://")), PROBES)) == ()


def test_who_takes_the_connection_and_says_nothing_costs_a_second(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        host, port = server.getsockname()
        assert silent_anchors(load(configured(tmp_path, f"{host}:{port}"), PROBES)) == ()


@pytest.mark.parametrize("listen", ["10.255.255.1:1", "[2001:db9::1]:1"])
def test_another_machine_is_not_asked(listen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("a packet"))

    assert silent_anchors(load(configured(tmp_path, listen), PROBES)) == ()


def configured(folder: Path, listen: str) -> Path:
    config = folder / "sansang.yml"
    config.write_text(
        f"""organisation: {{name: Thử}}
levels: [{{id: commune, name: {{vi: Xã}}}}]
units: [{{id: u, name: Xã A, level: commune}}]
modules: {{port: {{probe: tcp}}}}
sites: [{{id: s, name: UBND xã A, unit: u}}]
targets: [{{id: s/one, role: service, module: port, address: "127.0.0.1:1"}}]
paths: [{{id: line, module: port, anchors: ["127.0.0.1:2", "127.0.0.1:3"]}}]
listen: "{listen}"
""",
        "utf-8",
    )
    return config
