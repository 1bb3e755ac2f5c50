"""/probe beside Debian's blackbox_exporter on the same servers: same verdicts, same names but for those documented."""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest

from agent.engine.wish import Fulfilled
from agent.model import Reason
from exporters.blackbox import Shown, render
from tests.agent.engine.test_fence import OPEN, world
from tests.exporters.test_blackbox import FACTS
from tests.exporters.test_blackbox import shown as run_of

pytestmark = pytest.mark.peers

OURS = {"probe_timeout_seconds", "probe_result_info"}  # blackbox_exporter has the first since 0.25
CONFIG = "modules: {web: {prober: http, timeout: 2s}, port: {prober: tcp, timeout: 2s}}\n"


def free_port() -> int:
    with socket.create_server((OPEN, 0)) as sock:
        return int(sock.getsockname()[1])


def names(text: str) -> set[str]:
    return set(re.findall(r"^(probe_\w+)[ {]", text, re.MULTILINE))


def value(text: str, name: str) -> float:
    return float(re.findall(rf"^{name} (\S+)$", text, re.MULTILINE)[0])


@pytest.fixture(scope="module")
def blackbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    config: Path = tmp_path_factory.mktemp("blackbox") / "blackbox.yml"
    config.write_text(CONFIG, encoding="utf-8")
    listen = f"127.0.0.1:{free_port()}"
    command = ["prometheus-blackbox-exporter", f"--config.file={config}", f"--web.listen-address={listen}"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if "Listening on" in line:
                break
        yield f"http://{listen}/probe"
        process.terminate()


def shown(done: Fulfilled) -> str:
    run = Shown(done.result, done.target.policy.timeout_ms / 1000, done.lookup_seconds)
    return render(done.target.probe, run, openmetrics=False).decode()


def theirs(url: str, target: str, module: str) -> str:
    with urlopen(f"{url}?target={target}&module={module}", timeout=10) as answer:  # noqa: S310 - our own peer
        return str(answer.read().decode())


@pytest.mark.parametrize(("module", "up"), [("web", True), ("web", False), ("port", True), ("port", False)])
async def test_same_verdict_and_same_names(blackbox: str, module: str, up: bool) -> None:
    async with world() as lab:
        target = f"{OPEN}:{lab.port if up else free_port()}"
        known = replace(lab.inventory, probe_allow=(f"{OPEN}/32",))
        lab.inventory = known
        ours = await lab.ask(target, module)
        other = await asyncio.to_thread(theirs, blackbox, target, module)
    text = shown(ours)
    assert (ours.result.reason is Reason.OK) == up
    for name in ("probe_success", "probe_ip_protocol", "probe_ip_addr_hash"):
        assert value(text, name) == value(other, name)
    assert names(text) ^ names(other) == OURS


def test_promtool_finds_nothing_to_say() -> None:

    for probe, facts in FACTS.items():
        body = render(probe, run_of(facts=facts), openmetrics=False)
        done = subprocess.run(
            ["promtool", "check", "metrics"], input=body, capture_output=True, timeout=30, check=False
        )
        assert (probe, done.returncode, done.stdout, done.stderr) == (probe, 0, b"", b"")
