"""Debian's Prometheus schedules by itself: the jobs of docs/probe-endpoint.md, `/sd` and all, against an agent."""

from __future__ import annotations

import json
import socket
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.agent.cli.commands.test_check import running
from tests.agent.cli.conftest import free_port
from tests.peers.prometheus_process import ask, configured

pytestmark = pytest.mark.peers

PAGE = Path(__file__).parents[2] / "docs/probe-endpoint.md"
LIVING, DEAD = "127.80.3.1", "240.0.0.1"  # the second: nobody's, and no way leads there


@dataclass(frozen=True, slots=True)
class World:
    """Where the agent answers, and where Prometheus does."""

    agent: str
    prometheus: str

    def until(self, query: str, count: int) -> list[dict[str, Any]]:
        """The series of a query, once there are so many."""
        deadline = time.monotonic() + 30
        while len(found := ask(self.prometheus, query)) != count:
            assert time.monotonic() < deadline, (query, found)
            time.sleep(0.2)
        return found


def inventory(folder: Path, listen: str, port: int, refused: int) -> str:
    rows = (
        ("xa-a/uplink", "uplink", "ping", LIVING),
        ("xa-a/portal", "service", "port", f"{LIVING}:{port}"),
        ("xa-b/portal", "service", "port", f"{LIVING}:{refused}"),
        ("xa-b/printer", "device", "ping", LIVING),  # of a role that the job does not ask for
    )
    targets = [
        {"id": id_, "name": f"Tên {id_}", "role": role, "module": module, "address": where, "interval": "1h"}
        for id_, role, module, where in rows
    ]
    document = {
        "organisation": {"name": "Huyện Thử", "language": "vi"},
        "levels": [{"id": "commune", "name": {"vi": "Xã", "en": "Commune"}}],
        "units": [{"id": unit, "name": unit, "level": "commune"} for unit in ("a", "b")],
        "modules": {"ping": {"probe": "icmp", "packets": 1}, "port": {"probe": "tcp"}},
        "sites": [{"id": f"xa-{unit}", "name": f"Xã {unit}", "unit": unit} for unit in ("a", "b")],
        "targets": targets,
        "listen": listen,
        "storage": {"path": str(folder / "ledger")},
        "probe_endpoint": {"allow": [f"{LIVING}/32"]},
    }
    return json.dumps(document, ensure_ascii=False)


def documented(agent: str) -> str:
    """The jobs on the page, at this agent and once a second; the two addresses are one allowed and one not."""
    block = PAGE.read_text("utf-8").partition("```yaml\nscrape_configs:")[2].partition("```")[0]
    jobs = block.replace("127.0.0.1:10115", agent).replace("192.0.2.1", LIVING).replace("192.0.2.2", DEAD)
    return f"global: {{scrape_interval: 1s, scrape_timeout: 1s}}\nscrape_configs:{jobs}"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("sd")
    agent = f"127.0.0.1:{free_port()}"
    with socket.create_server((LIVING, 0)) as living, socket.socket() as refusing:
        refusing.bind((LIVING, 0))  # taken, and nobody listens
        config = folder / "sansang.yml"
        ports = living.getsockname()[1], refusing.getsockname()[1]
        config.write_text(inventory(folder, agent, *ports), "utf-8")
        with running(config, f"http://{agent}"), configured(folder, documented(agent)) as url:
            yield World(agent, url)


def test_every_target_of_the_inventory_appears_with_its_labels_and_its_verdict(world: World) -> None:
    found = world.until('probe_success{job="sansang_probe"}', 3)
    verdicts = {series["metric"]["target"]: series["value"][1] for series in found}
    assert verdicts == {"xa-a/uplink": "1", "xa-a/portal": "1", "xa-b/portal": "0"}
    (dead,) = (series["metric"] for series in found if series["value"][1] == "0")
    assert dead == {
        "__name__": "probe_success",
        "job": "sansang_probe",
        "instance": "xa-b/portal",
        "target": "xa-b/portal",
        "name": "Tên xa-b/portal",
        "site": "xa-b",
        "unit": "b",
        "role": "service",
        "module": "port",
    }
    (reason,) = world.until('probe_result_info{target="xa-b/portal"}', 1)
    assert reason["metric"]["reason"] == "refused"


def test_addresses_are_relabelled_as_for_blackbox_exporter(world: World) -> None:
    """The allowed one is probed; the other is refused with a 403, which is a failed scrape, not a verdict."""
    (one,) = world.until('probe_success{job="sansang_probe_addresses"}', 1)
    assert (one["metric"]["instance"], one["value"][1]) == (LIVING, "1")
    scraped = world.until('up{job="sansang_probe_addresses"}', 2)
    assert {each["metric"]["instance"]: each["value"][1] for each in scraped} == {LIVING: "1", DEAD: "0"}
    with urllib.request.urlopen(f"{world.prometheus}/api/v1/targets", timeout=10) as answer:  # noqa: S310 - our own
        targets = json.load(answer)["data"]["activeTargets"]
    (refused,) = (target for target in targets if target["labels"]["instance"] == DEAD)
    assert "403" in refused["lastError"]
    assert refused["scrapeUrl"] == f"http://{world.agent}/probe?module=ping&target={DEAD}"
