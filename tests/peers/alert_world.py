"""A district, the agent that watches it and the chain behind the agent, with times short enough for a test."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from dashboards.build import documents
from dashboards.settings import AlertLimits, AlertTiming, BuildSettings
from tests.peers.agent_process import PORT, AgentProcess, Check, Config, FaultNetwork, server
from tests.peers.alert_chain import ARCHIVE, HEARD, Chain, chain

PACE = AlertTiming(resolve_hold=6, absent_after=12, group_wait=1, group_interval=1, repeat=3600)
MESSAGES = replace(HEARD, archive_recipients=(ARCHIVE,))
BOOKS = "https://books.example/runbooks"
ONE_BY_ONE = AlertLimits(many_points=99, flaps=99)
"""Ten outages at once and a flapping room, each told for itself."""
SETTINGS = BuildSettings(
    scrape_seconds=1, agent_absent_seconds=10, timing=PACE, limits=ONE_BY_ONE, messages=MESSAGES, runbook_url=BOOKS
)
INTERVAL, TIMEOUT, CONFIRM = 1.0, 0.4, 0.4
ROOM, CUT, SERVICE = "SansangConferencePointDown", "SansangSiteCutOff", "SansangServiceDown"


def fires(alert: str) -> tuple[str, str]:
    return "firing", alert


def ends(alert: str) -> tuple[str, str]:
    return "resolved", alert


@dataclass
class World:
    """addresses: of every place, ``site/room``, ``site/uplink``."""

    network: FaultNetwork
    agent: AgentProcess
    chain: Chain
    addresses: Mapping[str, str]
    dead: set[str] = field(default_factory=set)
    killed: dict[str, float] = field(default_factory=dict)

    def kill(self, *places: str) -> None:
        """Silent from now on."""
        self.dead |= set(places)
        self._drop()
        self.killed |= {place.partition("/")[0]: time.monotonic() for place in places}

    def mend(self, *places: str) -> None:
        self.dead -= set(places)
        self._drop()

    def _drop(self) -> None:
        self.network.drop(*(f"ip daddr {self.addresses[place]}" for place in sorted(self.dead)))

    def told(self, site: str, *messages: tuple[str, str], within: float = 20) -> None:
        """Wait until exactly these messages about a site have come; two of one moment in either order."""
        self.chain.until(lambda: len(self.chain.of(site)) >= len(messages), within, f"messages about {site}")
        assert sorted(self.chain.of(site)) == sorted(messages), site

    def order(self, **document: str) -> str:
        """Add or cancel a maintenance window; its id."""
        connection = HTTPConnection("127.0.0.1", PORT)
        connection.sock = self.chain.connect(PORT)
        body = json.dumps(document | {"who": "tổ CNTT", "why": "thay thiết bị"})
        connection.request("POST", "/api/v1/maintenance", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        said = answer.read()
        connection.close()
        assert answer.status == 200, said
        return str(json.loads(said)["id"])

    def quiet(self, seconds: float) -> None:
        """Nothing comes for so long."""
        before = list(self.chain.messages)
        time.sleep(seconds)
        new = self.chain.messages[len(before) :]
        assert new == [], new


@contextmanager
def monitored(network: FaultNetwork, folder: Path, checks: Sequence[Check], settings: BuildSettings) -> Iterator[World]:
    """Everything up, the watchdog heard, and nothing else told."""
    config = folder / "config"
    for path, text in documents(settings).items():
        (config / path).parent.mkdir(parents=True, exist_ok=True)
        (config / path).write_text(text, encoding="utf-8")
    watched = Config(checks, INTERVAL, TIMEOUT, CONFIRM)
    addresses = {check.id: urlsplit(check.address).hostname or check.address for check in checks}
    with server(network), AgentProcess(network, folder, watched) as agent:
        agent.start()
        agent.until_all("UP", 15)
        with chain(network, config, folder) as made:
            made.until(lambda: bool(made.heartbeats), 15, "the watchdog's first message")
            time.sleep(settings.timing.resolve_hold)  # absent() has fired nothing: Prometheus began with the agent up
            assert made.messages == []
            yield World(network, agent, made, addresses)
